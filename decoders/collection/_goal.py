"""When a task has enough shots."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sinter

__all__ = ["Goal"]


@dataclass(frozen=True, kw_only=True)
class Goal:
    """The first of these that is reached ends a task.

    Args:
        max_shots: Shots.
        max_errors: Errors.
        precision: Standard error of the error rate, as a fraction of the rate.
        error_key: The custom count that is meant by errors; None for `TaskStats.errors`.
    """

    max_shots: int | None = None
    max_errors: int | None = None
    precision: float | None = None
    error_key: str | None = None

    def __post_init__(self) -> None:
        for name in ("max_shots", "max_errors"):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, Integral) or value < 0):
                raise ValueError(f"{name}={value!r} is no number of them; give a whole number from 0 on")
        if self.precision is not None and not 0 < self.precision < math.inf:
            raise ValueError(
                f"precision={self.precision!r} is no relative error; give one above 0, such as 0.05 for 5 %"
            )

    @property
    def is_open(self) -> bool:
        """Whether nothing would ever end the task."""
        return self.max_shots is None and self.max_errors is None and self.precision is None

    def narrowed(self, options: sinter.CollectionOptions) -> Goal:
        """This goal within the limits that a task brings itself."""
        return Goal(
            max_shots=_least(self.max_shots, options.max_shots),
            max_errors=_least(self.max_errors, options.max_errors),
            precision=self.precision,
            error_key=self.error_key,
        )

    def errors(self, stats: sinter.TaskStats) -> int:
        """The errors that count."""
        return int(stats.errors if self.error_key is None else stats.custom_counts[self.error_key])

    def fraction(self, stats: sinter.TaskStats) -> float:
        """How much of the work is done, at most 1, where it is reached."""
        errors, kept = self.errors(stats), stats.shots - stats.discards
        done = [0.0]
        if self.max_shots is not None:
            done.append(_share(stats.shots, self.max_shots))
        if self.max_errors is not None:
            done.append(_share(errors, self.max_errors))
        if self.precision is not None and errors and kept:
            # The square of the relative standard error of a binomial rate is (1 − p)/(n p).
            done.append(_share(self.precision**2, (1 - errors / kept) / errors))
        return min(max(done), 1.0)

    def missing(self, stats: sinter.TaskStats) -> float:
        """About how many shots are still to be drawn; infinity where nothing is known."""
        done = self.fraction(stats)
        if done >= 1:
            return 0.0
        return stats.shots * (1 - done) / done if done and stats.shots else math.inf


def _share(part: float, whole: float) -> float:
    return 1.0 if part >= whole else part / whole


def _least(a: int | None, b: int | None) -> int | None:
    return min((x for x in (a, b) if x is not None), default=None)
