"""What an end makes of the detectors that clicked: a bit, and of four detectors a basis."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["results"]

Bytes = NDArray[np.uint8]

_BIT = np.array([0, 0, 1, 2], np.uint8)
_BASIS = np.array([0, 0, 0, 0, 1, 2, 2, 2, 1, 2, 2, 2, 1, 2, 2, 2], np.uint8)


def results(seen: Bytes, detectors: int, rng: np.random.Generator) -> tuple[Bytes, Bytes | None]:
    """Bits and bases, clicks of two detectors of a basis and of two bases assigned at random.

    Args:
        seen: uint8, the detectors that clicked, as bits, none of them 0.
        detectors: Two, or four (first basis in the lower bits).
        rng: Randomness for double clicks.

    Returns:
        The bits, and the bases' numbers or None.
    """
    if detectors == 2:
        return _random_for_two(_BIT[seen], rng), None
    bases = _random_for_two(_BASIS[seen], rng)
    return _random_for_two(_BIT[seen >> 2 * bases & 3], rng), bases


def _random_for_two(found: Bytes, rng: np.random.Generator) -> Bytes:
    double = np.flatnonzero(found == 2)
    if len(double):
        found[double] = rng.integers(0, 2, len(double), dtype=np.uint8)
    return found
