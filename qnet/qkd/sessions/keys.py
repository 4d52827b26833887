"""`Key`: bits that are not shown unless they are asked for."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["Key"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Key:
    r"""A row of bits that both ends share. Its repr tells the length; two keys are compared in constant time.

    Args:
        bits: uint8, shape (n,), zeros and ones.
        simulated: Whether the physics was simulated or the randomness seeded: then it is no key to keep
            anything secret with.
        secret: Whether it went through privacy amplification by a finite-key bound.

    Example:
        >>> key = Key(bits=np.array([1, 0, 1, 1, 0, 0, 0, 0, 1], np.uint8), simulated=True, secret=True)
        >>> key, len(key), key.to_bytes()
        (Key(9 bits, simulated), 9, b'\xb0\x80')
    """

    bits: NDArray[np.uint8] = field(repr=False)
    simulated: bool
    secret: bool

    def __repr__(self) -> str:
        marks = ("simulated",) * self.simulated + ("not secret",) * (not self.secret)
        return f"Key({', '.join((f'{len(self)} bits', *marks))})"

    def __len__(self) -> int:
        return int(self.bits.size)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Key):
            return NotImplemented
        return len(self) == len(other) and hmac.compare_digest(self.to_bytes(), other.to_bytes())

    def __hash__(self) -> int:
        return hash((len(self), self.simulated, self.secret))

    def to_bytes(self) -> bytes:
        """Eight bits a byte, the first bit highest, the last byte filled up by zeros."""
        return np.packbits(self.bits).tobytes()
