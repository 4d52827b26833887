"""What noisy swaps and noisy purification do to Bell-diagonal pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qnet.repeaters._checks import probability

__all__ = ["Purified", "purified", "swap_errors", "swapped"]

Floats = NDArray[np.float64]

_X = np.array([0, 1, 1, 0])
_Z = np.array([0, 0, 1, 1])
_NUMBER = np.array([[0, 3], [1, 2]])
_PRODUCT = _NUMBER[_X[:, None] ^ _X, _Z[:, None] ^ _Z]
_ROTATED = _NUMBER[_X ^ _Z, _Z]


@dataclass(frozen=True, kw_only=True)
class Purified:
    """A pair after purification.

    Args:
        success: Probability that the outcomes agree.
        weights: The kept pair then: Φ+, Ψ+, Ψ−, Φ−.
    """

    success: float
    weights: tuple[float, float, float, float]


def swap_errors(gate_error: float, measurement_error: float) -> tuple[float, float, float, float]:
    """No error, X, Y, Z of the pair that a Bell measurement by CX and two read-outs leaves.

    Example:
        >>> [round(one, 6) for one in swap_errors(0.05, 0.1)]
        [0.780133, 0.098533, 0.0228, 0.098533]
    """
    probability("gate_error", gate_error)
    probability("measurement_error", measurement_error)
    gate = np.array([1 - 12 * gate_error / 15, *(4 * gate_error / 15,) * 3])
    m = measurement_error
    read = np.array([(1 - m) ** 2, m * (1 - m), m * m, m * (1 - m)])
    none, x, y, z = _convolved(gate, read)
    return float(none), float(x), float(y), float(z)


def swapped(first: ArrayLike, second: ArrayLike, errors: ArrayLike = (1, 0, 0, 0)) -> Floats:
    """The pair at the ends of two pairs after a swap: its Pauli errors multiply.

    Args:
        first: Weights of Φ+, Ψ+, Ψ−, Φ−.
        second: The same of the other pair.
        errors: What the swap adds (`swap_errors`).

    Example:
        >>> werner = [0.95, 0.05 / 3, 0.05 / 3, 0.05 / 3]
        >>> swapped(werner, werner).round(6)
        array([0.903333, 0.032222, 0.032222, 0.032222])
    """
    return _convolved(_convolved(np.asarray(first), np.asarray(second)), np.asarray(errors))


def purified(
    kept: ArrayLike,
    spent: ArrayLike,
    *,
    gate_error: float = 0.0,
    measurement_error: float = 0.0,
    rotated: bool = True,
) -> Purified:
    """DEJMPS with a noisy CX and noisy read-out at both nodes.

    Source: Deutsch et al., PRL 77, 2818 (1996), quant-ph/9604039; noise as in Briegel, Dür, Cirac, Zoller,
    PRL 81, 5932 (1998).

    Args:
        kept: Weights of the pair that is kept, Φ+, Ψ+, Ψ−, Φ−.
        spent: Weights of the pair that is measured.
        gate_error: Probability of a two-qubit Pauli error after each CX.
        measurement_error: Probability that an outcome is wrong.
        rotated: Whether the pairs are rotated before (DEJMPS); without, it is the bilateral CX alone.

    Example:
        >>> werner = [0.95, 0.05 / 3, 0.05 / 3, 0.05 / 3]
        >>> made = purified(werner, werner)
        >>> round(made.success, 6), round(made.weights[0], 6)
        (0.935556, 0.964964)
    """
    probability("gate_error", gate_error)
    probability("measurement_error", measurement_error)
    a, b = np.asarray(kept, dtype=np.float64), np.asarray(spent, dtype=np.float64)
    if rotated:
        a, b = a[np.argsort(_ROTATED)], b[np.argsort(_ROTATED)]
    joint = np.zeros((4, 4))
    for i in range(4):
        for j in range(4):
            after = _NUMBER[_X[i], _Z[i] ^ _Z[j]], _NUMBER[_X[j] ^ _X[i], _Z[j]]
            joint[after] += a[i] * b[j]
    for _ in range(2):
        joint = (1 - 16 * gate_error / 15) * joint + gate_error / 15 * joint.sum()
    wrong = 2 * measurement_error * (1 - measurement_error)
    agree = np.where(_X == 0, 1 - wrong, wrong)
    left = joint @ agree
    success = float(left.sum())
    phi, x, y, z = (left / success).tolist()
    return Purified(success=success, weights=(phi, x, y, z))


def _convolved(first: Floats, second: Floats) -> Floats:
    found = np.zeros(4)
    np.add.at(found, _PRODUCT, np.outer(first, second))
    return found
