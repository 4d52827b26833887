"""`Measurement`: one figure of one experiment on one sampler."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import hypot, isclose
from typing import Any

__all__ = ["SIGMAS", "Measurement", "label", "sigmas_apart"]

_LABELS = {"chsh_s": "S", "qber": "QBER", "success_probability": "success"}

SIGMAS = 5.0
"""How many standard errors apart two figures may be and still agree."""


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One figure of one experiment on one sampler.

    Args:
        stop: What was done, in the words of the table.
        figure: Name of the figure.
        sampler: Name of the sampler.
        value: What was measured; None where the sampler cannot run the circuits.
        stderr: Its standard error.
        ideal: The value without noise of the machine.
        shots: Shots of all circuits together.
        shots_per_s: How many of them ran in a second, building and reading included.
    """

    stop: str
    figure: str
    sampler: str
    value: float | None
    stderr: float | None
    ideal: float | None
    shots: int
    shots_per_s: float | None

    @property
    def off(self) -> float:
        """How many standard errors the value lies from the ideal."""
        if self.value is None or self.ideal is None:
            return 0.0
        return sigmas_apart(self.value, self.stderr, self.ideal, None)

    def as_row(self) -> dict[str, Any]:
        """The measurement as plain values, with how far it is from the ideal."""
        known = self.value is not None and self.ideal is not None
        return {**asdict(self), "sigmas_from_ideal": self.off if known else None}


def label(figure: str) -> str:
    """How the table and the picture call a figure.

    Example:
        >>> label("chsh_s"), label("sifted_fraction")
        ('S', 'sifted fraction')
    """
    return _LABELS.get(figure, figure.replace("_", " "))


def sigmas_apart(a: float, a_stderr: float | None, b: float, b_stderr: float | None) -> float:
    """The distance of two values in units of their common standard error; infinite where that is zero.

    Example:
        >>> sigmas_apart(0.9, 0.03, 1.0, 0.04), sigmas_apart(1.0, 0.0, 1.0, None)
        (2.0, 0.0)
    """
    common = hypot(a_stderr or 0.0, b_stderr or 0.0)
    if isclose(a, b, rel_tol=1e-9, abs_tol=1e-9):
        return 0.0
    return round(abs(a - b) / common, 9) if common else float("inf")
