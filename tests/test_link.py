"""Frames on a socket: whole ones arrive, others are refused, and memory grows only with what came."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import wire
from autograder.link import Disconnected, Link
from autograder.model import ProblemKind
from autograder.remote import Reply, Worker


@pytest.fixture(params=[False, True], ids=["frame by frame", "ahead"])
def pair(request: pytest.FixtureRequest) -> Iterator[tuple[Link, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Link(ours, ahead=request.param), theirs


def test_frames_that_come_together_are_received_one_by_one(pair) -> None:
    link, theirs = pair
    frames = [wire.pack({"number": number}, [np.arange(number)]) for number in range(5)]
    theirs.sendall(b"".join(frames) + frames[1][:9])
    for number in range(5):
        assert link.pending()
        message = link.receive(soon(5))
        assert (message.head["number"], message.values[0].size) == (number, number)
        assert link.received == sum(map(len, frames[: number + 1]))
    with pytest.raises(TimeoutError):
        link.receive(soon())
    theirs.sendall(frames[1][9:])
    assert link.receive(soon(5)).head["number"] == 1
    assert not link.pending()


def soon(seconds: float = 0.05) -> float:
    return time.monotonic() + seconds


@pytest.mark.parametrize("lengths", [(10, 2**32 - 1), (2**32 - 1, 2**32 - 1)])
def test_an_impossible_length_is_refused_before_anything_is_allocated(pair, lengths) -> None:
    link, theirs = pair
    theirs.sendall(struct.pack(">II", *lengths))
    tracemalloc.start()
    try:
        with pytest.raises(wire.WireError, match="larger than may be sent"):
            link.receive(soon(5))
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_a_claimed_body_of_which_nothing_comes_allocates_nothing(pair) -> None:
    link, theirs = pair
    theirs.sendall(struct.pack(">II", 2, wire.MAX_BODY) + b"{}")
    tracemalloc.start()
    try:
        with pytest.raises(TimeoutError):
            link.receive(soon())
        current, peak = tracemalloc.get_traced_memory()
        assert current < 2**18
        assert peak < 2 * 2**20  # one piece's buffer, given back
    finally:
        tracemalloc.stop()


def test_a_partial_frame_times_out_and_is_completed_later(pair) -> None:
    link, theirs = pair
    frame = wire.pack({"a": 1}, [np.arange(10.0)])
    for start, stop in [(0, 3), (3, 20), (20, len(frame) - 1)]:
        theirs.sendall(frame[start:stop])
        with pytest.raises(TimeoutError):
            link.receive(soon())
    theirs.sendall(frame[-1:])
    message = link.receive(soon(5))
    assert message.head == {"a": 1}
    assert message.values[0].tolist() == list(range(10))


def test_a_trickle_times_out_too(pair) -> None:
    link, theirs = pair
    stop = threading.Event()

    def trickle() -> None:
        for byte in wire.pack({}, [np.zeros(1000)]):
            if stop.wait(0.01):
                return
            theirs.sendall(bytes([byte]))

    thread = threading.Thread(target=trickle)
    thread.start()
    try:
        with pytest.raises(TimeoutError):
            link.receive(soon(0.2))
    finally:
        stop.set()
        thread.join()


def test_a_second_frame_is_pending(pair) -> None:
    link, theirs = pair
    assert not link.pending()
    theirs.sendall(wire.pack({"n": 1}) + wire.pack({"n": 2}))
    assert link.receive(soon(5)).head == {"n": 1}
    assert link.pending()
    assert link.receive(soon(5)).head == {"n": 2}
    assert not link.pending()


def test_the_other_side_may_be_gone(pair) -> None:
    link, theirs = pair
    theirs.close()
    with pytest.raises(Disconnected):
        link.receive(soon(1))
    with pytest.raises(Disconnected):
        link.send({}, [np.zeros(10**6)])


def test_descriptors_cross(pair) -> None:
    link, theirs = pair
    reading, writing = os.pipe()
    Link(theirs).send_descriptors([writing])
    os.close(writing)
    (crossed,) = link.receive_descriptors(1, soon(5))
    os.write(crossed, b"hello")
    os.close(crossed)
    assert os.read(reading, 10) == b"hello"
    os.close(reading)


class FakeProcess:
    """Stands in for a worker's process that ended by itself."""

    def signal(self, number: int) -> None:
        """Do nothing."""

    def was_killed(self) -> bool:
        """Say no."""
        return False


def frame(text: str) -> bytes:
    return struct.pack(">II", len(text), 0) + text.encode()


RIGHT = '{"head": {"re": RE}, "values": [], "notes": []}'


@pytest.mark.parametrize(
    ("texts", "cut", "kind", "message"),
    [
        ([RIGHT.replace("RE", "1")], None, "REPLY", "it answered something that was not asked"),
        ([RIGHT, RIGHT], None, "REPLY", "it answered twice"),
        ([RIGHT], -1, "DIED", "the process that ran the notebook ended"),
        ([RIGHT.replace("RE}", 'RE, "x": NaN}')], None, "REPLY", "a frame's head is not JSON"),
        (
            [RIGHT.replace("[]", '[["pickle", "gASVKAAA"]]', 1)],
            None,
            "REPLY",
            "a value is of no kind that may be sent",
        ),
        (None, None, "REPLY", "a frame is larger than may be sent"),
    ],
)
def test_a_hostile_reply_is_a_problem(tmp_path, texts, cut, kind, message) -> None:
    ours, theirs = socket.socketpair()
    reading, writing = os.pipe()
    os.close(writing)

    def answer() -> None:
        number = Link(theirs).receive(soon(5)).head["id"]
        data = b"".join(frame(text.replace("RE", str(number))) for text in texts or [])
        theirs.sendall(data[:cut] if texts else b"\xff" * 8)
        theirs.close()

    thread = threading.Thread(target=answer)
    thread.start()
    with ours, theirs:
        reply = Worker(ours, reading, FakeProcess(), tmp_path).ask("run", seconds=5)
        thread.join()
    os.close(reading)
    assert reply.gone
    assert reply.values == []
    assert (reply.problem.kind.name, reply.problem.message) == (kind, message)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
PROBLEMS = JSON | st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("type", "message", "cell", "line", "outer"), JSON)
)
HEADS = st.fixed_dictionaries(
    {}, optional={"problem": PROBLEMS, "found": JSON, "changed": JSON, "more": JSON}
)


def answered(tmp_path: Path, answer: Callable[[int], bytes]) -> Reply:
    """Return what the judge makes of some bytes that come after its question, before the other side hangs up."""
    ours, theirs = socket.socketpair()
    reading, writing = os.pipe()
    os.close(writing)

    def peer() -> None:
        number = Link(theirs).receive(soon(5)).head["id"]
        theirs.setblocking(True)
        with contextlib.suppress(BrokenPipeError):
            theirs.sendall(answer(number))
        theirs.close()

    thread = threading.Thread(target=peer)
    thread.start()
    try:
        with ours, theirs:
            return Worker(ours, reading, FakeProcess(), tmp_path).ask("run", seconds=5)
    finally:
        thread.join()
        os.close(reading)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(head=HEADS, value=st.sampled_from([None, 3, "a", [1, 2], np.eye(2)]))
def test_whatever_stands_in_a_reply_it_is_plain_or_a_problem(tmp_path, head, value) -> None:
    reply = answered(tmp_path, lambda number: wire.pack({**head, "re": number}, [value]))
    if head.get("problem") is None:
        assert reply.problem is None
        assert type(reply.values[0]) is type(value)
    else:
        assert reply.problem is not None
        assert reply.values == []
        assert type(reply.problem.type) is type(reply.problem.message) is str
        assert type(reply.problem.cell) is type(reply.problem.line) is type(reply.outer_line) is int


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=300), cut=st.integers(0, 40))
def test_noise_instead_of_a_reply_is_a_problem_of_that_question(tmp_path, noise, cut) -> None:
    for answer in (
        lambda _: noise,
        lambda number: wire.pack({"re": number}, [np.eye(2)])[: -1 - cut],
        lambda number: wire.pack({"re": number}) + b"x" + noise,
    ):
        reply = answered(tmp_path, answer)
        assert reply.gone
        assert reply.problem is not None
        assert reply.problem.kind in (ProblemKind.REPLY, ProblemKind.DIED)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"head": {"re": ' + "9" * 5000 + '}, "values": [], "notes": []}',
        '{"a": NaN}',
        "\ud800",
    ],
)
def test_odd_json_is_a_problem(tmp_path, text: str) -> None:
    reply = answered(tmp_path, lambda _: struct.pack(">II", len(text), 0) + text.encode("utf-8", "replace"))
    assert reply.problem is not None
    assert reply.problem.kind is ProblemKind.REPLY


def test_an_answer_before_the_question_is_a_problem(tmp_path) -> None:
    ours, theirs = socket.socketpair()
    reading, writing = os.pipe()
    os.close(writing)
    with ours, theirs:
        theirs.sendall(wire.pack({"re": 1}))
        reply = Worker(ours, reading, FakeProcess(), tmp_path).ask("run", seconds=5)
    os.close(reading)
    assert reply.problem is not None
    assert reply.problem.message == "it answered something that was not asked"
