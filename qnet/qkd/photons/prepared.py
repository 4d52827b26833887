"""`PreparedScene`: Alice prepares pulses, Bob measures them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qnet.devices import SinglePhotonSource
from qnet.qkd._checks import Array
from qnet.qkd.eavesdroppers import Eavesdropper
from qnet.qkd.link import QkdLink
from qnet.qkd.photons._bloch import directions
from qnet.qkd.photons._ends import clicks_of
from qnet.qkd.photons._links import check_one, check_passive
from qnet.qkd.photons._loops import State
from qnet.qkd.photons.channel import Scene
from qnet.qkd.photons.lights import kinds
from qnet.qkd.photons.patterns import receiver_shares, with_extra_clicks
from qnet.qkd.quantum import Alphabet, Batch, Choices, Detections

__all__ = ["Overheard", "PreparedScene"]

Bytes = NDArray[np.uint8]


class PreparedScene(Scene):
    """Prepare and measure: BB84, six-state, B92, SARG04, with single photons or with weak pulses and decoys.

    Args:
        alice: What she chooses from.
        bob: What he chooses from; with four detectors the light chooses, with his chances.
        link: The link.
        source: A single-photon source, where Alice has no intensities; None: a perfect one.
        eve: Who sits on the channel.

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
    ) -> None:
        check_one(link)
        check_passive(link, bob, "bob")
        self.detector, self.ends = link.detector, (2**link.detector.count - 1,)
        self._eve = eve or Eavesdropper()
        self._names = self._eve.measured_in(bob.bases)
        extra = tuple(name for name in self._names if name not in alice.bases)
        states = (*alice.bases, *extra)
        self._eve_bases = np.array([states.index(name) for name in self._names], np.uint8)
        self._vectors = directions(states)
        self._bob_bases = len(bob.bases) if link.detector.count == 2 else 1
        sent = kinds(alice.intensities, source)
        unseen = self._eve.arriving(sent, link, max(1, len(self._names)))
        shares = receiver_shares(self._to_zero(directions(bob.bases)), link.detector, bob.chances[0])
        made = np.stack([self._eve.clicking(one, shares, link.detector) for one in unseen])
        self.patterns = with_extra_clicks(made, link.detector).reshape(-1, made.shape[-1])
        self.overheard = Overheard(self._names)

    def _to_zero(self, measured: Array) -> Array:
        """Chance of the bit 0 for every state (basis and bit) and measurement, shape (states, bases of Bob)."""
        sent = np.repeat(self._vectors, 2, axis=0) * np.tile([1.0, -1.0], len(self._vectors))[:, None]
        return np.asarray((1 + np.round(sent @ measured.T, 12)) / 2)

    def cells(
        self, batch: Batch, alice: Choices, bob: Choices, rng: np.random.Generator
    ) -> NDArray[np.uint32]:
        """By kind of pulse, state, and Bob's basis."""
        bases, bits = alice.bases, alice.bits
        if bits is None:
            raise ValueError("alice sends, but her choices hold no bits")
        if len(self._names):
            bases, bits = self._measured(batch, bases, bits, rng)
        states = len(self._vectors) * 2
        cell = bases.astype(np.uint32)
        if alice.intensities is not None:
            cell += alice.intensities.astype(np.uint32) * np.uint32(len(self._vectors))
        cell *= np.uint32(2)
        cell += bits
        if self._bob_bases > 1:
            cell *= np.uint32(self._bob_bases)
            cell += bob.bases
        limit = len(self.patterns)
        if len(cell) and int(cell.max()) >= limit:
            raise ValueError(f"a choice lies outside of the {limit // max(1, states)} kinds of the alphabet")
        return cell

    def _measured(
        self, batch: Batch, bases: Bytes, bits: Bytes, rng: np.random.Generator
    ) -> tuple[Bytes, Bytes]:
        """The states that Eve sends on, where she measured."""
        looks = self._eve.looks(len(bases), len(self._names), rng)
        places = np.flatnonzero(looks)
        hers = self._eve_bases[looks[places] - 1]
        agree = (1 + np.sum(self._vectors[bases[places]] * self._vectors[hers], axis=1)) / 2
        found = bits[places] ^ (rng.random(len(places)) >= agree)
        bases, bits = bases.copy(), bits.copy()
        bases[places], bits[places] = hers, found
        self.overheard.note(batch.numbers, looks, bits)
        return bases, bits

    def told(self, seen: Bytes, rng: np.random.Generator, state: State) -> Detections:
        """Bob's clicks; nothing for Alice."""
        bob = clicks_of(seen, 0, self.detector.count, state)
        self.overheard.keep(bob.clicked)
        return Detections(bob=bob)


class Overheard:
    """What Eve noted of the pulses that clicked, for those who want to see what she knows; never sent to anybody.

    Attributes:
        names: The bases in which she measures.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self._open: tuple[NDArray[np.int64], Bytes, Bytes] | None = None
        self._kept: list[tuple[NDArray[np.int64], Bytes, Bytes]] = []

    def note(self, numbers: NDArray[np.int64], looks: Bytes, bits: Bytes) -> None:
        """What she saw of a batch, before it is known which pulses click."""
        self._open = (numbers, looks, bits)

    def keep(self, clicked: NDArray[np.bool_]) -> None:
        """Which of them clicked."""
        if self._open is None:
            return
        numbers, looks, bits = self._open
        mine = clicked & (looks > 0)
        self._kept.append((numbers[mine], looks[mine] - np.uint8(1), bits[mine]))
        self._open = None

    @property
    def numbers(self) -> NDArray[np.int64]:
        """The numbers of the pulses that she measured and that clicked."""
        return np.concatenate([np.zeros(0, np.int64), *(one[0] for one in self._kept)])

    @property
    def bases(self) -> Bytes:
        """In which basis she measured each, an index into `names`."""
        return np.concatenate([np.zeros(0, np.uint8), *(one[1] for one in self._kept)])

    @property
    def bits(self) -> Bytes:
        """What she saw."""
        return np.concatenate([np.zeros(0, np.uint8), *(one[2] for one in self._kept)])
