"""Bits packed into words, the first bit lowest, so that a hash begins where a word does."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["packed", "packed_to_end", "unpacked"]

Bits = NDArray[np.uint8]


def packed(bits: Bits, word: Any, count: int) -> NDArray[Any]:
    """Bits as `count` words of an unsigned dtype, zeros after the last bit."""
    made = np.zeros(count * np.dtype(word).itemsize, np.uint8)
    packing = np.packbits(bits, bitorder="little")
    made[: packing.size] = packing
    return _native(made.view(np.dtype(word).newbyteorder("<")), word)


def packed_to_end(bits: Bits, end: int, word: Any, count: int) -> NDArray[Any]:
    """Bits as words, with zeros before the first bit, so that the bit at `end` is the first of a word.

    Returns:
        `count` words, of which word ⌈end / bits of a word⌉ starts with the bit at `end`.
    """
    size = np.dtype(word).itemsize
    before = end % (8 * size)
    made = np.zeros(count * size, np.uint8)
    start = 0
    if before:
        head = np.zeros(8 * size, np.uint8)
        head[-before:] = bits[:before]
        made[:size] = np.packbits(head, bitorder="little")
        start = size
    packing = np.packbits(bits[before:], bitorder="little")
    made[start : start + packing.size] = packing
    return _native(made.view(np.dtype(word).newbyteorder("<")), word)


def unpacked(words: NDArray[Any], length: int) -> Bits:
    """The first `length` bits of words."""
    little = words if sys.byteorder == "little" else words.byteswap()
    return np.unpackbits(little.view(np.uint8), bitorder="little", count=length)


def _native(words: NDArray[Any], word: Any) -> NDArray[Any]:
    return words.astype(word, copy=False)
