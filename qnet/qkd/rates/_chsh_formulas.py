"""Closed forms of device-independent key distribution on the CHSH inequality, over arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qnet.bounds.entropies import binary_entropy

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["chsh_information", "device_independent_fraction", "no_click_statistics"]


def chsh_information(chsh_s: ArrayLike) -> NDArray[np.float64]:
    """What an eavesdropper holds of a bit at most, whatever the devices are: h((1+√((S/2)²−1))/2).

    Args:
        chsh_s: CHSH value S; up to 2 she may hold all of it.

    Returns:
        Bits, from 0 at S = 2√2 to 1.

    Example:
        >>> [round(float(x), 4) for x in chsh_information([2.0, 2.424, 2 * 2**0.5])]
        [1.0, 0.6285, 0.0]

    Source:
        A. Acín, N. Brunner, N. Gisin, S. Massar, S. Pironio, V. Scarani, Phys. Rev. Lett. 98, 230501 (2007),
        arXiv:quant-ph/0702152, eq. (10).
    """
    half = np.clip(np.abs(np.asarray(chsh_s, dtype=float)) / 2, 1.0, np.sqrt(2.0))
    root = np.sqrt((half - 1) * (half + 1))
    return np.asarray(binary_entropy(np.clip((1 + root) / 2, 0.5, 1.0)), dtype=float)


def device_independent_fraction(
    chsh_s: ArrayLike, qber: ArrayLike, *, f_ec: ArrayLike = 1.0
) -> NDArray[np.float64]:
    """Secret bits a key pair: 1 − f h(Q) − h((1+√((S/2)²−1))/2); negative where there is none.

    Args:
        chsh_s: CHSH value S.
        qber: Error rate Q of the pairs for the key, 0 to ½.
        f_ec: f_EC ≥ 1.

    Returns:
        The fraction.

    Example:
        >>> qber = 0.0714
        >>> float(device_independent_fraction(2 * 2**0.5 * (1 - 2 * qber), qber)) > 0
        True

    Source:
        A. Acín et al., Phys. Rev. Lett. 98, 230501 (2007), arXiv:quant-ph/0702152, eq. (11).
    """
    leaked = np.asarray(f_ec, dtype=float) * binary_entropy(np.asarray(qber, dtype=float))
    return np.asarray(1 - leaked - chsh_information(chsh_s), dtype=float)


def no_click_statistics(
    efficiency: ArrayLike, *, visibility: ArrayLike = 1.0, dark_count_probability: ArrayLike = 0.0
) -> tuple[Any, Any]:
    """S and Q of a Werner pair when nothing is thrown away: no click counts as the outcome +1.

    Each side sees its photon with the efficiency η; if not, its two detectors may click by themselves. With
    m the probability that a side without its photon stays silent: S = 2√2 V η² + 2 m²(1−η)²,
    Q = η²(1−V)/2 + η(1−η) + (1−η)²(1−m²)/2.

    Args:
        efficiency: η of each side, from the source to the click.
        visibility: V of the pair.
        dark_count_probability: Per detector and pulse.

    Returns:
        The CHSH value S and the error rate Q.

    Example:
        >>> s, qber = no_click_statistics(0.95)
        >>> round(float(s), 4), round(float(qber), 4)
        (2.5577, 0.0475)

    Source:
        S. Pironio, A. Acín, N. Brunner, N. Gisin, S. Massar, V. Scarani, New J. Phys. 11, 045021 (2009),
        arXiv:0903.4460 (without dark counts; a key from η = 92.3 % on, 92.4 % in print).
    """
    eta, seen, dark = (
        np.asarray(value, dtype=float) for value in (efficiency, visibility, dark_count_probability)
    )
    silent = (1 - dark) ** 2
    missed = (1 - eta) ** 2
    chsh = 2 * np.sqrt(2.0) * seen * eta**2 + 2 * silent**2 * missed
    qber = eta**2 * (1 - seen) / 2 + eta * (1 - eta) + missed * (1 - silent**2) / 2
    return chsh, qber
