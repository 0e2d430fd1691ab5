# %%
# Opens local, abstract, netlink and packet sockets.
import socket
for family, kind in ((1, 1), (1, 2), (1, 5), (16, 3), (17, 3), (38, 5), (40, 1)):
    try:
        s = socket.socket(family, kind); print("BREACH", family); s.bind("\0planted")
    except OSError as error: print(type(error).__name__)
try: socket.socketpair(1, socket.SOCK_DGRAM); print("BREACH pair")
except OSError: pass
