"""`PreparedScene`: Alice prepares pulses, Bob measures them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qnet.devices import SinglePhotonSource
from qnet.qkd._checks import Array
from qnet.qkd.eavesdroppers import Eavesdropper
from qnet.qkd.lights import kinds
from qnet.qkd.link import QkdLink
from qnet.qkd.patterns import receiver_shares, with_extra_clicks
from qnet.qkd.photons._bloch import directions
from qnet.qkd.photons._ends import clicks_of
from qnet.qkd.photons._links import check_one, check_passive
from qnet.qkd.photons._loops import State
from qnet.qkd.photons.channel import Scene
from qnet.qkd.photons.interception import Interception
from qnet.qkd.quantum import Alphabet, Batch, Choices, Detections

__all__ = ["PreparedScene"]

Bytes = NDArray[np.uint8]


class PreparedScene(Scene):
    """Prepare and measure: BB84, six-state, B92, SARG04, with single photons or with weak pulses and decoys.

    Args:
        alice: What she chooses from.
        bob: What he chooses from; with four detectors the light chooses, with his chances.
        link: The link.
        source: A single-photon source, where Alice has no intensities; None: a perfect one.
        eve: Who sits on the channel.
        keep_notes: Whether what she sees is kept.

    Raises:
        ValueError: If the link is a curve, or has four detectors and Bob not two bases.
        ValueError: If Alice has intensities and there is a single-photon source.
        ValueError: If a basis is unknown.
    """

    def __init__(
        self,
        alice: Alphabet,
        bob: Alphabet,
        *,
        link: QkdLink,
        source: SinglePhotonSource | None = None,
        eve: Eavesdropper | None = None,
        keep_notes: bool = False,
    ) -> None:
        check_one(link)
        self.alphabets = (alice, bob)
        check_passive(link, bob, "bob")
        self.detector, self.ends = link.detector, (2**link.detector.count - 1,)
        self._way = Interception(eve, alice.bases, bob.bases, keep_notes=keep_notes)
        self.overheard = self._way.overheard
        self._bob_bases = len(bob.bases) if link.detector.count == 2 else 1
        sent = kinds(alice.intensities, source)
        unseen = self._way.eve.arriving(sent, link, max(1, len(self._way.names)))
        shares = receiver_shares(self._to_zero(directions(bob.bases)), link.detector, bob.chances[0])
        made = np.stack([self._way.eve.clicking(one, shares, link.detector) for one in unseen])
        self.patterns = with_extra_clicks(made, link.detector).reshape(-1, made.shape[-1])

    def _to_zero(self, measured: Array) -> Array:
        """Chance of the bit 0 for every state (basis and bit) and measurement, shape (states, bases)."""
        vectors = self._way.vectors
        sent = np.repeat(vectors, 2, axis=0) * np.tile([1.0, -1.0], len(vectors))[:, None]
        return np.asarray((1 + np.round(sent @ measured.T, 12)) / 2)

    def cells(
        self, batch: Batch, alice: Choices, bob: Choices, rng: np.random.Generator
    ) -> NDArray[np.uint32]:
        """By kind of pulse, state, and Bob's basis."""
        assert alice.bits is not None
        bases, bits = self._way.passed_on(batch.numbers, alice.bases, alice.bits, rng)
        cell = bases.astype(np.uint32)
        if alice.intensities is not None:
            cell += alice.intensities.astype(np.uint32) * np.uint32(len(self._way.states))
        cell *= np.uint32(2)
        cell += bits
        if self._bob_bases > 1:
            cell *= np.uint32(self._bob_bases)
            cell += bob.bases
        return cell

    def told(self, seen: Bytes, rng: np.random.Generator, state: State) -> Detections:
        """Bob's clicks; nothing for Alice."""
        bob = clicks_of(seen, 0, self.detector.count, state)
        self.overheard.keep(bob.clicked)
        return Detections(bob=bob)
