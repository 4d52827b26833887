"""`FlipChannel`: the plainest quantum channel there is, where only the keys matter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.quantum import Alphabet, Batch, Choices, Clicks, Detections

__all__ = ["FlipChannel"]

_BATCH = 1 << 20


class FlipChannel:
    """Pulses arrive or not; of those that do, bits in equal bases are flipped with one probability.

    Single photons (or pairs) arrive with the transmittance; pulses with intensities have Poissonian photon
    numbers, and a dark count of its own now and then. Bits in unequal bases are random.

    Args:
        alice: What Alice chooses from.
        bob: What Bob chooses from.
        pulses: How many pulses are sent.
        flip: Probability of a flip.
        transmittance: Probability that a photon arrives and is seen.
        dark: Probability of a click without a photon.
        seed: Seed of its randomness; None for another one each time.

    Raises:
        ValueError: If a probability is none.
        ValueError: If `pulses` is below 1.
    """

    def __init__(
        self,
        alice: Alphabet,
        bob: Alphabet,
        *,
        pulses: int,
        flip: float = 0.0,
        transmittance: float = 1.0,
        dark: float = 0.0,
        seed: int | None = None,
    ) -> None:
        for name, value in (("flip", flip), ("transmittance", transmittance), ("dark", dark)):
            if not 0 <= value <= 1:
                raise ValueError(f"{name}={value!r} is no probability; give one from 0 to 1")
        if pulses < 1:
            raise ValueError(f"pulses={pulses!r} must be at least 1")
        self._pulses, self._flip, self._transmittance, self._dark = pulses, flip, transmittance, dark
        self._alice, self._bob = alice, bob
        self._random = np.random.default_rng(seed)
        lit = 1 - (1 - dark) * np.exp(-transmittance * np.array(alice.intensities or (0.0,)))
        self._click = lit if alice.intensities else np.array([1 - (1 - transmittance) * (1 - dark)])
        self._most = float(self._click.max())
        self._next = 0

    @property
    def pulses(self) -> int:
        """How many pulses are sent."""
        return self._pulses

    @property
    def simulated(self) -> bool:
        """It is."""
        return True

    def propose(self) -> Batch | None:
        """The next pulses that may click, drawn at the largest probability of a click."""
        numbers = np.zeros(0, np.int64)
        while not numbers.size and self._next < self._pulses and self._most > 0:
            numbers = self._draw()
        return Batch(numbers=numbers) if numbers.size else None

    def _draw(self) -> NDArray[np.int64]:
        if self._most == 1:
            last = min(self._next + _BATCH, self._pulses)
            found = np.arange(self._next, last)
        else:
            found = self._next - 1 + np.cumsum(self._random.geometric(self._most, _BATCH))
            last = int(found[-1]) + 1
            found = found[found < self._pulses]
        self._next = last
        return found

    def detect(self, batch: Batch, alice: Choices, bob: Choices) -> Detections:
        """What the ends see of the batch that was proposed last."""
        count = len(batch)
        chance = self._click if alice.intensities is None else self._click[alice.intensities]
        clicked = self._random.random(count) * self._most < chance
        outcome = self._random.integers(0, 2, count, dtype=np.uint8)
        if self._alice.sends and self._bob.sends:
            return self._announced(clicked, alice, bob, outcome)
        sent = outcome if alice.bits is None else alice.bits
        # Of the clicks of weak pulses some are dark, whose bits are random.
        light = 1.0 if alice.intensities is None else (1 - self._dark / np.maximum(chance, 1e-300))
        dark = self._random.random(count) >= light
        flips = self._random.random(count) < self._flip
        lost = (alice.bases != bob.bases) | dark
        seen = np.where(lost, self._random.integers(0, 2, count, dtype=np.uint8), sent ^ flips)
        clicks = Clicks(clicked=clicked, bits=seen[clicked].astype(np.uint8))
        if self._alice.sends:
            return Detections(bob=clicks)
        return Detections(bob=clicks, alice=Clicks(clicked=clicked, bits=sent[clicked]))

    def _announced(
        self, clicked: NDArray[np.bool_], alice: Choices, bob: Choices, other: NDArray[np.uint8]
    ) -> Detections:
        """A Bell state that fits the bits that were sent in the basis that agrees."""
        assert alice.bits is not None
        assert bob.bits is not None
        unequal = alice.bits ^ bob.bits ^ (self._random.random(len(clicked)) < self._flip)
        parity = np.where(alice.bases == 0, unequal, other)
        phase = np.where(alice.bases == 0, other, unequal)
        told = Clicks(clicked=clicked, bits=(phase | parity << 1)[clicked].astype(np.uint8))
        return Detections(bob=told, alice=told)
