"""What an end makes of the detectors that clicked: a bit, and of four detectors a basis."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.photons._loops import State, results
from qnet.qkd.quantum import Clicks

__all__ = ["clicks_of"]


def clicks_of(seen: NDArray[np.uint8], first: int, detectors: int, state: State) -> Clicks:
    """Clicks of two detectors of a basis and of two bases are assigned at random.

    Args:
        seen: uint8, the detectors that clicked in each pulse, as bits.
        first: Number of the end's first detector.
        detectors: Two, or four (first basis first).
        state: State of the generator for double clicks.
    """
    clicked = np.empty(len(seen), np.bool_)
    bits = np.empty(len(seen) + 1, np.uint8)
    bases = np.empty(len(seen) if detectors == 4 else 0, np.uint8)
    count = results(seen, first, detectors, clicked, bits, bases, state)
    return Clicks(clicked=clicked, bits=bits[:count], bases=bases[:count] if detectors == 4 else None)
