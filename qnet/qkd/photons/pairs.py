"""`PairScene`: a source of pairs between the ends, both of which measure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qnet.devices import Detector, PairSource
from qnet.qkd._checks import Array, check_within
from qnet.qkd.eavesdroppers import Eavesdropper, InterceptResend
from qnet.qkd.link import QkdLink
from qnet.qkd.patterns import patterns, subsets
from qnet.qkd.photons._bloch import directions
from qnet.qkd.photons._ends import clicks_of
from qnet.qkd.photons._links import check_one, check_passive
from qnet.qkd.photons._loops import State
from qnet.qkd.photons.channel import Scene
from qnet.qkd.photons.interception import Overheard
from qnet.qkd.quantum import Alphabet, Batch, Choices, Detections

__all__ = ["PairScene"]

Bytes = NDArray[np.uint8]

_PHASES = 64
"""Over which an average is taken for an Eve who measures; it converges faster than any power."""

_PAULIS = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


class PairScene(Scene):
    """Pairs by parametric down-conversion, for BBM92 and E91.

    The two modes of a pulse hold thermally many pairs, λ = μ/2 each. Detectors that see the polarisations at
    the two ends with the efficiency matrices A and B are silent with probability
    1/det((1+λ)·1 − λ(1−A)(1−B′)), B′ being B as the pair's correlations turn it: equal bits in equal bases of
    Z and X for BBM92, opposite ones in all for the singlets of E91. A double click gives a random bit, and
    misalignment turns Bob's final bit, as in `qnet.qkd.gains.pair_detection`. The law "same pulse" of
    afterpulses is left out there and here.

    An Eve who intercepts counts the photons on their way to Bob in the two states of her basis, and sends
    on as many of each: that undoes all coherence between the two, an average over their phase. (What she
    counts is not drawn, so that she notes nothing.)

    Args:
        alice: What she chooses from.
        bob: What he chooses from.
        link: The link, whole way; both ends have its detectors. With four, the light chooses the basis.
        source: The source.
        eve: Who sits on Bob's half of the channel.
        source_position: Where on the way the source is, from 0 (at Alice) to 1.

    Raises:
        ValueError: If the link is a curve, or has four detectors and an end not two bases.
        ValueError: If `source` is no `PairSource`, or `source_position` not from 0 to 1.
        ValueError: If Eve is of a kind that pairs do not have.
        ValueError: If a basis is unknown.
    """

    def __init__(
        self,
        alice: Alphabet,
        bob: Alphabet,
        *,
        link: QkdLink,
        source: PairSource,
        eve: Eavesdropper | None = None,
        source_position: float = 0.5,
    ) -> None:
        check_one(link)
        self.alphabets = (alice, bob)
        check_passive(link, alice, "alice")
        check_passive(link, bob, "bob")
        if not isinstance(source, PairSource):
            raise ValueError(f"source={source!r} makes no pairs; give PairSource(mean_pairs=…)")
        check_within("source_position", source_position, 0, 1)
        if eve is not None and not isinstance(eve, InterceptResend):
            raise ValueError(f"eve={eve!r} has nothing to act on here; on pairs there is InterceptResend")
        self._eve = eve or Eavesdropper()
        self.overheard = Overheard()
        self.detector, self._count = link.detector, link.detector.count
        self._modulated = self._count == 2
        self._sizes = (len(alice.bases), len(bob.bases)) if self._modulated else (1, 1)
        names = self._eve.measured_in(bob.bases)
        self._looks = len(names)
        low = 2**self._count - 1
        self.ends = (low, low << self._count)
        arm = float(link.channel_transmittance)
        seen = [link.detector.efficiency * arm**part for part in (source_position, 1 - source_position)]
        a = _looks_of(alice, link.detector, seen[0], "alice")
        b = _looks_of(bob, link.detector, seen[1], "bob")
        turn = _turn(bob.bases)
        quiet = [_quiet(a, b, turn, source.mean_pairs / 2, [np.eye(3)])]
        quiet += [_quiet(a, b, turn, source.mean_pairs / 2, _rotations(axis)) for axis in directions(names)]
        self.patterns = self._exactly(np.stack(quiet))

    def _exactly(self, quiet: Array) -> Array:
        """Patterns of all detectors, Alice's in the lower bits; rows by Eve's look and both bases."""
        sets = subsets(self._count).sum(axis=1)
        dark = (1 - self.detector.dark_count_probability) ** (sets[:, None] + sets[None, :])
        both = np.moveaxis(quiet * dark, -2, -1)
        return patterns(both.reshape(-1, both.shape[-1] ** 2))

    def cells(
        self, batch: Batch, alice: Choices, bob: Choices, rng: np.random.Generator
    ) -> NDArray[np.uint32]:
        """By Eve's look, and both bases."""
        looks = (
            self._eve.looks(len(batch), self._looks, rng) if self._looks else np.zeros(len(batch), np.uint8)
        )
        cell = looks.astype(np.uint32)
        if self._modulated:
            cell = (cell * np.uint32(self._sizes[0]) + alice.bases) * np.uint32(self._sizes[1]) + bob.bases
        return np.asarray(cell, np.uint32)

    def told(self, seen: Bytes, rng: np.random.Generator, state: State) -> Detections:
        """The clicks of both."""
        alice = clicks_of(seen, 0, self._count, state)
        bob = clicks_of(seen, self._count, self._count, state)
        turned = rng.random(len(bob.bits)) < self.detector.misalignment
        return Detections(alice=alice, bob=replace(bob, bits=bob.bits ^ turned))


def _looks_of(end: Alphabet, detector: Detector, seen: float, side: str) -> tuple[Array, Array]:
    """Efficiency matrices a₀·1 + a·σ of all settings and sets of detectors."""
    along = directions(end.bases, side)
    projectors = np.stack([along, -along], axis=1) / 2
    if detector.count == 2:
        weights = np.full((len(along), 2), seen)
    else:
        projectors = projectors.reshape(1, 4, 3)
        weights = seen * np.repeat(np.array([end.chances[0], 1 - end.chances[0]]), 2)[None]
    sets = subsets(detector.count)
    return weights / 2 @ sets.T, np.einsum("sd,bd,bdx->bsx", sets, weights, projectors)


def _turn(bases: tuple[str, ...]) -> Array:
    """How a pair's correlations turn Bob's directions: those of Φ+, or of Ψ− for the settings of E91."""
    return -np.eye(3) if bases[0] in ("0", "1", "2") else np.diag([1.0, -1.0, 1.0])


def _rotations(axis: Array) -> list[Array]:
    """Rotations about an axis by equally many angles (Rodrigues)."""
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    angles = 2 * np.pi * (np.arange(_PHASES) + 0.5) / _PHASES
    return [np.eye(3) + np.sin(one) * cross + (1 - np.cos(one)) * cross @ cross for one in angles]


def _quiet(
    a: tuple[Array, Array], b: tuple[Array, Array], turn: Array, half: float, rotations: list[Array]
) -> Array:
    """No click of sets of detectors, shape (settings of Alice, of Bob, sets of Alice, of Bob)."""
    one = np.eye(2)
    missed_a = one - a[0][..., None, None] * one - np.tensordot(a[1], _PAULIS, 1)
    total = np.zeros((len(a[0]), len(b[0]), a[0].shape[1], b[0].shape[1]))
    for rotation in rotations:
        turned = b[1] @ (turn @ rotation).T
        missed_b = one - b[0][..., None, None] * one - np.tensordot(turned, _PAULIS, 1)
        matrix = (1 + half) * one - half * (missed_a[:, None, :, None] @ missed_b[None, :, None, :])
        total += 1 / np.linalg.det(matrix).real
    return total / len(rotations)
