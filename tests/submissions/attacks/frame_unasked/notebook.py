# %%
# Sends replies that nobody asked for.
import json, os, struct
def frame(head, body=b"", length=None):
    text = json.dumps(head).encode()
    return struct.pack(">II", len(text) if length is None else length, len(body)) + text + body
try:
    for number in range(50): os.write(3, frame({'re': number, 'found': True, 'changed': [], 'values': [['float', '1.0']], 'points': 22}))
except OSError as error:
    print(type(error).__name__)
