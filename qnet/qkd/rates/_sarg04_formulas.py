"""Closed forms of SARG04: what one and two photons leave secret, over arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qnet.bounds.entropies import binary_entropy

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["one_photon_fraction", "sarg04_conclusive", "two_photon_fraction", "two_photon_phase_error"]


def one_photon_fraction(error_rate: ArrayLike) -> NDArray[np.float64]:
    """Secret share of the conclusive single photons before error correction: 1 − H(phase | bit).

    With e the bit error rate, the phase error rate is 3e/2 and the errors X, Y, Z have probabilities
    e/2, e/2, e, so that H(phase | bit) = H(1−2e, e/2, e/2, e) − h(e). With f_EC = 1 a key up to e = 9.69 %.

    Args:
        error_rate: Bit error rate of the conclusive events, 0 to ½.

    Returns:
        The fraction; not below 0.

    Example:
        >>> [round(float(x), 4) for x in one_photon_fraction([0.0, 0.05])]
        [1.0, 0.6674]

    Source:
        K. Tamaki, H.-K. Lo, Phys. Rev. A 73, 010302(R) (2006), arXiv:quant-ph/0412035;
        C.-H. F. Fung, K. Tamaki, H.-K. Lo, Phys. Rev. A 73, 012337 (2006), arXiv:quant-ph/0510025.
    """
    e = np.minimum(np.asarray(error_rate, dtype=float), 0.5)
    joint = _surprise(1 - 2 * e) + 2 * _surprise(e / 2) + _surprise(e)
    known = np.where(e < 1 / 3, joint - binary_entropy(e), 1.0)
    return np.asarray(np.clip(1 - known, 0.0, 1.0), dtype=float)


def two_photon_phase_error(error_rate: ArrayLike) -> NDArray[np.float64]:
    """The least bound on the phase error rate of two photons: min over x of xe + (3−2x+√(6−6√2x+4x²))/6.

    In closed form, with t = 1 − 3e: (3 − 3t/√2 + √(3(1−t²)/2))/6. Without any noise it is sin²(π/8).

    Args:
        error_rate: Bit error rate of the conclusive events, 0 to ½.

    Returns:
        The bound, at most ½.

    Example:
        >>> [round(float(x), 4) for x in two_photon_phase_error([0.0, 0.0271])]
        [0.1464, 0.2558]

    Source:
        K. Tamaki, H.-K. Lo, Phys. Rev. A 73, 010302(R) (2006), arXiv:quant-ph/0412035.
    """
    e = np.clip(np.asarray(error_rate, dtype=float), 0.0, 1 / 3)
    # With y = 2x − 3/√2 the root is √(y² + 3/2), and √(y² + c) − ty is at least √(c(1−t²)).
    t = 1 - 3 * e
    bound = (3 - t * 3 / np.sqrt(2.0) + np.sqrt(1.5 * (1 - t**2))) / 6
    return np.asarray(np.minimum(bound, 0.5), dtype=float)


def two_photon_fraction(error_rate: ArrayLike) -> NDArray[np.float64]:
    """Secret share of the conclusive photon pairs before error correction: 1 − h(phase error).

    Args:
        error_rate: Bit error rate of the conclusive events, 0 to ½.

    Returns:
        The fraction; with f_EC = 1 a key up to e = 2.71 %.

    Example:
        >>> round(float(two_photon_fraction(0.0)), 4)
        0.3991

    Source:
        K. Tamaki, H.-K. Lo, Phys. Rev. A 73, 010302(R) (2006), arXiv:quant-ph/0412035.
    """
    return np.asarray(1 - binary_entropy(two_photon_phase_error(error_rate)), dtype=float)


def sarg04_conclusive(gain: ArrayLike, errors: ArrayLike) -> tuple[Any, Any]:
    """What is conclusive, and wrong, of pulses whose gain and errors in the basis of sending are known.

    Half of the pulses are measured in the basis in which they were sent: conclusive is what is wrong there.
    Of the other half, measured in the other basis, half is conclusive. Q = G/4 + E/2, of which E/2 is wrong.

    Args:
        gain: Probability G of a result, whatever it is.
        errors: Probability E of a wrong result when measured in the basis of sending.

    Returns:
        The conclusive gain Q, and that of its wrong part.

    Example:
        >>> found = sarg04_conclusive(1.0, 0.02)
        >>> round(float(found[0]), 4), round(float(found[1]), 4)
        (0.26, 0.01)

    Source:
        C.-H. F. Fung, K. Tamaki, H.-K. Lo, Phys. Rev. A 73, 012337 (2006), arXiv:quant-ph/0510025.
    """
    seen, wrong = (np.asarray(value, dtype=float) for value in (gain, errors))
    return seen / 4 + wrong / 2, wrong / 2


def _surprise(p: Any) -> Any:
    return -p * np.log2(np.where(p > 0, p, 1.0))
