"""The same notebook, run again with other data, other sizes or other seeds; once for each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from autograder import cells
from autograder.model import SEED_SHIFT, Limits
from autograder.sandbox import Sandbox
from autograder.session import NOTHING_GIVEN, Answer, Clock, Given, Session

_RESEED = f"""
def reseed():
    import numpy
    original = numpy.random.seed
    numpy.random.seed = lambda seed=None: original(seed if seed is None else seed + {SEED_SHIFT})
reseed()
del reseed
"""


class Reruns:
    """Sessions of one submission beside its first, on the same clock; all end with this."""

    def __init__(
        self,
        sandbox: Sandbox,
        sources: Sequence[str],
        limits: Limits,
        clock: Clock,
        given: Callable[[str], Given] = lambda _: NOTHING_GIVEN,
        first: Session | None = None,
    ) -> None:
        """Prepare to run a notebook again.

        Args:
            sandbox: where it is run.
            sources: its cells.
            limits: what each run may use.
            clock: that of the submission.
            given: what takes the place of its own in each run, by the name of the data with which it
                is run: empty for all runs without.
            first: its first run.
        """
        self._sandbox = sandbox
        self._given = given
        self._sources = sources
        self._limits = limits
        self._clock = clock
        self._first = first
        self._sessions: dict[str, Session] = {}
        self._beside: dict[str, Mapping[str, Answer]] = {}
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    def as_it_is(self) -> Session:
        """Return the notebook run as it is, but for what is given."""
        return self._session("", self._sources, {})

    def with_data(self, name: str, values: Mapping[str, Any]) -> Session:
        """Return the notebook run with other values wherever it makes these variables."""
        return self._session(f"data {name}", self._sources, values, name)

    def makes(self, names: Collection[str]) -> bool:
        """Return whether the notebook makes all these variables, so that others can take their place."""
        made = (cells.created_by(statement) for _, statement in cells.statements(self._sources))
        return set(names) <= set[str]().union(*made)

    def beside(self, data: str, values: Mapping[str, Any], variables: Sequence[str]) -> Mapping[str, Answer]:
        """Return variables of the notebook run with such values in the process of its first run, which costs
        a third of what a process of its own does: see `Session.second_run`."""
        if self._first is None:
            return {}
        if data not in self._beside:
            given = self._given(data)
            given = replace(given, values={**given.values, **values})
            self._beside[data] = self._first.second_run(self._sources, given, variables)
        return self._beside[data]

    def with_sizes(self, sizes: Mapping[str, int]) -> Session:
        """Return the notebook run with other sizes: what it derives from them follows."""
        return self._session(f"sizes {sorted(sizes.items())}", self._sources, sizes)

    def reseeded(self) -> Session:
        """Return the notebook run with other seeds of NumPy's random numbers, however it draws them."""
        return self._session("seeds", [_RESEED, *self._sources], {})

    def _session(
        self, key: str, sources: Sequence[str], values: Mapping[str, Any], data: str = ""
    ) -> Session:
        if key not in self._sessions:
            given = self._given(data)
            if key and not data:  # what variables would be then is not known
                given = replace(given, values={})
            given = replace(given, values={**given.values, **values})
            session = Session(self._sandbox, sources, self._limits, given, self._clock)
            self._sessions[key] = self._closing.enter_context(session)
        return self._sessions[key]
