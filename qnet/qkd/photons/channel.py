"""`PhotonChannel`: source, loss, Eve and detectors, pulse by pulse of those that may click."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from qnet.devices import Detector
from qnet.qkd._checks import Array
from qnet.qkd._layers import check_choices, sequence_of, whole
from qnet.qkd.patterns import subsets
from qnet.qkd.photons._loops import (
    NEVER,
    State,
    candidates,
    clicks,
    clicks_of_two,
    generator_state,
)
from qnet.qkd.photons.interception import Overheard
from qnet.qkd.quantum import Alphabet, Batch, Choices, Detections

__all__ = ["BATCH", "PhotonChannel", "Scene"]

Bytes = NDArray[np.uint8]

BATCH = 2**17
"""Pulses that are proposed at a time: enough to hide the cost of a batch, few enough to stay in a cache."""


class Scene(ABC):
    """What is special about a kind of protocol: who sends what to which detectors.

    Attributes:
        patterns: Shape (cells, 2^detectors): how often exactly the detectors of each set click, by what was
            sent and how it is measured.
        ends: The detectors of each receiver, as bits.
        detector: The receivers' detectors.
        overheard: What Eve noted.
        alphabets: What Alice and Bob choose from.
    """

    patterns: Array
    ends: tuple[int, ...]
    detector: Detector
    overheard: Overheard
    alphabets: tuple[Alphabet, Alphabet]

    @abstractmethod
    def cells(
        self, batch: Batch, alice: Choices, bob: Choices, rng: np.random.Generator
    ) -> NDArray[np.uint32]:
        """Which row of `patterns` each pulse belongs to."""

    @abstractmethod
    def told(self, seen: Bytes, rng: np.random.Generator, state: State) -> Detections:
        """What the ends are told, from the detectors that clicked in each pulse."""


class PhotonChannel:
    """The quantum channel of a real link, by a model of every pulse that draws only those which may click.

    Pulses that light or dark counts may make click are drawn at the largest probability of a click, and
    thinned out once it is known how they were prepared and measured; dead time and afterpulses go by the
    numbers of pulses. What a pulse does is what `qnet.qkd.gains` says of it: each photon is seen with the
    probability of channel times detector, and goes to the wrong detector with `misalignment`; detectors
    click by themselves with `dark_count_probability`; clicks of both detectors of a basis give a random
    bit, those in both bases of a passive receiver a random basis. After a click the whole receiver is dead
    for `dead_time_pulses`, and in its first live pulse each detector that clicked does so again with
    `afterpulse_probability`.

    Time and memory go with the clicks, not with the pulses. `photon_channel` makes one.
    """

    simulated = True

    def __init__(self, scene: Scene, *, pulses: int, seed: int | None = None, batch: int = BATCH) -> None:
        self._scene = scene
        self._pulses = whole("pulses", pulses, least=1, most=NEVER)
        self._size = whole("batch", batch, least=1, most=2**20)
        noise, choices = sequence_of(seed).spawn(2)
        self._state, self._rng = generator_state(noise), np.random.default_rng(choices)
        self._set_up(scene)

    def _set_up(self, scene: Scene) -> None:
        sums = np.cumsum(scene.patterns[:, 1:], axis=1)
        self._bounds = np.ascontiguousarray(sums)
        self._ceiling = float(min(1.0, sums[:, -1].max()))
        with np.errstate(divide="ignore"):
            self._scale = float(1 / np.log1p(-self._ceiling)) if self._ceiling > 0 else -np.inf
        self._dead = int(scene.detector.dead_time_pulses)
        self._ends = np.array(scene.ends, np.uint8)
        self._last = np.full(len(self._ends), -2 - self._dead, np.int64)
        self._left = np.zeros(len(self._ends), np.uint8)
        self._afterpulse = _afterpulse_marks(scene)
        self._waiting = np.zeros(0, np.int64)
        self._next_light = 0 if self._ceiling > 0 else self._pulses
        if self._ceiling > 0:
            gap = np.log(1.0 - self._rng.random()) * self._scale
            self._next_light = int(gap) if gap < self._pulses else self._pulses
        self._light = self._marks = np.zeros(0, np.uint8)

    @property
    def pulses(self) -> int:
        """How many pulses are sent in all."""
        return self._pulses

    @property
    def overheard(self) -> Overheard:
        """What Eve noted of the pulses that clicked, if notes are kept; never sent to anybody."""
        return self._scene.overheard

    @property
    def ceiling(self) -> float:
        """The largest probability of a click without afterpulses, over all ways to prepare and to measure."""
        return self._ceiling

    def propose(self) -> Batch | None:
        """The next pulses that may click; None when all pulses have been sent."""
        numbers = np.empty(self._size, np.int64)
        light, marks = np.empty(self._size, np.uint8), np.empty(self._size, np.uint8)
        count, head, own, self._next_light = candidates(
            numbers,
            light,
            marks,
            self._waiting,
            self._next_light,
            self._scale,
            self._pulses,
            self._dead + 1,
            self._afterpulse,
            self._state,
        )
        if count == 0:
            return None
        mine = np.flatnonzero(marks[own:count]) + own
        self._waiting = np.concatenate([self._waiting[head:], numbers[mine]])
        self._light, self._marks = light[:count], marks[:count]
        return Batch(numbers=numbers[:count])

    def detect(self, batch: Batch, alice: Choices, bob: Choices) -> Detections:
        """What the ends see of the batch that was proposed last.

        Raises:
            ValueError: If the choices are not one a pulse that was proposed, or not of the ends' alphabets.
        """
        ends = self._scene.alphabets
        check_choices(len(self._light), batch, {"alice": (ends[0], alice), "bob": (ends[1], bob)})
        cells = self._scene.cells(batch, alice, bob, self._rng)
        seen = np.empty(len(batch), np.uint8)
        lit = (batch.numbers, self._light, self._marks, cells, self._bounds, self._ceiling, self._dead)
        if len(self._ends) == 1 and self._bounds.shape[1] == 3:
            clicks_of_two(*lit, self._last, self._left, seen, self._state)
        else:
            clicks(*lit, self._ends, self._last, self._left, seen, self._state)
        self._light = self._marks = np.zeros(0, np.uint8)
        return self._scene.told(seen, self._rng, self._state)


def _afterpulse_marks(scene: Scene) -> Array:
    """Running sums of the probabilities that the detectors of the sets 1, 2, … will have an afterpulse."""
    chance = scene.detector.afterpulse_probability
    if chance == 0 or scene.detector.afterpulse_law != "next pulse":
        return np.zeros(0)
    sets = subsets(sum(end.bit_count() for end in scene.ends)).sum(axis=1)
    detectors = sets[-1]
    return np.asarray(np.cumsum((chance**sets * (1 - chance) ** (detectors - sets))[1:]))
