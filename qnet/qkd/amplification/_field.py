"""Fields of characteristic two in Python's integers: their Cantor bases, and the twiddles that follow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["Arithmetic", "cantor_basis", "twiddles"]


@dataclass(frozen=True, kw_only=True)
class Arithmetic:
    """The field GF(2)[x] modulo an irreducible polynomial; bit i of an element is the coefficient of xⁱ.

    Args:
        degree: Of the polynomial, a power of two.
        modulus: The polynomial without its leading term.
    """

    degree: int
    modulus: int

    def multiply(self, a: int, b: int) -> int:
        """The product of two elements.

        Example:
            >>> Arithmetic(degree=64, modulus=0b11011).multiply(1 << 63, 2)
            27
        """
        product = 0
        while b:
            if b & 1:
                product ^= a
            b >>= 1
            a <<= 1
            if a >> self.degree:
                a ^= 1 << self.degree | self.modulus
        return product


@cache
def cantor_basis(field: Arithmetic, count: int) -> tuple[int, ...]:
    """The first elements β of the Cantor basis: β₀ = 1, and β² + β of each is the one before it.

    Source: D. G. Cantor, J. Comb. Theory A 50, 285 (1989).

    Example:
        >>> field = Arithmetic(degree=16, modulus=0x100B)
        >>> basis = cantor_basis(field, 16)
        >>> all(field.multiply(b, b) ^ b == before for before, b in zip(basis, basis[1:]))
        True
    """
    solved = _solver(field)
    basis = [1]
    while len(basis) < count:
        rest, root = basis[-1], 0
        while rest:
            image, origin = solved[rest.bit_length() - 1]
            rest, root = rest ^ image, root ^ origin
        basis.append(root & ~1)
    return tuple(basis[:count])


def _solver(field: Arithmetic) -> dict[int, tuple[int, int]]:
    # By leading bit: an image of y → y² + y with that leading bit, and a y of which it is the image.
    solved: dict[int, tuple[int, int]] = {}
    for bit in range(field.degree):
        origin = 1 << bit
        image = field.multiply(origin, origin) ^ origin
        while image and image.bit_length() - 1 in solved:
            other = solved[image.bit_length() - 1]
            image, origin = image ^ other[0], origin ^ other[1]
        if image:
            solved[image.bit_length() - 1] = (image, origin)
    return solved


@cache
def twiddles(field: Arithmetic, log_size: int) -> NDArray[np.uint64]:
    """What multiplies block b of any layer of a transform of 2^log_size points: Σ over bits j of b of βⱼ₊₁.

    In the Cantor basis the vanishing polynomial of the first i basis elements maps βⱼ to βⱼ₋ᵢ, so that one
    table serves all layers.
    """
    table = np.zeros(1 << (log_size - 1), np.uint64)
    for j, element in enumerate(cantor_basis(field, log_size)[1:]):
        table[1 << j : 2 << j] = table[: 1 << j] ^ np.uint64(element)
    table.flags.writeable = False
    return table
