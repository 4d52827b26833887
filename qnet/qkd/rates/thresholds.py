"""How much of a sifted bit is secret at an error rate, and at which error rate nothing is left."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from qnet.qkd._checks import Array, as_number, check_within
from qnet.qkd.rates._entropy import entropy
from qnet.qkd.rates._six_state_bound import least_entropy
from qnet.qkd.rates._tagging import untagged_key_fraction

__all__ = ["bb84_fraction", "qber_threshold", "six_state_fraction"]


def bb84_fraction(qber: ArrayLike, f_ec: float = 1.0) -> Array:
    """1 − h(Q) − f·h(Q), Shor and Preskill's secret share of a sifted bit of BB84; negative above 11.003 %.

    Source: Shor and Preskill, Phys. Rev. Lett. 85, 441 (2000).

    Args:
        qber: Error rates; a number or an array.
        f_ec: Leakage of the reconciliation in units of h(Q), at least 1.

    Raises:
        ValueError: If a QBER is not from 0 to ½, or `f_ec` is below 1.

    Example:
        >>> round(float(bb84_fraction(0.05)), 6)
        0.427206
    """
    errors = _checked(qber, f_ec)
    return untagged_key_fraction(errors, 0.0, f_ec)


def six_state_fraction(qber: ArrayLike, f_ec: float = 1.0) -> Array:
    """(1−Q)(1−h(Q/(2(1−Q)))) − f·h(Q), the same of the six-state protocol; negative above 12.619 %.

    Source: Lo, Quantum Inf. Comput. 1, 81 (2001), arXiv:quant-ph/0102138.

    Args:
        qber: Error rates, the same in the three bases; a number or an array.
        f_ec: Leakage of the reconciliation in units of h(Q), at least 1.

    Raises:
        ValueError: If a QBER is not from 0 to ½, or `f_ec` is below 1.

    Example:
        >>> round(float(six_state_fraction(0.05)), 6)
        0.496816
    """
    errors = _checked(qber, f_ec)
    return np.asarray(least_entropy(errors, errors, errors) - f_ec * entropy(errors))[()]


def qber_threshold(fraction: Callable[[float], ArrayLike]) -> float:
    """The error rate at which a falling secret share reaches 0, between 0 and ½.

    Args:
        fraction: From an error rate to the secret share, positive at 0 and negative at ½.

    Raises:
        ValueError: If it is not positive at 0 and negative at ½.

    Example:
        >>> f"{qber_threshold(bb84_fraction):.3%} {qber_threshold(six_state_fraction):.3%}"
        '11.003% 12.619%'
    """
    low, high = 0.0, 0.5
    if not (float(np.asarray(fraction(low))) > 0 > float(np.asarray(fraction(high)))):
        raise ValueError(
            "fraction must be positive at a QBER of 0 and negative at ½, so that it has a threshold"
        )
    while high - low > 1e-14:
        middle = (low + high) / 2
        low, high = (middle, high) if float(np.asarray(fraction(middle))) > 0 else (low, middle)
    return low


def _checked(qber: ArrayLike, f_ec: float) -> Array:
    errors = as_number("qber", qber)
    check_within("qber", errors, 0, 0.5)
    check_within("f_ec", f_ec, 1, np.inf, open_high=True)
    return np.asarray(errors)
