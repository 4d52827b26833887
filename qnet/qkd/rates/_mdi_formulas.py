"""How often a station in the middle announces a Bell state, and how often wrongly.

Both users send BB84 states; the station interferes them on a beam splitter before four detectors, and
announces Ψ+ or Ψ− when exactly one detector of each of the two outcomes fires. "Key" is the basis that the
station's polarisers (or time bins) tell apart, "check" the other. All formulas are written as sums of what
is never negative, so that they hold their precision at any loss.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["pair_check", "pair_errors_above", "pair_key", "pairs_below", "pulse_check", "pulse_key"]

Floats = NDArray[np.float64]

_ORDERS = (
    20  # Of the power series of I₀, of which 20 terms are exact to the last digit below an argument of 8.
)


def _bessel_beyond_one(argument: Floats) -> Floats:
    """I₀(x) − 1 by its power series, without the cancellation."""
    quarter = argument**2 / 4
    total = np.zeros_like(quarter)
    for order in range(_ORDERS, 0, -1):
        total = quarter / order**2 * (1 + total)
    return total


def _interference(argument: Floats) -> Floats:
    """I₀(2x) − 4·I₀(x) + 3 by its power series, whose terms are all positive."""
    quarter = argument**2 / 4
    term, total = np.ones_like(quarter), np.zeros_like(quarter)
    for order in range(1, _ORDERS):
        term = term * quarter / order**2
        total = total + (4.0**order - 4.0) * term
    return total


def pair_check(
    left: ArrayLike, right: ArrayLike, dark: ArrayLike, misalignment: ArrayLike
) -> tuple[Floats, Floats]:
    """How often one photon from each side, in the basis of the check, is announced, and how often wrongly.

    Source: Ma and Razavi, Phys. Rev. A 86, 062319 (2012), arXiv:1204.4856, Appendix B.

    Args:
        left: Probability that Alice's photon reaches a detector that sees it.
        right: The same of Bob's.
        dark: Dark-count probability of one detector and pulse.
        misalignment: Probability that the pair's bits come out wrong by misalignment, over both arms.

    Returns:
        Y₁₁ and e₁₁·Y₁₁.
    """
    a, b, d = np.asarray(left), np.asarray(right), np.asarray(dark)
    both = (1 - d) ** 2 * a * b / 2
    one, none = a * (1 - b) + b * (1 - a), (1 - a) * (1 - b)
    rest = (1 - d) ** 2 * d * (2 * one + a * b + 4 * none * d)
    return both + rest, np.asarray(misalignment) * both + rest / 2


def pair_key(
    left: ArrayLike, right: ArrayLike, dark: ArrayLike, misalignment: ArrayLike
) -> tuple[Floats, Floats]:
    """How often one photon from each side, in the basis of the key, is announced, and how often wrongly.

    The yield is that of the check. An error needs equal polarisations, whose photons leave by one port, and a
    dark count. (Counted out; the limit of `pulse_key` at vanishing intensities.)

    Args:
        left: Probability that Alice's photon reaches a detector that sees it.
        right: The same of Bob's.
        dark: Dark-count probability of one detector and pulse.
        misalignment: As in `pair_check`.

    Returns:
        Y₁₁ and its erroneous part.
    """
    a, b, d = np.asarray(left), np.asarray(right), np.asarray(dark)
    one, none = a * (1 - b) + b * (1 - a), (1 - a) * (1 - b)
    right_ones = (1 - d) ** 2 * (a * b / 2 + d * one + 2 * none * d**2)
    wrong_ones = (1 - d) ** 2 * (d * (one + a * b) + 2 * none * d**2)
    return right_ones + wrong_ones, misalignment * right_ones + (1 - np.asarray(misalignment)) * wrong_ones


def pulse_key(
    left: ArrayLike, right: ArrayLike, dark: ArrayLike, misalignment: ArrayLike
) -> tuple[Floats, Floats]:
    """Gain and erroneous gain of phase-randomised weak pulses in the basis of the key.

    Source: arXiv:1204.4856, Appendix B.

    Args:
        left: Mean number of Alice's photons that a detector would see.
        right: The same of Bob's.
        dark: Dark-count probability of one detector and pulse.
        misalignment: As in `pair_check`.

    Returns:
        Q and E·Q.
    """
    a, b, d = np.asarray(left, dtype=np.float64), np.asarray(right, dtype=np.float64), np.asarray(dark)
    damped = 2 * (1 - d) ** 2 * np.exp(-(a + b) / 2)
    clicks_a, clicks_b = -np.expm1(np.log1p(-d) - a / 2), -np.expm1(np.log1p(-d) - b / 2)
    right_ones = damped * clicks_a * clicks_b
    nothing = -np.expm1(np.log1p(-d) - (a + b) / 2)
    wrong_ones = damped * d * (_bessel_beyond_one(np.sqrt(a * b)) + nothing)
    return right_ones + wrong_ones, misalignment * right_ones + (1 - np.asarray(misalignment)) * wrong_ones


def pulse_check(
    left: ArrayLike, right: ArrayLike, dark: ArrayLike, misalignment: ArrayLike
) -> tuple[Floats, Floats]:
    """Gain and erroneous gain of phase-randomised weak pulses in the basis of the check.

    Source: arXiv:1204.4856, Appendix B.

    Args:
        left: Mean number of Alice's photons that a detector would see.
        right: The same of Bob's.
        dark: Dark-count probability of one detector and pulse.
        misalignment: As in `pair_check`.

    Returns:
        Q and E·Q.
    """
    a, b, d = np.asarray(left, dtype=np.float64), np.asarray(right, dtype=np.float64), np.asarray(dark)
    x = np.sqrt(a * b) / 2
    y, gap = (1 - d) * np.exp(-(a + b) / 4), -np.expm1(np.log1p(-d) - (a + b) / 4)
    gain = 2 * y**2 * (2 * gap**2 + 4 * gap * _bessel_beyond_one(x) + _interference(x))
    coherent = y**2 * _bessel_beyond_one(2 * x)
    return gain, gain / 2 - (1 - 2 * np.asarray(misalignment)) * coherent


def pairs_below(gains: Floats, intensities: Floats) -> Floats:
    """At least Y₁₁, by three intensities a side (the same on both sides).

    Source: Xu, Curty, Qi and Lo, New J. Phys. 15, 113007 (2013), arXiv:1305.6965, two decoys a side.

    Args:
        gains: Q of Alice's intensity i and Bob's j, (3, 3, …).
        intensities: μ > ν > ω ≥ 0, (3, …).

    Returns:
        The bound, never below 0.
    """
    mu, nu, omega = intensities
    weighted = gains * np.exp(intensities[:, None] + intensities[None, :])
    near = weighted[1, 1] + weighted[2, 2] - weighted[1, 2] - weighted[2, 1]
    far = weighted[0, 0] + weighted[2, 2] - weighted[0, 2] - weighted[2, 0]
    numerator = (mu**2 - omega**2) * (mu - omega) * near - (nu**2 - omega**2) * (nu - omega) * far
    return np.asarray(np.maximum(numerator / ((mu - omega) ** 2 * (nu - omega) ** 2 * (mu - nu)), 0.0))


def pair_errors_above(errors: Floats, intensities: Floats) -> Floats:
    """At most e₁₁·Y₁₁, by the two weaker intensities a side: arXiv:1305.6965.

    Args:
        errors: E·Q of Alice's intensity i and Bob's j, (3, 3, …).
        intensities: μ > ν > ω ≥ 0, (3, …).

    Returns:
        The bound, never below 0.
    """
    _, nu, omega = intensities
    weighted = errors * np.exp(intensities[:, None] + intensities[None, :])
    near = weighted[1, 1] + weighted[2, 2] - weighted[1, 2] - weighted[2, 1]
    return np.asarray(np.maximum(near / (nu - omega) ** 2, 0.0))
