"""`toeplitz_hash`: privacy amplification by a random Toeplitz matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qnet.qkd.amplification.engines import ENGINES, best_engine

__all__ = ["seed_length", "toeplitz_hash"]

Bits = NDArray[np.uint8]


def toeplitz_hash(key: ArrayLike, seed: ArrayLike, length: int, *, engine: str | None = None) -> Bits:
    """Hash a key with the Toeplitz matrix that a public seed stands for.

    Toeplitz matrices are a universal family, so that the hash of a key of which an eavesdropper knows little
    is close to uniform (leftover hash lemma). Bit i of the hash is the parity of
    `seed[i - j + n - 1] & key[j]` over all j; the answer is exact, whatever the engine.

    Args:
        key: Bits 0 and 1, shape `(n,)`, booleans or whole numbers.
        seed: Bits 0 and 1, shape `(n + length - 1,)`: the first column of the matrix from index n − 1 up, the
            first row from index n − 1 down. It may be known to all, and must not depend on the key.
        length: Bits of the hash, at most n.
        engine: `"carry-less"` (additive Fourier transforms over GF(2⁶⁴); needs a processor with carry-less
            multiplication), or `"portable"` (the same over GF(2¹⁶), by tables); the best one by default.

    Returns:
        The hash, `uint8` of shape `(length,)`.

    Raises:
        ValueError: If `key` or `seed` is not a row of bits.
        ValueError: If `length` is not a whole number from 0 to n.
        ValueError: If `seed` has not n + length − 1 bits.
        ValueError: If there is no such engine, or this processor cannot run it.

    Example:
        >>> toeplitz_hash([1, 0, 1, 1], [1, 0, 0, 1, 1], 2)
        array([0, 1], dtype=uint8)
        >>> matrix = np.array([[1, 0, 0, 1], [1, 1, 0, 0]])
        >>> matrix @ [1, 0, 1, 1] % 2
        array([0, 1])

    Source: L. Carter and M. Wegman, J. Comput. Syst. Sci. 18, 143 (1979); H. Krawczyk, CRYPTO '94, 129, for
    Toeplitz matrices; R. Renner, arXiv:quant-ph/0512258, corollary 5.6.1, for the leftover hash lemma.
    """
    bits, drawn = checked_bits(key, "key"), checked_bits(seed, "seed")
    if isinstance(length, bool) or not isinstance(length, int | np.integer) or not 0 <= length <= bits.size:
        raise ValueError(f"length={length!r} must be a whole number from 0 to the key's {bits.size} bits")
    if length and drawn.size != seed_length(bits.size, int(length)):
        raise ValueError(
            f"seed has {drawn.size} bits; a key of {bits.size} bits and a hash of {length} take "
            f"{seed_length(bits.size, int(length))}"
        )
    run = ENGINES[best_engine() if engine is None else _known(engine)]
    return run(bits, drawn, int(length)) if length else np.zeros(0, np.uint8)


def seed_length(key_bits: int, length: int) -> int:
    """How many bits of seed a Toeplitz matrix takes.

    Example:
        >>> seed_length(1000, 500)
        1499
    """
    return max(key_bits + length - 1, 0)


def checked_bits(bits: ArrayLike, name: str) -> Bits:
    """A row of bits as `uint8`.

    Raises:
        ValueError: If it is none.
    """
    row = np.asarray(bits)
    if row.ndim != 1:
        raise ValueError(f"{name} has shape {row.shape}; give a row of bits")
    if row.size == 0:
        return np.zeros(0, np.uint8)
    if row.dtype == np.bool_:
        return row.view(np.uint8)
    if row.dtype.kind not in "iu":
        raise ValueError(f"{name} holds {row.dtype}; give bits 0 and 1")
    if row.max() > 1 or row.min() < 0:
        wrong = int(row[(row < 0) | (row > 1)][0])
        raise ValueError(f"{name} holds {wrong}; give bits 0 and 1")
    return np.ascontiguousarray(row, dtype=np.uint8)


def _known(engine: str) -> str:
    if engine not in ENGINES:
        raise ValueError(f"engine={engine!r} is unknown; there are {', '.join(map(repr, ENGINES))}")
    if engine == "carry-less" and best_engine() != "carry-less":
        raise ValueError(
            "engine='carry-less' needs carry-less multiplication, which this processor lacks; give 'portable'"
        )
    return engine
