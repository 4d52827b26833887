"""One turn of the conversation: answers go into the forest, and the next questions come out of it.

A message of questions is a row of 64-bit words. A word whose highest byte is 255 names the block that the
following questions are about; a question has code (pass and side; 8 bits), first place (28) and length (28);
a length of 0 asks for all the top blocks of a pass. The answer is one bit a parity, packed, first bit lowest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.reconciliation._forest import (
    ASKED,
    BLOCKS,
    CHILD,
    DEAD,
    DEPTH,
    ENOUGH,
    FACTS,
    FEW,
    FRONT,
    HEADS,
    IMPLIED,
    LEAKED,
    LEAVES,
    LENGTH,
    LEVELS,
    MARKS,
    MASK_ONLY,
    NODES,
    ODD,
    OPENED,
    ORDER,
    PASSES,
    QUEUE,
    QUEUED,
    REUSE,
    ROOM,
    ROUNDS,
    SEED,
    SINGLE,
    SIZES,
    SIZES_THERE,
    SLOTS,
    SPAN,
    STREAK,
    THETA,
    TOGETHER,
    TREE,
    USED,
    WAITING,
    block_of,
    open_pass,
    push,
    put_row,
    settle,
    side_parity,
    split_at,
    told_bit,
    tops_of,
)  # fmt: skip
from qnet.qkd.reconciliation._jit import (
    compiled,
    get32,
    get64,
    get_double,
    get_float,
    get_word,
    inner,
    popcount,
    put32,
    put64,
    put_float,
    put_word,
    whole,
)  # fmt: skip
from qnet.qkd.reconciliation._words import ONE, ZERO, Words, clear_below, clear_from, stream
from qnet.qkd.reconciliation._words import word_of_mask as mask_word

__all__ = ["LOW", "MARK", "S28", "S56", "advance", "next_questions", "short_of_room", "turn"]

MARK = 255
S56, S28, LOW = np.uint64(56), np.uint64(28), np.uint64((1 << 28) - 1)
SCANNED = 2048
DEEPER = -2


@inner
def _word(code: int, start: int, length: int) -> np.uint64:
    """One question."""
    return (np.uint64(code) << S56) | (np.uint64(start) << S28) | np.uint64(length)


@inner
def _cut_down(f: int, root: int, message: int, answers: int, told: int) -> int:
    """Enter the answers about one block, cut to some depth; the number of its leaves."""
    depth, code = get64(get64(f, FACTS), DEPTH), whole(get32(get64(f, QUEUE), 5 * root + 3))
    front, size, found, at = get64(f, FRONT), 1, 0, 0
    put32(get64(f, TREE), 2 * root, get32(get64(f, TREE), 2 * root) & ~ASKED)
    row = get64(f, QUEUE) + 20 * root
    put_row(front, 0, root, get32(row, 0), get32(row, 1), 0, get32(row, 2))
    asked = 0
    while at < size:
        node, start, stop = get64(front, 5 * at), get64(front, 5 * at + 1), get64(front, 5 * at + 2)
        level, bits = get64(front, 5 * at + 3), get64(front, 5 * at + 4)
        at += 1
        if level == depth or bits < 2:
            put_row(get64(f, LEAVES), found, node, start, stop, code, bits)
            found += 1
            continue
        middle = start + whole(get_word(message, asked) & LOW)
        odd = told_bit(answers, told) ^ side_parity(f, code, start, middle)
        asked += 1
        told += 1
        child = get64(get64(f, FACTS), USED)
        put64(get64(f, FACTS), USED, get64(get64(f, FACTS), USED) + 2)
        put32(get64(f, TREE), 2 * node, get32(get64(f, TREE), 2 * node) | (child << CHILD))
        put32(get64(f, TREE), 2 * node + 1, middle)
        put32(get64(f, TREE), 2 * child, odd)
        put32(get64(f, TREE), 2 * child + 2, odd ^ (get32(get64(f, TREE), 2 * node) & ODD))
        half = (bits + 1) >> 1
        put_row(front, size, child, start, middle, level + 1, half)
        put_row(front, size + 1, child + 1, middle, stop, level + 1, bits - half)
        size += 2
    return found


@inner
def _halve(f: int, root: int, length: int, told: int) -> None:
    """Enter the answer about the first half of a block, `length` places, and settle both halves."""
    tree, facts, row = get64(f, TREE), get64(f, FACTS), get64(f, QUEUE) + 20 * root
    start, end, bits, code = get32(row, 0), get32(row, 1), get32(row, 2), get32(row, 3)
    flags, child, middle = get32(tree, 2 * root), get64(facts, USED), start + length
    odd = told ^ side_parity(f, code, start, middle)
    put64(facts, USED, child + 2)
    put32(tree, 2 * root, (flags & ~ASKED) | (child << CHILD))
    put32(tree, 2 * root + 1, middle)
    put32(tree, 2 * child, odd)
    put32(tree, 2 * child + 2, odd ^ (flags & ODD))
    half = (bits + 1) >> 1
    if flags & ODD:  # Then one half is odd; which one is computed, not branched on.
        right = 1 - odd
        from_, to = start + ((middle - start) & -right), middle + ((end - middle) & -right)
        settle(f, child + right, from_, to, half - (bits & right), code)
    elif odd:
        settle(f, child, start, middle, half, code)
        if get32(tree, 2 * child + 2) & (ODD | DEAD) == ODD:
            settle(f, child + 1, middle, end, bits - half, code)


@inner
def _absorb(
    f: int, message: int, roots: int, end: int, at: int,
    answers: int, told: int
) -> int:  # fmt: skip
    """Enter the answers about one block into its forest; the number of parities that were used."""
    before, levels = told, get64(get64(f, FACTS), DEPTH)
    while at < end:
        root, asked, found, parities = get32(roots, at), 1, 0, 1
        if root == MASK_ONLY:  # a pass is opened by its tops
            number = whole(get_word(message, at) >> S56) >> 1
            parities, found = open_pass(f, number, answers, told, get64(f, LEAVES))
        else:
            while at + asked < end and get32(roots, at + asked) == DEEPER:
                asked += 1
            parities = asked
            flags = get32(get64(f, TREE), 2 * root)
            if get64(f, REUSE) or (flags & ASKED and flags & ODD and not flags & DEAD):
                if levels == 1:
                    _halve(f, root, whole(get_word(message, at) & LOW), told_bit(answers, told))
                else:
                    found = _cut_down(f, root, message + 8 * at, answers, told)
        for leaf in range(found):
            node, code, bits = (
                get64(get64(f, LEAVES), 5 * leaf),
                get64(get64(f, LEAVES), 5 * leaf + 3),
                get64(get64(f, LEAVES), 5 * leaf + 4),
            )
            if not get32(get64(f, TREE), 2 * node) & DEAD:
                start, stop = get64(get64(f, LEAVES), 5 * leaf + 1), get64(get64(f, LEAVES), 5 * leaf + 2)
                settle(f, node, start, stop, bits, code)
        told += parities
        at += asked
    put64(get64(f, FACTS), LEAKED, get64(get64(f, FACTS), LEAKED) + (told - before))
    return told


@inner
def _waiting(f: int, single: bool, out: int) -> int:
    """Take the odd blocks that wait (the smallest one alone where `single`), smallest first."""
    facts, tree, queue, heads = get64(f, FACTS), get64(f, TREE), get64(f, QUEUE), get64(f, HEADS)
    found, taken, there = 0, 0, get64(facts, SIZES_THERE)
    while there and not (single and found):
        size = popcount(np.uint64((there & -there) - 1))
        head = get32(heads, size)
        while head and not (single and found):
            node = head - 1
            head = get32(queue, 5 * node + 4)
            taken += 1
            flags = get32(tree, 2 * node) & ~QUEUED
            put32(tree, 2 * node, flags)
            if flags & (ODD | DEAD | ASKED) == ODD and not flags >> CHILD:
                put32(out, found, node)
                found += 1
        put32(heads, size, head)
        if not head:
            there &= there - 1
    put64(facts, SIZES_THERE, there)
    put64(facts, WAITING, get64(facts, WAITING) - taken)
    return found


@inner
def _places(f: int, node: int) -> tuple[int, int]:
    """The bits of the key in a block of at most 2048: an address of 32-bit numbers, and how many."""
    start, end = get32(get64(f, QUEUE), 5 * node), get32(get64(f, QUEUE), 5 * node + 1)
    number, side = get32(get64(f, QUEUE), 5 * node + 3) >> 1, get32(get64(f, QUEUE), 5 * node + 3) & 1
    slot, found = get64(get64(f, SLOTS), number), 0
    if slot > 0:
        return get64(f, ORDER) + (slot - 1) * get64(f, SPAN) + 4 * start, end - start
    seed = stream(get_word(f, SEED), 0, number)
    for word_at in range(start >> 6, ((end - 1) >> 6) + 1):
        word = mask_word(seed, side, word_at) if slot < 0 else ~ZERO
        if word_at == start >> 6:
            word = clear_below(word, start)
        if word_at == (end - 1) >> 6:
            word = clear_from(word, end)
        while word:
            lowest = word & (~word + ONE)
            put32(get64(f, FRONT), found, 64 * word_at + popcount(lowest - ONE))
            found += 1
            word ^= lowest
    return get64(f, FRONT), found


@inner
def _mark(f: int, node: int, weight: float) -> None:
    """Note in its bits that a block is asked about."""
    places, found = _places(f, node)
    for at in range(found):
        place = get32(places, at)
        put_float(get64(f, MARKS), place, get_float(get64(f, MARKS), place) + weight if weight > 0 else 0.0)


@inner
def _shared(f: int, node: int, share: float) -> tuple[float, float]:
    """How many errors of blocks that are asked about already lie in this one, and how many others."""
    same, free = 0.0, 0
    places, found = _places(f, node)
    for at in range(found):
        mark = get_float(get64(f, MARKS), get32(places, at))
        same += mark
        free += mark == 0
    return same, free * share


@inner
def _accept(f: int, nodes: int, found: int) -> int:
    """Keep the blocks that hardly hold an error of one that is kept; the others wait again."""
    if found == 1 or get_double(f, THETA) > 1e6 or get64(get64(f, FACTS), OPENED) == 1:
        return found
    kept, length = 0, get64(f, LENGTH)
    for at in range(found):
        node = get32(nodes, at)
        bits = get32(get64(f, QUEUE), 5 * node + 2)
        if kept == 0:
            same, other = 0.0, 1.0
        elif bits > SCANNED:
            same, other = kept * bits / length, found / length * bits
        else:
            same, other = _shared(f, node, found / length)
        if same <= get_double(f, THETA) * (same + other):
            put32(nodes, kept, node)
            kept += 1
            if bits <= SCANNED:
                _mark(f, node, 1.0 / bits)
        else:
            start, end, code = (
                get32(get64(f, QUEUE), 5 * node),
                get32(get64(f, QUEUE), 5 * node + 1),
                get32(get64(f, QUEUE), 5 * node + 3),
            )
            push(f, node, start, end, bits, code)
    for at in range(kept):
        if get32(get64(f, QUEUE), 5 * get32(nodes, at) + 2) <= SCANNED:
            _mark(f, get32(nodes, at), 0.0)
    return kept


@inner
def _ask(f: int, root: int, message: int, roots: int, at: int) -> int:
    """Write the questions that cut one block to the block's present depth; the number of questions so far."""
    depth, front, size, look = get64(get64(f, FACTS), DEPTH), get64(f, FRONT), 1, 0
    code = whole(get32(get64(f, QUEUE), 5 * root + 3))
    put32(get64(f, TREE), 2 * root, get32(get64(f, TREE), 2 * root) | ASKED)
    if depth == 1:
        start = whole(get32(get64(f, QUEUE), 5 * root))
        middle = split_at(f, code, start, whole(get32(get64(f, QUEUE), 5 * root + 2)))
        put_word(message, at, _word(code, start, middle - start))
        put32(roots, at, root)
        return at + 1
    put_row(front, 0, root, get32(get64(f, QUEUE), 5 * root), 0, 0, get32(get64(f, QUEUE), 5 * root + 2))
    while look < size:
        start, level, bits = (
            get64(front, 5 * look + 1),
            get64(front, 5 * look + 3),
            get64(front, 5 * look + 4),
        )
        if level < depth and bits > 1:
            middle = split_at(f, code, start, bits)
            put_word(message, at, _word(code, start, middle - start))
            put32(roots, at, DEEPER if look else root)
            at += 1
            half = (bits + 1) >> 1
            put_row(front, size, 0, start, 0, level + 1, half)
            put_row(front, size + 1, 0, middle, 0, level + 1, bits - half)
            size += 2
        look += 1
    return at


@inner
def _open_next(f: int, message: int, roots: int, at: int) -> int:
    """Ask for the top blocks of the next pass, or of all the masks; the number of questions so far."""
    number = get64(get64(f, FACTS), OPENED)
    if get64(f, ENOUGH) and get64(get64(f, FACTS), STREAK) >= get64(f, ENOUGH):
        return at
    while number < get64(f, PASSES):
        put_word(message, at, _word(2 * number, 0, 0))
        put32(roots, at, MASK_ONLY)
        at += 1
        number += 1
        if not get64(f, TOGETHER) or get64(get64(f, SLOTS), number - 1) >= 0:
            return at
    return at


@inner
def _choose(f: int, b: int, message: int, roots: int, at: int) -> int:
    """Write the next questions about one block; the number of words so far."""
    found = _waiting(f, get64(f, SINGLE) != 0 and get64(get64(f, FACTS), OPENED) > 1, get64(f, NODES))
    put_word(message, at, _word(MARK, 0, b))
    after = at + 1
    if found:
        kept = _accept(f, get64(f, NODES), found)
        put64(get64(f, FACTS), DEPTH, get64(f, LEVELS) if kept <= get64(f, FEW) else 1)
        for index in range(kept):
            after = _ask(f, get32(get64(f, NODES), index), message, roots, after)
    else:
        after = _open_next(f, message, roots, after)
    if after == at + 1:
        return at
    put64(get64(f, FACTS), ROUNDS, get64(get64(f, FACTS), ROUNDS) + 1)
    return after


@inner
def short_of_room(f: int, message: int, size: int) -> int:
    """The number of nodes that the answers to a message may need beyond what there is room for."""
    short, need, length = 0, 0, 0
    for at in range(size):
        word = get_word(message, at)
        code = whole(word >> S56)
        if code == MARK:
            g = block_of(f, whole(word & LOW))
            need, length = get64(get64(g, FACTS), USED), get64(g, LENGTH)
        elif word & LOW:
            need += 2
        else:
            need += tops_of(length, get64(get64(f, SIZES), code >> 1))
        short = max(short, need - get64(f, ROOM))
    return short


@inner
def _parities(f: int, message: int, size: int) -> int:
    """The number of parities that a message asks for."""
    total, length = 0, 0
    for at in range(size):
        word = get_word(message, at)
        number = whole(word >> S56) >> 1
        if whole(word >> S56) == MARK:
            length = get64(block_of(f, whole(word & LOW)), LENGTH)
        elif word & LOW or get64(get64(f, SLOTS), number) < 0:
            total += 1
        else:
            total += tops_of(length, get64(get64(f, SIZES), number)) - (
                1 if get64(f, IMPLIED) and number > 0 else 0
            )
    return total


@inner
def turn(f: int, message: int, size: int, roots: int, answers: int) -> None:
    """Enter the answers to a message."""
    told, at = 0, 0
    while at < size:
        end = at + 1
        while end < size and whole(get_word(message, end) >> S56) != MARK:
            end += 1
        g = block_of(f, whole(get_word(message, at) & LOW))
        told = _absorb(g, message, roots, end, at + 1, answers, told)
        at = end


@inner
def next_questions(f: int, message: int, roots: int) -> int:
    """Write the next message; the number of its words."""
    at = 0
    for b in range(get64(f, BLOCKS)):
        at = _choose(block_of(f, b), b, message, roots, at)
    return at


@inner
def _room_of_message(f: int) -> int:
    """The number of words that the next message may have."""
    blocks = get64(f, BLOCKS)
    room = blocks * (1 + get64(f, PASSES))
    for b in range(blocks):
        room += max(get64(get64(block_of(f, b), FACTS), WAITING), get64(f, FEW) << get64(f, LEVELS))
    return room


@compiled
def advance(
    layout: NDArray[np.int64], message: Words, roots: NDArray[np.int32], answers: NDArray[np.uint8]
) -> tuple[int, Words, NDArray[np.int32], int]:
    """Take the answers to a message and write the next one.

    Returns:
        The number of nodes that are lacking (then nothing was done), the message, the nodes that it asks
        about, and the number of parities that it asks for.
    """
    f = whole(layout.ctypes.data)
    asked, nodes = whole(message.ctypes.data), whole(roots.ctypes.data)
    short = short_of_room(f, asked, message.size)
    if short > 0:
        return short, message, roots, 0
    turn(f, asked, message.size, nodes, whole(answers.ctypes.data))
    room = _room_of_message(f)
    next_message, next_roots = np.empty(room, np.uint64), np.empty(room, np.int32)
    asked = whole(next_message.ctypes.data)
    size = next_questions(f, asked, whole(next_roots.ctypes.data))
    return 0, next_message[:size], next_roots[:size], _parities(f, asked, size)
