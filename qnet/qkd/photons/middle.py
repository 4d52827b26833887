"""`MiddleScene`: both ends send, and a station half-way announces Bell states."""

from __future__ import annotations

from math import factorial

import numpy as np
from numpy.typing import NDArray

from qnet.devices import SinglePhotonSource
from qnet.qkd._checks import Array
from qnet.qkd.eavesdroppers import Eavesdropper, InterceptResend
from qnet.qkd.lights import Kind, kinds
from qnet.qkd.link import QkdLink
from qnet.qkd.patterns import patterns, subsets
from qnet.qkd.photons._links import check_one
from qnet.qkd.photons._loops import State
from qnet.qkd.photons.channel import Scene
from qnet.qkd.photons.interception import Interception
from qnet.qkd.quantum import Alphabet, Batch, Choices, Clicks, Detections

__all__ = ["MiddleScene"]

Bytes = NDArray[np.uint8]

_POLARISATIONS = {
    "Z": ((1, 0), (0, 1)),
    "X": ((0.5**0.5, 0.5**0.5), (0.5**0.5, -(0.5**0.5))),
    "Y": ((0.5**0.5, 0.5**0.5 * 1j), (0.5**0.5, -(0.5**0.5) * 1j)),
}

_NOTHING, _PSI_PLUS, _PSI_MINUS = 4, 2, 3

_ANNOUNCED = np.full(16, _NOTHING, np.uint8)
"""By the detectors that clicked: port c, outcomes 0 and 1, then port d. Both outcomes must be there once."""
_ANNOUNCED[[0b0011, 0b1100]] = _PSI_PLUS
_ANNOUNCED[[0b1001, 0b0110]] = _PSI_MINUS


class MiddleScene(Scene):
    """Measurement-device-independent key distribution: two senders, a beam splitter and four detectors.

    The two pulses interfere at a random phase. Detectors that see the shares α and β of them, and γ of their
    interference, are silent with probability ⟨exp(−μα − νβ − 2√(μν)·Re γe^{iφ})⟩ =
    exp(−μα − νβ)·I₀(2√(μν)|γ|); for numbers of photons it is the coefficient of that. Ψ+ is announced when
    the two outcomes click at one port, Ψ− when they click at different ones. `misalignment` turns Alice's
    state, for both arms together, as in `qnet.qkd.rates.MDI`.

    Source: Ma and Razavi, Phys. Rev. A 86, 062319 (2012), arXiv:1204.4856, Appendix B.

    Args:
        alice: What she chooses from.
        bob: What he chooses from.
        link: The whole way; the station is half-way and has four of its detectors, whatever their `count`.
        source: A single-photon source at either end, where there are no intensities; None: perfect ones.
        eve: Who sits between Alice and the station.
        keep_notes: Whether what she sees is kept.

    Raises:
        ValueError: If the link is a curve.
        ValueError: If there are intensities and a single-photon source.
        ValueError: If Eve is of a kind that is of no use here, or a basis unknown.
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
        if eve is not None and not isinstance(eve, InterceptResend):
            raise ValueError(
                f"eve={eve!r} has nothing to act on here; with a station there is InterceptResend"
            )
        self.detector, self.ends = link.detector, (15,)
        self._way = Interception(eve, alice.bases, alice.bases, keep_notes=keep_notes)
        self.overheard, states = self._way.overheard, self._way.states
        self._sizes = (len(states), len(bob.bases))
        arm = float(np.sqrt(link.channel_transmittance)) * link.detector.efficiency
        sent = [_polarisations(names) for names in (states, bob.bases)]
        lights = [kinds(end.intensities, source) for end in (alice, bob)]
        dark = (1 - link.detector.dark_count_probability) ** subsets(4).sum(axis=1)
        quiet = [[_silence(one, two, arm, *sent) * dark for two in lights[1]] for one in lights[0]]
        self._kinds = len(lights[1])
        self.patterns = patterns(np.array(quiet)).reshape(-1, 16)

    def cells(
        self, batch: Batch, alice: Choices, bob: Choices, rng: np.random.Generator
    ) -> NDArray[np.uint32]:
        """By both kinds of pulses and both states."""
        assert alice.bits is not None
        assert bob.bits is not None
        bases, bits = self._way.passed_on(batch.numbers, alice.bases, alice.bits, rng)
        bits = bits ^ (rng.random(len(bits)) < self.detector.misalignment)
        cell = np.zeros(len(batch), np.uint32)
        steps = ((alice.intensities, 1), (bob.intensities, self._kinds), (bases, self._sizes[0]), (bits, 2))
        for values, size in (*steps, (bob.bases, self._sizes[1]), (bob.bits, 2)):
            cell *= np.uint32(size)
            if values is not None:
                cell += values
        return cell

    def told(self, seen: Bytes, rng: np.random.Generator, state: State) -> Detections:
        """The announcement, to both."""
        announced = _ANNOUNCED[seen]
        clicked = announced != _NOTHING
        self.overheard.keep(clicked)
        told = Clicks(clicked=clicked, bits=announced[clicked])
        return Detections(alice=told, bob=told)


def _polarisations(bases: tuple[str, ...]) -> Array:
    """The states of the bases, shape (bases·2, 2), complex."""
    for name in bases:
        if name not in _POLARISATIONS:
            raise ValueError(f"basis {name!r} is unknown here; give 'Z', 'X' or 'Y'")
    return np.array([state for name in bases for state in _POLARISATIONS[name]])


def _silence(one: Kind, two: Kind, arm: float, hers: Array, his: Array) -> Array:
    """No light seen by the sets of detectors, shape (Alice's states, Bob's states, 16)."""
    sets = subsets(4)
    alpha = arm / 2 * np.tile(np.abs(hers) ** 2, 2) @ sets.T
    beta = arm / 2 * np.tile(np.abs(his) ** 2, 2) @ sets.T
    product = np.conj(hers)[:, None] * his[None]
    gamma = np.abs(arm / 2 * np.concatenate([product, -product], axis=-1) @ sets.T)
    a, b = alpha[:, None], beta[None, :]
    if len(one.numbers) > 3 and len(two.numbers) > 3:
        from scipy.special import i0

        return np.asarray(np.exp(-one.mean * a - two.mean * b) * i0(2 * np.sqrt(one.mean * two.mean) * gamma))
    return np.asarray(
        sum(
            p * q * _numbers(n, m, 1 - a, 1 - b, gamma)
            for n, p in enumerate(one.numbers)
            for m, q in enumerate(two.numbers)
        )
    )


def _numbers(n: int, m: int, a: Array, b: Array, gamma: Array) -> Array:
    """The same for n photons of Alice's and m of Bob's, of which a and b are missed."""
    terms = [
        factorial(n) * factorial(m) / (factorial(n - k) * factorial(m - k) * factorial(k) ** 2)
        * a ** (n - k) * b ** (m - k) * gamma ** (2 * k)
        for k in range(min(n, m) + 1)
    ]  # fmt: skip
    return np.asarray(sum(terms))
