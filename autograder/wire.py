"""Values that cross the boundary between judge and worker, as JSON and raw bytes.

Never pickle: the other side is untrusted. A frame is two lengths, a JSON head, and the bytes of
its arrays; every length, kind and shape is checked before anything is allocated for it. `link`
carries frames over a socket.
"""

from __future__ import annotations

import json
import math
import re
import struct
from dataclasses import dataclass, field
from typing import Any

import numpy as np

MAX_HEAD = 8 * 2**20
MAX_BODY = 64 * 2**20
MAX_ITEMS = 100_000
MAX_VALUES = 64
MAX_DEPTH = 16
MAX_TEXT = 10_000
MAX_DIGITS = 400
MAX_DIMENSIONS = 16

DTYPES = frozenset(
    ["|b1", "|i1", "|u1", "<i2", "<i4", "<i8", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"]
)

NOTES = ("matrix", "object array", "ndarray subclass", "array-like object")
"""Kinds that a value loses on its way; a list, so that a student's text cannot come along."""

LENGTHS = struct.Struct(">II")
"""What a frame begins with: the sizes of its head and of its body, in bytes."""


class WireError(Exception):
    """The other side sent something that is not a frame of ours, or is too large."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value that does not cross: what it was, in words."""

    what: str


@dataclass(frozen=True, slots=True)
class Message:
    """A received frame: a plain JSON object, the values sent with it, and remarks on their kinds."""

    head: dict[str, Any]
    values: list[Any]
    notes: list[str]


def plain(text: str, longest: int) -> str:
    """Return a text as one printable line without addresses of memory and folders: the same in every run."""
    text = re.sub(r"0x[0-9a-fA-F]+", "0x...", text[: 10 * longest])
    text = re.sub(r"\S{0,200}true-values-\w+(/\w+)?", "...", text)  # a private folder
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return text if len(text) <= longest else text[: longest - 3] + "..."


# ---------------------------------------------------------------- encoding


class _TooManyParts(Exception):
    """A value is nested too deeply, or has too many items, to be sent."""


@dataclass(slots=True)
class _Encoder:
    chunks: list[bytes] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    size: int = 0
    items: int = 0

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def whole(self, value: Any) -> list[Any]:
        """Return the JSON description of `value`, or of its having too many parts."""
        before = self.size, len(self.chunks)
        self.items = 0
        try:
            return self.encode(value)
        except _TooManyParts:
            self.size = before[0]
            del self.chunks[before[1] :]
            return ["opaque", "a value with too many parts"]

    def encode(self, value: Any, depth: int = 0) -> list[Any]:
        """Return the JSON description of `value`; arrays go to `chunks`."""
        self.items += 1
        if depth > MAX_DEPTH or self.items > MAX_ITEMS:
            raise _TooManyParts
        if value is None:
            return ["none"]
        if value is Ellipsis:
            return ["ellipsis"]
        kind = type(value)
        if kind is bool:
            return ["bool", value]
        if kind is int:
            return self._integer(value)
        if kind is float:
            return ["float", repr(value)]
        if kind is complex:
            return ["complex", repr(value.real), repr(value.imag)]
        if kind is str:
            return ["str", value[:MAX_TEXT]]
        if kind is list or kind is tuple:
            return ["list" if kind is list else "tuple", [self.encode(v, depth + 1) for v in value]]
        return self._array_like(value, depth)

    def _integer(self, value: int) -> list[Any]:
        if value.bit_length() > 3 * MAX_DIGITS:
            return ["opaque", "an integer with too many digits"]
        return ["int", str(value)]

    def _array_like(self, value: Any, depth: int) -> list[Any]:
        if isinstance(value, np.ndarray | np.generic):
            array = np.asarray(value)
            if type(value) is not np.ndarray and isinstance(value, np.ndarray):
                self.note(type(value).__name__ if type(value).__name__ in NOTES else "ndarray subclass")
        elif isinstance(value, list | tuple):
            return ["list", [self.encode(v, depth + 1) for v in value]]
        elif hasattr(value, "__array__"):
            array = np.asarray(value)
            self.note("array-like object")
        elif isinstance(value, range | map | zip | filter) or type(value).__name__ == "generator":
            return ["opaque", f"{type(value).__name__} object, not yet turned into a list"]
        else:
            return ["opaque", type(value).__name__]
        if array.ndim > MAX_DIMENSIONS:
            return ["opaque", f"array of {array.ndim} dimensions"]
        if array.dtype == object:
            return self._objects(array, depth)
        return self._array(array)

    def _objects(self, array: Any, depth: int) -> list[Any]:
        if array.size > MAX_ITEMS:
            return ["opaque", "an object array with too many items"]
        self.note("object array")
        items = [self.encode(item, depth + 1) for item in array.reshape(-1).tolist()]
        return ["objects", list(array.shape), items]

    def _array(self, array: Any) -> list[Any]:
        widest = {"f": 8, "c": 16}.get(array.dtype.kind)
        if widest and array.dtype.itemsize > widest:  # long doubles differ between machines
            array = array.astype(f"{array.dtype.kind}{widest}")
        dtype = array.dtype
        if dtype.str not in DTYPES:
            dtype = dtype.newbyteorder("<")
        if dtype.str not in DTYPES:
            return ["opaque", f"array of {array.dtype.name}"]
        if self.size + array.size * dtype.itemsize > MAX_BODY:
            return ["opaque", f"array of shape {array.shape}, too large to be judged"]
        data = np.ascontiguousarray(array, dtype=dtype).tobytes()
        described = ["array", dtype.str, list(array.shape), self.size]
        self.chunks.append(data)
        self.size += len(data)
        return described


_JSON = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Packed:
    """Values that are sent again and again, as they stand in a frame: `count` of them."""

    count: int
    described: bytes
    body: bytes

    def __len__(self) -> int:
        return self.count

    @property
    def is_whole(self) -> bool:
        """Whether no part was too large, or of no kind, to be sent."""
        return b'["opaque", ' not in self.described


NOTHING = Packed(0, b', "values": [], "notes": []}', b"")
"""No values."""


def packed(values: list[Any] | tuple[Any, ...]) -> Packed:
    """Return values as `pack` takes them too."""
    encoder = _Encoder()
    trees = [encoder.whole(value) for value in values]
    described = f', "values": {_JSON.encode(trees)}, "notes": {_JSON.encode(encoder.notes)}}}'
    return Packed(len(trees), described.encode("utf-8", "surrogatepass"), b"".join(encoder.chunks))


def pack(head: dict[str, Any], values: Packed | list[Any] | tuple[Any, ...] = ()) -> bytes:
    """Return the frame that says `head` and carries `values`."""
    carried = values if isinstance(values, Packed) else packed(values) if values else NOTHING
    said = b'{"head": ' + _JSON.encode(head).encode("utf-8", "surrogatepass")
    lengths = LENGTHS.pack(len(said) + len(carried.described), len(carried.body))
    return b"".join([lengths, said, carried.described, carried.body])


# ---------------------------------------------------------------- decoding


@dataclass(slots=True)
class _Decoder:
    body: memoryview
    items: int = 0
    size: int = 0

    def whole(self, tree: Any) -> Any:
        """Return the value that a tree describes."""
        self.items = 0
        return self.decode(tree)

    def decode(self, tree: Any, depth: int = 0) -> Any:
        self.items += 1
        if depth > MAX_DEPTH or self.items > MAX_ITEMS:
            raise WireError("a value has too many parts")
        match tree:
            case ["array", str(dtype), [*shape], int(offset)]:  # the first, for most are
                return self._array(dtype, shape, offset)
            case ["none"]:
                return None
            case ["ellipsis"]:
                return Ellipsis
            case ["bool", bool(value)]:
                return value
            case ["int", str(text)] if len(text) <= MAX_DIGITS:
                return _integer(text)
            case ["float", str(text)]:
                return _float(text)
            case ["complex", str(real), str(imaginary)]:
                return complex(_float(real), _float(imaginary))
            case ["str", str(text)] if len(text) <= MAX_TEXT:
                return text
            case ["opaque", str(text)]:
                return Opaque(plain(text, 200))
            case ["list", [*parts]]:
                return [self.decode(part, depth + 1) for part in parts]
            case ["tuple", [*parts]]:
                return tuple(self.decode(part, depth + 1) for part in parts)
            case ["objects", [*shape], [*parts]]:
                return self._objects(shape, parts, depth)
        raise WireError("a value is of no kind that may be sent")

    def _array(self, dtype: str, shape: list[Any], offset: int) -> Any:
        if dtype not in DTYPES:
            raise WireError("an array has a dtype that may not be sent")
        size = _count(shape) * np.dtype(dtype).itemsize
        if isinstance(offset, bool) or offset < 0 or offset + size > len(self.body):
            raise WireError("an array lies outside its frame")
        self.size += size
        if self.size > len(self.body):
            raise WireError("its arrays have more than its frame has bytes")
        flat = np.frombuffer(self.body[offset : offset + size], dtype=dtype)
        return flat.reshape(shape).astype(np.dtype(dtype).newbyteorder("="), copy=True)

    def _objects(self, shape: list[Any], parts: list[Any], depth: int) -> Any:
        if _count(shape) != len(parts):
            raise WireError("an object array has another number of items than its shape says")
        array = np.empty(len(parts), dtype=object)
        for index, part in enumerate(parts):
            array[index] = self.decode(part, depth + 1)
        return array.reshape(shape)


def _count(shape: list[Any]) -> int:
    sizes = [size for size in shape if type(size) is int and size >= 0]
    if len(sizes) != len(shape) or len(shape) > MAX_DIMENSIONS:
        raise WireError("an array has an impossible shape")
    if math.prod(max(size, 1) for size in sizes) > MAX_BODY:  # also where another dimension is 0
        raise WireError("an array has an impossible shape")
    return math.prod(sizes)


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise WireError("an integer is not one") from error


def _float(text: str) -> float:
    if len(text) > MAX_DIGITS:
        raise WireError("a number is not one")
    try:
        return float(text)
    except ValueError as error:
        raise WireError("a number is not one") from error


def unpack(text: bytes | memoryview, body: bytes | memoryview) -> Message:
    """Return the message of a frame's two parts.

    Raises:
        WireError: if it is not what `pack` makes.
    """
    try:
        frame = _STRICT_JSON.decode(bytes(text).decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise WireError("a frame's head is not JSON") from error
    match frame:
        case {"head": dict(head), "values": [*trees], "notes": [*notes], **rest} if not rest:
            if not trees:
                return Message(head, [], [note for note in NOTES if note in notes])
            if len(trees) > MAX_VALUES:
                raise WireError("a frame has too many values")
            decoder = _Decoder(memoryview(body))
            values = [decoder.whole(tree) for tree in trees]
            return Message(head, values, [note for note in NOTES if note in notes])
    raise WireError("a frame's head has not the parts that it must have")


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


_STRICT_JSON = json.JSONDecoder(parse_constant=_refuse_constant)
