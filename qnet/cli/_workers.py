"""`--workers` and `--cluster`: who samples and decodes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from qnet.cli._options import whole_number

__all__ = ["Cluster", "SaveResume", "Workers", "executor_for"]

PATIENCE_S = 10

Workers = Annotated[
    int,
    typer.Option(
        parser=whole_number,
        metavar="N",
        help="Processes on this machine; the figures of a seed do not depend on it.",
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Dask scheduler that samples and decodes, such as tcp://10.0.0.1:8786.",
        show_default=False,
    ),
]
SaveResume = Annotated[
    str | None,
    typer.Option(
        "--save-resume",
        metavar="FILE.csv",
        help="sinter's CSV: shots are kept in it, and a stopped run goes on from it.",
        show_default=False,
    ),
]


@contextmanager
def executor_for(workers: int, cluster: str | None) -> Iterator[Executor | None]:
    """An executor for as long as the context lasts; None for this process.

    Raises:
        ValueError: If `workers` is below 1, or comes beside a cluster.
        ValueError: If `distributed` is not installed, or nobody answers at the address.

    Example:
        >>> with executor_for(1, None) as executor:
        ...     print(executor)
        None
    """
    if workers < 1:
        raise ValueError(f"--workers {workers} leaves nobody to work; give a whole number of at least 1")
    if cluster is not None:
        if workers != 1:
            raise ValueError(f"--workers {workers} and --cluster {cluster}: give one of the two")
        with _client(cluster) as client:
            yield client.get_executor()
    elif workers == 1:
        yield None
    else:
        from decoders.collection import process_pool

        with process_pool(workers) as pool:
            yield pool


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise ValueError(
            f"--cluster {address} needs Dask; install it: pip install 'qnet-infra[cluster]'"
        ) from None
    import logging

    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=PATIENCE_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError, TypeError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ValueError(
            f"--cluster {address} does not answer ({reason}); start a scheduler there: dask scheduler"
        ) from error
