"""Which workers a cluster has, and which can grade: each is prepared before it is sent a submission."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from autograder import cluster_worker
from autograder.cluster_connection import in_time
from autograder.cluster_order import Order, Refusal
from autograder.errors import ClusterError, SandboxError
from autograder.tabulate import Advance

if TYPE_CHECKING:
    from distributed import Client, Future

LOOK_SECONDS = 2.0
"""How often it is looked which workers are there."""
WAIT_SECONDS = 20.0
"""How long it is waited for workers while there are none."""
REPLY_SECONDS = 10.0
"""How long it is waited for what a worker has said that it has ready."""

KEPT = "What was graded so far is kept, and the same command goes on from there."


class Lost(Exception):
    """What was asked of workers was not done: they are gone."""


class Members:
    """The workers of a cluster, by address, and what was asked of them.

    `threads` has those that are fit: how many submissions each judges at a time.
    """

    def __init__(self, client: Client, order: Order, warn: Callable[[str], None]) -> None:
        """Prepare to look for them.

        Args:
            client: connected to the scheduler.
            order: what workers need.
            warn: hears of a worker that is not fit.
        """
        self.threads: dict[str, int] = {}
        self._client = client
        self._order = order
        self._warn = warn
        self._preparing: dict[str, tuple[Future[Any], str, int]] = {}  # by key: the worker, its threads
        self._refusals: dict[str, Refusal] = {}
        self._done: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()
        self._looked = 0.0
        self._seen = time.monotonic()

    # ---------------------------------------------------------------- asking

    def ask(self, workers: Iterable[str], function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Have one of some workers call a function: the future is among those that `answered` returns."""
        future: Future[Any] = self._client.submit(
            function, *arguments, workers=list(workers), allow_other_workers=False, pure=False
        )
        future.add_done_callback(self._done.put)
        return future

    def answered(self) -> Future[Any] | None:
        """Return a future that is done, other than ours, or None if there is none for a while."""
        try:
            future = self._done.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            return None
        if str(future.key) not in self._preparing:
            return future
        self._prepared(future)
        return None

    def reply(self, future: Future[Any]) -> Any:
        """Return what a function has returned on a worker.

        Raises:
            Lost: if the workers that were to call it are gone.
            ClusterError: if the scheduler is.
        """
        from distributed import CancelledError, KilledWorker
        from distributed.scheduler import NoValidWorkerError

        try:
            return future.result(timeout=REPLY_SECONDS)
        except CancelledError:
            raise self._scheduler_lost() from None
        except (KilledWorker, NoValidWorkerError, TimeoutError, OSError):
            raise Lost from None

    # ---------------------------------------------------------------- who is there

    def get_ready(self, advance: Advance) -> None:
        """Wait until all workers that are there have said whether they can grade; `advance` hears how many.

        Raises:
            ClusterError: if there are none, or one has other versions than we.
            SandboxError: if notebooks cannot be run on any.
        """
        while not self.threads or self._preparing:
            self._refuse_other_versions()
            known = len(self.look())
            self.answered()
            if known:
                advance("workers of the cluster", known - len(self._preparing), known)
        self._refuse_other_versions()

    def _refuse_other_versions(self) -> None:
        for refusal in self._refusals.values():
            if refusal.differs:
                raise ClusterError(
                    f"{refusal.why}: points must not depend on who grades",
                    next_step="Install the same versions on all machines, and start the workers again.",
                )

    def look(self) -> set[str]:
        """Prepare the workers that are new, forget those that are gone, and return the addresses of all.

        Raises:
            ClusterError: if the scheduler is lost, or there have been no workers for long.
            SandboxError: if notebooks cannot be run on any.
        """
        now = time.monotonic()
        if now < self._looked + LOOK_SECONDS:
            return self._known()
        self._looked = now
        present = self._present()
        for address in self._known() - set(present):
            self._forget(address)
        for address in set(present) - self._known():
            future = self.ask([address], cluster_worker.prepare, self._order)
            self._preparing[str(future.key)] = (future, address, present[address])
        if self.threads or self._preparing:
            self._seen = now
        elif self._refusals:
            raise self._none_fit()
        elif now > self._seen + WAIT_SECONDS:
            raise ClusterError(
                f"the cluster has no workers, and none has come for {WAIT_SECONDS:.0f} seconds",
                next_step=f"Start some: `dask worker ADDRESS --nworkers -1`. {KEPT}",
            )
        return self._known()

    def refuse(self, refusal: Refusal) -> None:
        """Send no more to a worker that cannot grade; one that has only forgotten how is prepared again."""
        self._forget(refusal.worker)
        if refusal.forgotten:
            self._looked = 0.0
            return
        self._refusals[refusal.worker] = refusal
        self._warn(f"a worker of the cluster takes no part: {refusal.why}")

    def dismiss(self) -> None:
        """Have the workers end what was started for us."""
        if self._client.status == "running":
            in_time(lambda: self._client.run(cluster_worker.dismiss, self._order.run, on_error="ignore"))

    def _known(self) -> set[str]:
        return {*self.threads, *self._refusals, *(address for _, address, _ in self._preparing.values())}

    def _forget(self, address: str) -> None:
        self.threads.pop(address, None)
        self._refusals.pop(address, None)
        self._preparing = {key: each for key, each in self._preparing.items() if each[1] != address}

    def _present(self) -> dict[str, int]:
        """Return the workers that the scheduler knows, and how many threads each has."""
        if self._client.status != "running":
            raise self._scheduler_lost()
        try:
            found = self._client.scheduler_info(n_workers=-1)["workers"]
        except (OSError, KeyError) as error:
            raise self._scheduler_lost() from error
        return {address: worker["nthreads"] for address, worker in found.items()}

    def _prepared(self, future: Future[Any]) -> None:
        """Hear what a worker has to say to being prepared."""
        _, address, threads = self._preparing.pop(str(future.key))
        try:
            refusal = self.reply(future)
        except Lost:
            return
        except ClusterError:
            raise
        except Exception as error:  # it does not even have this package, or another Dask
            refusal = Refusal(why=f"{address}: {type(error).__name__}: {error}", worker=address)
        if refusal is None:
            self.threads[address] = threads
        else:
            self.refuse(replace(refusal, worker=address))

    def _none_fit(self) -> SandboxError | ClusterError:
        told = "; ".join(sorted({refusal.why for refusal in self._refusals.values()}))
        return SandboxError(f"no worker of the cluster can grade: {told}", next_step=KEPT)

    def _scheduler_lost(self) -> ClusterError:
        return ClusterError(
            "the connection to the scheduler of the cluster is lost",
            next_step=f"Is it still running? {KEPT}",
        )
