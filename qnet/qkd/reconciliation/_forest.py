"""What Bob knows of a block: a forest of sub-blocks, each with the parity of the *difference* of the keys.

Every pass is a row of top blocks in an order of its own: that of the key, a permutation, or, where blocks
hold half of the key, a random mask and its complement. An answered question splits a block. Right bits are
never flipped: a
bit is flipped when a known block of one bit is odd. A flip then walks down from the top of every opened pass.
"""

from __future__ import annotations

import numpy as np

from qnet.qkd.reconciliation._jit import (
    bit_length,
    get8,
    get32,
    get64,
    get_word,
    inner,
    put32,
    put64,
    put_word,
    whole,
)
from qnet.qkd.reconciliation._words import (
    ONE,
    arrange,
    count,
    cut,
    masked_parity,
    parity,
    stream,
    word_of_mask,
)

__all__ = [
    "block_of",
    "open_pass",
    "push",
    "put_row",
    "settle",
    "side_parity",
    "split_at",
    "told_bit",
    "tops_of",
]

# Columns of `facts`, flags of a node, and the shift of its child.
USED, OPENED, FLIPS, LEAKED, ROUNDS, WAITING, TOTAL, STREAK, DEPTH, SIZES_THERE = range(10)
ODD, ASKED, QUEUED, DEAD, CHILD = 1, 2, 4, 8, 4
MASK_ONLY = -1
FACT_COLUMNS, HEAD_COLUMNS = 10, 33


# A block is known by the address of a record of 64-bit numbers: addresses of what it holds, and what they
# mean.
(
    BLOCKS, PASSES, ROOM, COPIES, STRIDE, SPAN, SEED, LENGTH, SIZES, SLOTS, WORDS, ORDER, PLACES, TOPS,
    COUNTS, TREE, QUEUE, HEADS, FACTS, MARKS, FRONT, LEAVES, NODES, SINGLE, THETA, FEW, LEVELS, TOGETHER,
    ENOUGH, IMPLIED, REUSE,
) = range(31)  # fmt: skip
RECORD = 31


@inner
def block_of(f: int, b: int) -> int:
    """The record of another block, from that of block 0."""
    return f + 8 * RECORD * b


@inner
def tops_of(length: int, size: int) -> int:
    """The number of top blocks of a pass; blocks of half of the key are two."""
    return 2 if size == 0 else (length + size - 1) // size


@inner
def side_parity(f: int, code: int, start: int, end: int) -> int:
    """Bob's parity of a range of a pass."""
    number = code >> 1
    slot = get64(get64(f, SLOTS), number)
    if slot < 0:
        return masked_parity(get64(f, WORDS), stream(get_word(f, SEED), 0, number), code & 1, start, end)
    return parity(get64(f, WORDS) + slot * get64(f, STRIDE), start, end)


@inner
def split_at(f: int, code: int, start: int, bits: int) -> int:
    """Where a block is cut into two halves, the first of which has the odd bit."""
    half = (bits + 1) >> 1
    number = code >> 1
    if get64(get64(f, SLOTS), number) < 0:
        return cut(stream(get_word(f, SEED), 0, number), code & 1, start, half)
    return start + half


@inner
def push(f: int, node: int, start: int, end: int, bits: int, code: int) -> None:
    """Let an odd block that is not cut wait for its question."""
    tree, row, facts = get64(f, TREE), get64(f, QUEUE) + 20 * node, get64(f, FACTS)
    flags = get32(tree, 2 * node)
    if flags >> CHILD or flags & (ASKED | QUEUED | DEAD) or bits < 2:
        return
    put32(tree, 2 * node, flags | QUEUED)
    size, heads = bit_length(bits), get64(f, HEADS)
    put32(row, 0, start)
    put32(row, 1, end)
    put32(row, 2, bits)
    put32(row, 3, code)
    put32(row, 4, get32(heads, size))
    put32(heads, size, node + 1)
    put64(facts, SIZES_THERE, get64(facts, SIZES_THERE) | (1 << size))
    put64(facts, WAITING, get64(facts, WAITING) + 1)


@inner
def _forget(f: int, top: int) -> None:
    """Drop what lies below a top block."""
    child = get32(get64(f, TREE), 2 * top) >> CHILD
    put32(get64(f, TREE), 2 * top, get32(get64(f, TREE), 2 * top) & (ODD | QUEUED))
    while child:
        below = 0
        for node in range(child, child + 2):
            below = max(below, get32(get64(f, TREE), 2 * node) >> CHILD)
            put32(get64(f, TREE), 2 * node, get32(get64(f, TREE), 2 * node) | DEAD)
        child = below


@inner
def _touch(f: int, node: int, place: int, start: int, end: int, bits: int, code: int) -> None:
    """Turn the parity of every known block of one pass that holds a flipped bit."""
    tree = get64(f, TREE)
    known = get32(tree, 2 * node) ^ ODD
    put32(tree, 2 * node, known)
    if not get64(f, REUSE):
        _forget(f, node)
        known = get32(tree, 2 * node)
    while known >> CHILD:  # Which half is computed, not branched on: no processor can guess it.
        middle = get32(tree, 2 * node + 1)
        right = whole(place >= middle)
        node = (known >> CHILD) + right
        known = get32(tree, 2 * node) ^ ODD
        put32(tree, 2 * node, known)
        start += (middle - start) & -right
        end += (middle - end) & (right - 1)
        bits = ((bits + 1) >> 1) - (bits & right)
    if known & ODD:
        push(f, node, start, end, bits, code)


@inner
def _toggle(words: int, place: int) -> None:
    """Turn one bit."""
    put_word(words, place >> 6, get_word(words, place >> 6) ^ (ONE << np.uint64(place & 63)))


@inner
def put_row(rows: int, at: int, first: int, second: int, third: int, fourth: int, fifth: int) -> None:
    """Write a row of five numbers."""
    put64(rows, 5 * at, first)
    put64(rows, 5 * at + 1, second)
    put64(rows, 5 * at + 2, third)
    put64(rows, 5 * at + 3, fourth)
    put64(rows, 5 * at + 4, fifth)


@inner
def told_bit(answers: int, at: int) -> int:
    """One of Alice's parities."""
    return (get8(answers, at >> 3) >> (at & 7)) & 1


@inner
def _flip(f: int, target: int) -> None:
    """Correct one bit of the key, in every copy and every known block of it."""
    length = get64(f, LENGTH)
    put64(get64(f, FACTS), FLIPS, get64(get64(f, FACTS), FLIPS) + 1)
    put64(get64(f, FACTS), TOTAL, get64(get64(f, FACTS), TOTAL) ^ 1)
    _toggle(get64(f, WORDS), target)
    for number in range(get64(get64(f, FACTS), OPENED)):
        slot = get64(get64(f, SLOTS), number)
        top = get64(get64(f, TOPS), number)
        if slot < 0:
            mask = word_of_mask(stream(get_word(f, SEED), 0, number), 0, target >> 6)
            side = whole((~mask >> np.uint64(target & 63)) & ONE)
            bits = length - get64(get64(f, COUNTS), number) if side else get64(get64(f, COUNTS), number)
            _touch(f, top + side, target, 0, length, bits, 2 * number + side)
            continue
        place = whole(target)
        if slot > 0:
            place = get32(get64(f, PLACES) + (slot - 1) * get64(f, SPAN), target)
            _toggle(get64(f, WORDS) + slot * get64(f, STRIDE), place)
        index = place // get64(get64(f, SIZES), number)
        start = index * get64(get64(f, SIZES), number)
        end = min(start + get64(get64(f, SIZES), number), length)
        _touch(f, top + index, place, start, end, end - start, 2 * number)


@inner
def settle(f: int, node: int, start: int, end: int, bits: int, code: int) -> None:
    """Correct an odd block of one bit; let a greater one wait."""
    if not get32(get64(f, TREE), 2 * node) & ODD:
        return
    if bits > 1:
        push(f, node, start, end, bits, code)
        return
    number = code >> 1
    slot = get64(get64(f, SLOTS), number)
    if slot < 0:
        _flip(f, cut(stream(get_word(f, SEED), 0, number), code & 1, start, 1) - 1)
    elif slot == 0:
        _flip(f, start)
    else:
        _flip(f, get32(get64(f, ORDER) + (slot - 1) * get64(f, SPAN), start))


@inner
def _open_mask(f: int, number: int, answer: int, leaves: int) -> None:
    """Start a pass of a mask and its complement, one of which Alice told the parity."""
    length, node = get64(f, LENGTH), get64(get64(f, FACTS), USED)
    seed = stream(get_word(f, SEED), 0, number)
    bits = count(seed, 0, 0, length)
    odd = answer ^ masked_parity(get64(f, WORDS), seed, 0, 0, length)
    put64(get64(f, TOPS), number, node)
    put64(get64(f, COUNTS), number, bits)
    put32(get64(f, TREE), 2 * node, odd)
    put32(get64(f, TREE), 2 * node + 2, odd ^ get64(get64(f, FACTS), TOTAL))
    put64(get64(f, FACTS), USED, get64(get64(f, FACTS), USED) + 2)
    put64(get64(f, FACTS), STREAK, 0 if odd else get64(get64(f, FACTS), STREAK) + 1)
    for side in range(2):
        put_row(leaves, side, node + side, 0, length, 2 * number + side, length - bits if side else bits)


@inner
def _open_row(f: int, number: int, answers: int, at: int, asked: int, leaves: int) -> None:
    """Start a pass of blocks of one size from the parities of `asked` of them."""
    length, size, slot = get64(f, LENGTH), get64(get64(f, SIZES), number), get64(get64(f, SLOTS), number)
    if slot > 0:
        seed = stream(get_word(f, SEED), 0, number)
        shift = (slot - 1) * get64(f, SPAN)
        arrange(
            seed,
            length,
            get64(f, WORDS),
            get64(f, ORDER) + shift,
            get64(f, PLACES) + shift,
            get64(f, WORDS) + slot * get64(f, STRIDE),
        )
    tops, base = tops_of(length, size), get64(get64(f, FACTS), USED)
    put64(get64(f, TOPS), number, base)
    put64(get64(f, FACTS), USED, get64(get64(f, FACTS), USED) + tops)
    odd_tops = 0
    for index in range(tops):
        start, end = index * size, min(index * size + size, length)
        odd = odd_tops ^ get64(get64(f, FACTS), TOTAL)
        if index < asked:
            told = told_bit(answers, at + index)
            odd = told ^ parity(get64(f, WORDS) + slot * get64(f, STRIDE), start, end)
        odd_tops ^= odd
        put32(get64(f, TREE), 2 * (base + index), odd)
        put_row(leaves, index, base + index, start, end, 2 * number, end - start)
    if number == 0:
        put64(get64(f, FACTS), TOTAL, odd_tops)


@inner
def open_pass(f: int, number: int, answers: int, at: int, leaves: int) -> tuple[int, int]:
    """Start a pass from Alice's parities of its top blocks.

    Returns:
        The number of parities that were used, and of rows of `leaves` (node, start, end, code, bits).
    """
    put64(get64(f, FACTS), OPENED, number + 1)
    if get64(get64(f, SLOTS), number) < 0:
        _open_mask(f, number, told_bit(answers, at), leaves)
        return 1, 2
    tops = tops_of(get64(f, LENGTH), get64(get64(f, SIZES), number))
    asked = tops - 1 if get64(f, IMPLIED) and number > 0 else tops
    _open_row(f, number, answers, at, asked, leaves)
    return asked, tops
