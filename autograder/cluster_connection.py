"""A connection to a Dask cluster, or to one that is started on this machine and gone afterwards."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import signal
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

_SETTINGS = {
    "distributed.admin.low-level-log-length": 0,  # else all that was sent stays in memory
    "distributed.worker.profile.enabled": False,  # workers would look at themselves every 10 ms
}
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

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said by us
    with dask.config.set(_SETTINGS), warnings.catch_warnings():
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
    with _deaf_to_ctrl_c():
        started = LocalCluster(
            n_workers=jobs or os.cpu_count() or 1,
            threads_per_worker=1,
            dashboard_address=None,
            security=security,
            silence_logs=logging.CRITICAL,
        )
    with started as cluster, Client(cluster, security=security, set_as_default=False) as client:
        yield client


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Let processes that are started here ignore Ctrl-C, of which a terminal tells all: it is for us alone.

    It is a matter of seconds in which we do not hear it either.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, heard)


@contextmanager
def _remote(address: str) -> Iterator[Client]:
    from distributed import Client
    from distributed.security import Security

    scheduler = _in_file(Path(address)) if Path(address).is_file() else address
    if not _ADDRESS.fullmatch(scheduler):
        raise ClusterError(
            f"`{address}` is neither the address of a scheduler nor its scheduler file",
            next_step="Say --cluster local, --cluster tcp://HOST:8786, or the path of a scheduler file.",
        )
    if scheduler.startswith("tls:") and Security().get_connection_args("client")["ssl_context"] is None:
        raise ClusterError(
            "the cluster asks for TLS, and there is no key for it here",
            where=address,
            next_step="Name it as on the other machines, in DASK_DISTRIBUTED__COMM__TLS__CA_FILE, "
            "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT and DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY.",
        )
    try:
        client = Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
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


def _in_file(path: Path) -> str:
    """Return the address in a scheduler file, or nothing if it is none."""
    try:
        return str(json.loads(path.read_bytes())["address"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def in_time(action: Callable[[], object]) -> None:
    """Do something at the end that may not take long, whatever has become of the other side."""

    def attempt() -> None:
        with contextlib.suppress(Exception):
            action()

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    thread.join(CLOSE_SECONDS)
