"""Intensities of a signal and its decoys: their order, the room they leave each other, and their arrays."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from qnet.qkd._checks import Array, Number
from qnet.qkd.optimisation import Range

__all__ = ["as_columns", "in_order", "room_for_a_decoy", "rooms", "stacked"]

_CLOSE = 1.001  # How near to each other two intensities are sought.


def in_order(strong_name: str, strong: Number | None, weak_name: str, weak: Number | None) -> None:
    """Refuse intensities out of order."""
    if strong is None or weak is None:
        return
    if not np.all(np.asarray(strong) > np.asarray(weak)):
        raise ValueError(f"{weak_name}={weak!r} is not below {strong_name}={strong!r}; intensities must fall")


def room_for_a_decoy(strong: Number | None, weakest: Number) -> None:
    """Refuse a signal that leaves no room for a decoy above the weakest intensity."""
    if strong is not None and not np.all(np.asarray(strong) > 2 * _CLOSE**2 * np.asarray(weakest)):
        raise ValueError(
            f"signal_intensity={strong!r} leaves no decoy_intensity above vacuum_intensity={weakest!r}; give"
            " more than twice that"
        )


def rooms(
    free: Mapping[str, Range], strong: Number | None, weak: Number | None, weakest: Number = 0.0
) -> dict[str, Range]:
    """Where the signal's and the decoy's intensities are sought, between those that are given.

    Args:
        free: The ranges where nothing is given.
        strong: The signal's intensity, or None.
        weak: The decoy's, or None.
        weakest: The weakest intensity.

    Example:
        >>> usual = {"decoy_intensity": Range(low=0.01, high=0.7, logarithmic=True)}
        >>> rooms(usual, 0.4, None)["decoy_intensity"].high < 0.4
        True
    """
    least, found = float(np.max(weakest)), {}
    if strong is None and "signal_intensity" in free:
        floor = _CLOSE * (least + (0.0 if weak is None else float(np.max(weak))))
        found["signal_intensity"] = _between(free["signal_intensity"], floor, np.inf)
    if weak is None and "decoy_intensity" in free:
        top = np.inf if strong is None else (float(np.min(strong)) - least) / _CLOSE
        found["decoy_intensity"] = _between(free["decoy_intensity"], _CLOSE * least, top)
    return found


def _between(span: Range, floor: float, top: float) -> Range:
    """The part of a range between two values; one of the same kind there if it has none."""
    high = min(span.high, top) if span.high > 2 * floor else min(4 * floor, top)
    low = max(span.low, floor)
    if low > high / 2:
        low = max(high / 50, floor)
    return Range(low=low, high=high, logarithmic=span.logarithmic)


def stacked(*values: Number) -> Array:
    """Values as the first axis of one array."""
    return np.stack(np.broadcast_arrays(*values)).astype(np.float64)


def as_columns(values: Array, axes: int) -> Array:
    """Values of the intensities with at least so many axes after the first."""
    return values.reshape(values.shape + (1,) * max(axes + 1 - values.ndim, 0))
