"""`Randomness`: where one party's bits, bases, samples and hash seeds come from."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Randomness"]

Bytes = NDArray[np.uint8]


class Randomness:
    """Random bits of one party: from the operating system, or from a seed for study.

    Args:
        seed: A whole number from 0 for a session that can be repeated, whose keys are worth nothing; None for
            the operating system's generator.
        party: Who draws; parties with the same seed draw different bits.

    Raises:
        ValueError: If `seed` is neither None nor a whole number from 0.

    Example:
        >>> Randomness(7, "alice").bits(8).tolist() == Randomness(7, "alice").bits(8).tolist()
        True
        >>> Randomness(7, "alice"), Randomness(None, "bob").seeded
        (Randomness(seeded, 'alice'), False)
    """

    def __init__(self, seed: int | None, party: str) -> None:
        whole = isinstance(seed, int | np.integer) and not isinstance(seed, bool)
        if seed is not None and (not whole or seed < 0):
            raise ValueError(
                f"seed={seed!r} must be a whole number from 0, or None for the operating system's"
            )
        self._party = party
        self._generator = None if seed is None else np.random.default_rng([int(seed), *party.encode()])

    def __repr__(self) -> str:
        return f"Randomness({'seeded' if self.seeded else 'operating system'}, {self._party!r})"

    @property
    def seeded(self) -> bool:
        """Whether it can be repeated."""
        return self._generator is not None

    def bytes(self, count: int) -> bytes:
        """So many random bytes."""
        return os.urandom(count) if self._generator is None else self._generator.bytes(count)

    def bits(self, count: int) -> Bytes:
        """So many fair bits, one in each byte."""
        drawn = np.frombuffer(self.bytes(-(-count // 8)), np.uint8)
        return np.unpackbits(drawn, count=count, bitorder="little")

    def word(self) -> int:
        """A random number of 64 bits."""
        return int.from_bytes(self.bytes(8), "little")

    def choices(self, chances: Sequence[float], count: int) -> Bytes:
        """Indices, each drawn with its chance (to 2⁻³²)."""
        if len(chances) == 1:
            return np.zeros(count, np.uint8)
        if len(chances) == 2 and chances[0] == chances[1]:
            return self.bits(count)
        drawn = np.frombuffer(self.bytes(4 * count), "<u4")
        found = np.zeros(count, np.uint8)
        for bound in np.cumsum(chances)[:-1]:
            found += drawn >= min(round(float(bound) * 2**32), 2**32 - 1)
        return found

    def mask(self, share: float, count: int) -> NDArray[np.bool_]:
        """A random choice of places, each taken with the same chance (to 2⁻³²), apart from the others."""
        return np.frombuffer(self.bytes(4 * count), "<u4") < round(share * 2**32)
