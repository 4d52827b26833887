"""`collect`: sample and decode tasks over any executor."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING

import numpy as np

from decoders.collection._file import SaveFile
from decoders.collection._goal import Goal
from decoders.collection._interrupts import Interrupts
from decoders.collection._run import Run
from decoders.collection._scheduler import Scheduler
from decoders.collection._tasks import Counting, Decoders, Prepared, Request, prepared, requested
from decoders.collection.errors import CollectionError
from decoders.collection.pools import Here
from decoders.collection.progress import Progress, reporter

if TYPE_CHECKING:
    import sinter

__all__ = ["collect"]


def collect(
    tasks: Iterable[sinter.Task],
    *,
    decoders: Decoders = None,
    executor: Executor | None = None,
    max_shots: int | None = None,
    max_errors: int | None = None,
    precision: float | None = None,
    seed: int | np.random.Generator | None = None,
    save_resume: str | os.PathLike[str] | None = None,
    progress: bool | Callable[[Progress], None] | None = True,
    count_detection_events: bool = False,
    count_observable_error_combos: bool = False,
    custom_error_count_key: str | None = None,
) -> list[sinter.TaskStats]:
    r"""Sample circuits, decode the shots, and count the errors.

    Shots are drawn in chunks. A chunk's size and seed follow from `seed`, the task's strong id and the
    chunk's number alone; chunks count in the order of their numbers, and those past the one that reaches a
    task's goal are dropped. So the totals are the same for any executor and any number of workers, and
    for a run that was stopped, even killed, and resumed. (Stim's streams depend on its version and on the
    processor's vector width.)

    Args:
        tasks: sinter's tasks; their error models are made as sinter makes them where they bring none, and
            their masks, metadata and limits (`collection_options`) hold.
        decoders: The decoder of those tasks that name none: a name, several, or a dict from name to
            `sinter.Decoder`. Known by name are `sinter_decoders()`, sinter's own, and those of the dict.
        executor: Who draws: None for this process; `process_pool(2)`; Dask's
            `Client(address).get_executor()`; any other `concurrent.futures.Executor`. Stim and PyMatching
            hold Python's lock, so that threads gain nothing.
        max_shots: A task ends with exactly so many shots.
        max_errors: A task ends with the chunk that brings it so many errors.
        precision: A task ends with the chunk that brings the standard error of its error rate
            p = errors/(shots − discards), √(p(1−p)/(shots − discards)), down to this fraction of p: 0.1 takes
            about 100 errors.
        seed: Of all shots; None for a fresh one.
        save_resume: A CSV of sinter's. Shots that it holds count, what is drawn is appended about once a
            second, and `custom_counts["chunks"]` in it says with which chunk to go on. It may hold other
            tasks too. One collection uses it at a time.
        progress: True for a bar on stderr where that is a terminal; False or None for none; or a function,
            called with a `Progress` whenever a task has more shots.
        count_detection_events: Count `detection_events` and `detectors_checked` in `custom_counts`.
        count_observable_error_combos: Count which observables are wrong together, under keys such as
            `obs_mistake_mask=E_E`.
        custom_error_count_key: The custom count that `max_errors` and `precision` mean by errors.

    Returns:
        The statistics of every task with every decoder, in their order; they add with `+`. `custom_counts`
        holds the number of `chunks` begun; for decoders that tell when they guess (`CompiledWithConfidence`)
        also the shots of `low_confidence` and the `low_confidence_errors` among these. `seconds` is the
        workers' time.

    Raises:
        ValueError: If an argument is not as described, a task is given twice, would never end, or is random
            without noise, or `save_resume` cannot be written, is no CSV of sinter's, or holds shots of
            another circuit under a task's decoder and metadata.
        WorkerLost: If a worker process was killed, or the executor closed.
        NotSaved: If the disk is full.
        Exception: What a decoder raises, as it is, once the chunks before it are counted and saved.

    On every exception, Ctrl-C included, chunks that have begun are finished, counted and saved first (a
    second Ctrl-C does not wait); `WorkerLost` and `NotSaved` carry the totals as `stats`.

    Example:
        >>> import sinter, stim
        >>> circuit = stim.Circuit.generated("repetition_code:memory", rounds=3, distance=3,
        ...                                  before_round_data_depolarization=0.05)
        >>> task = sinter.Task(circuit=circuit, json_metadata={"d": 3})
        >>> (stats,) = collect([task], decoders="pymatching", max_shots=10_000, seed=1)
        >>> stats.shots, stats.custom_counts["chunks"], 0.005 < stats.errors / stats.shots < 0.015
        (10000, 4, True)
    """
    goal = Goal(
        max_shots=max_shots, max_errors=max_errors, precision=precision, error_key=custom_error_count_key
    )
    counting = Counting(events=count_detection_events, combinations=count_observable_error_combos)
    requests, drawn_seed = requested(tasks, decoders), _seed(seed)
    if executor is not None and not isinstance(executor, Executor):
        raise ValueError(
            f"executor={type(executor).__name__} is no executor; give a concurrent.futures.Executor, such as "
            "process_pool(2)"
        )
    interrupts = Interrupts()
    with interrupts.watched(), reporter(progress) as report, SaveFile(save_resume) as file:

        def counted(run: Run, new: sinter.TaskStats) -> None:
            file.add(new)
            if report is not None:
                report(_progress(run, scheduler.runs, len(requests)))

        made = _runs(requests, goal, counting, file, drawn_seed)
        scheduler = Scheduler(made, executor or Here(), counted, interrupts)
        try:
            scheduler.work()
        except BaseException as error:
            _wind_up(scheduler, error)
            raise
    return [run.stats for run in scheduler.runs]


def _wind_up(scheduler: Scheduler, error: BaseException) -> None:
    """Count what is still coming; errors of ours carry the totals."""
    scheduler.drain()
    if isinstance(error, CollectionError):
        error.stats = tuple(run.stats for run in scheduler.runs)


def _runs(
    requests: Sequence[Request], goal: Goal, counting: Counting, file: SaveFile, seed: int
) -> Iterator[Run]:
    """The runs, each prepared when it is asked for; all at once where a file is to be compared with them."""
    places: dict[str, str] = {}

    def distinct() -> Iterator[Prepared]:
        for request in requests:
            made = prepared(request, goal, counting)
            if made.task_id in places:
                raise ValueError(
                    f"{request.place} is the same as {places[made.task_id]} (decoder {request.name!r}); "
                    "give it once, or tell the two apart by json_metadata"
                )
            places[made.task_id] = request.place
            yield made

    everything: Iterable[Prepared] = distinct()
    if file.found:
        everything = list(everything)
        file.check_belongs(
            (made.task_id, made.empty.decoder, made.empty.json_metadata) for made in everything
        )
    return (Run(made, file.found.get(made.task_id), seed) for made in everything)


def _progress(run: Run, runs: Sequence[Run], tasks: int) -> Progress:
    return Progress(
        stats=run.stats,
        finished_tasks=sum(run.finished for run in runs),
        tasks=tasks,
        fraction=sum(run.prepared.goal.fraction(run.stats) for run in runs) / tasks,
    )


def _seed(seed: int | np.random.Generator | None) -> int:
    if seed is None:
        return secrets.randbits(64)
    if isinstance(seed, np.random.Generator):
        return int(seed.integers(2**63))
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"seed={seed!r} is no seed; give a whole number from 0 on, or None")
    return int(seed)
