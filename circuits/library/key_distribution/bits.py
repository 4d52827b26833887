"""The two bits that one sifted signal adds to the key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["KeyBits", "checked_outcomes"]


@dataclass(frozen=True, kw_only=True)
class KeyBits:
    """The bits that the two sides note for one sifted signal; without noise they are equal.

    Attributes:
        alice: Alice's bit.
        bob: Bob's bit, after his flip where the protocol asks for one.
    """

    alice: int
    bob: int


def checked_outcomes(outcomes: Sequence[int], count: int) -> tuple[int, ...]:
    """The outcomes as ints, when they are as many bits as the circuit has."""
    bits = tuple(int(bit) for bit in outcomes)
    if len(bits) != count or any(bit not in (0, 1) for bit in bits):
        raise ValueError(f"outcomes={list(outcomes)!r} are no outcomes of the circuit; give {count} bits")
    return bits
