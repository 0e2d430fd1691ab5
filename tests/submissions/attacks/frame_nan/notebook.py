# %%
# Sends a reply with NaN and Infinity in its JSON.
import json, os, struct
def frame(head, body=b"", length=None):
    text = json.dumps(head).encode()
    return struct.pack(">II", len(text) if length is None else length, len(body)) + text + body
try:
    os.write(3, frame({'re': float('nan'), 'changed': [float('inf')]}))
except OSError as error:
    print(type(error).__name__)
