"""What crosses the boundary comes back as it was; what is no frame of ours is refused."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder import wire

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**200), 2**200),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=50),
    st.just(...),
)
ARRAYS = hnp.arrays(
    st.sampled_from([np.dtype(name) for name in sorted(wire.DTYPES)]),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
)
VALUES = st.recursive(SCALARS | ARRAYS, lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner))


def passed(value: Any) -> Any:
    frame = wire.pack({}, [value])
    head, _ = struct.unpack(">II", frame[:8])
    return wire.unpack(frame[8 : 8 + head], frame[8 + head :]).values[0]


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return (
            isinstance(other, np.ndarray)
            and (one.dtype, one.shape) == (other.dtype, other.shape)
            and one.tobytes() == other.tobytes()
        )
    if isinstance(one, list | tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and repr(one) == repr(other)


@given(VALUES)
def test_values_come_back_as_they_were(value: Any) -> None:
    assert same(value, passed(value))


@given(ARRAYS)
def test_memory_order_does_not_matter(array: Any) -> None:
    assert same(
        np.ascontiguousarray(array).reshape(array.shape),
        passed(np.asfortranarray(array).reshape(array.shape)),
    )


@pytest.mark.parametrize(
    ("value", "note"),
    [
        pytest.param(
            np.array([[1.0, 2.0]]).view(type("Mine", (np.ndarray,), {})), "ndarray subclass", id="subclass"
        ),
        pytest.param(np.array([1.0, 2.0], dtype=object), "object array", id="objects"),
    ],
)
def test_kinds_that_are_lost_are_noted(value: Any, note: str) -> None:
    frame = wire.pack({}, [value])
    (head,) = struct.unpack(">I", frame[:4])
    assert wire.unpack(frame[8 : 8 + head], frame[8 + head :]).notes == [note]


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (object(), "object"),
        ({"a": 1}, "dict"),
        ((number for number in [1]), "generator object, not yet turned into a list"),
        (10**2000, "an integer with too many digits"),
        (np.array(["a"]), "array of str32"),
    ],
)
def test_what_cannot_cross_is_named(value: Any, what: str) -> None:
    assert passed(value) == wire.Opaque(what)


def test_an_array_that_is_too_large_is_named_not_sent() -> None:
    huge = np.broadcast_to(np.zeros(1), (10**5, 10**5))
    assert "too large" in passed(huge).what


def test_a_value_with_too_many_parts_is_not_sent() -> None:
    assert "too many parts" in repr(passed([[0] * 1000] * 1000))


def test_a_list_that_holds_itself_is_not_sent() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert "too many parts" in repr(passed(loop))


def frame_of(tree: Any, body: bytes = b"") -> tuple[bytes, bytes]:
    return json.dumps({"head": {}, "values": [tree], "notes": []}).encode(), body


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        (["array", "<f8", [2], 0], "outside its frame"),
        (["array", "<f8", [1], -8], "outside its frame"),
        (["array", "<f8", [1], True], "outside its frame"),
        (["array", "|O", [1], 0], "dtype that may not be sent"),
        (["array", "<f8", [-1], 0], "impossible shape"),
        (["array", "<f8", [2**50, 0], 0], "impossible shape"),
        (["array", "<f8", ["1"], 0], "impossible shape"),
        (["array", "<f8", [1] * 40, 0], "impossible shape"),
        (["objects", [3], [["none"]]], "another number of items"),
        (["int", "x"], "an integer is not one"),
        (["int", "9" * 5000], "of no kind"),
        (["float", "x"], "a number is not one"),
        (["pickle", "gASVKAAA"], "of no kind"),
        ({"array": 1}, "of no kind"),
        (None, "of no kind"),
    ],
)
def test_a_crafted_value_is_refused(tree: Any, message: str) -> None:
    with pytest.raises(wire.WireError, match=message):
        wire.unpack(*frame_of(tree, bytes(8)))


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (b"not json", "not JSON"),
        (b'{"head": {}, "values": [], "notes": [NaN]}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "has not the parts"),
        (b'{"head": {}, "values": [], "notes": [], "more": 1}', "has not the parts"),
        (b'{"head": {}, "values": 3, "notes": []}', "has not the parts"),
        (b'{"head": [], "values": [], "notes": []}', "has not the parts"),
    ],
)
def test_a_crafted_head_is_refused(head: bytes, message: str) -> None:
    with pytest.raises(wire.WireError, match=message):
        wire.unpack(head, b"")


@settings(max_examples=300)
@given(st.binary(max_size=200), st.binary(max_size=64))
def test_noise_is_refused_in_our_own_words(head: bytes, body: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.unpack(head, body)


JSON_TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["array", "objects", "list", "<f8"]),
    lambda inner: st.lists(inner, max_size=5),
)


@settings(max_examples=500)
@given(JSON_TREES, st.binary(max_size=32))
def test_crafted_trees_give_a_value_or_our_own_error(tree: Any, body: bytes) -> None:
    try:
        wire.unpack(*frame_of(tree, body))
    except wire.WireError:
        pass


def test_many_arrays_cannot_share_the_same_bytes() -> None:
    trees = ["list", [["array", "<f8", [1000], 0] for _ in range(1000)]]
    with pytest.raises(wire.WireError, match="more than its frame"):
        wire.unpack(*frame_of(trees, bytes(8000)))
