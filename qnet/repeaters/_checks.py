"""Checks of numbers, each with one line that says what was given and what may be."""

from __future__ import annotations

from math import isfinite

__all__ = ["above_zero", "at_least_zero", "probability", "share", "whole"]


def probability(name: str, value: float) -> None:
    """Refuse what is no probability."""
    if not 0 <= value <= 1:
        raise ValueError(f"{name}={value!r} is out of range; a probability is from 0 to 1")


def share(name: str, value: float) -> None:
    """Refuse what is no efficiency: those are above 0, and at most 1."""
    if not 0 < value <= 1:
        raise ValueError(f"{name}={value!r} is out of range; it must be above 0 and at most 1")


def above_zero(name: str, value: float, unit: str = "") -> None:
    """Refuse what is not a finite number above 0."""
    if not (value > 0 and isfinite(value)):
        raise ValueError(f"{name}={value!r} must be above 0{f' {unit}' if unit else ''}")


def at_least_zero(name: str, value: float, unit: str = "") -> None:
    """Refuse what is not a finite number from 0 up."""
    if not (value >= 0 and isfinite(value)):
        raise ValueError(f"{name}={value!r} must not be negative{f' ({unit})' if unit else ''}")


def whole(name: str, value: int, least: int = 1) -> None:
    """Refuse what is no whole number from `least` up."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"{name}={value!r} must be a whole number of at least {least}")
