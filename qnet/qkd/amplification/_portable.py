"""The engine for any processor: GF(2¹⁶), whose products are sums of logarithms, looked up in tables."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qnet.qkd._jit import compiled
from qnet.qkd.amplification._blocks import Field, block_hash
from qnet.qkd.amplification._field import Arithmetic, twiddles
from qnet.qkd.amplification._transform import LOG_SIZE, SIZE, from_products, to_products

__all__ = ["GF16", "portable_hash"]

Bits = NDArray[np.uint8]
Tables = tuple[NDArray[np.uint16], NDArray[np.uint16]]

# x¹⁶ + x¹² + x³ + x + 1 is primitive: the powers of x are all elements but zero.
_ARITHMETIC = Arithmetic(degree=16, modulus=0x100B)
_ORDER = (1 << 16) - 1


def portable_hash(key: Bits, seed: Bits, length: int) -> Bits:
    """The hash of a key of at least one bit; see `toeplitz_hash`."""
    return block_hash(GF16, key, seed, length)


@cache
def _tables() -> Tables:
    # Logarithms by element (that of zero is not used), and powers of x by twice as many exponents.
    powers = np.empty(2 * _ORDER, np.uint16)
    element = 1
    for exponent in range(_ORDER):
        powers[exponent] = powers[exponent + _ORDER] = element
        element = _ARITHMETIC.multiply(element, 2)
    logarithms = np.zeros(1 << 16, np.uint16)
    logarithms[powers[:_ORDER]] = np.arange(_ORDER, dtype=np.uint16)
    return logarithms, powers


@cache
def _twiddle_logarithms() -> NDArray[np.uint16]:
    # The first twiddle is zero, has no logarithm and is not used.
    found: NDArray[np.uint16] = _tables()[0][twiddles(_ARITHMETIC, LOG_SIZE).astype(np.int64)]
    return found


def _forward(values: Any) -> None:
    for row in values.reshape(-1, SIZE):
        to_products(row)
        _butterflies(row, _twiddle_logarithms(), *_tables())


def _backward(values: Any) -> None:
    _inverse_butterflies(values, _twiddle_logarithms(), *_tables())
    from_products(values)


def _sum_of_products(factors: Any, windows: Any, values: Any) -> None:
    _multiply_and_add(factors, windows, values, *_tables())


@compiled
def _butterflies(p: Any, factors: Any, logarithms: Any, powers: Any) -> None:
    for layer in range(LOG_SIZE - 1, -1, -1):
        half = 1 << layer
        for i in range(half):
            p[i + half] ^= p[i]
        for block in range(1, p.size >> (layer + 1)):
            factor, start = np.int64(factors[block]), block << (layer + 1)
            for i in range(start, start + half):
                v = p[i + half]
                product = powers[factor + logarithms[v]] if v else np.uint16(0)
                u = p[i] ^ product
                p[i] = u
                p[i + half] = u ^ v


@compiled
def _inverse_butterflies(p: Any, factors: Any, logarithms: Any, powers: Any) -> None:
    for layer in range(LOG_SIZE):
        half = 1 << layer
        for i in range(half):
            p[i + half] ^= p[i]
        for block in range(1, p.size >> (layer + 1)):
            factor, start = np.int64(factors[block]), block << (layer + 1)
            for i in range(start, start + half):
                u = p[i]
                v = p[i + half] ^ u
                p[i + half] = v
                product = powers[factor + logarithms[v]] if v else np.uint16(0)
                p[i] = u ^ product


@compiled
def _multiply_and_add(factors: Any, windows: Any, values: Any, logarithms: Any, powers: Any) -> None:
    last = factors.shape[0] - 1
    values[:] = 0
    for b in range(last + 1):
        x, r = factors[b], windows[last - b]
        for i in range(values.size):
            if x[i] and r[i]:
                values[i] ^= powers[np.int64(logarithms[x[i]]) + logarithms[r[i]]]


GF16 = Field(
    piece=np.uint8,
    element=np.uint16,
    forward=_forward,
    backward=_backward,
    sum_of_products=_sum_of_products,
)
