"""What the experiments on key distribution share: settings drawn at random, and how bits are read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import nan
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from qnet.protocols._estimates import Estimate, Numbers, mean
from qnet.protocols.claims import Claim, bit_labels
from qnet.protocols.errors import NothingKept
from qnet.results import Figure

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from circuits.library import KeyDistribution as Table
    from qnet.execution import Outcomes

__all__ = ["KeyProtocol", "Lookup", "Setting", "Signal", "basis_chances", "codes_of", "mean_or_nan"]

Bytes = NDArray[np.uint8]
Setting = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Signal:
    """What both sides note of one signal whatever its outcome: bases, and bits that were not measured.

    Attributes:
        alice_basis: Index into the protocol's `bases`.
        bob_basis: The same for Bob.
        alice_bit: Alice's bit, or the number of the classical bit that holds it, as −1 − number.
        bob_bit: The same for Bob.
    """

    alice_basis: int
    bob_basis: int
    alice_bit: int
    bob_bit: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Lookup:
    """Both sides' bits for every setting and every outcome of its circuit.

    Attributes:
        codes: Number of outcomes of a circuit; outcome bit k is bit k of a code.
        alice_bits, bob_bits: Shape (settings · codes,); the sifted bits where the signal is sifted.
        sifted: Shape (settings · codes,), whether the signal enters the key.
        alice_bases, bob_bases: Shape (settings,), indices into the protocol's `bases`.
    """

    codes: int
    alice_bits: Bytes
    bob_bits: Bytes
    sifted: NDArray[np.bool_]
    alice_bases: Bytes
    bob_bases: Bytes


@dataclass(frozen=True, kw_only=True)
class KeyProtocol(ABC):
    """Raw bits of a key-distribution protocol: every signal draws its setting, every raw bit is one shot.

    A protocol names itself, its bases, and what both sides note of a signal.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    bases: ClassVar[tuple[str, ...]]

    @abstractmethod
    def note(self, setting: Setting) -> Signal:
        """What both sides note of a signal with this setting."""

    @abstractmethod
    def ideals(self) -> dict[str, float]:
        """The figures without noise."""

    def build(self, setting: Setting) -> QuantumCircuit:
        """The circuit of one signal."""
        return self.table.build(*setting)

    def probabilities(self) -> NDArray[np.float64]:
        """How often each setting is chosen, shape (settings,)."""
        count = len(self.table.settings)
        return np.full(count, 1 / count)

    @property
    def table(self) -> Table:
        """The protocol's settings and circuits in the library."""
        from circuits.library import KEY_DISTRIBUTION

        return KEY_DISTRIBUTION[self.name]

    def circuit(self) -> QuantumCircuit:
        """The circuit of one signal: that of the last setting."""
        return self.build(self.table.settings[-1])

    def circuits(self) -> Sequence[QuantumCircuit]:
        """One circuit per setting."""
        return [self.build(setting) for setting in self.table.settings]

    def choices(self, signals: int, rng: np.random.Generator) -> Bytes:
        """The setting of every signal, drawn at random, shape (signals,)."""
        chances = self.probabilities()
        if np.allclose(chances, chances[0]):
            return rng.integers(len(chances), size=signals, dtype=np.uint8)
        return np.searchsorted(chances.cumsum()[:-1], rng.random(signals), side="right").astype(np.uint8)

    def allocation(self, shots: int, rng: np.random.Generator) -> list[int]:
        """How many of the signals have each setting, drawn at random."""
        drawn: list[int] = rng.multinomial(shots, self.probabilities()).tolist()
        return drawn

    def lookup(self) -> Lookup:
        """Both sides' bits for every setting and outcome."""
        settings = self.table.settings
        width = len(self.build(settings[0]).clbits)
        notes = [self.note(setting) for setting in settings]
        rows = [
            (*_bits(note, outcome), self.table.key(*setting, outcome))
            for setting, note in zip(settings, notes, strict=True)
            for outcome in _outcomes(width)
        ]
        return Lookup(
            codes=2**width,
            alice_bits=np.array([a if key is None else key.alice for a, _, key in rows], dtype=np.uint8),
            bob_bits=np.array([b if key is None else key.bob for _, b, key in rows], dtype=np.uint8),
            sifted=np.array([key is not None for _, _, key in rows]),
            alice_bases=np.array([note.alice_basis for note in notes], dtype=np.uint8),
            bob_bases=np.array([note.bob_basis for note in notes], dtype=np.uint8),
        )

    def interpret(self, outcomes: Sequence[Outcomes]) -> dict[str, Figure]:
        """Error rates of the sifted bits, and the share of signals that is sifted.

        An error rate of a basis that no sifted bit came from is NaN.

        Raises:
            NothingKept: If no signal is sifted.
        """
        lookup, ideals = self.lookup(), self.ideals()
        setting = np.repeat(np.arange(len(outcomes)), [len(one) for one in outcomes])
        cells = setting * lookup.codes + np.concatenate([codes_of(one.bits) for one in outcomes])
        weights = np.concatenate([one.weights for one in outcomes])
        sifted, bases = lookup.sifted[cells], lookup.alice_bases[setting]
        errors = (lookup.alice_bits[cells] != lookup.bob_bits[cells]).astype(float)
        if not weights[sifted].sum() > 0:
            raise NothingKept(
                f"no signal of {self.name} was sifted, so that there is no key; send more signals"
            )
        found = {"qber": mean(errors[sifted], weights[sifted], low=0, high=1)}
        for index, basis in enumerate(self.bases):
            if f"qber_{basis.lower()}" in ideals:
                part = sifted & (bases == index)
                found[f"qber_{basis.lower()}"] = mean_or_nan(errors[part], weights[part], low=0, high=1)
        found["sifted_fraction"] = mean(sifted.astype(float), weights, low=0, high=1)
        return {name: one.figure(ideal=ideals[name]) for name, one in found.items()}

    def claims(self) -> list[tuple[str, QuantumCircuit, Claim]]:
        """That sifted bits are always equal, for every setting in which an outcome could make them differ."""
        found = []
        for setting in self.table.settings:
            circuit = self.build(setting)
            claim = _agreement(circuit, [_differ(self.table.key(*setting, o)) for o in _outcomes_of(circuit)])
            if claim is not None:
                found.append((f"{self.name}({', '.join(map(str, setting))})", circuit, claim))
        return found


def basis_chances(z_probability: float) -> dict[str, float]:
    """How often Z and X are chosen."""
    return {"Z": z_probability, "X": 1 - z_probability}


def codes_of(bits: Bytes) -> Bytes:
    """The outcomes of a circuit as one number a shot, bit k being that of classical bit k."""
    codes = bits[:, 0]
    for k in range(1, bits.shape[1]):
        codes = codes | bits[:, k] << np.uint8(k)
    return codes


def mean_or_nan(values: Numbers, weights: Numbers, *, low: float, high: float) -> Estimate:
    """The mean, or NaN where there is nothing to take it of."""
    if not weights.sum() > 0:
        return Estimate(value=nan, variance=nan)
    return mean(values, weights, low=low, high=high)


def _bits(note: Signal, outcome: Sequence[int]) -> tuple[int, int]:
    first, second = (outcome[-1 - bit] if bit < 0 else bit for bit in (note.alice_bit, note.bob_bit))
    return first, second


def _outcomes(width: int) -> list[tuple[int, ...]]:
    """All outcomes in the order of their codes."""
    return [bits[::-1] for bits in product((0, 1), repeat=width)]


def _outcomes_of(circuit: QuantumCircuit) -> list[tuple[int, ...]]:
    return _outcomes(circuit.num_clbits)


def _differ(key: Any) -> bool:
    return key is not None and key.alice != key.bob


def _agreement(circuit: QuantumCircuit, wrong: Sequence[bool]) -> Claim | None:
    """That none of the outcomes happens in which sifted bits differ; None if there are none of them."""
    labels = bit_labels(circuit)
    for parity in range(1, len(wrong)):
        for constant in (False, True):
            odd = [(code & parity).bit_count() % 2 == 1 for code in range(len(wrong))]
            if any(wrong) and list(wrong) == [one ^ constant for one in odd]:
                bits = (label for k, label in enumerate(labels) if parity >> k & 1)
                return Claim(flows=(f"1 -> {'-' if constant else ''}1 xor {' xor '.join(bits)}",))
    if any(wrong):
        raise ValueError(f"the outcomes of {circuit.name} that would be errors are no parity of its bits")
    return None
