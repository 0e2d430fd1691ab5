# %%
# Opens TCP, UDP and raw sockets to this machine.
import socket
for family in (socket.AF_INET, socket.AF_INET6):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
        try: socket.socket(family, kind); print("BREACH")
        except OSError as error: print(type(error).__name__)
