"""Keeps an executor busy with the chunks that are needed most."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from typing import Any

import sinter

from decoders.collection._failures import Failure
from decoders.collection._interrupts import Interrupts
from decoders.collection._jobs import Missing, draw
from decoders.collection._plan import Chunk
from decoders.collection._run import Run
from decoders.collection.errors import WorkerLost
from decoders.collection.pools import Here, workers_of

__all__ = ["Scheduler"]

SECONDS_BETWEEN_LOOKS = 5.0
MOST_SURPLUS = 1.0
MOST_AHEAD = 3


class Scheduler:
    """Tasks go in their order: the first that needs more shots gets the next free place.

    When no task needs more, free places draw ahead of what is expected to be needed; what then turns out
    to lie past a task's stopping chunk is dropped. Tasks are prepared one ahead of their use.

    Args:
        unprepared: The tasks, prepared when the iterator is asked for them.
        executor: Who draws.
        counted: Called with the run and what was counted of it just now.
        interrupts: Keeps Ctrl-C out of the bookkeeping.
    """

    def __init__(
        self,
        unprepared: Iterator[Run],
        executor: Executor,
        counted: Callable[[Run, sinter.TaskStats], None],
        interrupts: Interrupts,
    ) -> None:
        self.runs: list[Run] = []
        self._open: list[Run] = []
        self._interrupts = interrupts
        self._unprepared: Iterator[Run] | None = unprepared
        self._executor = executor
        self._counted = counted
        self._out: dict[Future[Any], tuple[Run, Chunk]] = {}
        self._workers = workers_of(executor)
        self._looked_at = time.monotonic()

    def work(self) -> None:
        """Draw until every task has reached its goal.

        Raises:
            WorkerLost: If the executor cannot go on.
            BaseException: What a decoder raised.
        """
        while True:
            self._fill()
            if not self._open and self._unprepared is None:
                return
            if self._unprepared is not None and all(run.sent for run in self._open):
                self._prepare()
            done, _ = wait(self._out, timeout=SECONDS_BETWEEN_LOOKS, return_when=FIRST_COMPLETED)
            for future in done:
                self._take(future)

    def drain(self) -> None:
        """Call off what has not begun, wait for what has, and count it as far as it is in order."""
        for future in [future for future in self._out if future.cancel()]:
            del self._out[future]
        wait(self._out)
        with self._interrupts.held():
            for future, (run, chunk) in self._out.items():
                outcome = _outcome(future)
                if not isinstance(outcome, Missing):
                    self._count(run, chunk, outcome)
            self._out.clear()

    def _fill(self) -> None:
        places = 1 if isinstance(self._executor, Here) else 2 * self._look() + 2
        while len(self._out) < places:
            run = self._neediest(most_ahead=MOST_AHEAD * places)
            chunk = None if run is None else run.next_chunk()
            if run is None or chunk is None:
                return
            self._submit(run, chunk)

    def _neediest(self, *, most_ahead: int) -> Run | None:
        """The first run that is short of shots; if there is none, one that may turn out to be.

        No run gets further ahead of its oldest chunk, which may sit on a slow worker.
        """
        while True:
            for run in self._open:
                if run.is_short and run.ahead < most_ahead:
                    return run
            if self._unprepared is None:
                break
            self._prepare()
        possible = [
            run
            for run in self._open
            if run.next_exists and run.surplus <= MOST_SURPLUS and run.ahead < most_ahead
        ]
        return min(possible, key=lambda run: run.surplus, default=None)

    def _prepare(self) -> None:
        run = next(self._unprepared, None) if self._unprepared is not None else None
        if run is None:
            self._unprepared = None
        else:
            self.runs.append(run)
            if not run.finished:
                self._open.append(run)

    def _look(self) -> int:
        """The number of workers, which on a cluster may change."""
        if time.monotonic() - self._looked_at > SECONDS_BETWEEN_LOOKS:
            self._workers, self._looked_at = workers_of(self._executor), time.monotonic()
        return self._workers

    def _submit(self, run: Run, chunk: Chunk, *, with_job: bool = False) -> None:
        if isinstance(self._executor, Here):
            future: Future[Any] = self._executor.submit(run.draw_here, chunk)
        else:
            key, payload = run.payload(self._executor)
            told = with_job or run.sent < self._workers
            try:
                future = self._executor.submit(draw, key, payload if told else None, chunk)
            except Exception as error:
                raise _lost(error, "takes no more chunks") from error
        run.sent += 1
        self._out[future] = (run, chunk)

    def _take(self, future: Future[Any]) -> None:
        with self._interrupts.held():
            run, chunk = self._out.pop(future)
            outcome = _outcome(future)
            if isinstance(outcome, Missing):
                if not run.finished:
                    self._submit(run, chunk, with_job=True)
                return
            self._count(run, chunk, outcome)
        if run.failure is not None:
            raise run.failure

    def _count(self, run: Run, chunk: Chunk, outcome: Any) -> None:
        new = run.come_back(chunk, outcome)
        if new is not None:
            self._counted(run, new)
        if run.finished:
            self._open = [other for other in self._open if other is not run]
            self._call_off(run)

    def _call_off(self, run: Run) -> None:
        for future in [future for future, (owner, _) in self._out.items() if owner is run]:
            if future.cancel():
                del self._out[future]


def _outcome(future: Future[Any]) -> Any:
    """What came of a call: counts, `Missing`, or the exception."""
    try:
        error = future.exception()
    except CancelledError as cancelled:
        return _lost(cancelled)
    if error is None:
        result = future.result()
        return result.error() if isinstance(result, Failure) else result
    foreign = type(error).__module__.partition(".")[0] == "distributed"
    return _lost(error) if foreign or isinstance(error, BrokenExecutor | CancelledError) else error


def _lost(error: BaseException, what: str = "lost a worker") -> WorkerLost:
    reason = " ".join(str(error).split()) or type(error).__name__
    lost = WorkerLost(
        f"the executor {what} ({reason}): a worker was killed, out of memory, or the executor was closed; "
        "collect again with a new executor, the same seed and the same save_resume to go on"
    )
    lost.__cause__ = error
    return lost
