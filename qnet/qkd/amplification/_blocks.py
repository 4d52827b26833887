"""A Toeplitz hash as a product of polynomials over GF(2), block by block.

Bit i of the hash is the coefficient of xⁱ⁺ⁿ⁻¹ in the product of the key and the seed. Both are cut into
pieces, elements of a field so large that their products need no reduction, and go through additive Fourier
transforms of 2¹⁶ points (overlap–save): a block of the hash is the sum, over the blocks of the key, of the
middle part of key block × a window of the seed that depends on the difference of their numbers alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.amplification._transform import SIZE
from qnet.qkd.amplification._words import packed, packed_to_end, unpacked

__all__ = ["Field", "block_hash", "transforms"]

Bits = NDArray[np.uint8]

# Pieces of a block: what a product wraps round modulo x⁶⁵⁵³⁶ + x stays below the part of it that is read.
_BLOCK = SIZE // 2


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field with 2¹⁶ points, and how it is computed in.

    Args:
        piece: Unsigned dtype of a piece of a key.
        element: Unsigned dtype of an element, twice as wide.
        forward: Turns rows of SIZE coefficients into values, in place.
        backward: The inverse, of one row.
        sum_of_products: Takes key blocks, windows in the order of their differences, and a row for the sum of
            key block b × window (last − b), value by value.
    """

    piece: Any
    element: Any
    forward: Callable[[Any], None]
    backward: Callable[[Any], None]
    sum_of_products: Callable[[Any, Any, Any], None]

    @property
    def bits(self) -> int:
        """Bits of a piece."""
        return 8 * int(np.dtype(self.piece).itemsize)


def transforms(field: Field, key_bits: int, length: int) -> int:
    """How many transforms a hash takes."""
    return 2 * (_count(field, key_bits) + _count(field, length + field.bits)) - 1


def block_hash(field: Field, key: Bits, seed: Bits, length: int) -> Bits:
    """The hash of a key of at least one bit; see `toeplitz_hash`."""
    key_blocks, hash_blocks = _count(field, key.size), _count(field, length + field.bits)
    factors = np.zeros((key_blocks, SIZE), field.element)
    factors[:, :_BLOCK] = packed(key, field.piece, key_blocks * _BLOCK).reshape(key_blocks, _BLOCK)
    field.forward(factors)
    windows = _windows(field, key.size, seed, length, key_blocks)
    products = np.empty(hash_blocks * _BLOCK, field.element)
    values = np.empty(SIZE, field.element)
    for block in range(hash_blocks):
        field.sum_of_products(factors, windows[block : block + key_blocks], values)
        field.backward(values)
        products[block * _BLOCK : (block + 1) * _BLOCK] = values[_BLOCK - 1 : SIZE - 1]
    count = -(-length // field.bits)
    below = (products[:count] >> field.element(field.bits)).astype(field.piece)
    return unpacked(products[1 : count + 1].astype(field.piece) ^ below, length)


def _count(field: Field, bits: int) -> int:
    return -(-bits // (field.bits * _BLOCK))


def _windows(field: Field, n: int, seed: Bits, length: int, key_blocks: int) -> NDArray[Any]:
    # Row d: the window of the difference d − key_blocks + 1 of the numbers of a hash block and a key block.
    first = -(-(n - 1) // field.bits)
    pieces = packed_to_end(seed, n - 1, field.piece, first + -(-length // field.bits))
    windows = np.zeros((key_blocks + _count(field, length + field.bits) - 1, SIZE), field.element)
    for row, window in enumerate(windows):
        start = first + (row - key_blocks) * _BLOCK
        low, high = max(start, 0), min(start + SIZE - 1, pieces.size)
        if low < high:
            window[low - start : high - start] = pieces[low:high]
    field.forward(windows)
    return windows
