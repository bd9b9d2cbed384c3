"""Partitions worked on by an existing Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from core.errors import BadInput
from core.workers import be_one_of_many

if TYPE_CHECKING:
    from distributed import Client, Future

RETRIES: Final = (
    2  # of a piece of work that raised, such as for want of memory; lost workers are free
)
TIMEOUT_SECONDS: Final = 10.0
_INSTALL: Final = "Run `pip install 'tierwise[cluster]'`, on every worker too"


class DaskEngine:
    """An `Engine`: pieces of work as tasks, their results as futures on the cluster.

    A worker that is lost takes nothing with it: the scheduler has its tasks done again.
    `progress` gets what is being done, and how many of how many pieces are.
    """

    def __init__(
        self, client: Client, progress: Callable[[str, int, int], None] | None = None
    ) -> None:
        self._client = client
        self._progress = progress

    def submit(self, work: Callable[..., Any], *values: Any) -> Future[Any]:
        """A task; futures among the values are waited for where it runs."""
        return self._client.submit(_alone, work, *values, pure=False, retries=RETRIES)

    def spread(self, value: Any) -> Future[Any]:
        """The value on the cluster, so that it does not travel with every task."""
        with _worded():
            return self._client.scatter(value, hash=False)  # type: ignore[no-untyped-call,no-any-return]

    def results(self, promises: Sequence[Future[Any]], words: str) -> Iterator[Any]:
        """What came of the tasks, in order; what raised in one raises here."""
        for number, promise in enumerate(promises, start=1):
            with _worded():
                result = promise.result()
            self._tell(words, number, len(promises))
            yield result

    def wait(self, promises: Sequence[Future[Any]], words: str) -> None:
        """Until all tasks are done; their results stay where they are."""
        from distributed import as_completed

        ended = as_completed(promises, loop=self._client.loop)  # type: ignore[no-untyped-call]
        for number, promise in enumerate(ended, start=1):
            if promise.status != "finished":
                with _worded():
                    promise.result()
            self._tell(words, number, len(promises))

    def _tell(self, words: str, done: int, total: int) -> None:
        if self._progress:
            self._progress(words, done, total)


def _alone(work: Callable[..., Any], *values: Any) -> Any:
    """What the work makes of the values, with one thread: a cluster has a worker for each core."""
    be_one_of_many()
    return work(*values)


@contextmanager
def _worded() -> Iterator[None]:
    """Turns what a cluster says of its workers into BadInput."""
    from distributed import KilledWorker
    from distributed.client import FutureCancelledError
    from distributed.comm.core import CommClosedError

    try:
        yield
    except KilledWorker as error:
        raise BadInput(
            f"a worker was lost with the same piece of work again and again ({error.task})",
            where="--engine dask",
            remedy="Give the workers more memory, or start fewer on each machine",
        ) from error
    except (FutureCancelledError, CommClosedError) as error:
        raise BadInput(
            "the scheduler went away in the middle of the work",
            where="--engine dask",
            remedy="See that it runs, then start again",
        ) from error
    except ImportError as error:
        raise BadInput(
            f"a worker lacks a package ({error})", where="--engine dask", remedy=_INSTALL
        ) from error
    except (OSError, pa.ArrowException) as error:
        raise BadInput(
            f"the workers cannot read or write there ({error})",
            where="--engine dask",
            remedy="Name files that every worker can reach: a shared folder, or a URL such as s3://",
        ) from error


def connect(address: str) -> Client:
    """A client of the scheduler at that address; BadInput when nobody answers there."""
    try:
        from distributed import Client
    except ImportError as error:
        raise BadInput("Dask is not installed", where="--engine", remedy=_INSTALL) from error
    try:
        client = Client(address, timeout=TIMEOUT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        raise BadInput(
            f"no Dask scheduler answers at {address}",
            where="--scheduler",
            remedy="Start one with `dask scheduler`, and workers with `dask worker ADDRESS`",
        ) from error
    try:
        _need_workers(client, address)
    except BadInput:
        client.close()  # type: ignore[no-untyped-call]
        raise
    return client


def _need_workers(client: Client, address: str) -> None:
    """BadInput where there is no worker, or one without this version of Tierwise."""
    if not client.scheduler_info(n_workers=-1)["workers"]:
        raise BadInput(
            f"the scheduler at {address} has no workers",
            where="--scheduler",
            remedy=f"Start some with `dask worker {address}`",
        )
    here = _version()
    for worker, found in client.run(_version, on_error="return").items():
        if found != here:
            said = found if isinstance(found, str) else "none"
            raise BadInput(
                f"the worker {worker} has Tierwise {said}, and here it is {here}",
                where="--scheduler",
                remedy=_INSTALL,
            )


def _version() -> str:
    """What must be the same everywhere for every bit of a result to be."""
    from core.complexity.classifier import load_classifier
    from core.logs.ingest import DRAFTED
    from core.workload.scores import COUNTED

    return f"{version('tierwise')}-{DRAFTED}-{COUNTED}-{load_classifier().digest[:12]}"
