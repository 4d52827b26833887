"""Checks of arguments that several modules share."""

from __future__ import annotations

from numbers import Integral
from typing import Any


def check_shots(shots: Any, name: str = "shots", least: int = 1) -> int:
    """The number of shots as an int.

    Raises:
        ValueError: If it is not a whole number of at least `least`.
    """
    if isinstance(shots, bool) or not isinstance(shots, Integral) or shots < least:
        what = "positive" if least == 1 else "non-negative"
        raise ValueError(f"{name}={shots!r} must be a {what} whole number")
    return int(shots)
