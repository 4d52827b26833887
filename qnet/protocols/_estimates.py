"""Means of sampled numbers, with variances that add."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qnet.protocols.errors import NothingKept
from qnet.results import Figure

__all__ = ["Estimate", "Numbers", "average", "mean"]

Numbers = NDArray[np.floating[Any]]


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """An estimated number and the variance of the estimate; sums are of independent estimates."""

    value: float
    variance: float

    def __add__(self, other: Estimate) -> Estimate:
        return Estimate(value=self.value + other.value, variance=self.variance + other.variance)

    def linear(self, factor: float, offset: float = 0.0) -> Estimate:
        """The estimate of factor·value + offset."""
        return Estimate(value=factor * self.value + offset, variance=factor**2 * self.variance)

    def figure(self, *, ideal: float | None = None, bound: float | None = None) -> Figure:
        """The estimate as a figure with its standard error."""
        return Figure(value=self.value, stderr=sqrt(self.variance), ideal=ideal, bound=bound)

    def row(self, name: str, *, ideal: float) -> dict[str, Any]:
        """The estimate as a row of a result's table."""
        return {"name": name, "value": self.value, "stderr": sqrt(self.variance), "ideal": ideal}


def mean(values: Numbers, weights: Numbers, *, low: float, high: float) -> Estimate:
    """The weighted mean of what single shots gave, each shot counting with its weight.

    With u = w/Σw the variance is Σu²(v − m)² + ((low − m)² + (high − m)²)·Σu⁴/Σu², which for n equal
    weights is that of the binomial (multinomial) law plus that of two more shots, one at either end of the
    range, as in Laplace's rule: also where all shots agree the error is not zero, but about
    (high − low)/n. The mean over kept shots alone is a ratio estimator; this is its variance by the delta
    method.

    Args:
        values: One number a shot, in [low, high].
        weights: One weight a shot.
        low: Smallest value that a shot can give.
        high: Largest.

    Returns:
        The mean.

    Raises:
        NothingKept: If there is no shot, or none with a weight.

    Example:
        >>> ones = mean(np.ones(100), np.ones(100), low=0, high=1)
        >>> print(f"{ones.value:.3f} ± {ones.variance ** 0.5:.3f}")
        1.000 ± 0.010
    """
    total = float(weights.sum())
    if not total > 0:
        raise NothingKept("no shot was kept, so that there is no figure; take more shots, or less noise")
    share = weights / total
    value = float(share @ values)
    squares = float((share**2) @ (values - value) ** 2)
    unit = float((share**4).sum() / (share**2).sum())
    return Estimate(value=value, variance=squares + ((low - value) ** 2 + (high - value) ** 2) * unit)


def average(estimates: Iterable[Estimate]) -> Estimate:
    """The plain average of independent estimates."""
    found: Sequence[Estimate] = tuple(estimates)
    total = Estimate(value=0.0, variance=0.0)
    for one in found:
        total = total + one
    return total.linear(1 / len(found)) if found else Estimate(value=nan, variance=nan)
