"""How many secret bits or pairs a lossy channel or a noisy pair can give at best."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qnet.bounds.entropies import coherent_information

__all__ = ["hashing_bound", "plob", "repeater_capacity"]


def plob(transmittance: ArrayLike) -> NDArray[np.float64]:
    """−log₂(1−η): the secret-key capacity of a lossy channel, whatever the protocol, without a repeater.

    Source: Pirandola, Laurenza, Ottaviani, Banchi, Nat. Commun. 8, 15043 (2017), Eq. (1).

    Args:
        transmittance: The channel's η, detectors not counted; a number or an array.

    Returns:
        Secret bits per use of the channel; infinite at η = 1.

    Raises:
        ValueError: If a transmittance is not from 0 to 1.

    Example:
        >>> plob([0.1, 0.01, 0.001]).round(7)
        array([0.1520031, 0.0144996, 0.0014434])
    """
    return repeater_capacity(transmittance, 0)


def repeater_capacity(transmittance: ArrayLike, repeaters: ArrayLike) -> NDArray[np.float64]:
    """−log₂(1−η^{1/(n+1)}): the capacity of a lossy channel with n ideal repeaters at equal distances.

    Twin-field key distribution is compared with that of one repeater: −log₂(1−√η).

    Source: Pirandola, Commun. Phys. 2, 51 (2019), on chains of pure-loss channels.

    Args:
        transmittance: η of the whole way; a number or an array.
        repeaters: How many repeaters stand between the ends; whole numbers, broadcast with `transmittance`.

    Returns:
        Secret bits per use of the whole chain.

    Raises:
        ValueError: If a transmittance is not from 0 to 1.
        ValueError: If a number of repeaters is not whole, or negative.

    Example:
        >>> repeater_capacity(1e-4, [0, 1, 3]).round(6)
        array([1.44000e-04, 1.45000e-02, 1.52003e-01])
    """
    eta = np.asarray(transmittance, dtype=np.float64)
    outside = ~((eta >= 0) & (eta <= 1))
    if outside.any():
        raise ValueError(
            f"transmittance={float(eta[outside].flat[0])!r} is out of range; it must be from 0 to 1"
        )
    count = np.asarray(repeaters, dtype=np.float64)
    wrong = ~((count >= 0) & (count == np.floor(count)))
    if wrong.any():
        raise ValueError(f"repeaters={float(count[wrong].flat[0])!r} must be a whole number of at least 0")
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log1p(-(eta ** (1 / (count + 1)))) / np.log(2))[()]


def hashing_bound(weights: ArrayLike, *, axis: int = -1) -> NDArray[np.float64]:
    """max(1 − H, 0): how many perfect pairs hashing distils from a Bell-diagonal pair, one way.

    Source: Bennett, DiVincenzo, Smolin, Wootters, Phys. Rev. A 54, 3824 (1996), on hashing.

    Args:
        weights: Weights of Φ+, Ψ+, Ψ−, Φ− along `axis`; they add up to 1.
        axis: The axis of the four weights.

    Returns:
        Perfect pairs per pair.

    Raises:
        ValueError: If there are not four weights, or they are no distribution.

    Example:
        >>> round(float(hashing_bound([0.95, 0.05 / 3, 0.05 / 3, 0.05 / 3])), 6)
        0.634355
    """
    return np.asarray(np.maximum(coherent_information(weights, axis=axis), 0.0))[()]
