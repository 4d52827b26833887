"""Executors: processes on this machine, and this process itself."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import Any, ParamSpec, TypeVar

__all__ = ["Here", "process_pool", "workers_of"]

P = ParamSpec("P")
T = TypeVar("T")


def process_pool(workers: int | None = None) -> ProcessPoolExecutor:
    """A pool of processes that are ready to sample and decode.

    The processes come from a fork server which has imported Stim and PyMatching (spawned on Windows, never
    forked from this process), ignore Ctrl-C, which is for the process that collects, and end with it
    even when it is killed. As with all of Python's process pools, a script that makes one
    needs its `if __name__ == "__main__":`.

    Args:
        workers: How many; None for one per usable processor.

    Returns:
        An executor; use it as a context, or shut it down.

    Raises:
        ValueError: If `workers` is below 1.

    Example:
        >>> with process_pool(1) as pool:
        ...     pool.submit(sum, [1, 2, 3]).result()
        6
    """
    if workers is not None and workers < 1:
        raise ValueError(f"workers={workers!r} is no number of processes; give at least 1")
    if sys.platform == "win32":
        context = multiprocessing.get_context("spawn")
        usable = min(workers or os.cpu_count() or 1, 61)
    else:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["decoders.collection._preload"])
        usable = workers or len(_processors())
    return ProcessPoolExecutor(usable, mp_context=context, initializer=_start)


def _processors() -> set[int]:
    if hasattr(os, "sched_getaffinity"):
        return set(os.sched_getaffinity(0))
    return set(range(os.cpu_count() or 1))


def _start() -> None:
    """In a new worker: leave Ctrl-C to the parent, and end when the parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


class Here(Executor):
    """This process as an executor: a call is done when it was submitted."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call the function now; Ctrl-C and the like come through."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def workers_of(executor: Executor) -> int:
    """How many calls an executor runs at once, as far as it tells."""
    if isinstance(executor, Here):
        return 1
    client: Any = getattr(executor, "_client", None)
    if hasattr(client, "ncores") and getattr(client, "status", "") == "running":
        return max(int(sum(client.ncores().values())), 1)
    known = getattr(executor, "_max_workers", None)
    return known if isinstance(known, int) and known > 0 else os.cpu_count() or 1
