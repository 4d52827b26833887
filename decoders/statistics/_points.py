"""Counts with the numbers that a fit needs, read from the metadata of their tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import sinter
from numpy.typing import NDArray

__all__ = ["Points", "Reading", "read", "value_of"]

Reading: TypeAlias = str | Callable[[sinter.TaskStats], float]
"""A key of `json_metadata`, or a function of the statistics."""


@dataclass(frozen=True, kw_only=True)
class Points:
    """Arrays of one entry a point."""

    distance: NDArray[np.float64]
    errors: NDArray[np.float64]
    shots: NDArray[np.float64]
    other: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.shots)


def read(
    stats: Iterable[sinter.TaskStats], *, distance: Reading, other: Reading | float, name: str
) -> Points:
    """The points that have shots, those of the same numbers added up.

    Args:
        stats: Any statistics.
        distance: How to read the distance.
        other: How to read the second number, or the number itself.
        name: What the second number is.

    Raises:
        ValueError: If the metadata has no such key, or no number there.
    """
    counts: dict[tuple[float, float], tuple[int, int]] = {}
    for point in stats:
        second = float(other) if isinstance(other, int | float) else value_of(point, other, name)
        key = (value_of(point, distance, "distance"), second)
        errors, shots = counts.get(key, (0, 0))
        counts[key] = (errors + point.errors, shots + point.shots - point.discards)
    kept = sorted((key, count) for key, count in counts.items() if count[1] > 0)
    return Points(
        distance=np.array([key[0] for key, _ in kept], dtype=np.float64),
        other=np.array([key[1] for key, _ in kept], dtype=np.float64),
        errors=np.array([count[0] for _, count in kept], dtype=np.float64),
        shots=np.array([count[1] for _, count in kept], dtype=np.float64),
    )


def value_of(stats: sinter.TaskStats, reading: Reading, name: str) -> float:
    """One number of a task.

    Raises:
        ValueError: If the metadata has no such key, or no number there.
    """
    if not isinstance(reading, str):
        return float(reading(stats))
    metadata = stats.json_metadata
    found = metadata.get(reading) if isinstance(metadata, dict) else None
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise ValueError(
            f"{name}={reading!r} is no number in the metadata {metadata!r}; name a key that every task has, "
            "or give a function of the statistics"
        )
    return float(found)
