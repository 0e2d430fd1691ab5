# %%
# Answers for functions that it does not have.
import json, os, struct
def frame(head, body=b"", length=None):
    text = json.dumps(head).encode()
    return struct.pack(">II", len(text) if length is None else length, len(body)) + text + body
try:
    for number in range(30): os.write(3, frame({'re': number, 'found': True, 'changed': [], 'problem': None, 'values': [], 'notes': ['<b>full</b>']}))
except OSError as error:
    print(type(error).__name__)
