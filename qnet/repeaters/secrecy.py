"""How many secret bits a delivered pair is worth."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qnet.bounds.entropies import binary_entropy

__all__ = ["bbm92_fraction"]


def bbm92_fraction(flip_z: ArrayLike, flip_x: ArrayLike, f_ec: float = 1.0) -> NDArray[np.float64]:
    """max(1 − h(Q_X) − f·h(Q_Z), 0): BBM92's secret bits a pair, with nearly all pairs measured in one basis.

    Source: Shor and Preskill, Phys. Rev. Lett. 85, 441 (2000); Lo, Chau, Ardehali, J. Cryptol. 18, 133
    (2005), on choosing bases unequally.

    Args:
        flip_z: Probability that the Z outcomes of the pair disagree; a number or an array.
        flip_x: The same of X.
        f_ec: Leakage of the reconciliation in units of h(Q_Z), at least 1.

    Raises:
        ValueError: If an error rate is no probability, or `f_ec` is below 1.

    Example:
        >>> round(float(bbm92_fraction(0.05, 0.05)), 6), float(bbm92_fraction(0.12, 0.12))
        (0.427206, 0.0)
    """
    if not f_ec >= 1:
        raise ValueError(f"f_ec={f_ec!r} is below 1, which nothing reaches")
    errors = (np.asarray(flip_z, dtype=np.float64), np.asarray(flip_x, dtype=np.float64))
    z, x = (binary_entropy(np.where(e > 0.5, np.where(e <= 1, 0.5, e), e)) for e in errors)
    return np.asarray(np.maximum(1 - x - f_ec * z, 0.0))[()]
