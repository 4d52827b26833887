"""`LogicalPair`: what a link hands to a chain, wherever it came from."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, nan, sqrt

from qnet.repeaters._checks import at_least_zero, probability
from qnet.results import Figure

__all__ = ["SOURCES", "LogicalPair"]

SOURCES = ("exact", "measured", "extrapolated")


@dataclass(frozen=True, kw_only=True)
class LogicalPair:
    """A Bell pair of logical qubits between neighbouring stations, and what it took.

    Args:
        e_x: Probability of a logical X error (Ψ+ in place of Φ+).
        e_y: Probability of a logical Y error (Ψ−).
        e_z: Probability of a logical Z error (Φ−).
        stderr_x: Standard error of `e_x`, None where it is exact.
        stderr_y: The same of `e_y`.
        stderr_z: The same of `e_z`.
        pairs: Physical pairs of the link that one logical pair takes.
        rounds: Rounds of checks for which the two nodes work together; 0 for none.
        time_s: Seconds from one logical pair to the next; NaN where nobody said how fast pairs come.
        memories: Qubits that a node holds for its half.
        source: `"exact"`, `"measured"` or `"extrapolated"`; the last is never taken for a measurement.
        scheme: What made it, for tables.
        shots: Shots in which the errors were counted, if they were.

    Raises:
        ValueError: Errors that are no probabilities, or add up to more than 1; a negative standard error,
            number or time; another source.

    Example:
        >>> pair = LogicalPair(e_x=1e-3, e_y=0.0, e_z=2e-3, stderr_x=1e-4, stderr_z=1e-4, source="measured")
        >>> print(pair.infidelity)
        0.003 ± 0.00014
    """

    e_x: float
    e_y: float
    e_z: float
    stderr_x: float | None = None
    stderr_y: float | None = None
    stderr_z: float | None = None
    pairs: float = 1.0
    rounds: int = 0
    time_s: float = nan
    memories: int = 1
    source: str = "exact"
    scheme: str = ""
    shots: int | None = None

    def __post_init__(self) -> None:
        for letter, value in zip("xyz", self.errors, strict=True):
            probability(f"e_{letter}", value)
        if sum(self.errors) > 1 + 1e-9:
            raise ValueError(f"e_x + e_y + e_z = {sum(self.errors):g} is above 1; they exclude each other")
        for letter, stderr in zip("xyz", self.stderrs, strict=True):
            at_least_zero(f"stderr_{letter}", stderr)
        for name in ("pairs", "rounds", "memories"):
            at_least_zero(name, getattr(self, name))
        if self.time_s < 0:
            raise ValueError(f"time_s={self.time_s!r} must not be negative")
        if self.source not in SOURCES:
            raise ValueError(f"source={self.source!r} is none of {', '.join(SOURCES)}")

    @classmethod
    def of_weights(cls, weights: tuple[float, float, float, float], **more: float | int | str) -> LogicalPair:
        """A bare pair by the weights of Φ+, Ψ+, Ψ−, Φ−.

        Example:
            >>> LogicalPair.of_weights((0.97, 0.01, 0.01, 0.01)).e_y
            0.01
        """
        _, x, y, z = weights
        return cls(e_x=x, e_y=y, e_z=z, **more)  # type: ignore[arg-type]

    @property
    def errors(self) -> tuple[float, float, float]:
        """e_x, e_y, e_z."""
        return self.e_x, self.e_y, self.e_z

    @property
    def stderrs(self) -> tuple[float, float, float]:
        """Their standard errors, 0 where they are exact."""
        return self.stderr_x or 0.0, self.stderr_y or 0.0, self.stderr_z or 0.0

    @property
    def exact(self) -> bool:
        """Whether no error is known of any of the three."""
        return (self.stderr_x, self.stderr_y, self.stderr_z) == (None, None, None)

    @property
    def infidelity(self) -> Figure:
        """1 − F = e_x + e_y + e_z; counted errors exclude each other, which the standard error knows."""
        total = sum(self.errors)
        if self.exact:
            return Figure(total)
        if self.shots is None:
            return Figure(total, stderr=hypot(*self.stderrs))
        return Figure(total, stderr=sqrt(max(total * (1 - total), 1 / self.shots) / self.shots))
