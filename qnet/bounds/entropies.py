"""Entropies in bits, of numbers or of whole arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["binary_entropy", "coherent_information", "shannon_entropy"]

_LN2 = float(np.log(2))


def binary_entropy(probability: ArrayLike) -> NDArray[np.float64]:
    """h(p) = −p·log₂p − (1−p)·log₂(1−p), the entropy of a coin.

    Args:
        probability: Probabilities; a number or an array.

    Returns:
        The entropy in bits, 0 at 0 and 1; NaN where the probability is NaN. A number gives a number.

    Raises:
        ValueError: If a probability is not from 0 to 1 (a count of errors, say).

    Example:
        >>> float(binary_entropy(0.11))
        0.499915958164528
    """
    p = np.asarray(probability, dtype=np.float64)
    outside = (p < 0) | (p > 1)
    if outside.any():
        raise ValueError(f"probability={float(p[outside].flat[0])!r} is out of range; it must be from 0 to 1")
    inner = np.clip(p, 1e-320, 1 - 2**-53)
    made = -(inner * np.log(inner) + (1 - inner) * np.log1p(-inner)) / _LN2
    return np.where(np.isnan(p), np.nan, np.where((p == 0) | (p == 1), 0.0, made))[()]


def shannon_entropy(probabilities: ArrayLike, *, axis: int = -1) -> NDArray[np.float64]:
    """H = −Σ pᵢ·log₂pᵢ along an axis.

    Args:
        probabilities: Distributions; along `axis` they must add up to 1.
        axis: The axis of the distribution.

    Returns:
        The entropies in bits, without that axis.

    Raises:
        ValueError: If a probability is negative.
        ValueError: If the probabilities do not add up to 1 (within 1e-9).

    Example:
        >>> float(shannon_entropy([0.5, 0.25, 0.25]))
        1.5
    """
    p = np.asarray(probabilities, dtype=np.float64)
    if not (p >= 0).all():
        raise ValueError(f"probabilities hold {float(p[~(p >= 0)].flat[0])!r}; they must be at least 0")
    sums = np.asarray(p.sum(axis=axis))
    wrong = ~(np.abs(sums - 1) < 1e-9)
    if wrong.any():
        raise ValueError(f"probabilities add up to {float(sums[wrong].flat[0])!r}; they must add up to 1")
    return np.asarray(-(p * np.log2(np.where(p > 0, p, 1.0))).sum(axis=axis) + 0.0)[()]


def coherent_information(weights: ArrayLike, *, axis: int = -1) -> NDArray[np.float64]:
    """Coherent information 1 − H(weights) of a Bell-diagonal pair, negative if it is too noisy.

    Args:
        weights: Weights of Φ+, Ψ+, Ψ−, Φ− along `axis`; they add up to 1.
        axis: The axis of the four weights.

    Returns:
        Bits per pair, which hashing would distil one way.

    Raises:
        ValueError: If there are not four weights, or they are no distribution.

    Example:
        >>> round(float(coherent_information([0.95, 0.05 / 3, 0.05 / 3, 0.05 / 3])), 6)
        0.634355
    """
    found = np.asarray(weights, dtype=np.float64)
    if found.ndim == 0 or found.shape[axis] != 4:
        raise ValueError(f"weights={weights!r} must hold four numbers: of Φ+, Ψ+, Ψ− and Φ−")
    return np.asarray(1 - shannon_entropy(found, axis=axis))[()]
