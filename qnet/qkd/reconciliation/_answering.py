"""Alice's part of the conversation: parities of ranges of her key in the orders of the passes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.reconciliation._asking import LOW, MARK, S28, S56
from qnet.qkd.reconciliation._forest import (
    BLOCKS,
    FACTS,
    IMPLIED,
    LEAKED,
    LENGTH,
    ORDER,
    PASSES,
    SEED,
    SIZES,
    SLOTS,
    STRIDE,
    TOPS,
    WORDS,
    block_of,
    tops_of,
)  # fmt: skip
from qnet.qkd.reconciliation._jit import compiled, get8, get64, get_word, inner, put8, put64, whole
from qnet.qkd.reconciliation._words import Words, arrange, masked_parity, parity, stream

__all__ = ["answer", "length_of_answer", "respond"]


@compiled
def length_of_answer(layout: NDArray[np.int64], message: Words) -> int:
    """The number of parities that a message asks for, or −1 where it is not a message."""
    f, total, b, bits = whole(layout.ctypes.data), 0, -1, 0
    for word in message:
        code, start = whole(word >> S56), whole((word >> S28) & LOW)
        length, number = whole(word & LOW), code >> 1
        if code == MARK:
            b = length
            if b >= get64(f, BLOCKS) or start:
                return -1
            bits = get64(block_of(f, b), LENGTH)
        elif (
            b < 0
            or number >= get64(f, PASSES)
            or start + length > bits
            or (code & 1 and (get64(get64(f, SLOTS), number) >= 0 or not length))
        ):
            return -1
        elif length:
            total += 1
        elif start:
            return -1
        elif get64(get64(f, SLOTS), number) < 0:
            total += 1
        else:
            total += tops_of(bits, get64(get64(f, SIZES), number)) - (
                1 if get64(f, IMPLIED) and number > 0 else 0
            )
    return total


@inner
def _tell(out: int, at: int, odd: int) -> int:
    """Append one parity."""
    byte = get8(out, at >> 3) if at & 7 else 0
    put8(out, at >> 3, byte | (odd << (at & 7)))
    return at + 1


@inner
def _prepare(g: int, number: int, slot: int) -> int:
    """The address of the key in the order of a pass, which is made when it is first asked for."""
    words = get64(g, WORDS) + slot * get64(g, STRIDE)
    if slot > 0 and not get64(get64(g, TOPS), number):
        seed = stream(get_word(g, SEED), 0, number)
        arrange(seed, get64(g, LENGTH), get64(g, WORDS), get64(g, ORDER), 0, words)
        put64(get64(g, TOPS), number, 1)
    return words


@inner
def respond(f: int, message: int, size: int, out: int) -> None:
    """Write Alice's parities. All blocks share room for one permutation: `SPAN` is 0."""
    at, g = 0, f
    for word_at in range(size):
        word = get_word(message, word_at)
        code, start = whole(word >> S56), whole((word >> S28) & LOW)
        length, before = whole(word & LOW), at
        if code == MARK:
            g = block_of(f, length)
            continue
        number, bits = code >> 1, get64(g, LENGTH)
        slot, block = get64(get64(f, SLOTS), number), get64(get64(f, SIZES), number)
        if slot < 0:
            end = start + length if length else bits
            seed = stream(get_word(g, SEED), 0, number)
            at = _tell(out, at, masked_parity(get64(g, WORDS), seed, code & 1, start, end))
        else:
            words = _prepare(g, number, slot)
            if length:
                at = _tell(out, at, parity(words, start, start + length))
            else:
                for top in range(tops_of(bits, block) - (1 if get64(f, IMPLIED) and number > 0 else 0)):
                    at = _tell(out, at, parity(words, top * block, min(top * block + block, bits)))
        put64(get64(g, FACTS), LEAKED, get64(get64(g, FACTS), LEAKED) + (at - before))


@compiled
def answer(layout: NDArray[np.int64], message: Words, out: NDArray[np.uint8]) -> None:
    """Write the parities that a message asks for."""
    respond(whole(layout.ctypes.data), whole(message.ctypes.data), message.size, whole(out.ctypes.data))
