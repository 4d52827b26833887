"""Checks of what comes from outside, and keys cut into blocks of nearly equal length."""

from __future__ import annotations

from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["HIGHEST_QBER", "blocks_of", "checked_key", "checked_qber", "checked_seed", "entropy"]

HIGHEST_QBER = 0.25


def checked_key(key: ArrayLike, name: str = "key") -> NDArray[np.uint8]:
    """A key as a row of zeros and ones; `ValueError` where it is not one or is empty."""
    bits = np.asarray(key)
    if bits.ndim != 1 or bits.size == 0:
        raise ValueError(f"{name} must be a row of at least one bit, not an array of shape {bits.shape}")
    if bits.dtype.kind not in "bui" or bits.min() < 0 or bits.max() > 1:
        raise ValueError(
            f"{name} must hold zeros and ones only (dtype {bits.dtype}); unpack bytes by numpy.unpackbits"
        )
    return np.ascontiguousarray(bits, dtype=np.uint8)


def checked_qber(qber: object) -> float:
    """An error rate for which a block can be reconciled."""
    if isinstance(qber, bool) or not isinstance(qber, Real) or not 0 <= float(qber) <= 1:
        raise ValueError(f"qber must be a number from 0 to {HIGHEST_QBER}, not {qber!r}")
    if float(qber) > HIGHEST_QBER:
        raise ValueError(
            f"qber {float(qber):.4g} is too high: no key is left above {HIGHEST_QBER}; discard the block"
        )
    return float(qber)


def checked_seed(seed: object) -> int:
    """A public seed of 64 bits."""
    if isinstance(seed, bool) or not isinstance(seed, Integral) or not 0 <= int(seed) < 1 << 64:
        raise ValueError(f"seed must be an integer from 0 to 2**64 - 1, not {seed!r}")
    return int(seed)


def blocks_of(length: int, block_length: int) -> NDArray[np.int64]:
    """Where the blocks of a key start, and its end: lengths differ by one at most.

    Args:
        length: Bits of the key.
        block_length: Bits that a block should have; the nearest number of blocks is taken.
    """
    number = max(1, round(length / block_length))
    return np.arange(number + 1, dtype=np.int64) * length // number


def entropy(share: float) -> float:
    """h(share) in bits."""
    if not 0 < share < 1:
        return 0.0
    return float(-share * np.log2(share) - (1 - share) * np.log2(1 - share))
