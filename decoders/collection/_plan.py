"""Which shots make up which chunk of a task, and with which seed they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import stim

__all__ = ["Chunk", "Plan", "chunk_seed"]

FIRST = 1024
FEWEST = 256
LARGEST = 65_536
DETECTORS_PER_CHUNK = 4_000_000


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """A stretch of the shots that one seed draws.

    Args:
        number: Which chunk of its task.
        seed: Of Stim's sampler.
        size: How many shots the seed draws.
        start: The first of them that counts.
        stop: One past the last of them that counts.
    """

    number: int
    seed: int
    size: int
    start: int
    stop: int

    @property
    def shots(self) -> int:
        """How many shots count."""
        return self.stop - self.start


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The sizes of a task's chunks: from 1024 shots they double to a size that fits the circuit.

    So a task that reaches its errors soon draws little too much, and a long one spends a fraction of a
    second on a chunk whatever its distance is.

    Args:
        full: Shots of a late chunk.

    Example:
        >>> plan = Plan.for_circuit(stim.Circuit.generated("repetition_code:memory", rounds=3, distance=3))
        >>> [plan.size(k) for k in range(3)], plan.size(20), plan.begin(2)
        ([1024, 2048, 4096], 65536, 3072)
        >>> plan.locate(chunks=2, shots=1500)
        (1, 476)
    """

    full: int

    @classmethod
    def for_circuit(cls, circuit: stim.Circuit) -> Plan:
        """The plan that a circuit has everywhere: a matter of its detectors, measurements and qubits."""
        width = max(circuit.num_detectors, circuit.num_measurements, circuit.num_qubits, 1)
        fitting = max(DETECTORS_PER_CHUNK // width, 1)
        return cls(full=min(max(1 << (fitting.bit_length() - 1), FEWEST), LARGEST))

    @property
    def first(self) -> int:
        """Shots of the first chunk."""
        return min(FIRST, self.full)

    def size(self, number: int) -> int:
        """Shots of one chunk."""
        return min(self.first << min(number, 32), self.full)

    def begin(self, number: int) -> int:
        """Shots of all chunks before this one."""
        doubling = (self.full // self.first).bit_length() - 1
        if number <= doubling:
            return self.first * ((1 << number) - 1)
        return self.first * ((1 << doubling) - 1) + (number - doubling) * self.full

    def locate(self, *, chunks: int, shots: int) -> tuple[int, int]:
        """Where to go on: the number of a chunk, and how many of its shots were counted before.

        Args:
            chunks: How many chunks were begun.
            shots: How many shots were counted; where they are not ours alone, or of another plan, the
                chunks decide, and no shot is drawn twice.
        """
        if chunks and self.begin(chunks - 1) < shots < self.begin(chunks):
            return chunks - 1, shots - self.begin(chunks - 1)
        return chunks, 0


def chunk_seed(seed: int, task_id: str, number: int) -> int:
    """The seed of one chunk, from the run's seed, the task's strong id and the chunk's number alone.

    Example:
        >>> chunk_seed(1, "00ff", 0)
        2618678458151729621
    """
    sequence = np.random.SeedSequence(_entropy(seed, task_id), spawn_key=(number,))
    return int(sequence.generate_state(1, np.uint64)[0])


@lru_cache(maxsize=64)
def _entropy(seed: int, task_id: str) -> tuple[int, ...]:
    """The words of 32 bits of both numbers, the lowest first, as NumPy would take them."""
    return (*_words(seed), *_words(int(task_id, 16)))


def _words(number: int) -> list[int]:
    words = [number & 0xFFFFFFFF]
    while number := number >> 32:
        words.append(number & 0xFFFFFFFF)
    return words
