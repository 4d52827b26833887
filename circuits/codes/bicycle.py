"""Bivariate bicycle codes: quantum low-density parity-check codes on a torus."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuits.codes._gf2 import Bits
from circuits.codes.stabilizer import StabilizerCode

__all__ = ["bivariate_bicycle"]

Monomials = Sequence[tuple[int, int]]

_KNOWN_DISTANCES = {(6, 6): 6, (12, 6): 12}
_A: Monomials = ((3, 0), (0, 1), (0, 2))
_B: Monomials = ((0, 3), (1, 0), (2, 0))


def bivariate_bicycle(
    order_x: int = 6, order_y: int = 6, *, a: Monomials = _A, b: Monomials = _B
) -> StabilizerCode:
    """The bivariate bicycle code QC(A, B) on 2·order_x·order_y qubits, X checks [A|B], Z checks [Bᵀ|Aᵀ].

    A and B are polynomials in the commuting shifts x and y of these orders. The defaults are
    A = x³ + y + y², B = y³ + x + x², which give [[72,12,6]] at (6, 6) and [[144,12,12]] at (12, 6).

    Args:
        order_x: Order of x, at least 1.
        order_y: Order of y, at least 1.
        a: The monomials of A as (power of x, power of y).
        b: The monomials of B likewise.

    Raises:
        ValueError: An order below 1.

    Source: Bravyi et al., Nature 627, 778 (2024), arXiv:2308.07915, table 3.

    >>> bivariate_bicycle().parameters
    (72, 12, 6)
    """
    if order_x < 1 or order_y < 1:
        raise ValueError(f"bivariate_bicycle({order_x}, {order_y}): both orders are at least 1")
    first, second = _polynomial(a, order_x, order_y), _polynomial(b, order_x, order_y)
    plain = tuple(a) == tuple(_A) and tuple(b) == tuple(_B)
    return StabilizerCode.from_check_matrices(
        np.hstack([first, second]),
        np.hstack([second.T, first.T]),
        name=f"bivariate_bicycle:{order_x},{order_y}",
        distance=_KNOWN_DISTANCES.get((order_x, order_y)) if plain else None,
        coordinates=tuple(
            (i + shift, j + shift) for shift in (0.0, 0.5) for i in range(order_x) for j in range(order_y)
        ),
        source="arXiv:2308.07915",
    )


def _polynomial(monomials: Monomials, order_x: int, order_y: int) -> Bits:
    total = np.zeros((order_x * order_y,) * 2, dtype=np.uint8)
    for i, j in monomials:
        x = np.roll(np.eye(order_x, dtype=np.uint8), i, axis=1)
        y = np.roll(np.eye(order_y, dtype=np.uint8), j, axis=1)
        total ^= np.kron(x, y)
    return total
