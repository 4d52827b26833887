"""Keys as 64-bit words: public random masks and permutations, and parities of ranges.

Words and permutations are given by their addresses.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.reconciliation._jit import compiled, get32, get_word, inner, popcount, put32, put_word, whole

__all__ = [
    "Words",
    "arrange",
    "clear_below",
    "count",
    "cut",
    "masked_parity",
    "mixed",
    "order_of",
    "parity",
    "shuffle",
    "stream",
    "word_of_mask",
]

Words = NDArray[np.uint64]

ZERO, ONE, ONES = np.uint64(0), np.uint64(1), np.uint64(0xFFFFFFFFFFFFFFFF)
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
S27, S30, S31, S32, S63 = (np.uint64(shift) for shift in (27, 30, 31, 32, 63))
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@inner
def mixed(word: np.uint64) -> np.uint64:
    """The finaliser of SplitMix64 (Steele, Lea, Flood, doi:10.1145/2714064.2660195), a bijection."""
    word = (word ^ (word >> S30)) * FIRST
    word = (word ^ (word >> S27)) * SECOND
    return word ^ (word >> S31)


@compiled
def stream(seed: np.uint64, block: int, number: int) -> np.uint64:
    """The seed of one pass of one block."""
    return mixed(mixed(seed + np.uint64(block + 1) * GOLDEN) + np.uint64(number + 1) * GOLDEN)


@inner
def word_of_mask(seed: np.uint64, side: int, place: int) -> np.uint64:
    """One word of a random mask (side 0) or of its complement (side 1)."""
    return mixed(seed + np.uint64(place + 1) * GOLDEN) ^ (ONES if side else ZERO)


@inner
def shuffle(seed: np.uint64, length: int, order: int) -> None:
    """Fill `order` with a random permutation (Fisher and Yates)."""
    for place in range(length):
        put32(order, place, place)
    for place in range(length - 1, 0, -1):
        drawn = mixed(seed + np.uint64(place) * GOLDEN) >> S32
        other = whole((drawn * np.uint64(place + 1)) >> S32)
        kept = get32(order, place)
        put32(order, place, get32(order, other))
        put32(order, other, kept)


@inner
def arrange(seed: np.uint64, length: int, words: int, order: int, places: int, out: int) -> None:
    """Draw the same permutation, and bring the bits of `words` into its order in one go.

    Args:
        seed: Seed of the permutation.
        length: Number of bits.
        words: The bits.
        order: Gets the place of each bit of `out` in `words`.
        places: Gets the place of each bit of `words` in `out`; 0 for nowhere.
        out: Gets the bits.
    """
    for place in range(length):
        put32(order, place, place)
    word = ZERO
    for step in range(length):
        place = length - 1 - step  # What lies behind it is not drawn again.
        drawn = mixed(seed + np.uint64(place) * GOLDEN) >> S32
        other = whole((drawn * np.uint64(place + 1)) >> S32)
        source = get32(order, other)
        put32(order, other, get32(order, place))
        put32(order, place, source)
        if places:
            put32(places, source, place)
        word = (word << ONE) | ((get_word(words, source >> 6) >> np.uint64(source & 63)) & ONE)
        if place & 63 == 0:
            put_word(out, place >> 6, word)
            word = ZERO


@inner
def clear_below(word: np.uint64, place: int) -> np.uint64:
    """A word without the bits before a place."""
    return word & (ONES << np.uint64(place & 63))


@inner
def clear_from(word: np.uint64, end: int) -> np.uint64:
    """A word without the bits from an end on (the end of the word is 64, written as 0)."""
    return word & (ONES >> np.uint64((64 - (end & 63)) & 63))


@inner
def parity(words: int, start: int, end: int) -> int:
    """The parity of the bits from `start` up to `end`, which is greater; one more word can be read."""
    first, shift = start >> 6, np.uint64(start & 63)
    if end - start <= 64:  # The usual case, without a branch on where the words end.
        here = get_word(words, first) >> shift
        following = (get_word(words, first + 1) << ONE) << (S63 - shift)
        return popcount((here | following) << np.uint64(64 - (end - start))) & 1
    last = (end - 1) >> 6
    total = clear_below(get_word(words, first), start)
    for place in range(first + 1, last):
        total ^= get_word(words, place)
    return popcount(total ^ clear_from(get_word(words, last), end)) & 1


@inner
def masked_parity(words: int, seed: np.uint64, side: int, start: int, end: int) -> int:
    """The parity of those bits of a range that a mask picks."""
    first, last = start >> 6, (end - 1) >> 6
    total = clear_below(get_word(words, first) & word_of_mask(seed, side, first), start)
    if first == last:
        return popcount(clear_from(total, end)) & 1
    for place in range(first + 1, last):
        total ^= get_word(words, place) & word_of_mask(seed, side, place)
    return popcount(total ^ clear_from(get_word(words, last) & word_of_mask(seed, side, last), end)) & 1


@inner
def count(seed: np.uint64, side: int, start: int, end: int) -> int:
    """The number of places of a range that a mask picks."""
    first, last = start >> 6, (end - 1) >> 6
    head = clear_below(word_of_mask(seed, side, first), start)
    if first == last:
        return popcount(clear_from(head, end))
    total = popcount(head)
    for place in range(first + 1, last):
        total += popcount(word_of_mask(seed, side, place))
    return total + popcount(clear_from(word_of_mask(seed, side, last), end))


@inner
def cut(seed: np.uint64, side: int, start: int, wanted: int) -> int:
    """The place behind the `wanted`-th bit that a mask picks from `start` on."""
    place = start >> 6
    word = clear_below(word_of_mask(seed, side, place), start)
    here = popcount(word)
    while here < wanted:
        wanted -= here
        place += 1
        word = word_of_mask(seed, side, place)
        here = popcount(word)
    for _ in range(wanted - 1):
        word &= word - ONE
    return 64 * place + popcount((word & (~word + ONE)) - ONE) + 1


@compiled
def order_of(seed: np.uint64, block: int, out: NDArray[np.int32]) -> None:
    """Fill an array with the public random order of one block."""
    shuffle(stream(stream(seed, block, 0), 0, 0), out.size, whole(out.ctypes.data))
