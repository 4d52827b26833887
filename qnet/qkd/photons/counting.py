"""`count_clicks`: both ends' choices drawn and their clicks counted, for studies that need no session."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.photons._loops import tally
from qnet.qkd.quantum import Alphabet, Batch, Choices, Clicks, Detections, QuantumChannel

__all__ = ["Counted", "count_clicks", "drawn_choices"]

Bytes = NDArray[np.uint8]
Counts = NDArray[np.int64]

_NONE = np.zeros(0, np.uint8)


@dataclass(frozen=True, kw_only=True, eq=False)
class Counted:
    """How often what was seen. Results of several runs of the same ends add with `+`.

    Args:
        pulses: How many pulses were sent.
        clicks: Shape (intensities, bases of Alice, bases of Bob): results; of pairs, those at both ends.
        errors: The same shape: results that differ from Alice's bit.
        chances: The same shape: how often pulses are of that kind.
        singles: How many pulses Alice and Bob saw at all.
        proposed: How many pulses were drawn.
    """

    pulses: int
    clicks: Counts
    errors: Counts
    chances: NDArray[np.float64]
    singles: tuple[int, int]
    proposed: int

    def __add__(self, other: Counted) -> Counted:
        if not isinstance(other, Counted):
            return NotImplemented
        singles = (self.singles[0] + other.singles[0], self.singles[1] + other.singles[1])
        return Counted(
            pulses=self.pulses + other.pulses,
            clicks=self.clicks + other.clicks,
            errors=self.errors + other.errors,
            chances=self.chances,
            singles=singles,
            proposed=self.proposed + other.proposed,
        )

    def gain(self, alice_basis: int, bob_basis: int, intensity: int = 0) -> float:
        """Results per pulse of that kind."""
        place = intensity, alice_basis, bob_basis
        return float(self.clicks[place] / (self.pulses * self.chances[place]))

    def error_rate(self, alice_basis: int, bob_basis: int, intensity: int = 0) -> float:
        """Wrong results per result; NaN where there is none."""
        place = intensity, alice_basis, bob_basis
        return float(self.errors[place] / self.clicks[place]) if self.clicks[place] else float("nan")


def drawn_choices(end: Alphabet, batch: Batch, rng: np.random.Generator) -> Choices:
    """What an end chooses for a batch, from a generator."""
    count = len(batch)
    return Choices(
        bases=_drawn(end.chances, count, rng),
        bits=_fair(count, rng) if end.sends else None,
        intensities=_drawn(end.intensity_chances, count, rng) if end.intensities else None,
    )


def _fair(count: int, rng: np.random.Generator) -> Bytes:
    return np.unpackbits(np.frombuffer(rng.bytes(-(-count // 8)), np.uint8), count=count)


def _drawn(chances: tuple[float, ...], count: int, rng: np.random.Generator) -> Bytes:
    if len(chances) == 2 and chances[0] == chances[1]:
        return _fair(count, rng)
    found = np.zeros(count, np.uint8)
    if len(chances) > 1:
        drawn = rng.random(count, dtype=np.float32)
        for bound in np.cumsum(chances)[:-1]:
            found += drawn >= np.float32(bound)
    return found


def count_clicks(
    channel: QuantumChannel, alice: Alphabet, bob: Alphabet, *, seed: int | None = None
) -> Counted:
    """Run a quantum channel to its end and count.

    Args:
        channel: Photons, circuits, or any other quantum layer of prepare and measure or of pairs.
        alice: What Alice chooses from.
        bob: What Bob chooses from.
        seed: Seed of both ends' choices.

    Returns:
        The counts. With a station between the ends, those in which it announced something, and errors are
        those of the bits as they were sent; the announcement is not looked at.
    """
    one, two = (np.random.default_rng(part) for part in np.random.SeedSequence(seed).spawn(2))
    shape = (max(1, len(alice.intensities)), len(alice.bases), len(bob.bases))
    cells = shape[0] * shape[1] * shape[2]
    clicks, errors = np.zeros(cells, np.int64), np.zeros(cells, np.int64)
    singles, proposed = [0, 0], 0
    while (batch := channel.propose()) is not None:
        hers, his = drawn_choices(alice, batch, one), drawn_choices(bob, batch, two)
        told = channel.detect(batch, hers, his)
        proposed += len(batch)
        singles[0] += len(told.alice.bits) if told.alice else 0
        singles[1] += len(told.bob.bits)
        _count(hers, his, told, shape, clicks, errors)
    return Counted(
        pulses=channel.pulses,
        clicks=clicks.reshape(shape),
        errors=errors.reshape(shape),
        chances=_chances(alice, bob),
        singles=(singles[0], singles[1]),
        proposed=proposed,
    )


def _count(
    alice: Choices,
    bob: Choices,
    told: Detections,
    shape: tuple[int, int, int],
    clicks: Counts,
    errors: Counts,
) -> None:
    kinds = _NONE if alice.intensities is None else alice.intensities
    sent = _NONE if alice.bits is None else alice.bits
    hers = (told.bob.clicked, _NONE, _NONE) if told.alice is None else _seen(told.alice)
    tally((kinds, alice.bases, bob.bases), hers, _seen(told.bob), sent, shape[1:], clicks, errors)


def _seen(clicks: Clicks) -> tuple[NDArray[np.bool_], Bytes, Bytes]:
    return clicks.clicked, clicks.bits, _NONE if clicks.bases is None else clicks.bases


def _chances(alice: Alphabet, bob: Alphabet) -> NDArray[np.float64]:
    kinds = np.array(alice.intensity_chances if alice.intensities else (1.0,))
    return np.asarray(
        kinds[:, None, None] * np.array(alice.chances)[None, :, None] * np.array(bob.chances)[None, None, :]
    )
