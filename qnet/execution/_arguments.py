"""Checks of arguments that several modules share."""

from __future__ import annotations

from numbers import Integral
from typing import Any


def check_shots(shots: Any, name: str = "shots", least: int = 1) -> int:
    """The number of shots as an int.

    Raises:
        ValueError: If it is not a whole number of at least `least`.
    """
    if not _whole(shots) or shots < least:
        what = "positive" if least == 1 else "non-negative"
        raise ValueError(f"{name}={shots!r} must be a {what} whole number")
    return int(shots)


def check_seed(seed: Any) -> int:
    """The seed as an int.

    Raises:
        ValueError: If it is not a whole number, or negative.
    """
    if not _whole(seed):
        raise ValueError(f"seed={seed!r} must be a whole number from 0, or None")
    if seed < 0:
        raise ValueError(f"seed={seed!r} must not be negative")
    return int(seed)


def check_level(optimization_level: Any) -> int:
    """The level of a preset pass manager.

    Raises:
        ValueError: If it is not 0, 1, 2 or 3.
    """
    if not _whole(optimization_level) or optimization_level not in range(4):
        raise ValueError(f"optimization_level={optimization_level!r} must be 0, 1, 2 or 3")
    return int(optimization_level)


def check_noise(noise: Any) -> Any:
    """The noise.

    Raises:
        ValueError: If it is neither a `CircuitNoise` nor None.
    """
    from circuits.noise import CircuitNoise

    if noise is not None and not isinstance(noise, CircuitNoise):
        raise ValueError(
            f"noise={noise!r} must be a CircuitNoise, such as CircuitNoise.uniform_depolarizing(0.001)"
        )
    return noise


def _whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)
