"""What swapping and purification do to Bell-diagonal pairs, in closed form.

A pair is four weights in the order Φ+, Ψ+, Ψ−, Φ−, the last axis of an array; the same four numbers are the
probabilities of the errors 1, X, Y, Z on one side of a Φ+. All other axes are broadcast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from circuits.library._arguments import shown

__all__ = [
    "Purified",
    "bbpssw_map",
    "dejmps_map",
    "double_selection_map",
    "pumping_map",
    "swap_map",
    "twirl_map",
    "werner",
]

Weights = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Purified:
    """What a purification makes of its pairs.

    Attributes:
        success_probability: Probability that the kept pair is accepted, shape (...).
        weights: Weights of the accepted pair, shape (..., 4), in the order Φ+, Ψ+, Ψ−, Φ−; NaN where a
            pair is never accepted.
    """

    success_probability: Weights
    weights: Weights

    @property
    def fidelity(self) -> Weights:
        """The weight of Φ+, shape (...)."""
        return self.weights[..., 0]


def werner(fidelity: ArrayLike) -> Weights:
    """The weights of Werner pairs.

    Args:
        fidelity: Weights of Φ+, shape (...), in [0, 1].

    Returns:
        Weights of shape (..., 4).

    Raises:
        ValueError: If a fidelity lies outside [0, 1].

    Example:
        >>> werner(0.7).round(6)
        array([0.7, 0.1, 0.1, 0.1])
    """
    f = np.asarray(fidelity, dtype=float)
    if not np.all((f >= 0) & (f <= 1)):
        raise ValueError(f"fidelity={shown(fidelity)} is no fidelity; give numbers from 0 to 1")
    rest = (1 - f) / 3
    return np.stack([f, rest, rest, rest], axis=-1)


def twirl_map(weights: ArrayLike) -> Weights:
    """The Werner pair that the twelve bilateral rotations make of a pair, with the same fidelity.

    Args:
        weights: Weights of shape (..., 4).

    Returns:
        Weights of shape (..., 4).

    Raises:
        ValueError: If the last axis of `weights` is not four probabilities that sum to one.

    Example:
        >>> twirl_map([0.7, 0.3, 0, 0]).round(6)
        array([0.7, 0.1, 0.1, 0.1])
    """
    return werner(_checked("weights", weights)[..., 0].clip(0, 1))


def swap_map(first: ArrayLike, second: ArrayLike) -> Weights:
    """The pair that a perfect entanglement swap makes of two: their errors multiply.

    Args:
        first: Weights of one pair, shape (..., 4).
        second: Weights of the other, shape (..., 4).

    Returns:
        Weights of the long pair, shape (..., 4).

    Raises:
        ValueError: If the last axis of an argument is not four probabilities that sum to one.

    Example:
        >>> swap_map(werner(0.95), werner(0.95)).round(6)
        array([0.903333, 0.032222, 0.032222, 0.032222])
    """
    (i, x, y, z), (j, u, v, w) = _split("first", first), _split("second", second)
    flipped = (i * u + x * j + y * w + z * v, i * v + y * j + x * w + z * u)
    return np.stack([i * j + x * u + y * v + z * w, *flipped, i * w + z * j + x * v + y * u], axis=-1)


def bbpssw_map(kept: ArrayLike, sacrificed: ArrayLike) -> Purified:
    """The bilateral CNOT with equal Z outcomes, without any rotation or twirl.

    Args:
        kept: Weights of the pair that stays, shape (..., 4). Twirl it first (`twirl_map`) for the protocol
            of Bennett et al.
        sacrificed: Weights of the pair that is measured, shape (..., 4).

    Returns:
        Success probability and weights. The X parts of the two pairs must agree; their Z parts add.

    Raises:
        ValueError: If the last axis of an argument is not four probabilities that sum to one.

    Example:
        >>> result = bbpssw_map(werner(0.8), werner(0.8))
        >>> print(f"{result.success_probability:.6f} {result.fidelity:.6f}")
        0.768889 0.838150

    Source:
        C. H. Bennett et al., Phys. Rev. Lett. 76, 722 (1996), arXiv:quant-ph/9511027 (the fidelity's
        recurrence).
    """
    (i, x, y, z), (j, u, v, w) = _split("kept", kept), _split("sacrificed", sacrificed)
    return _accepted([i * j + z * w, x * u + y * v, x * v + y * u, i * w + z * j])


def dejmps_map(kept: ArrayLike, sacrificed: ArrayLike) -> Purified:
    """DEJMPS: rotations that exchange Y and Z, then the bilateral CNOT with equal Z outcomes.

    Args:
        kept: Weights of the pair that stays, shape (..., 4).
        sacrificed: Weights of the pair that is measured, shape (..., 4).

    Returns:
        Success probability and weights. Either pair may be the kept one: the map is symmetric.

    Raises:
        ValueError: If the last axis of an argument is not four probabilities that sum to one.

    Example:
        >>> swapped = swap_map(werner(0.95), werner(0.95))
        >>> result = dejmps_map(bbpssw_map(swapped, swapped).weights, werner(0.95))
        >>> print(f"{result.success_probability:.6f} {result.fidelity:.6f}")
        0.902679 0.977829

    Source:
        D. Deutsch et al., Phys. Rev. Lett. 77, 2818 (1996), arXiv:quant-ph/9604039; for unequal
        pairs: W. Dür and H. J. Briegel, Rep. Prog. Phys. 70, 1381 (2007), arXiv:0705.4165.
    """
    (i, x, y, z), (j, u, v, w) = _split("kept", kept), _split("sacrificed", sacrificed)
    return _accepted([i * j + y * v, x * u + z * w, x * w + z * u, i * v + y * j])


def double_selection_map(kept: ArrayLike, first: ArrayLike, second: ArrayLike) -> Purified:
    """Double selection: one pair is purified by a second, which is checked by a third.

    Args:
        kept: Weights of the pair that stays, shape (..., 4).
        first: Weights of the pair that is measured in Z, shape (..., 4).
        second: Weights of the pair that is measured in X, shape (..., 4).

    Returns:
        Success probability and weights. The X parts of the three must add to nothing, the Z parts of
        `first` and `second` must agree, and the Z part of `first` is added to that of `kept`.

    Raises:
        ValueError: If the last axis of an argument is not four probabilities that sum to one.

    Example:
        >>> result = double_selection_map(werner(0.9), werner(0.9), werner(0.9))
        >>> print(f"{result.success_probability:.6f} {result.fidelity:.6f}")
        0.763259 0.956522

    Source:
        K. Fujii and K. Yamamoto, Phys. Rev. A 80, 042308 (2009), arXiv:0811.2639.
    """
    (i, x, y, z), (j, u, v, w) = _split("kept", kept), _split("first", first)
    (k, r, s, t) = _split("second", second)
    even_plain, even_turned = j * k + u * r, w * t + v * s
    odd_plain, odd_turned = j * r + u * k, w * s + v * t
    return _accepted(
        [
            i * even_plain + z * even_turned,
            x * odd_plain + y * odd_turned,
            y * odd_plain + x * odd_turned,
            z * even_plain + i * even_turned,
        ]
    )


def pumping_map(pairs: Sequence[ArrayLike], *, step: str = "dejmps") -> Purified:
    """Entanglement pumping: one kept pair, purified by a fresh pair in every round.

    Args:
        pairs: Weights of the kept pair and of the fresh pairs in the order of the rounds, each of shape
            (..., 4).
        step: `"dejmps"` or `"bbpssw"`.

    Returns:
        The probability that every round accepts, and the weights at the end.

    Raises:
        ValueError: If `step` is neither of the two.
        ValueError: If fewer than two pairs are given.
        ValueError: If the last axis of one of the pairs is not four probabilities that sum to one.

    Example:
        >>> result = pumping_map([werner(0.9)] * 3)
        >>> print(f"{result.success_probability:.6f} {result.fidelity:.6f}")
        0.763259 0.956522

    Source:
        W. Dür and H. J. Briegel, Rep. Prog. Phys. 70, 1381 (2007), arXiv:0705.4165 (entanglement pumping).
    """
    if step not in _STEPS:
        raise ValueError(f"step={step!r} is no purification step; choose one of {', '.join(_STEPS)}")
    if len(pairs) < 2:
        raise ValueError(f"pairs holds {len(pairs)} pairs; give the kept pair and at least one fresh pair")
    kept, fresh = _checked("pairs", pairs[0]), pairs[1:]
    probability = np.ones(kept.shape[:-1])
    for one in fresh:
        result = _STEPS[step](kept, one)
        kept, probability = result.weights, probability * result.success_probability
    return Purified(success_probability=probability, weights=kept)


_STEPS = {"dejmps": dejmps_map, "bbpssw": bbpssw_map}


def _accepted(parts: Sequence[Weights]) -> Purified:
    joint = np.stack(parts, axis=-1)
    total = joint.sum(axis=-1)
    share = np.full_like(joint, np.nan)
    np.divide(joint, total[..., None], out=share, where=total[..., None] > 0)
    return Purified(success_probability=total, weights=share)


def _split(name: str, weights: ArrayLike) -> tuple[Weights, ...]:
    return tuple(np.moveaxis(_checked(name, weights), -1, 0))


def _checked(name: str, weights: ArrayLike) -> Weights:
    values = np.asarray(weights, dtype=float)
    good = values.ndim > 0 and values.shape[-1] == 4
    if good:
        known = values[~np.isnan(values).any(axis=-1)]
        good = bool(np.all(known >= 0) and np.all(np.abs(known.sum(axis=-1) - 1) < 1e-6))
    if not good:
        raise ValueError(
            f"{name}={shown(weights)} are no weights of Bell states; "
            "give four probabilities that sum to 1 along the last axis, in the order phi+, psi+, psi-, phi-"
        )
    return values
