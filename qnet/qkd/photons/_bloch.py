"""Directions on the Bloch sphere that bases are named by."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

__all__ = ["direction", "directions"]

Floats = NDArray[np.float64]

_AXES = {"X": (1.0, 0.0, 0.0), "Y": (0.0, 1.0, 0.0), "Z": (0.0, 0.0, 1.0)}
_ANGLES = {"alice": (0.0, pi / 4, pi / 2), "bob": (pi / 4, pi / 2, 3 * pi / 4)}
"""Of E91, as in `circuits.library`: setting k measures cos(θ)Z + sin(θ)X."""


def direction(name: str, side: str = "bob") -> Floats:
    """The unit vector of the basis of that name: Z, X, Y, or 0, 1, 2 for the settings of E91.

    Raises:
        ValueError: If there is no such basis.
    """
    if name in _AXES:
        return np.array(_AXES[name])
    if name in ("0", "1", "2"):
        angle = _ANGLES[side][int(name)]
        return np.array([sin(angle), 0.0, cos(angle)])
    raise ValueError(
        f"basis {name!r} is unknown; give 'Z', 'X', 'Y', or '0', '1', '2' for the settings of E91"
    )


def directions(names: tuple[str, ...], side: str = "bob") -> Floats:
    """The unit vectors of several bases, shape (bases, 3)."""
    return np.array([direction(name, side) for name in names]).reshape(-1, 3)
