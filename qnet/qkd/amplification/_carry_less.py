"""The engine for processors with carry-less multiplication: GF(2⁶⁴), and words multiplied one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qnet.qkd._jit import compiled
from qnet.qkd.amplification._blocks import Field, block_hash, transforms
from qnet.qkd.amplification._clmul import clmul, field_product, fold
from qnet.qkd.amplification._field import Arithmetic, twiddles
from qnet.qkd.amplification._transform import LOG_SIZE, SIZE, from_products, to_products
from qnet.qkd.amplification._words import packed, packed_to_end, unpacked

__all__ = ["GF64", "carry_less_hash"]

Bits = NDArray[np.uint8]

# How many products of words take as long as one transform (measured).
_PRODUCTS_PER_TRANSFORM = 1_000_000

# Points whose sums of products stay in the nearest cache.
_TILE = 2048


def carry_less_hash(key: Bits, seed: Bits, length: int) -> Bits:
    """The hash of a key of at least one bit; see `toeplitz_hash`."""
    products = -(-key.size // 64) * (-(-length // 64) + 1)
    if products < transforms(GF64, key.size, length) * _PRODUCTS_PER_TRANSFORM:
        return _short(key, seed, length)
    return block_hash(GF64, key, seed, length)


def _short(key: Bits, seed: Bits, length: int) -> Bits:
    factors = packed(key, np.uint64, -(-key.size // 64))
    first = -(-(key.size - 1) // 64)
    words = packed_to_end(seed, key.size - 1, np.uint64, first + -(-length // 64))
    made = np.zeros(-(-length // 64) + 1, np.uint64)
    _word_by_word(factors, words, first, made)
    return unpacked(made[1:], length)


@compiled
def _word_by_word(key: Any, seed: Any, first: Any, made: Any) -> None:
    # made[q] gets what falls into word first − 1 + q of the product; the very first is not wanted in full.
    for q in range(made.size):
        k = first - 1 + q
        low = high = np.uint64(0)
        for i in range(max(0, k - seed.size + 1), min(key.size, k + 1)):
            product = clmul(key[i], seed[k - i])
            low ^= product[0]
            high ^= product[1]
        made[q] ^= low
        if q + 1 < made.size:
            made[q + 1] ^= high


def _forward(values: Any) -> None:
    for row in values.reshape(-1, SIZE):
        to_products(row)
        _butterflies(row, _twiddles())


def _backward(values: Any) -> None:
    _inverse_butterflies(values, _twiddles())
    from_products(values)


def _twiddles() -> Any:
    return twiddles(Arithmetic(degree=64, modulus=0b11011), LOG_SIZE)


@compiled
def _butterflies(p: Any, factors: Any) -> None:
    for layer in range(LOG_SIZE - 1, -1, -1):
        half = 1 << layer
        for i in range(half):
            p[i + half] ^= p[i]
        for block in range(1, p.size >> (layer + 1)):
            factor, start = factors[block], block << (layer + 1)
            for i in range(start, start + half):
                v = p[i + half]
                u = p[i] ^ field_product(v, factor)
                p[i] = u
                p[i + half] = u ^ v


@compiled
def _inverse_butterflies(p: Any, factors: Any) -> None:
    for layer in range(LOG_SIZE):
        half = 1 << layer
        for i in range(half):
            p[i + half] ^= p[i]
        for block in range(1, p.size >> (layer + 1)):
            factor, start = factors[block], block << (layer + 1)
            for i in range(start, start + half):
                u = p[i]
                v = p[i + half] ^ u
                p[i + half] = v
                p[i] = u ^ field_product(v, factor)


@compiled
def _sum_of_products(factors: Any, windows: Any, values: Any) -> None:
    last = factors.shape[0] - 1
    low, high = np.empty(_TILE, np.uint64), np.empty(_TILE, np.uint64)
    for start in range(0, values.size, _TILE):
        low[:] = 0
        high[:] = 0
        for b in range(last + 1):
            x, r = factors[b, start : start + _TILE], windows[last - b, start : start + _TILE]
            for i in range(_TILE):
                product = clmul(x[i], r[i])
                low[i] ^= product[0]
                high[i] ^= product[1]
        for i in range(_TILE):
            values[start + i] = fold(low[i], high[i])


GF64 = Field(
    piece=np.uint32,
    element=np.uint64,
    forward=_forward,
    backward=_backward,
    sum_of_products=_sum_of_products,
)
