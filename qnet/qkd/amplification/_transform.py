"""The change of basis on which additive Fourier transforms of 2¹⁶ coefficients rest, in place.

The points are all sums of the first sixteen elements of the Cantor basis, which are the subfield GF(2¹⁶): the
polynomial that vanishes on them is x⁶⁵⁵³⁶ + x, so that products are taken modulo it. Coefficients are
converted, by XOR alone, to the basis of products of vanishing polynomials; butterflies do the rest.

Source: S. Gao and T. Mateer, IEEE Trans. Inf. Theory 56, 6265 (2010); S.-J. Lin, T. Y. Al-Naffouri,
Y. S. Han and W.-H. Chung, arXiv:1602.07404 (2016).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qnet.qkd._jit import compiled

__all__ = ["LOG_SIZE", "SIZE", "from_products", "to_products"]

LOG_SIZE = 16
SIZE = 1 << LOG_SIZE


def to_products(coefficients: NDArray[Any]) -> None:
    """Convert SIZE coefficients of powers to those of products of vanishing polynomials."""
    _to_products(coefficients, _steps(LOG_SIZE))
    _sixteens_to_products(coefficients)


def from_products(coefficients: NDArray[Any]) -> None:
    """Undo `to_products`."""
    _sixteens_from_products(coefficients)
    _from_products(coefficients, _steps(LOG_SIZE))


@cache
def _steps(log_size: int) -> NDArray[np.int64]:
    # Rows (log of a polynomial's coefficients, log of the run that each coefficient is, log of the degree of
    # the vanishing polynomial in whose powers it is expanded); runs of sixteen coefficients go by themselves.
    return np.array([s for s in _expansions(log_size, 0) if s[0] + s[1] > 4], np.int64).reshape(-1, 3)


def _expansions(log_size: int, log_run: int) -> list[tuple[int, int, int]]:
    if log_size <= 1:
        return []
    degree = 1 << ((log_size - 1).bit_length() - 1)
    inner = _expansions(log_size - degree, log_run + degree) + _expansions(degree, log_run)
    return [(log_size, log_run, degree), *inner]


@compiled
def _to_products(p: Any, steps: Any) -> None:
    for k in range(steps.shape[0]):
        log_size, log_run, degree = steps[k]
        for level in range(log_size - degree, 0, -1):
            half = 1 << (degree + level - 1 + log_run)
            reach = half - (1 << (level - 1 + log_run))
            for start in range(0, p.size, 2 * half):
                high = start + 2 * half
                while high > start + half:
                    low = max(start + half, high - reach)
                    for i in range(low, high):
                        p[i - reach] ^= p[i]
                    high = low


@compiled
def _from_products(p: Any, steps: Any) -> None:
    for k in range(steps.shape[0] - 1, -1, -1):
        log_size, log_run, degree = steps[k]
        for level in range(1, log_size - degree + 1):
            half = 1 << (degree + level - 1 + log_run)
            reach = half - (1 << (level - 1 + log_run))
            for start in range(0, p.size, 2 * half):
                low = start + half
                while low < start + 2 * half:
                    high = min(start + 2 * half, low + reach)
                    for i in range(low, high):
                        p[i - reach] ^= p[i]
                    low = high


@compiled
def _sixteens_to_products(p: Any) -> None:
    # Sixteen coefficients at x⁴ + x, then fours of runs of four, and of single ones, at x² + x.
    for s in range(0, p.size, 16):
        for i in range(s + 15, s + 7, -1):
            p[i - 6] ^= p[i]
        for i in range(s + 7, s + 3, -1):
            p[i - 3] ^= p[i]
        for i in range(s + 15, s + 11, -1):
            p[i - 3] ^= p[i]
        for i in range(s + 15, s + 7, -1):
            p[i - 4] ^= p[i]
        for i in range(s, s + 16, 4):
            p[i + 2] ^= p[i + 3]
            p[i + 1] ^= p[i + 2]


@compiled
def _sixteens_from_products(p: Any) -> None:
    for s in range(0, p.size, 16):
        for i in range(s, s + 16, 4):
            p[i + 1] ^= p[i + 2]
            p[i + 2] ^= p[i + 3]
        for i in range(s + 8, s + 16):
            p[i - 4] ^= p[i]
        for i in range(s + 12, s + 16):
            p[i - 3] ^= p[i]
        for i in range(s + 4, s + 8):
            p[i - 3] ^= p[i]
        for i in range(s + 8, s + 16):
            p[i - 6] ^= p[i]
