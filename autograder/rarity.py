"""How much two submissions of a class have in common, counted in what few others have.

A trace that many have says nothing; one that only these two have says most. Its weight is its surprise in
bits, log2 of how many others there are to how many of them have it: what a third of the class has weighs
nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from autograder.traces import KINDS, Trace

Ids = NDArray[np.uint64]
Floats = NDArray[np.float64]

SHARE = {"line": 0.0, "run": 0.3, "name": 0.6, "comment": 1.0, "text": 1.0, "answer": 0.5}
"""What part of its bits each kind counts: runs overlap, one name comes with another, and lines are made of
these."""

PRIOR = 20
"""A class of a few is taken for one of so many more, none of whom has what these have."""

COMMON = 3
"""What one in so many has is no lead."""


def id_of(trace: Trace) -> int:
    """Return the number of a trace, the same in every process."""
    kind, what = trace
    digest = hashlib.blake2b(what.encode(errors="replace"), digest_size=8, person=kind.encode()).digest()
    return int.from_bytes(digest, "little") // 8 * 8 + KINDS.index(kind)


def ids_of(traces: Collection[Trace]) -> Ids:
    """Return the numbers of traces, sorted."""
    return np.unique(np.array([id_of(trace) for trace in traces], dtype=np.uint64))


class Rarity:
    """The traces of a class, and what each weighs.

    Args:
        documents: the traces of each submission, as `ids_of` gives them.
        usual: what weighs nothing, however rare it is.
    """

    def __init__(self, documents: Sequence[Ids], usual: Ids) -> None:
        self.documents = documents
        size = len(documents)
        everything = np.concatenate([*documents, np.zeros(0, np.uint64)])
        self._known, where, had = np.unique(everything, return_inverse=True, return_counts=True)
        shares = np.array([SHARE[kind] for kind in KINDS])[(self._known % 8).astype(np.intp)]
        others, having = max(size - 2, 0), np.maximum(had - 2, 0)
        bits = np.log2((others + PRIOR) / (having + 1))
        bits[(having * COMMON > others) | np.isin(self._known, usual)] = 0
        self._weights: Floats = bits * shares
        owners = np.repeat(np.arange(size), [len(document) for document in documents])
        self._owners = owners[np.argsort(where, kind="stable")]
        self._ends = np.cumsum(had)
        self._starts = self._ends - had
        self._had = had
        self._columns = (
            np.split(where, np.cumsum([len(document) for document in documents])[:-1]) if size else []
        )

    def weights(self, ids: Ids) -> Floats:
        """Return what traces of the class weigh, in bits."""
        return self._weights[np.searchsorted(self._known, ids)]

    def others(self, ids: Ids) -> NDArray[np.int64]:
        """Return how many submissions but two have traces of the class."""
        others: NDArray[np.int64] = np.maximum(self._had[np.searchsorted(self._known, ids)] - 2, 0)
        return others

    def total(self, document: int) -> float:
        """Return what all traces of a submission weigh."""
        return float(self._weights[self._columns[document]].sum())

    def rows(self) -> Iterator[Floats]:
        """Yield for each submission what it shares with each of the class, in bits; 0 with itself."""
        for number, columns in enumerate(self._columns):
            telling = columns[(self._had[columns] > 1) & (self._weights[columns] > 0)]
            owners = [self._owners[self._starts[column] : self._ends[column]] for column in telling]
            weights = np.repeat(self._weights[telling], self._had[telling])
            owned = np.concatenate(owners) if owners else np.zeros(0, np.intp)
            row = np.bincount(owned, weights=weights, minlength=len(self.documents)).astype(np.float64)
            row[number] = 0
            yield row
