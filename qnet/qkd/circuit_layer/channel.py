"""`CircuitChannel`: the quantum layer whose every raw bit is one executed shot."""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qnet.qkd._layers import check_choices, sequence_of, whole
from qnet.qkd.circuit_layer._halves import BASES, SETTINGS, pair_circuit, signal_circuit, station_circuit
from qnet.qkd.circuit_layer._shots import Shots
from qnet.qkd.eavesdroppers import Eavesdropper, InterceptResend
from qnet.qkd.quantum import Alphabet, Batch, Choices, Clicks, Detections

if TYPE_CHECKING:
    from qiskit import QuantumCircuit
    from qiskit.primitives import BaseSamplerV2

__all__ = ["CircuitChannel", "circuit_channel"]

Bytes = NDArray[np.uint8]

BATCH = 2**20


def circuit_channel(
    alice: Alphabet,
    bob: Alphabet,
    *,
    pulses: int,
    sampler: BaseSamplerV2 | str,
    eve: Eavesdropper | None = None,
    seed: int | None = None,
    pair: QuantumCircuit | None = None,
    batch: int = BATCH,
) -> CircuitChannel:
    """The quantum channel of circuits: prepare and measure, pairs, or a station between two senders.

    Args:
        alice: What she chooses from. If she sends and Bob does not, that is BB84, six-state, B92 or SARG04;
            if neither does, BBM92 (bases Z, X, Y) or E91 (settings 0, 1, 2); if both do, MDI.
        bob: What he chooses from.
        pulses: How many signals are sent; each is one shot.
        sampler: Any `BaseSamplerV2`, or a name that `qnet.execution.sampler` knows. Noise is the machine's.
        eve: Who sits on the channel: `InterceptResend`, or nobody.
        seed: A number from 0 for a channel that can be repeated; it seeds a sampler given by name, too. None:
            from the operating system.
        pair: Circuit that prepares a pair; None: the protocol's perfect one.
        batch: How many signals are proposed at a time, at most; each distinct circuit is run once for them.

    Raises:
        ValueError: If Bob alone sends, or intensities are given.
        ValueError: If `pulses`, `batch` or `seed` is no such number.
        ValueError: If a basis is unknown, or Eve is of a kind that circuits do not have.
        UnknownSampler: If there is no sampler of this name.

    Example:
        >>> from qnet.qkd.eavesdroppers import InterceptResend
        >>> from qnet.qkd.photons import count_clicks
        >>> alice = Alphabet(bases=("Z", "X"), chances=(0.5, 0.5), sends=True)
        >>> bob = Alphabet(bases=("Z", "X"), chances=(0.5, 0.5), sends=False)
        >>> channel = circuit_channel(
        ...     alice, bob, pulses=40_000, sampler="stim", eve=InterceptResend(bases=("Z",)), seed=1
        ... )
        >>> counted = count_clicks(channel, alice, bob, seed=2)
        >>> counted.error_rate(0, 0), abs(counted.error_rate(1, 1) - 0.5) < 0.03
        (0.0, True)
    """
    from qnet.execution import sampler as named

    if bob.sends and not alice.sends:
        raise ValueError("bob sends and alice does not; let alice send, or both, or neither")
    for name, end in (("alice", alice), ("bob", bob)):
        _check_end(name, end)
    if eve is not None and not isinstance(eve, InterceptResend):
        raise ValueError(f"eve={eve!r} acts on {eve.needs}, which circuits do not have; take InterceptResend")
    machine, order = sequence_of(seed).spawn(2)
    if isinstance(sampler, str):
        sampler = named(sampler, seed=int(machine.generate_state(1)[0]) if seed is not None else None)
    rng = np.random.default_rng(order)
    return CircuitChannel(
        alice, bob, pulses=pulses, sampler=sampler, eve=eve, rng=rng, pair=pair, batch=batch
    )


class CircuitChannel:
    """Signals as shots of circuits; the choices of both ends are grouped by the few distinct ones.

    Eve's attack is run as well: first circuits that end in her measurement, then circuits that begin with
    what she sends on. `circuit_channel` makes one.

    Attributes:
        pulses: How many signals are sent in all.
        simulated: Whether the machine is a simulator; only IBM's own machines are known not to be.
    """

    def __init__(
        self,
        alice: Alphabet,
        bob: Alphabet,
        *,
        pulses: int,
        sampler: BaseSamplerV2,
        eve: Eavesdropper | None,
        rng: np.random.Generator,
        pair: QuantumCircuit | None,
        batch: int,
    ) -> None:
        self.pulses = whole("pulses", pulses, least=1, most=2**40)
        self._size = whole("batch", batch, least=1, most=2**20)
        self.simulated = _is_simulated(sampler)
        self._alice, self._bob, self._rng = alice, bob, rng
        self._pairs = partial(pair_circuit, pair=pair)
        self._eve = eve or Eavesdropper()
        self._names = self._eve.measured_in(alice.bases if bob.sends else bob.bases)
        if unknown := set(self._names) - set(_family(bob.bases)):
            raise ValueError(
                f"eve measures in {sorted(unknown)[0]!r}; give some of {', '.join(_family(bob.bases))}"
            )
        self._shots = Shots(sampler, rng)
        self._sent = self._open = 0

    @property
    def executed(self) -> int:
        """How many circuits were run so far."""
        return self._shots.executed

    def propose(self) -> Batch | None:
        """The next signals; None when all have been sent."""
        self._open = min(self._size, self.pulses - self._sent)
        if not self._open:
            return None
        first, self._sent = self._sent, self._sent + self._open
        return Batch(numbers=np.arange(first, self._sent, dtype=np.int64))

    def detect(self, batch: Batch, alice: Choices, bob: Choices) -> Detections:
        """What the ends see of the batch that was proposed last.

        Raises:
            ValueError: If the choices are not one a signal that was proposed, or not of the ends' alphabets.
            NotClifford: If the settings are not Clifford and the sampler is Stim's.
        """
        check_choices(self._open, batch, {"alice": (self._alice, alice), "bob": (self._bob, bob)})
        self._open = 0
        if self._bob.sends:
            told = self._announced(alice, bob)
            return Detections(alice=told, bob=told)
        if self._alice.sends:
            return Detections(bob=_all(self._prepared(alice, bob)))
        return self._shared(alice, bob)

    def _prepared(self, alice: Choices, bob: Choices) -> Bytes:
        names, bases, bits = self._on_the_way(alice)
        return self._signals(names, bases, bits, self._bob.bases, bob.bases)

    def _announced(self, alice: Choices, bob: Choices) -> Clicks:
        names, bases, bits = self._on_the_way(alice)
        hers = list(product(names, (0, 1)))
        his = list(product(self._bob.bases, (0, 1)))
        assert bob.bits is not None
        chosen = (bases.astype(np.intp) * 2 + bits) * len(his) + (bob.bases.astype(np.intp) * 2 + bob.bits)
        return _all(self._shots.outcomes(station_circuit, list(product(hers, his)), chosen))

    def _shared(self, alice: Choices, bob: Choices) -> Detections:
        count = len(alice.bases)
        looks = (
            self._eve.looks(count, len(self._names), self._rng) if self._names else np.zeros(count, np.uint8)
        )
        names = (*self._bob.bases, *self._names)
        measured = np.where(looks > 0, looks + np.uint8(len(self._bob.bases) - 1), bob.bases)
        settings = list(product(self._alice.bases, names))
        chosen = alice.bases.astype(np.intp) * len(names) + measured
        codes = self._shots.outcomes(self._pairs, settings, chosen)
        hers, his = codes & np.uint8(1), codes >> np.uint8(1)
        places = np.flatnonzero(looks)
        if len(places):
            his[places] = self._signals(
                self._names, looks[places] - np.uint8(1), his[places], self._bob.bases, bob.bases[places]
            )
        return Detections(alice=_all(hers), bob=_all(his))

    def _on_the_way(self, alice: Choices) -> tuple[tuple[str, ...], Bytes, Bytes]:
        """Names of bases, and the states in them that go on to Bob, or to the station: Alice's, or Eve's."""
        assert alice.bits is not None
        bases, bits = alice.bases.copy(), alice.bits.copy()
        if not self._names:
            return self._alice.bases, bases, bits
        looks = self._eve.looks(len(bases), len(self._names), self._rng)
        places = np.flatnonzero(looks)
        hers = looks[places] - np.uint8(1)
        bits[places] = self._signals(self._alice.bases, bases[places], bits[places], self._names, hers)
        bases[places] = hers + np.uint8(len(self._alice.bases))
        return (*self._alice.bases, *self._names), bases, bits

    def _signals(
        self, names: tuple[str, ...], bases: Bytes, bits: Bytes, measured: tuple[str, ...], looks: Bytes
    ) -> Bytes:
        """Outcomes of single photons that are sent in one basis and measured in another."""
        settings = list(product(names, (0, 1), measured))
        chosen = (bases.astype(np.intp) * 2 + bits) * len(measured) + looks
        return self._shots.outcomes(signal_circuit, settings, chosen)


def _all(bits: Bytes) -> Clicks:
    return Clicks(clicked=np.ones(len(bits), np.bool_), bits=bits)


def _family(bases: tuple[str, ...]) -> tuple[str, ...]:
    return SETTINGS if bases[0] in SETTINGS else BASES


def _check_end(name: str, end: Alphabet) -> None:
    if end.intensities:
        raise ValueError(f"{name} has the intensities {end.intensities!r}; circuits send single photons")
    known = BASES if end.sends else _family(end.bases)
    for basis in end.bases:
        if basis not in known:
            raise ValueError(f"{name} has the basis {basis!r}; give some of {', '.join(known)}")


def _is_simulated(sampler: Any) -> bool:
    """Whether it is anything else than one of IBM's own machines."""
    if not type(sampler).__module__.startswith(("qiskit_ibm_runtime.", "qnet.execution.ibm")):
        return True
    backend = getattr(sampler, "backend", None)
    backend = backend() if callable(backend) else backend
    return type(backend).__name__ != "IBMBackend"
