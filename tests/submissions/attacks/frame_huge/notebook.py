# %%
# Says that its reply is 4 GB long.
import json, os, struct
def frame(head, body=b"", length=None):
    text = json.dumps(head).encode()
    return struct.pack(">II", len(text) if length is None else length, len(body)) + text + body
try:
    os.write(3, frame({'re': 1}, length=0xFFFFFFFF))
except OSError as error:
    print(type(error).__name__)
