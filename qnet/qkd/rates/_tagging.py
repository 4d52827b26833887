"""What is left of a key of which Eve may know some bits: those of pulses with more than one photon."""

from __future__ import annotations

import numpy as np

from qnet.qkd._checks import Array, Number
from qnet.qkd.rates._entropy import capped_entropy, entropy

__all__ = ["untagged_key_fraction"]


def untagged_key_fraction(
    qber: Number, tagged: Number, f_ec: float, phase_qber: Number | None = None
) -> Array:
    """(1−Δ)(1−h(E/(1−Δ))) − f·h(E): what is secret of a sifted bit if Eve may know a share Δ of them.

    With Δ = 0 it is Shor and Preskill's 1 − h(E) − f·h(E) (Phys. Rev. Lett. 85, 441 (2000)).

    Source: Gottesman, Lo, Lütkenhaus, Preskill, Quantum Inf. Comput. 4, 325 (2004), arXiv:quant-ph/0212066.

    Args:
        qber: Error rate E of the sifted bits.
        tagged: Share Δ that comes from multi-photon pulses at most.
        f_ec: Leakage of the reconciliation in units of h(E).
        phase_qber: Error rate of the other basis; None: the same.

    Example:
        >>> round(float(untagged_key_fraction(0.11002786, 0.0, 1.0)), 7)
        0.0
    """
    rest = 1 - np.asarray(tagged, dtype=np.float64)
    errors = np.asarray(qber, dtype=np.float64)
    other = errors if phase_qber is None else np.asarray(phase_qber, dtype=np.float64)
    phase = np.where(rest > 0, other / np.where(rest > 0, rest, 1.0), 0.5)
    return np.asarray(rest * (1 - capped_entropy(phase)) - f_ec * entropy(errors))[()]
