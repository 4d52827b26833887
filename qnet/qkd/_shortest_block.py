"""The shortest block that leaves a key over a link, with everything that may be chosen at its best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf

import numpy as np

from qnet.qkd.errors import FiniteKeyError
from qnet.qkd.link import QkdLink
from qnet.qkd.rates.shape import Block, RateProtocol

__all__ = ["no_key", "shortest_block"]

_LARGEST = 1e18


def no_key(protocol: RateProtocol, link: QkdLink, block: Block) -> FiniteKeyError:
    """The error that a block leaves no key at one place, which names the shortest one that does."""
    told = f"{protocol.name}: a block of {_size(block)} gives no key over {float(link.loss_db):.4g} dB"
    shortest = shortest_block(protocol, link, block)
    if shortest is None:
        return FiniteKeyError(f"{told}, nor does any longer one; lower the loss or the errors")
    return FiniteKeyError(f"{told}; the shortest that does has {_size(shortest)}")


def shortest_block(protocol: RateProtocol, link: QkdLink, block: Block) -> Block | None:
    """The shortest block, to 1 %, of those at least as long as a given one; None if 10¹⁸ is not enough.

    Every length is reckoned with its own best choice of what the protocol leaves open.

    Args:
        protocol: The protocol.
        link: One channel.
        block: The block to start from.

    Returns:
        The block, in the unit in which the given one was.

    Example:
        >>> from qnet.devices import Detector
        >>> from qnet.qkd.rates.bb84 import BB84
        >>> link = QkdLink(length_km=20, detector=Detector(efficiency=0.5, misalignment=0.01))
        >>> found = shortest_block(BB84(), link, Block(bits=10))
        >>> 950 < found.bits < 1000
        True
    """
    unit = "pulses" if block.pulses is not None else "bits"
    start = float(getattr(block, unit))

    def sized(size: float) -> Block:
        return replace(block, pulses=size) if unit == "pulses" else replace(block, bits=size)

    def works(size: float) -> bool:
        return float(np.asarray(protocol.finite_rate(link, sized(size)).length)) >= 1

    high = _first(works, start)
    if high == inf:
        return None
    low = high / 10 if high > start else start
    while high / low > 1.01:
        middle = (low * high) ** 0.5
        low, high = (low, middle) if works(middle) else (middle, high)
    return sized(high)


def _first(works: Callable[[float], bool], start: float) -> float:
    """The first of the sizes start, 10·start … that works."""
    size = start
    while size <= _LARGEST:
        if works(size):
            return size
        size *= 10
    return inf


def _size(block: Block) -> str:
    if block.pulses is not None:
        return f"{block.pulses:.4g} pulses"
    return f"{block.bits:.4g} sifted bits"
