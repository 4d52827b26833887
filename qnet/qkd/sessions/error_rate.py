"""`ErrorRate`: a share of wrong bits, and how well it is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["ErrorRate"]


@dataclass(frozen=True, kw_only=True)
class ErrorRate:
    """An error rate as it was counted, with the exact interval for binomial counts.

    Source: C. Clopper and E. Pearson, Biometrika 26, 404 (1934).

    Args:
        errors: How many bits were wrong.
        bits: Of how many.

    Example:
        >>> rate = ErrorRate(errors=30, bits=1000)
        >>> rate.value, [round(one, 4) for one in rate.interval()]
        (0.03, [0.0203, 0.0426])
    """

    errors: int
    bits: int

    @property
    def value(self) -> float:
        """The share of wrong bits; NaN where there are none."""
        return self.errors / self.bits if self.bits else float("nan")

    @property
    def stderr(self) -> float:
        """Its standard error."""
        return float(np.sqrt(self.value * (1 - self.value) / self.bits)) if self.bits else float("nan")

    @property
    def cautious(self) -> float:
        """The rate as if one more had been wrong: never 0, and at most ¼."""
        return min((self.errors + 1) / (self.bits + 2), 0.25)

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Between what and what it lies, at least with this confidence."""
        from scipy.special import betaincinv

        rest, k, n = (1 - confidence) / 2, self.errors, self.bits
        low = float(betaincinv(k, n - k + 1, rest)) if k else 0.0
        high = float(betaincinv(k + 1, n - k, 1 - rest)) if k < n else 1.0
        return low, high

    def __add__(self, other: ErrorRate) -> ErrorRate:
        return ErrorRate(errors=self.errors + other.errors, bits=self.bits + other.bits)
