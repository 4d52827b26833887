"""Syndromes and belief propagation, layer by layer, on quasi-cyclic codes.

A code is a row of circulants in the order of the base rows: `starts[r]` is the first of row r, `columns`
and `shifts`
say which. Bit z of check r is the parity of the bits (z + shift) mod Z of its columns.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.reconciliation._jit import compiled, get_real, inner, put_real, vectorised, whole

__all__ = ["decode", "syndrome"]

Bits = NDArray[np.uint8]
Reals = NDArray[np.float32]
Places = NDArray[np.int64]

ONE, ZERO, MINUS = np.float32(1), np.float32(0), np.float32(-1)
LOG2, REACH = np.float32(0.6931), np.float32(1 / 4.5)


@compiled
def syndrome(bits: Bits, starts: Places, columns: Places, shifts: Places, out: Bits) -> None:
    """The parities of all checks: `bits` [columns, Z], `out` [rows, Z]."""
    size = bits.shape[1]
    for row in range(starts.size - 1):
        for lane in range(size):
            out[row, lane] = 0
        for edge in range(starts[row], starts[row + 1]):
            column, shift = columns[edge], shifts[edge]
            upper, lower = bits[column, shift:], bits[column, :shift]
            high, low = out[row, : size - shift], out[row, size - shift :]
            for lane in range(size - shift):
                high[lane] ^= upper[lane]
            for lane in range(shift):
                low[lane] ^= lower[lane]


@vectorised
def _combine(first: int, second: int, out: int, size: int) -> None:
    """What a check tells of the sum of two bits: an approximation of box-plus (rows of reals at addresses).

    |a ⊞ b| = max(0, min + g(|a| + |b|) − g(||a| − |b||)), g(x) = ln 2 · max(0, 1 − x/4.5)³ ≈ ln(1 + e^{−x}).
    """
    for lane in range(size):
        a, b = get_real(first, lane), get_real(second, lane)
        both = a * b
        a, b = abs(a), abs(b)
        small = a if a < b else b
        near = ONE - (a + b) * REACH
        far = ONE - abs(a - b) * REACH
        near = near if near > ZERO else ZERO
        far = far if far > ZERO else ZERO
        told = small + LOG2 * (near * near * near - far * far * far)
        told = told if told > ZERO else ZERO
        put_real(out, lane, told if both > ZERO else -told)


@vectorised
def _multiply(first: int, second: int, out: int, size: int) -> None:
    """Products of two rows."""
    for lane in range(size):
        put_real(out, lane, get_real(first, lane) * get_real(second, lane))


@vectorised
def _subtract(first: int, second: int, out: int, size: int) -> None:
    """Differences of two rows."""
    for lane in range(size):
        put_real(out, lane, get_real(first, lane) - get_real(second, lane))


@vectorised
def _add(first: int, second: int, out: int, size: int) -> None:
    """Sums of two rows."""
    for lane in range(size):
        put_real(out, lane, get_real(first, lane) + get_real(second, lane))


@inner
def _layer(
    total: int,
    messages: int,
    signs: int,
    columns: Places,
    shifts: Places,
    start: int,
    end: int,
    size: int,
    room: int,
) -> None:
    """Update one row of checks: messages of the circulants from `start` to `end`, room for 3 rows of each."""
    degree, row = end - start, 4 * size
    ahead, behind = room + degree * row, room + 2 * degree * row
    for edge in range(degree):
        shift, column = shifts[start + edge], total + columns[start + edge] * row
        old, new, split = messages + (start + edge) * row, room + edge * row, size - shifts[start + edge]
        _subtract(column + 4 * shift, old, new, split)
        _subtract(column, old + 4 * split, new + 4 * split, shift)
    last = degree - 1
    _multiply(room, signs, ahead, size)
    _multiply(room + last * row, signs, behind + last * row, size)
    for edge in range(1, last):
        _combine(ahead + (edge - 1) * row, room + edge * row, ahead + edge * row, size)
    for edge in range(last - 1, 0, -1):
        _combine(behind + (edge + 1) * row, room + edge * row, behind + edge * row, size)
    # The sign of the check is in `ahead` and in `behind`: taking both takes it twice.
    for edge in range(1, last):
        new = messages + (start + edge) * row
        _combine(ahead + (edge - 1) * row, behind + (edge + 1) * row, new, size)
        _multiply(new, signs, new, size)
    _multiply(behind + row, signs, messages + start * row, size)
    _multiply(messages + start * row, signs, messages + start * row, size)
    _multiply(ahead + (last - 1) * row, signs, messages + (start + last) * row, size)
    _multiply(messages + (start + last) * row, signs, messages + (start + last) * row, size)
    for edge in range(degree):
        shift, column = shifts[start + edge], total + columns[start + edge] * row
        before, new, split = room + edge * row, messages + (start + edge) * row, size - shifts[start + edge]
        _add(before, new, column + 4 * shift, split)
        _add(before + 4 * split, new + 4 * split, column, shift)


@inner
def _unmet(total: Reals, target: Bits, starts: Places, columns: Places, shifts: Places, found: Bits) -> bool:
    """Whether some check is not met; the first one ends the search."""
    size = total.shape[1]
    for row in range(starts.size - 1):
        for lane in range(size):
            found[lane] = target[row, lane]
        for edge in range(starts[row], starts[row + 1]):
            shift, split = shifts[edge], size - shifts[edge]
            upper, lower = total[columns[edge], shift:], total[columns[edge], :shift]
            for lane in range(split):
                found[lane] ^= upper[lane] < ZERO
            late = found[split:]
            for lane in range(shift):
                late[lane] ^= lower[lane] < ZERO
        wrong = np.uint8(0)
        for lane in range(size):
            wrong |= found[lane]
        if wrong:
            return True
    return False


@compiled
def decode(
    total: Reals,
    target: Bits,
    starts: Places,
    columns: Places,
    shifts: Places,
    memory: Reals,
    iterations: int,
) -> int:
    """Find the errors that a syndrome tells of.

    Args:
        total: Log-likelihood ratios of "no error" [columns, Z]; in the end those after decoding.
        target: The syndrome [rows, Z].
        starts: First circulant of each row, and their number.
        columns: Column of each circulant.
        shifts: Shift of each circulant.
        memory: Room for (1 + circulants + 3 · greatest degree of a row) · Z reals.
        iterations: Give up after so many.

    Returns:
        Iterations that were needed, or −1.
    """
    size = total.shape[1]
    for place in range(memory.size):
        memory[place] = ZERO
    found = np.empty(size, np.uint8)
    at, plus = whole(total.ctypes.data), whole(memory.ctypes.data)
    told = plus + 4 * size
    rows = told + 4 * size * columns.size
    if not _unmet(total, target, starts, columns, shifts, found):
        return 0
    for turn in range(iterations):
        for row in range(starts.size - 1):
            a, b = starts[row], starts[row + 1]
            for lane in range(size):
                memory[lane] = MINUS if target[row, lane] else ONE
            _layer(at, told, plus, columns, shifts, a, b, size, rows)
        if turn % 2 and not _unmet(total, target, starts, columns, shifts, found):
            return turn + 1
    return -1
