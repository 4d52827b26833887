"""The exact answers for codes too large to enumerate every error: by transform, and by a tree of erasures."""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

from circuits.codes._gf2 import Bits
from circuits.codes.stabilizer import StabilizerCode

__all__ = ["erasures_by_tree", "probabilities_by_transform"]


def probabilities_by_transform(code: StabilizerCode, p: float) -> NDArray[np.float64]:
    """The probability of every syndrome and logical class, (2^(n−k), 4^k), under depolarising noise.

    The Walsh-Hadamard transform of that distribution is (1 − 4p/3)^weight over the 2^(n+k) products of checks
    and logical operators (the MacWilliams identity).
    """
    checks = StabilizerCode(name=code.name, checks=code.independent_checks()).check_matrix
    products = _weights(np.vstack([code.logical_matrix, checks]) if code.k else checks)
    powers = (1 - 4 * p / 3) ** np.arange(code.n + 1)
    found = np.asarray(powers[products], dtype=np.float64)
    _transform(found)
    found /= len(found)
    return np.asarray(found.reshape(-1, 4**code.k))


def _weights(operators: Bits) -> NDArray[np.uint8]:
    """The weight of every product of operators; bit j of the index tells whether operator j is in it."""
    n = operators.shape[1] // 2
    places = 1 << np.arange(n, dtype=np.uint32)
    x, z = (part.astype(np.uint32) @ places for part in (operators[:, :n], operators[:, n:]))
    xs, zs = np.zeros(1, np.uint32), np.zeros(1, np.uint32)
    for a, b in zip(x.astype(np.uint32), z.astype(np.uint32), strict=True):
        xs, zs = np.concatenate([xs, xs ^ a]), np.concatenate([zs, zs ^ b])
    union = xs | zs
    ones = np.array([number.bit_count() for number in range(1 << 12)], dtype=np.uint8)
    return np.asarray(ones[union & 0xFFF] + ones[union >> 12], dtype=np.uint8)


def _transform(values: NDArray[np.float64]) -> None:
    """The Walsh-Hadamard transform, in place."""
    half = 1
    while half < len(values):
        pairs = values.reshape(-1, 2, half)
        sums = pairs[:, 0] + pairs[:, 1]
        pairs[:, 1] = pairs[:, 0] - pairs[:, 1]
        pairs[:, 0] = sums
        half *= 2


def erasures_by_tree(checks: Bits, logicals: Bits) -> tuple[int, ...]:
    """How many sets of qubits, by size, hold an operator that commutes with the checks and not all logicals.

    Qubits are added in order; a set that holds one is not looked into further, as all that contain it do.
    """
    n = checks.shape[1] // 2
    columns = [[_column(checks, logicals, place) for place in (q, n + q)] for q in range(n)]
    border = 1 << len(logicals)
    counts = [0] * (n + 1)

    def grow(qubit: int, size: int, basis: dict[int, int]) -> None:
        for q in range(qubit, n):
            larger = dict(basis)
            if _added(larger, columns[q], border):
                rest = n - q - 1
                for more in range(rest + 1):
                    counts[size + 1 + more] += comb(rest, more)
            else:
                grow(q + 1, size + 1, larger)

    grow(0, 0, {})
    return tuple(counts)


def _column(checks: Bits, logicals: Bits, place: int) -> int:
    """What one Pauli of one qubit anticommutes with, the checks in the high bits, the logicals in the low."""
    bits = [*checks[:, place], *logicals[:, place]]
    return int("".join(str(int(bit)) for bit in bits), 2)


def _added(basis: dict[int, int], columns: list[int], border: int) -> bool:
    """Adds columns to a basis by leading bit; whether a sum of them clears the checks alone."""
    for column in columns:
        while column >= border:
            leading = column.bit_length()
            if leading not in basis:
                basis[leading] = column
                break
            column ^= basis[leading]
        else:
            if column:
                return True
    return False
