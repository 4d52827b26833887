"""The phase error of B92 with single photons over a channel with noise and loss, over arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qnet.qkd.rates._division import quotient

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["b92_conclusive", "b92_phase_error"]


def b92_conclusive(gain: ArrayLike, errors: ArrayLike, overlap: ArrayLike) -> tuple[Any, Any]:
    """What is conclusive, and wrong, of pulses whose gain and errors in the basis of sending are known.

    Errors are taken for depolarisation: 2E of the gain G is a random result in either basis. Conclusive is
    what excludes one state: E/2 wrong ones, and E/2 + (G−2E)(1−c²)/2 right ones.

    Args:
        gain: Probability G of a result, whatever it is.
        errors: Probability E of a wrong result when measured in the basis of sending.
        overlap: |⟨φ₀|φ₁⟩| = c of Alice's two states.

    Returns:
        The conclusive gain, and that of its wrong part.

    Example:
        >>> [round(float(x), 4) for x in b92_conclusive(1.0, 0.0, 0.5**0.5)]
        [0.25, 0.0]

    Source:
        C. H. Bennett, Phys. Rev. Lett. 68, 3121 (1992), DOI 10.1103/PhysRevLett.68.3121.
    """
    seen, wrong, c = (np.asarray(value, dtype=float) for value in (gain, errors, overlap))
    return (seen - 2 * wrong) * (1 - c) * (1 + c) / 2 + wrong, wrong / 2


def b92_phase_error(
    detected: ArrayLike, conclusive: ArrayLike, errors: ArrayLike, overlap: ArrayLike
) -> NDArray[np.float64]:
    """The largest phase error rate of the conclusive events that a qubit channel allows, given what is seen.

    Alice's states are β|0⟩ ± α|1⟩ with β² = (1+c)/2, α² = (1−c)/2; Bob's conclusive outcomes are his filter
    α|0⟩⟨0| + β|1⟩⟨1| and a measurement in the conjugate basis. Let u and v be the probabilities that
    he holds |0⟩ and |1⟩ before the filter: they follow from the detected and the conclusive events. The
    Gram matrices of the channel leave two angles s and t with |s − t| ≤ arccos((n_fil/2 − n_bit)/(αβ√(uv)));
    the phase errors are α²u sin²s + β²v sin²t, and Alice's own state, which no channel changes, asks for
    u sin²s + v cos²t ≤ α². The maximum lies where both bounds hold with equality: a quadratic equation.
    The more is lost the more Eve learns by unambiguous discrimination; at η ≤ 1 − c she knows all.

    Args:
        detected: Probability that a pulse makes Bob's detectors click.
        conclusive: Probability that a pulse is conclusive.
        errors: Probability that a pulse is conclusive and wrong.
        overlap: c, strictly between 0 and 1.

    Returns:
        The phase error rate of the conclusive events, at most ½.

    Example:
        >>> round(float(b92_phase_error(1.0, 0.25, 0.0, 0.5**0.5)), 6)
        0.0
        >>> round(float(b92_phase_error(0.2, 0.05, 0.0, 0.5**0.5)), 6)
        0.5

    Source:
        K. Tamaki, M. Koashi, N. Imoto, Phys. Rev. Lett. 90, 167904 (2003), arXiv:quant-ph/0210162 (the
        proof; without loss a key up to 3.4 % depolarisation); K. Tamaki, N. Lütkenhaus, Phys. Rev. A 69,
        032316 (2004), arXiv:quant-ph/0308048 (loss). The closed form of their maximum is solved here.
    """
    seen, kept, wrong, c = (np.asarray(x, dtype=float) for x in (detected, conclusive, errors, overlap))
    beta2, alpha2 = (1 + c) / 2, (1 - c) / 2
    u = np.clip((beta2 * seen - kept) / c, 0.0, None)
    v = np.clip((kept - alpha2 * seen) / c, 0.0, None)
    floor = seen - 2 * alpha2
    p, q = _worst_angles(u, v, floor, _cosine(kept / 2 - wrong, alpha2 * beta2 * u * v))
    phase_errors = (kept - alpha2 * u * p - beta2 * v * q) / 2
    phase_errors = np.where(floor <= v - u, kept, phase_errors)
    return np.asarray(np.clip(quotient(phase_errors, kept, 1.0), 0.0, 0.5), dtype=float)


def _cosine(coherence: Any, squared: Any) -> Any:
    """Find cos 2δ, where cos δ is the coherence by its largest value."""
    return 2 * np.clip(quotient(coherence, np.sqrt(squared), 0.0), 0.0, 1.0) ** 2 - 1


def _worst_angles(u: Any, v: Any, floor: Any, cosine: Any) -> tuple[Any, Any]:
    """Find p = cos 2s and q = cos 2t on the line up − vq = floor, with the least q within the ellipse."""
    slope, start = quotient(v, u, 0.0), quotient(floor, u, 0.0)
    square = slope**2 + 1 - 2 * slope * cosine
    linear = 2 * start * (slope - cosine)
    constant = start**2 - (1 - cosine) * (1 + cosine)
    root = np.sqrt(np.maximum(linear**2 - 4 * square * constant, 0.0))
    q = quotient(-linear - root, 2 * square, -1.0)
    q = np.where(start - slope <= -cosine, -1.0, np.clip(q, -1.0, 1.0))
    return np.clip(start + slope * q, -1.0, 1.0), q
