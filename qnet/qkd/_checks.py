"""Checks of numbers and of arrays of numbers, each with one line that says what was given and what may be."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "Number", "as_number", "check_within"]

Array = NDArray[np.float64]
Number = float | Array


def as_number(name: str, value: object) -> Number:
    """A plain float, or an array that nobody can write to."""
    try:
        made = np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name}={value!r} is not a number; give a number or an array of them") from None
    if made.ndim == 0:
        return float(made)
    made.setflags(write=False)
    return made


def check_within(
    name: str,
    value: Number,
    low: float,
    high: float,
    *,
    open_low: bool = False,
    open_high: bool = False,
    mend: str = "",
) -> None:
    """Refuse what lies outside of an interval, NaN too; the first wrong value is named."""
    values = np.asarray(value, dtype=np.float64)
    above = values > low if open_low else values >= low
    below = values < high if open_high else values <= high
    good = above & below
    if good.all():
        return
    wrong = float(values[~good].flat[0]) if values.ndim else float(values)
    told = mend or _interval(low, high, open_low=open_low, open_high=open_high)
    raise ValueError(f"{name}={wrong!r} is out of range; {told}")


def _interval(low: float, high: float, *, open_low: bool, open_high: bool) -> str:
    if np.isinf(high):
        return f"it must be {'above' if open_low else 'at least'} {low:g}"
    if not open_low and not open_high:
        return f"it must be from {low:g} to {high:g}"
    words = (
        f"{'above' if open_low else 'at least'} {low:g} and {'below' if open_high else 'at most'} {high:g}"
    )
    return f"it must be {words}"
