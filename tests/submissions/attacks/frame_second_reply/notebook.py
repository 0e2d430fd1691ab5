# %%
# Sends a second reply from a thread after its own.
import json, os, struct
def frame(head, body=b"", length=None):
    text = json.dumps(head).encode()
    return struct.pack(">II", len(text) if length is None else length, len(body)) + text + body
try:
    import threading, time
    def later():
        for number in range(20):
            time.sleep(0.02); os.write(3, frame({'re': number, 'problem': None}))
    threading.Thread(target=later, daemon=True).start()
except OSError as error:
    print(type(error).__name__)
