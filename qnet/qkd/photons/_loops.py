"""The compiled loops of the pulse-level model: which pulses may click, and which detectors do."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qnet.qkd._jit import compiled

__all__ = ["NEVER", "candidates", "clicks", "clicks_of_two", "generator_state", "results", "tally"]

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
State = NDArray[np.uint64]

NEVER = 2**62


def generator_state(sequence: np.random.SeedSequence) -> State:
    """The state of a xoshiro256++ generator, which `uniform` moves on."""
    state: State = sequence.generate_state(4, np.uint64).astype(np.uint64)
    state[3] |= np.uint64(1)
    return state


@njit(nogil=True, inline="always")
def uniform(a: Any, b: Any, c: Any, d: Any) -> Any:  # pragma: no cover
    """A number from 0 to below 1, and the next state, by xoshiro256++.

    Source: Blackman and Vigna, ACM Trans. Math. Softw. 47, 36 (2021), arXiv:1805.01407.
    """
    total = a + d
    made = ((total << np.uint64(23)) | (total >> np.uint64(41))) + a
    shifted = b << np.uint64(17)
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << np.uint64(45)) | (d >> np.uint64(19))
    return np.float64(made >> np.uint64(11)) * 1.1102230246251565e-16, a, b, c, d


@compiled
def candidates(
    numbers: Numbers,
    light: Bytes,
    marks: Bytes,
    waiting: Numbers,
    next_light: int,
    scale: float,
    pulses: int,
    offset: int,
    afterpulse: Floats,
    state: State,
) -> tuple[int, int, int, int]:  # pragma: no cover
    """Fill in the next pulses that may click, in order.

    Those are the pulses in which light or dark counts may cause a click, with gaps drawn from a geometric
    distribution, and those that would see the afterpulse of an earlier one of them. Whether a detector that
    clicks will have an afterpulse is drawn here, before anybody knows whether it clicks.

    Args:
        numbers: int64, filled with pulse numbers.
        light: uint8, filled: whether light or dark counts may cause a click.
        marks: uint8, filled: bit d says that a click of detector d will have an afterpulse.
        waiting: Numbers of earlier pulses with marks whose afterpulse is yet to come.
        next_light: Number of the next pulse that light may make click.
        scale: 1/log(1−p), p being the probability that a pulse is one of those.
        pulses: Number of pulses in all.
        offset: How many pulses later the first live one after a click is.
        afterpulse: Running sums of the probabilities of marks 1, 2, …; empty if there are no afterpulses.
        state: State of the generator.

    Returns:
        How many pulses were filled in, how many of `waiting` are done with, from which of the new ones on
        afterpulses are yet to come, and the next `next_light`.
    """
    s0, s1, s2, s3 = state[0], state[1], state[2], state[3]
    count, head, own = 0, 0, 0
    while count < numbers.size:
        target = pulses
        if head < waiting.size:
            target = waiting[head] + offset
        else:
            while own < count and marks[own] == 0:
                own += 1
            if own < count:
                target = numbers[own] + offset
        number = min(next_light, target)
        if number >= pulses:
            break
        if number == target:
            if head < waiting.size:
                head += 1
            else:
                own += 1
        numbers[count] = number
        light[count] = 0
        if number == next_light:
            light[count] = 1
            drawn, s0, s1, s2, s3 = uniform(s0, s1, s2, s3)
            gap = np.log(1.0 - drawn) * scale
            next_light = int(number + 1 + np.int64(gap)) if gap < 2.0**61 else pulses
        marks[count] = 0
        if afterpulse.size > 0:
            drawn, s0, s1, s2, s3 = uniform(s0, s1, s2, s3)
            if drawn < afterpulse[-1]:
                mark = 0
                while afterpulse[mark] <= drawn:
                    mark += 1
                marks[count] = mark + 1
        count += 1
    state[0], state[1], state[2], state[3] = s0, s1, s2, s3
    return count, head, own, next_light


@compiled
def clicks(
    numbers: Numbers,
    light: Bytes,
    marks: Bytes,
    cells: NDArray[np.uint32],
    bounds: Floats,
    ceiling: float,
    dead: int,
    ends: Bytes,
    last: Numbers,
    left: Bytes,
    seen: Bytes,
    state: State,
) -> None:  # pragma: no cover
    """Fill in which detectors click in each of the pulses.

    Args:
        numbers: int64, numbers of the pulses.
        light: uint8, whether light or dark counts may cause a click.
        marks: uint8, whose clicks will have an afterpulse.
        cells: uint32, which row of `bounds` each pulse belongs to.
        bounds: Running sums of the probabilities of the patterns 1, 2, … of clicks, one row a cell.
        ceiling: The probability that a pulse may click, at least the last entry of every row.
        dead: For how many pulses after a click an end sees nothing.
        ends: uint8, the detectors of each end, as bits.
        last: int64, the pulse in which each end clicked last; changed.
        left: uint8, the detectors of each end that will have an afterpulse; changed.
        seen: uint8, filled: bit d says that detector d clicked.
        state: State of the generator.
    """
    s0, s1, s2, s3 = state[0], state[1], state[2], state[3]
    top = bounds.shape[1] - 1
    for i in range(numbers.size):
        number = numbers[i]
        live, pattern = np.uint8(0), np.uint8(0)
        for end in range(ends.size):
            since = number - last[end]
            if since > dead:
                live |= ends[end]
                if since == dead + 1:
                    pattern |= left[end]
        if live != 0:
            if light[i] != 0:
                drawn, s0, s1, s2, s3 = uniform(s0, s1, s2, s3)
                drawn *= ceiling
                cell = cells[i]
                if drawn < bounds[cell, top]:
                    low, high = 0, top
                    while low < high:
                        middle = (low + high) >> 1
                        if bounds[cell, middle] > drawn:
                            high = middle
                        else:
                            low = middle + 1
                    pattern |= np.uint8(low + 1) & live
            if pattern != 0:
                for end in range(ends.size):
                    if pattern & ends[end]:
                        last[end] = number
                        left[end] = pattern & ends[end] & marks[i]
        seen[i] = pattern
    state[0], state[1], state[2], state[3] = s0, s1, s2, s3


@compiled
def clicks_of_two(
    numbers: Numbers,
    light: Bytes,
    marks: Bytes,
    cells: NDArray[np.uint32],
    bounds: Floats,
    ceiling: float,
    dead: int,
    last: Numbers,
    left: Bytes,
    seen: Bytes,
    state: State,
) -> None:  # pragma: no cover
    """The same as `clicks` for one end with two detectors, almost without branches that depend on chance."""
    s0, s1, s2, s3 = state[0], state[1], state[2], state[3]
    before, mark = last[0], left[0]
    for i in range(numbers.size):
        drawn, s0, s1, s2, s3 = uniform(s0, s1, s2, s3)
        drawn *= ceiling
        cell = cells[i]
        found = 1 + (drawn >= bounds[cell, 0]) + (drawn >= bounds[cell, 1]) + (drawn >= bounds[cell, 2])
        pattern = np.uint8(found & 3) * light[i]
        since = numbers[i] - before
        if since == dead + 1:
            pattern |= mark
        pattern *= np.uint8(since > dead)
        clicked = pattern != 0
        before = numbers[i] if clicked else before
        mark = pattern & marks[i] if clicked else mark
        seen[i] = pattern
    last[0], left[0] = before, mark
    state[0], state[1], state[2], state[3] = s0, s1, s2, s3


@compiled
def results(
    seen: Bytes,
    shift: int,
    detectors: int,
    clicked: NDArray[np.bool_],
    bits: Bytes,
    bases: Bytes,
    state: State,
) -> int:  # pragma: no cover
    """Fill in what an end makes of the detectors that clicked; clicks of two of them are assigned at random.

    Args:
        seen: uint8, the detectors that clicked in each pulse, as bits.
        shift: Number of the end's first detector.
        detectors: How many it has: two, or four of which the first two are those of the first basis.
        clicked: bool, filled: whether the end saw anything.
        bits: uint8, one longer than `seen`, filled from the beginning: the results of the pulses that
            clicked.
        bases: uint8, filled likewise: their bases, of four detectors.
        state: State of the generator.

    Returns:
        How many pulses clicked.
    """
    s0, s1, s2, s3 = state[0], state[1], state[2], state[3]
    count = 0
    mask = (1 << detectors) - 1
    if detectors == 2:
        for i in range(seen.size):
            mine = (seen[i] >> shift) & mask
            clicked[i] = mine != 0
            bits[count] = mine >> 1
            if mine == 3:
                drawn, s0, s1, s2, s3 = uniform(s0, s1, s2, s3)
                bits[count] = 1 if drawn < 0.5 else 0
            count += mine != 0
        state[0], state[1], state[2], state[3] = s0, s1, s2, s3
        return count
    for i in range(seen.size):
        mine = (seen[i] >> shift) & mask
        clicked[i] = mine != 0
        if mine == 0:
            continue
        basis = 0
        here, there = mine & 3, mine >> 2
        if here != 0 and there != 0:
            drawn, s0, s1, s2, s3 = uniform(s0, s1, s2, s3)
            basis = 1 if drawn < 0.5 else 0
        elif there != 0:
            basis = 1
        mine = there if basis == 1 else here
        bases[count] = basis
        if mine == 3:
            drawn, s0, s1, s2, s3 = uniform(s0, s1, s2, s3)
            bits[count] = 1 if drawn < 0.5 else 0
        else:
            bits[count] = mine >> 1
        count += 1
    state[0], state[1], state[2], state[3] = s0, s1, s2, s3
    return count


@compiled
def tally(
    choices: tuple[Bytes, Bytes, Bytes],
    alice: tuple[NDArray[np.bool_], Bytes, Bytes],
    bob: tuple[NDArray[np.bool_], Bytes, Bytes],
    sent: Bytes,
    shape: tuple[int, int],
    clicks: Numbers,
    errors: Numbers,
) -> None:  # pragma: no cover
    """Count the pulses that both ends saw, by intensity and bases.

    Args:
        choices: Alice's intensities (or none), her bases and Bob's, of all pulses.
        alice: What Alice saw: whether she clicked, bits and (or none) bases of the clicks; none if she sends.
        bob: The same of Bob.
        sent: Alice's bits of all pulses, if she sends.
        shape: The numbers of bases of Alice and of Bob.
        clicks: Counts, added to.
        errors: Counts of those whose bits differ, added to.
    """
    kinds, hers, his = choices
    a, b = 0, 0
    for i in range(hers.size):
        left = sent.size > 0 or alice[0][i]
        right = bob[0][i]
        if left and right:
            kind = kinds[i] if kinds.size > 0 else 0
            one = alice[2][a] if alice[2].size > 0 else hers[i]
            two = bob[2][b] if bob[2].size > 0 else his[i]
            bit = sent[i] if sent.size > 0 else alice[1][a]
            cell = (kind * shape[0] + one) * shape[1] + two
            clicks[cell] += 1
            errors[cell] += bit != bob[1][b]
        if left:
            a += 1
        if right:
            b += 1
