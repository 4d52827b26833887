"""The shortest block that leaves a key over a link, with everything that may be chosen at its best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import ceil

import numpy as np

from qnet.qkd.errors import FiniteKeyError
from qnet.qkd.link import QkdLink
from qnet.qkd.rates.shape import Block, RateProtocol

__all__ = ["no_key", "shortest_block"]

_LARGEST = 10**18
_ROUNDS = 12  # Three or four are enough: each comes nearer than the square of the one before.


def no_key(protocol: RateProtocol, link: QkdLink, block: Block) -> FiniteKeyError:
    """The error that a block leaves no key at one place, which names the shortest one that does."""
    told = f"{protocol.name}: a block of {_size(block)} gives no key over {float(link.loss_db):.4g} dB"
    shortest = shortest_block(protocol, link, block)
    if shortest is None:
        return FiniteKeyError(f"{told}, nor does any longer one; lower the loss or the errors, or set less")
    return FiniteKeyError(f"{told}; the shortest that does has {_size(shortest)}")


def shortest_block(protocol: RateProtocol, link: QkdLink, block: Block) -> Block | None:
    """The shortest block of those at least as long as a given one; None if 10¹⁸ is not enough.

    Every length is reckoned with its own best choice of what the protocol leaves open. At the choice that is
    best for a block that works, a shorter one works, too; the best choice for that one is taken next, until
    it is the shortest at its own best choice.

    Args:
        protocol: The protocol.
        link: One channel.
        block: The block to start from.

    Returns:
        The block, whole, in the unit in which the given one was.

    Example:
        >>> from qnet.devices import Detector
        >>> from qnet.qkd.rates.bb84 import BB84
        >>> link = QkdLink(length_km=20, detector=Detector(efficiency=0.5, misalignment=0.01))
        >>> found = shortest_block(BB84(), link, Block(bits=10))
        >>> [float(BB84().finite_rate(link, Block(bits=found.bits - less)).length) for less in (0, 1)]
        [1.0, 0.0]
    """
    unit = "pulses" if block.pulses is not None else "bits"

    def sized(size: int) -> Block:
        return replace(block, pulses=size) if unit == "pulses" else replace(block, bits=size)

    def best_at(size: int) -> RateProtocol:
        return protocol.optimised(link, sized(size))

    def works(chosen: RateProtocol, size: int) -> bool:
        found = chosen.finite_key_length(chosen.expected_counts(link, sized(size)), epsilon=block.epsilon)
        return bool(np.asarray(found.length) >= 1)

    def at_its_best(size: int) -> bool:
        return works(best_at(size), size)

    if not np.asarray(protocol.asymptotic_rate(link).rate) > 0:
        return None
    size = least = ceil(getattr(block, unit))
    chosen = best_at(size)
    while not works(chosen, size):
        if size > _LARGEST:
            return None
        least, size = size, 100 * size
        chosen = best_at(size)
    for _ in range(_ROUNDS):
        shorter = _bisected(partial(works, chosen), least, size)
        if shorter == size:
            break
        size, chosen = shorter, best_at(shorter)
    if size > least and at_its_best(size - 1):  # The best rate is not quite the longest key.
        size = _bisected(at_its_best, max(least, 9 * size // 10), size - 1)
    return sized(size)


def _bisected(works: Callable[[int], bool], low: int, high: int) -> int:
    """The shortest size from low to high that works, of which high is one."""
    if works(low):
        return low
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if works(middle) else (middle, high)
    return high


def _size(block: Block) -> str:
    """A size in full if it is whole, so that it can be given as it is told.

    Example:
        >>> _size(Block(bits=843)), _size(Block(pulses=2.5e7))
        ('843 sifted bits', '25000000 pulses')
    """
    value, unit = (block.bits, "sifted bits") if block.pulses is None else (block.pulses, "pulses")
    assert value is not None
    return f"{value:.0f} {unit}" if value == round(value) else f"{value:.4g} {unit}"
