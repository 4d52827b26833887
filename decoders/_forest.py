"""What erased errors flipped, shot by shot: along a forest where they are edges, else by elimination."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from decoders._jit import compiled

__all__ = ["AMBIGUOUS", "UNEXPLAINED", "eliminate", "grow_forests"]

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]
Words = NDArray[np.uint64]

AMBIGUOUS, UNEXPLAINED = 1, 2


def _list_fired(row: Bytes, found: Places) -> int:
    count = 0
    for byte in range(row.size):
        value = row[byte]
        for bit in range(8):
            if value >> bit & 1:
                found[count] = 8 * byte + bit
                count += 1
    return count


def _climb_up(parent: Places, above: Words, node: int, flips: Words) -> int:
    while parent[node] != node:
        for word in range(flips.size):
            flips[word] ^= above[node, word]
        node = parent[node]
    return node


_fired = compiled(_list_fired)
_climb = compiled(_climb_up)


def _join_edge(parent: Places, above: Words, size: Places, u: int, v: int, flips: Words) -> bool:
    """Joins two trees by an edge; where it closes a cycle, whether the cycle flips an observable."""
    a, b = _climb(parent, above, u, flips), _climb(parent, above, v, flips)
    if a == b:
        return bool(np.any(flips))
    if size[a] > size[b]:
        a, b = b, a
    parent[a] = b
    size[b] += size[a]
    for word in range(flips.size):
        above[a, word] = flips[word]
    return False


_join = compiled(_join_edge)


def _grow_forests(
    events: Bytes, heralds: Places, start: Places, ends: Places, effects: Words, flips: Words, status: Bytes
) -> None:
    """Fills `flips` and `status`; heralds[d] is the number of the herald that detector d is, −1 for none.

    The edges of herald h are ends[start[h]:start[h + 1]]; the boundary is one vertex after the detectors.
    Observables are carried along as the flips from a vertex to the root of its tree.
    """
    boundary = heralds.size
    parent = np.arange(boundary + 1)
    size = np.ones(boundary + 1, np.int64)
    odd = np.zeros(boundary + 1, np.uint8)
    above = np.zeros((boundary + 1, effects.shape[1]), np.uint64)
    step = np.zeros(effects.shape[1], np.uint64)
    fired = np.empty(8 * events.shape[1], np.int64)
    for shot in range(events.shape[0]):
        number = _fired(events[shot], fired)
        for k in range(number):
            herald = heralds[fired[k]]
            if herald >= 0:
                for edge in range(start[herald], start[herald + 1]):
                    step[:] = effects[edge]
                    if _join(parent, above, size, ends[edge, 0], ends[edge, 1], step):
                        status[shot] = AMBIGUOUS
        for k in range(number):
            if heralds[fired[k]] < 0:
                odd[_climb(parent, above, fired[k], flips[shot])] ^= 1
        step[:] = 0
        outside = _climb(parent, above, boundary, step)
        if odd[outside]:
            flips[shot] ^= step
            odd[outside] = 0
        for k in range(number):
            if heralds[fired[k]] < 0 and odd[_climb(parent, above, fired[k], step)]:
                status[shot] = UNEXPLAINED
        for k in range(number):
            _reset(heralds, start, ends, fired[k], parent, size, odd)


def _reset_trees(
    heralds: Places, start: Places, ends: Places, detector: int, parent: Places, size: Places, odd: Bytes
) -> None:
    herald = heralds[detector]
    if herald < 0:
        odd[detector] = 0
    else:
        for edge in range(start[herald], start[herald + 1]):
            for node in ends[edge]:
                parent[node], size[node], odd[node] = node, 1, 0


_reset = compiled(_reset_trees)
grow_forests = compiled(_grow_forests)


def _clear(row: Words, basis: Words, place: Places, words: int) -> int:
    """Clears the row's first words by the basis; returns the first bit that stays, −1 where none does."""
    for word in range(words):
        bit = 0
        while row[word]:
            while not row[word] >> np.uint64(bit) & np.uint64(1):
                bit += 1
            known = place[64 * word + bit]
            if known < 0:
                return 64 * word + bit
            row ^= basis[known]
    return -1


_cleared = compiled(_clear)


def _eliminate(
    events: Bytes, heralds: Places, start: Places, generators: Words, words: int, flips: Words, status: Bytes
) -> None:
    """The same for errors of any number of detectors, which are the first `words` words of a generator."""
    place = np.full(64 * words, -1, np.int64)
    basis = np.empty((64 * words + 1, generators.shape[1]), np.uint64)
    syndrome = np.empty(generators.shape[1], np.uint64)
    fired = np.empty(8 * events.shape[1], np.int64)
    for shot in range(events.shape[0]):
        rank = 0
        syndrome[:] = 0
        place[:] = -1
        for k in range(_fired(events[shot], fired)):
            herald = heralds[fired[k]]
            if herald < 0:
                syndrome[fired[k] >> 6] |= np.uint64(1) << np.uint64(fired[k] & 63)
                continue
            for one in range(start[herald], start[herald + 1]):
                basis[rank] = generators[one]
                pivot = _cleared(basis[rank], basis, place, words)
                if pivot >= 0:
                    place[pivot] = rank
                    rank += 1
                elif np.any(basis[rank]):
                    status[shot] = AMBIGUOUS
        if _cleared(syndrome, basis, place, words) >= 0:
            status[shot] = UNEXPLAINED
        flips[shot] = syndrome[words:]


eliminate = compiled(_eliminate)
