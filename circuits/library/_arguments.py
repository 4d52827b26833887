"""Checks of the arguments that several circuits share."""

from __future__ import annotations

import math

__all__ = ["number", "shown", "whole_number"]


def shown(value: object) -> str:
    """What an argument is, on one line: arrays have many."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 120 else f"{text[:117]}..."


def number(value: object) -> float:
    """The value as a float; NaN for what is no real number."""
    try:
        return math.nan if isinstance(value, bool | str) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return math.nan


def whole_number(name: str, value: int, least: int, what: str) -> int:
    """The value as an int, when it is a whole number of at least `least`."""
    if isinstance(value, bool) or not hasattr(value, "__index__") or value < least:
        raise ValueError(f"{name}={value!r}: {what}; give a whole number of at least {least}")
    return int(value)
