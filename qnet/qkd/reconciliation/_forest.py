"""What Bob knows of a block: a forest of sub-blocks with the parity of the *difference* of the two keys in each.

Every pass is a row of top blocks in an order of its own: that of the key, a permutation, or, where blocks hold half
of the key, a random mask and its complement. An answered question splits a block. Right bits are never flipped: a
bit is flipped when a known block of one bit is odd. A flip then walks down from the top of every opened pass.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.reconciliation._jit import get8, get32, get64, get_word, inner, put32, put64, put_word
from qnet.qkd.reconciliation._words import (
    ONE,
    count,
    cut,
    gather,
    masked_parity,
    parity,
    shuffle,
    stream,
    word_of_mask,
)

__all__ = [
    "ASKED",
    "CHILD",
    "DEAD",
    "DEPTH",
    "FACTS",
    "FLIPS",
    "HEADS",
    "LEAKED",
    "MASK_ONLY",
    "ODD",
    "OPENED",
    "QUEUED",
    "ROUNDS",
    "STREAK",
    "USED",
    "WAITING",
    "Forest",
    "block_of",
    "forest_of",
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
USED, OPENED, FLIPS, LEAKED, ROUNDS, WAITING, TOTAL, STREAK, DEPTH = range(9)
ODD, ASKED, QUEUED, DEAD, CHILD = 1, 2, 4, 8, 4
MASK_ONLY = -1
FACTS, HEADS = 9, 33


class Forest(NamedTuple):
    """Where the state of some blocks lies: addresses, but for the numbers named here.

    `blocks`, `passes`, `room` (nodes of a block), `copies` (orders of a key), `stride` and `span` (bytes of a packed
    copy and of a permutation), and, once a block is chosen, its `seed` and `length`. `tree` holds child and flags of
    every node, and where it is cut; `queue` first place, end, number of bits, code (pass and side) and successor of
    the nodes that wait; `heads` the first of each size.
    """

    blocks: int
    passes: int
    room: int
    copies: int
    stride: int
    span: int
    seeds: int
    lengths: int
    sizes: int
    slots: int
    words: int
    order: int
    place: int
    tops: int
    counts: int
    tree: int
    queue: int
    heads: int
    facts: int
    seed: np.uint64
    length: int


@inner
def forest_of(layout: NDArray[np.int64]) -> Forest:
    """The state whose addresses and numbers an array holds, in the order of the fields up to `facts`."""
    return Forest(
        layout[0], layout[1], layout[2], layout[3], layout[4], layout[5], layout[6], layout[7], layout[8], layout[9],
        layout[10], layout[11], layout[12], layout[13], layout[14], layout[15], layout[16], layout[17], layout[18],
        np.uint64(0), 0,
    )  # fmt: skip


@inner
def block_of(f: Forest, b: int) -> Forest:
    """The state of one block."""
    orders = b * (f.copies - 1) * f.span
    return Forest(
        f.blocks, f.passes, f.room, f.copies, f.stride, f.span, f.seeds, f.lengths, f.sizes, f.slots,
        f.words + b * f.copies * f.stride, f.order + orders, f.place + orders,
        f.tops + 8 * b * f.passes, f.counts + 8 * b * f.passes, f.tree + 8 * b * f.room, f.queue + 20 * b * f.room,
        f.heads + 4 * HEADS * b, f.facts + 8 * FACTS * b, get_word(f.seeds, b), get64(f.lengths, b),
    )  # fmt: skip


@inner
def tops_of(length: int, size: int) -> int:
    """The number of top blocks of a pass; blocks of half of the key are two."""
    return 2 if size == 0 else (length + size - 1) // size


@inner
def side_parity(f: Forest, code: int, start: int, end: int) -> int:
    """Bob's parity of a range of a pass."""
    number = code >> 1
    slot = get64(f.slots, number)
    if slot < 0:
        return masked_parity(f.words, stream(f.seed, 0, number), code & 1, start, end)
    return parity(f.words + slot * f.stride, start, end)


@inner
def split_at(f: Forest, code: int, start: int, bits: int) -> int:
    """Where a block is cut into two halves, the first of which has the odd bit."""
    half = (bits + 1) >> 1
    number = code >> 1
    if get64(f.slots, number) < 0:
        return cut(stream(f.seed, 0, number), code & 1, start, half)
    return start + half


@inner
def push(f: Forest, node: int, start: int, end: int, bits: int, code: int) -> None:
    """Let an odd block that is not cut wait for its question."""
    if get32(f.tree, 2 * node) >> CHILD or get32(f.tree, 2 * node) & (ASKED | QUEUED | DEAD) or bits < 2:
        return
    put32(f.tree, 2 * node, get32(f.tree, 2 * node) | QUEUED)
    size = 0
    while bits >> size:
        size += 1
    put32(f.queue, 5 * node, start)
    put32(f.queue, 5 * node + 1, end)
    put32(f.queue, 5 * node + 2, bits)
    put32(f.queue, 5 * node + 3, code)
    put32(f.queue, 5 * node + 4, get32(f.heads, size))
    put32(f.heads, size, node + 1)
    put64(f.facts, WAITING, get64(f.facts, WAITING) + 1)


@inner
def _forget(f: Forest, top: int) -> None:
    """Drop what lies below a top block."""
    child = get32(f.tree, 2 * top) >> CHILD
    put32(f.tree, 2 * top, get32(f.tree, 2 * top) & (ODD | QUEUED))
    while child:
        below = 0
        for node in range(child, child + 2):
            below = max(below, get32(f.tree, 2 * node) >> CHILD)
            put32(f.tree, 2 * node, get32(f.tree, 2 * node) | DEAD)
        child = below


@inner
def _touch(
    f: Forest, node: int, place: int, start: int, end: int, bits: int, code: int, reuse: bool
) -> None:
    """Turn the parity of every known block of one pass that holds a flipped bit."""
    put32(f.tree, 2 * node, get32(f.tree, 2 * node) ^ ODD)
    if not reuse:
        _forget(f, node)
    child = get32(f.tree, 2 * node) >> CHILD
    while child:
        middle = get32(f.tree, 2 * node + 1)
        half = (bits + 1) >> 1
        if place < middle:
            node, end, bits = child, middle, half
        else:
            node, start, bits = child + 1, middle, bits - half
        put32(f.tree, 2 * node, get32(f.tree, 2 * node) ^ ODD)
        child = get32(f.tree, 2 * node) >> CHILD
    if get32(f.tree, 2 * node) & ODD:
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
def _flip(f: Forest, target: int, reuse: bool) -> None:
    """Correct one bit of the key, in every copy and every known block of it."""
    length = f.length
    put64(f.facts, FLIPS, get64(f.facts, FLIPS) + 1)
    put64(f.facts, TOTAL, get64(f.facts, TOTAL) ^ 1)
    _toggle(f.words, target)
    for number in range(get64(f.facts, OPENED)):
        slot = get64(f.slots, number)
        top = get64(f.tops, number)
        if slot < 0:
            mask = word_of_mask(stream(f.seed, 0, number), 0, target >> 6)
            side = np.int64((~mask >> np.uint64(target & 63)) & ONE)
            bits = length - get64(f.counts, number) if side else get64(f.counts, number)
            _touch(f, top + side, target, 0, length, bits, 2 * number + side, reuse)
            continue
        place = np.int64(target)
        if slot > 0:
            place = get32(f.place + (slot - 1) * f.span, target)
            _toggle(f.words + slot * f.stride, place)
        index = place // get64(f.sizes, number)
        start = index * get64(f.sizes, number)
        end = min(start + get64(f.sizes, number), length)
        _touch(f, top + index, place, start, end, end - start, 2 * number, reuse)


@inner
def settle(f: Forest, node: int, start: int, end: int, bits: int, code: int, reuse: bool) -> None:
    """Correct an odd block of one bit; let a greater one wait."""
    if not get32(f.tree, 2 * node) & ODD:
        return
    if bits > 1:
        push(f, node, start, end, bits, code)
        return
    number = code >> 1
    slot = get64(f.slots, number)
    if slot < 0:
        _flip(f, cut(stream(f.seed, 0, number), code & 1, start, 1) - 1, reuse)
    elif slot == 0:
        _flip(f, start, reuse)
    else:
        _flip(f, get32(f.order + (slot - 1) * f.span, start), reuse)


@inner
def _open_mask(f: Forest, number: int, answer: int, leaves: int) -> None:
    """Start a pass of a mask and its complement, one of which Alice told the parity."""
    length, node = f.length, get64(f.facts, USED)
    seed = stream(f.seed, 0, number)
    bits = count(seed, 0, 0, length)
    odd = answer ^ masked_parity(f.words, seed, 0, 0, length)
    put64(f.tops, number, node)
    put64(f.counts, number, bits)
    put32(f.tree, 2 * node, odd)
    put32(f.tree, 2 * node + 2, odd ^ get64(f.facts, TOTAL))
    put64(f.facts, USED, get64(f.facts, USED) + 2)
    put64(f.facts, STREAK, 0 if odd else get64(f.facts, STREAK) + 1)
    for side in range(2):
        put_row(leaves, side, node + side, 0, length, 2 * number + side, length - bits if side else bits)


@inner
def _open_row(
    f: Forest, number: int, answers: int, at: int, asked: int, leaves: int
) -> None:
    """Start a pass of blocks of one size from the parities of `asked` of them."""
    length, size, slot = f.length, get64(f.sizes, number), get64(f.slots, number)
    if slot > 0:
        seed = stream(f.seed, 0, number)
        shift = (slot - 1) * f.span
        _arrange(seed, length, f.words, f.order + shift, f.place + shift, f.words + slot * f.stride)
    tops, base = tops_of(length, size), get64(f.facts, USED)
    put64(f.tops, number, base)
    put64(f.facts, USED, get64(f.facts, USED) + tops)
    odd_tops = 0
    for index in range(tops):
        start, end = index * size, min(index * size + size, length)
        odd = odd_tops ^ get64(f.facts, TOTAL)
        if index < asked:
            told = told_bit(answers, at + index)
            odd = told ^ parity(f.words + slot * f.stride, start, end)
        odd_tops ^= odd
        put32(f.tree, 2 * (base + index), odd)
        put_row(leaves, index, base + index, start, end, 2 * number, end - start)
    if number == 0:
        put64(f.facts, TOTAL, odd_tops)


@inner
def _arrange(
    seed: np.uint64,
    length: int,
    words: int,
    order: int,
    place: int,
    out: int,
) -> None:
    """Draw a permutation, and bring the key into its order."""
    shuffle(seed, length, order)
    gather(words, order, length, out)
    for index in range(length):
        put32(place, get32(order, index), index)


@inner
def open_pass(
    f: Forest, number: int, answers: int, at: int, implied: bool, leaves: int
) -> tuple[int, int]:
    """Start a pass from Alice's parities of its top blocks.

    Returns:
        The number of parities that were used, and of rows of `leaves` (node, start, end, code, bits).
    """
    put64(f.facts, OPENED, number + 1)
    if get64(f.slots, number) < 0:
        _open_mask(f, number, told_bit(answers, at), leaves)
        return 1, 2
    tops = tops_of(f.length, get64(f.sizes, number))
    asked = tops - 1 if implied and number > 0 else tops
    _open_row(f, number, answers, at, asked, leaves)
    return asked, tops
