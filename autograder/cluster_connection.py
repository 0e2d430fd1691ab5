"""A connection to a Dask cluster, or to one that is started on this machine and gone afterwards."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import ClusterError

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local"
CONNECT_SECONDS = 10.0
CLOSE_SECONDS = 5.0

_ADDRESS = re.compile(r"(?:\w+://)?(?:[\w.-]+|\[[0-9a-fA-F:]+\]):\d+/?")


@contextmanager
def connected(address: str, jobs: int | None = None) -> Iterator[Client]:
    """Give a client of a cluster, closed afterwards.

    Args:
        address: `local`, a scheduler's address such as `tcp://host:8786`, or the path of its scheduler file.
        jobs: how many workers to start for `local`, by default one a core.

    Raises:
        ClusterError: if Dask is not installed, or the scheduler cannot be reached.
    """
    try:
        import distributed
    except ImportError:
        raise ClusterError(
            "grading on a cluster needs Dask, which is not installed here",
            next_step="Install it on all machines: pip install 'true-values[cluster]'",
        ) from None
    import dask

    # what Dask would print is said by us, or is of no use to who grades; 20 MB are no large task here
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    quiet = {"distributed.admin.large-graph-warning-threshold": "100MB", "distributed.worker.daemon": True}
    with dask.config.set(quiet), warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=distributed.versions.VersionMismatchWarning)
        with _local(jobs) if address == LOCAL else _remote(address) as client:
            yield client


@contextmanager
def _local(jobs: int | None) -> Iterator[Client]:
    """Start workers of one thread each, which nobody else on this machine can talk to."""
    from distributed import Client, LocalCluster
    from distributed.security import Security

    try:
        security = Security.temporary()
    except ImportError:
        raise ClusterError(
            "a cluster on this machine is kept apart from other users, which takes `cryptography`",
            next_step="Install it: pip install 'true-values[cluster]'",
        ) from None
    with (
        LocalCluster(
            n_workers=jobs or os.cpu_count() or 1,
            threads_per_worker=1,
            dashboard_address=None,
            security=security,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster, security=security) as client,
    ):
        yield client


@contextmanager
def _remote(address: str) -> Iterator[Client]:
    from distributed import Client

    by_file = Path(address).is_file()
    if not by_file and not _ADDRESS.fullmatch(address):
        raise ClusterError(
            f"`{address}` is neither the address of a scheduler nor its scheduler file",
            next_step="Say --cluster local, --cluster tcp://HOST:8786, or the path of a scheduler file.",
        )
    try:
        asked = {"scheduler_file": address} if by_file else {"address": address}
        client = Client(**asked, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise ClusterError(
            f"the scheduler of the cluster cannot be reached: {error}",
            where=address,
            next_step="Does `dask scheduler` run there, can this machine reach its port, and are both ends "
            "`tcp://`, or both `tls://`?",
        ) from None
    try:
        yield client
    finally:
        in_time(client.close)


def in_time(action: Callable[[], object]) -> None:
    """Do something at the end that may not take long, whatever has become of the other side."""

    def attempt() -> None:
        with contextlib.suppress(Exception):
            action()

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    thread.join(CLOSE_SECONDS)
