"""Coverage-guided fuzzing of the wire: `python tests/fuzz_wire.py -max_total_time=600`.

Needs `atheris`, which is no dependency of the project and must be installed first. It begins with
frames of ours, and tries each input as a frame's two parts, as what a socket brings, and as a reply.
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import atheris
import numpy as np

with atheris.instrument_imports(include=["autograder"]):
    from autograder import wire
    from autograder.link import Disconnected, Link
    from autograder.remote import Reply, Worker

NUMBER = 7
"""The number of the question that a reply answers."""
VALUES = [
    None, ..., True, -3, 2.5, 1j, "text", [1, [2.0, "a"]], (1, 2), np.eye(3), np.float32(2), np.array(1),
    np.ones((2, 0)), np.array([1, None], dtype=object), object(), np.array([True]), np.ones(3, dtype="<i2"),
]  # fmt: skip
PROBLEM = {"type": "ValueError", "message": "no", "cell": 1, "line": 2, "outer": 3}


def check(value: Any) -> None:
    """Assert that a value is of a plain kind."""
    if type(value) is np.ndarray:
        if value.dtype != object:
            assert value.dtype.newbyteorder("<").str in wire.DTYPES
            return
        value = value.reshape(-1).tolist()
    if type(value) in (list, tuple):
        for part in value:
            check(part)
    else:
        kinds = (type(None), bool, int, float, complex, str, type(...), wire.Opaque)
        assert type(value) in kinds, type(value)


def message_of(data: bytes) -> wire.Message:
    """Return the message in a frame's two parts."""
    size = int.from_bytes(data[:2], "big")
    return wire.unpack(data[2 : 2 + size], data[2 + size :])


def received(data: bytes) -> wire.Message:
    """Return the message that a socket brings."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(data)
        theirs.close()
        return Link(ours).receive(time.monotonic() + 1)


def replied(data: bytes) -> Reply:
    """Return what the judge makes of a reply."""
    ours, theirs = socket.socketpair()
    reading, writing = os.pipe()
    os.close(writing)
    try:
        with ours, theirs:
            theirs.sendall(data)
            theirs.close()
            worker = Worker(ours, reading, None, Path())  # type: ignore[arg-type]
            return worker._reply(NUMBER, time.monotonic() + 1)
    finally:
        os.close(reading)


def one(data: bytes) -> None:
    """Try one input; its first byte says how."""
    action = (message_of, received, replied)[data[0] % 3 if data else 0]
    try:
        found = action(data[1:])
    except (wire.WireError, Disconnected, TimeoutError):
        return
    assert type(found) in (wire.Message, Reply)
    check(found.values)


def seeds(folder: Path) -> None:
    """Write frames of ours, for each way to try them."""
    for index, value in enumerate(VALUES):
        frame = wire.pack({"re": NUMBER, "found": True, "changed": [0]}, [value])
        size = int.from_bytes(frame[:4], "big")
        (folder / f"parts-{index}").write_bytes(bytes([0]) + size.to_bytes(2, "big") + frame[8:])
        (folder / f"link-{index}").write_bytes(bytes([1]) + frame)
        (folder / f"reply-{index}").write_bytes(bytes([2]) + frame)
    (folder / "problem").write_bytes(bytes([2]) + wire.pack({"re": NUMBER, "problem": PROBLEM}))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as corpus:
        seeds(Path(corpus))
        atheris.Setup([*sys.argv, corpus], one)
        atheris.Fuzz()
