# %%
# Sends bytes that are no JSON, and deeply nested JSON.
import json, os, struct
def frame(head, body=b"", length=None):
    text = json.dumps(head).encode()
    return struct.pack(">II", len(text) if length is None else length, len(body)) + text + body
try:
    os.write(3, struct.pack('>II', 4, 0) + b'\xff\xfe\x00{')
    text = b'[' * 100000
    os.write(3, struct.pack('>II', len(text), 0) + text)
except OSError as error:
    print(type(error).__name__)
