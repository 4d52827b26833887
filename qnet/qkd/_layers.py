"""What both quantum layers check of their arguments, and where their seeds come from."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.quantum import Alphabet, Batch, Choices

__all__ = ["check_choices", "sequence_of", "whole"]


def sequence_of(seed: int | None) -> np.random.SeedSequence:
    """The seeds of a channel: others than those of the two ends that were given the same number."""
    good = isinstance(seed, int | np.integer) and not isinstance(seed, bool)
    if seed is not None and (not good or seed < 0):
        raise ValueError(f"seed={seed!r} must be a whole number from 0, or None")
    return np.random.SeedSequence() if seed is None else np.random.SeedSequence([int(seed), *b"channel"])


def whole(name: str, value: Any, *, least: int, most: int) -> int:
    """A whole number from one to the other, or an error that names it."""
    good = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not good or not least <= value <= most:
        raise ValueError(f"{name}={value!r} must be a whole number from {least} to {most}")
    return int(value)


def check_choices(proposed: int, batch: Batch, ends: dict[str, tuple[Alphabet, Choices]]) -> None:
    """Refuse choices that are not one a pulse of the last batch, or that the alphabets do not have."""
    if len(batch) != proposed:
        raise ValueError(
            f"batch holds {len(batch)} pulses, but {proposed} were proposed last; give that batch"
        )
    for name, (end, choices) in ends.items():
        _check(f"{name}.bases", choices.bases, proposed, len(end.bases))
        if end.sends:
            _check(f"{name}.bits", choices.bits, proposed, 2)
        if end.sends and end.intensities:
            _check(f"{name}.intensities", choices.intensities, proposed, len(end.intensities))
        elif choices.intensities is not None:
            raise ValueError(f"{name}.intensities are given, but this end has none to choose; give None")


def _check(name: str, values: NDArray[np.uint8] | None, count: int, size: int) -> None:
    if values is None:
        raise ValueError(f"{name}=None, but this end chooses them; give one a pulse")
    if values.dtype != np.uint8 or values.shape != (count,):
        given = f"{values.dtype} of shape {values.shape}"
        raise ValueError(f"{name} are {given}; give uint8 of shape ({count},), one a pulse of the last batch")
    if count and int(values.max()) >= size:
        raise ValueError(
            f"{name} hold {int(values.max())}; the alphabet has the numbers from 0 to {size - 1}"
        )
