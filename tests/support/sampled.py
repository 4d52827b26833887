"""Sampled bits compared with an exact distribution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import sqrt

import numpy as np


def frequencies(bits: np.ndarray) -> dict[tuple[int, ...], float]:
    """How often each row came, as a share."""
    return {row: n / len(bits) for row, n in Counter(map(tuple, bits.tolist())).items()}


def assert_sampled_from(
    bits: np.ndarray, expected: Mapping[tuple[int, ...], float], sigmas: float = 5.0
) -> None:
    """Every outcome is as frequent as expected, and none comes that cannot."""
    found, shots = frequencies(bits), len(bits)
    impossible = {row for row in found if expected.get(row, 0.0) < 1e-12}
    assert not impossible, f"cannot come: {impossible}"
    for row, p in expected.items():
        spread = sqrt(p * (1 - p) / shots) + 1 / shots
        assert abs(found.get(row, 0.0) - p) <= sigmas * spread, (row, found.get(row, 0.0), p)
