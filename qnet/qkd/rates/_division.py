"""Division where the divisor may vanish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["quotient"]


def quotient(above: ArrayLike, below: ArrayLike, otherwise: float) -> Any:
    """The quotient where the divisor is positive, and another number elsewhere; the arguments broadcast.

    Example:
        >>> quotient([1.0, 1.0], [4.0, 0.0], 0.5)
        array([0.25, 0.5 ])
    """
    out = np.full(np.broadcast(above, below).shape, otherwise, dtype=float)
    return np.divide(above, below, out=out, where=np.asarray(below) > 0)
