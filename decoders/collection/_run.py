"""One task on its way: which chunks are out, which have come back, which count."""

from __future__ import annotations

import hashlib
from collections import Counter
from concurrent.futures import Executor
from typing import TypeAlias

import sinter

from decoders.collection._failures import dumped
from decoders.collection._jobs import CompiledJob
from decoders.collection._plan import Chunk, chunk_seed
from decoders.collection._tasks import Prepared

__all__ = ["Outcome", "Run"]

Outcome: TypeAlias = sinter.AnonTaskStats | BaseException


class Run:
    """The chunks of one task count in the order of their numbers, until its goal is reached.

    Args:
        prepared: The task.
        found: What a resumed file holds of it.
        seed: The run's seed.
    """

    def __init__(self, prepared: Prepared, found: sinter.TaskStats | None, seed: int) -> None:
        self.prepared = prepared
        self.stats = prepared.empty if found is None else prepared.empty + found
        self.finished = self._is_reached()
        self.sent = 0
        self._seed = seed
        self._planned = int(self.stats.shots)
        self._outcomes: dict[int, tuple[Chunk, Outcome]] = {}
        self._next, self._start = prepared.plan.locate(
            chunks=int(self.stats.custom_counts["chunks"]), shots=self._planned
        )
        self._turn = self._next
        self._payload: tuple[str, bytes] | None = None
        self._compiled: CompiledJob | None = None

    def next_chunk(self) -> Chunk | None:
        """The next chunk to draw, or None if those that are out reach `max_shots`."""
        limit = self.prepared.goal.max_shots
        if self.finished or (limit is not None and self._planned >= limit):
            return None
        number, start, size = self._next, self._start, self.prepared.plan.size(self._next)
        stop = size if limit is None else min(size, start + limit - self._planned)
        self._next, self._start = number + 1, 0
        self._planned += stop - start
        seed = chunk_seed(self._seed, self.prepared.task_id, number)
        return Chunk(number=number, seed=seed, size=size, start=start, stop=int(stop))

    @property
    def is_short(self) -> bool:
        """Whether the chunks that are out will probably not do."""
        missing = self.prepared.goal.missing(self.stats)
        return self._planned - self.stats.shots < max(missing, 1) and self.next_exists

    @property
    def next_exists(self) -> bool:
        """Whether `next_chunk` has one."""
        limit = self.prepared.goal.max_shots
        return not self.finished and (limit is None or self._planned < limit)

    @property
    def ahead(self) -> int:
        """How many chunks are out or wait for an older one."""
        return self._next - self._turn

    @property
    def surplus(self) -> float:
        """Shots that are out, as a multiple of those that are probably missing."""
        missing = self.prepared.goal.missing(self.stats)
        return float(self._planned - self.stats.shots) / max(missing, 1)

    def come_back(self, chunk: Chunk, outcome: Outcome) -> sinter.TaskStats | None:
        """Take what came of a chunk, and count the chunks whose turn it is.

        Returns:
            What was counted now, or None if the chunk has to wait for its turn, or came too late.
        """
        if self.finished:
            return None
        self._outcomes[chunk.number] = (chunk, outcome)
        counted: sinter.TaskStats | None = None
        while not self.finished and self._turn in self._outcomes:
            due, result = self._outcomes[self._turn]
            if isinstance(result, BaseException):
                return counted
            del self._outcomes[self._turn]
            new = self._named(due, result)
            counted = new if counted is None else counted + new
            self.stats, self._turn = self.stats + new, self._turn + 1
            self.finished = self._is_reached()
        if self.finished:
            self._payload = self._compiled = None
            self._outcomes.clear()
        return counted

    @property
    def failure(self) -> BaseException | None:
        """The exception of the chunk whose turn it is; one past the last chunk that counts is none."""
        _, result = self._outcomes.get(self._turn, (None, None))
        return result if isinstance(result, BaseException) else None

    def payload(self, executor: Executor) -> tuple[str, bytes]:
        """The job for workers, and the key under which they keep it."""
        if self._payload is None:
            data = dumped(self.prepared.job, executor, self.prepared.job.name)
            self._payload = (hashlib.sha256(data).hexdigest(), data)
        return self._payload

    def draw_here(self, chunk: Chunk) -> sinter.AnonTaskStats:
        """Draw a chunk in this process."""
        if self._compiled is None:
            self._compiled = CompiledJob(self.prepared.job)
        return self._compiled.draw(chunk)

    def _named(self, chunk: Chunk, counts: sinter.AnonTaskStats) -> sinter.TaskStats:
        """A chunk's counts under the task's name; a chunk is counted where it is begun."""
        begun = Counter({"chunks": 1}) if chunk.start == 0 else Counter[str]()
        return self.prepared.empty.with_edits(
            shots=counts.shots,
            errors=counts.errors,
            discards=counts.discards,
            seconds=counts.seconds,
            custom_counts=counts.custom_counts + begun,
        )

    def _is_reached(self) -> bool:
        return self.prepared.goal.fraction(self.stats) >= 1
