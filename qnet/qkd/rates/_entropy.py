"""The binary entropy inside formulas: no checks, so that an optimiser may ask for what cannot be."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from qnet.qkd._checks import Array

__all__ = ["capped_entropy", "entropy"]

_LN2 = float(np.log(2))


def entropy(x: ArrayLike) -> Array:
    """h(x), with x held within [0, 1]."""
    p = np.clip(np.asarray(x, dtype=np.float64), 0.0, 1.0)
    safe = np.clip(p, 1e-300, 1 - 2**-53)
    return np.asarray(-(p * np.log(safe) + (1 - p) * np.log1p(-safe)) / _LN2)


def capped_entropy(x: ArrayLike) -> Array:
    """h(x) below ½ and 1 from there: what Eve may know if only an upper bound of it is known."""
    return entropy(np.minimum(np.asarray(x, dtype=np.float64), 0.5))
