"""Linear algebra over the field of two elements, on small matrices of zeros and ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint8]

__all__ = ["Bits", "nullspace", "pivots", "rank", "reduced"]


def reduced(matrix: Bits) -> tuple[Bits, list[int]]:
    """The reduced row echelon form without its zero rows, and its pivot columns."""
    m: Bits = np.array(matrix, dtype=np.uint8) & np.uint8(1)
    row, columns = 0, []
    for column in range(m.shape[1]):
        below = np.flatnonzero(m[row:, column])
        if below.size == 0:
            continue
        m[[row, row + below[0]]] = m[[row + below[0], row]]
        others = m[:, column].astype(bool)
        others[row] = False
        m[others] ^= m[row]
        columns.append(column)
        row += 1
        if row == m.shape[0]:
            break
    return m[:row], columns


def rank(matrix: Bits) -> int:
    """The number of independent rows."""
    return len(reduced(matrix)[1])


def pivots(matrix: Bits) -> list[int]:
    """The first rows, in order, that are independent of the rows before them."""
    return reduced(np.asarray(matrix, dtype=np.uint8).T)[1]


def nullspace(matrix: Bits) -> Bits:
    """A basis, one vector a row, of all x with matrix · x = 0."""
    m, columns = reduced(matrix)
    n = matrix.shape[1]
    free = [k for k in range(n) if k not in set(columns)]
    basis = np.zeros((len(free), n), dtype=np.uint8)
    for k, column in enumerate(free):
        basis[k, column] = 1
        basis[k, columns] = m[:, column]
    return basis
