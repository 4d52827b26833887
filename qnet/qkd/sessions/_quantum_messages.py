"""The quantum layer's values as messages, and back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.quantum import Alphabet, Batch, Choices, Clicks
from qnet.qkd.sessions import messages as m
from qnet.qkd.sessions.errors import MalformedMessage

__all__ = ["bases_of", "batch_told", "choices_heard", "choices_told", "clicks_heard", "clicks_told"]


def batch_told(batch: Batch) -> m.BatchTold:
    """A batch as a message; between pulses of one batch lie fewer than 2³² others."""
    gaps = np.diff(batch.numbers)
    if len(batch) == 0 or (gaps < 1).any() or (gaps >= 1 << 32).any():
        raise ValueError("batch.numbers must rise, by less than 2**32 each, and not be empty")
    return m.BatchTold(first=int(batch.numbers[0]), gaps=gaps.astype("<u4").tobytes())


def choices_told(chosen: Choices, alphabet: Alphabet) -> m.ChoicesTold:
    """Choices as a message."""
    width = 1 if len(alphabet.bases) <= 2 else 2
    return m.ChoicesTold(
        bases=m.Row.of(chosen.bases, width),
        bits=None if chosen.bits is None else m.Row.of(chosen.bits),
        intensities=None if chosen.intensities is None else m.Row.of(chosen.intensities, 2),
    )


def choices_heard(told: m.ChoicesTold, count: int, alphabet: Alphabet) -> Choices:
    """Choices from a message.

    Raises:
        UnequalLengths: If there are not as many as pulses.
        MalformedMessage: If they are not of the alphabet.
    """
    rows = {
        name: None if row is None else row.values(count)
        for name, row in (("bits", told.bits), ("intensities", told.intensities))
    }
    bases = told.bases.values(count)
    lights = len(alphabet.intensities)
    wrong = (
        (bases >= len(alphabet.bases)).any()
        or (rows["bits"] is not None) != alphabet.sends
        or (rows["intensities"] is not None) != bool(lights)
        or (rows["intensities"] is not None and (rows["intensities"] >= lights).any())
    )
    if wrong:
        raise MalformedMessage("choices that are not of the plan's alphabet; give all three the same plan")
    return Choices(bases=bases, **rows)


def clicks_told(clicks: Clicks) -> m.ClicksTold:
    """Clicks as a message: announcements of Bell states have two bits, outcomes one."""
    width = 2 if clicks.bits.size and clicks.bits.max() > 1 else 1
    return m.ClicksTold(
        clicked=m.Row.of(clicks.clicked),
        bits=m.Row.of(clicks.bits, width),
        bases=None if clicks.bases is None else m.Row.of(clicks.bases, 2),
    )


def clicks_heard(told: m.ClicksTold, count: int) -> Clicks:
    """Clicks from a message.

    Raises:
        UnequalLengths: If they are not of as many pulses as were proposed.
    """
    clicked = told.clicked.values(count).astype(bool)
    seen = int(clicked.sum())
    bases = None if told.bases is None else told.bases.values(seen)
    return Clicks(clicked=clicked, bits=told.bits.values(seen), bases=bases)


def bases_of(chosen: Choices, clicks: Clicks, alphabet: Alphabet) -> NDArray[np.uint8]:
    """The bases of all pulses of a batch, those of the clicks as they were seen.

    Raises:
        MalformedMessage: If one is not of the alphabet.
    """
    if clicks.bases is None:
        return chosen.bases
    if clicks.bases.size and clicks.bases.max() >= len(alphabet.bases):
        raise MalformedMessage("clicks in bases that the plan does not have; give all three the same plan")
    bases = chosen.bases.copy()
    bases[clicks.clicked] = clicks.bases
    return bases
