"""`Study`, what can be swept: other rooms bring studies of their own kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import sinter

__all__ = ["Point", "Study"]


class Point(Protocol):
    """One point of a study."""

    def task(self) -> sinter.Task:
        """What is sampled and decoded, with its decoder's name.

        Its metadata has distance `d`, noise `p` and, where every round may fail, rounds `r`.
        """
        ...

    def row(self) -> Mapping[str, Any]:
        """What tells it from others: `code`, `distance`, `rounds`, `basis`, `noise`, `p`, `decoder`."""
        ...


class Study(Protocol):
    """Points, and when each of them has enough shots; a frozen dataclass, whose fields are a file's keys.

    A room above this one brings a kind by such a class and a line in `qnet.cli._studies`, from which
    `qnet sweep` knows it; in Python `run_study` takes it as it is. A field `low_confidence` is the level of
    confidence of all decoders. A point with a method `resolved`, from statistics of sinter's to figures by
    name, has its errors counted by the observables that are wrong together, and tells of them.
    """

    @property
    def name(self) -> str:
        """What files call this kind of study."""
        ...

    @property
    def title(self) -> str:
        """What pictures are called."""
        ...

    @property
    def max_shots(self) -> int | None:
        """A point ends with so many shots."""
        ...

    @property
    def max_errors(self) -> int | None:
        """A point ends with the chunk that brings it so many errors."""
        ...

    @property
    def precision(self) -> float | None:
        """A point ends when the standard error of its rate is this fraction of it."""
        ...

    def points(self) -> Sequence[Point]:
        """The points in their order."""
        ...
