"""The engines of a Toeplitz hash, and which of them this processor should use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["ENGINES", "best_engine"]

Bits = NDArray[np.uint8]


def _carry_less(key: Bits, seed: Bits, length: int) -> Bits:
    from qnet.qkd.amplification._carry_less import carry_less_hash

    return carry_less_hash(key, seed, length)


def _portable(key: Bits, seed: Bits, length: int) -> Bits:
    from qnet.qkd.amplification._portable import portable_hash

    return portable_hash(key, seed, length)


ENGINES: Mapping[str, Callable[[Bits, Bits, int], Bits]] = {"carry-less": _carry_less, "portable": _portable}
"""By name: functions of key, seed (both bits as `uint8`) and length."""


@cache
def best_engine() -> str:
    """The name of the fastest engine that this processor can run.

    Example:
        >>> best_engine() in ENGINES
        True
    """
    from llvmlite.binding import get_host_cpu_features, get_process_triple

    x86 = get_process_triple().startswith(("x86_64", "amd64"))
    return "carry-less" if x86 and get_host_cpu_features().get("pclmul", False) else "portable"
