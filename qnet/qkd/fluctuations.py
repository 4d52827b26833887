"""Statistical bounds by name: how far what was counted may lie from what was to be expected."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from qnet.qkd._checks import Array

__all__ = ["BOUNDS", "chernoff_lower", "chernoff_upper", "hoeffding_gap", "serfling_gap"]

BOUNDS = {
    "hoeffding": "Hoeffding, J. Am. Stat. Assoc. 58, 13 (1963): sums of independent bounded variables",
    "chernoff": "Chernoff, Ann. Math. Stat. 23, 493 (1952): sums of independent 0/1 variables",
    "serfling": "Serfling, Ann. Stat. 2, 39 (1974): sampling without replacement",
}
"""The bounds by name, with what they hold for."""


def hoeffding_gap(trials: ArrayLike, epsilon: ArrayLike) -> Array:
    """By how much a count may differ from its mean, on one side, but for a probability ε: √(n/2·ln(1/ε)).

    Args:
        trials: How many independent variables within [0, 1] were summed.
        epsilon: The failure probability.

    Raises:
        ValueError: If ε is not above 0 and below 1.

    Example:
        >>> round(float(hoeffding_gap(1e6, 1e-10)), 2)
        3393.07
    """
    return np.asarray(np.sqrt(np.asarray(trials, dtype=np.float64) / 2 * _log_of_inverse(epsilon)))[()]


def serfling_gap(kept: ArrayLike, sampled: ArrayLike, epsilon: ArrayLike) -> Array:
    """By how much the error rate of kept bits may exceed that of a random sample, but for a probability ε.

    √((n+k)/(n·k) · (k+1)/k · ln(1/ε)/2). With ε = (ε_sec/4)² it is the deviation of Tomamichel, Lim, Gisin,
    Renner, Nat. Commun. 3, 634 (2012), whose smoothing takes the square root of this probability.

    Args:
        kept: How many bits were kept, n.
        sampled: How many were sampled without replacement and looked at, k.
        epsilon: The failure probability.

    Raises:
        ValueError: If ε is not above 0 and below 1.

    Example:
        >>> round(float(serfling_gap(1e6, 1e5, (1e-10 / 4) ** 2)), 6)
        0.016387
    """
    n, k = np.asarray(kept, dtype=np.float64), np.asarray(sampled, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = (n + k) / (n * k) * (k + 1) / k * _log_of_inverse(epsilon) / 2
    return np.asarray(np.where((n > 0) & (k > 0), np.sqrt(spread), np.inf))[()]


def chernoff_upper(mean: ArrayLike, epsilon: ArrayLike) -> Array:
    """What a sum of independent 0/1 variables of known mean exceeds with at most the probability ε.

    P(X ≥ (1+δ)m) ≤ exp(−δ²m/(2+δ)), solved for δ: m + (L + √(L² + 8·L·m))/2 with L = ln(1/ε).

    Args:
        mean: The mean m of the sum.
        epsilon: The failure probability.

    Raises:
        ValueError: If ε is not above 0 and below 1.

    Example:
        >>> round(float(chernoff_upper(100.0, 1e-10)), 2)
        180.34
    """
    m, far = np.asarray(mean, dtype=np.float64), _log_of_inverse(epsilon)
    return np.asarray(m + (far + np.sqrt(far * far + 8 * far * m)) / 2)[()]


def chernoff_lower(mean: ArrayLike, epsilon: ArrayLike) -> Array:
    """What a sum of independent 0/1 variables of known mean falls below with at most the probability ε.

    P(X ≤ (1−δ)m) ≤ exp(−δ²m/2), solved for δ: m − √(2·L·m) with L = ln(1/ε), never below 0.

    Args:
        mean: The mean m of the sum.
        epsilon: The failure probability.

    Raises:
        ValueError: If ε is not above 0 and below 1.

    Example:
        >>> round(float(chernoff_lower(100.0, 1e-10)), 2)
        32.14
    """
    m = np.asarray(mean, dtype=np.float64)
    return np.asarray(np.maximum(m - np.sqrt(2 * _log_of_inverse(epsilon) * m), 0.0))[()]


def _log_of_inverse(epsilon: ArrayLike) -> Array:
    value = np.asarray(epsilon, dtype=np.float64)
    wrong = ~((value > 0) & (value < 1))
    if wrong.any():
        given = float(value[wrong].flat[0])
        raise ValueError(
            f"epsilon={given!r} is no failure probability; give one above 0 and below 1, e.g. 1e-10"
        )
    return np.asarray(-np.log(value))
