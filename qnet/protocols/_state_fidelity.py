"""The fidelity with a stabilizer state, from measurements of its stabilizers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import stim
from numpy.typing import NDArray

from qnet.protocols._estimates import Estimate, average, mean
from qnet.protocols._readout import OUTCOME, measured, read, register_places
from qnet.protocols.claims import Claim, qubit_labels

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution import Outcomes

__all__ = ["Measured", "Setting", "StateFidelity", "bell_target", "ghz_target"]

_BELL_SIGNS = {"phi+": ("+", "+"), "psi+": ("+", "-"), "psi-": ("-", "-"), "phi-": ("-", "+")}
_CORRELATORS = {"XX": (1, 1, -1, -1), "YY": (-1, 1, -1, 1), "ZZ": (1, -1, -1, 1)}
"""The values of the four Bell states in the order Φ+, Ψ+, Ψ−, Φ−."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A choice of one basis per qubit, and what it says about the fidelity.

    Attributes:
        bases: X, Y or Z for each qubit.
        table: For every outcome (qubit k is bit k of the index) the sum of the signed stabilizers that
            this setting measures, shape (2^qubits,).
    """

    bases: str
    table: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A fidelity, and the share of the shots of each setting that it is made of."""

    fidelity: Estimate
    shares: tuple[Estimate, ...]

    @property
    def kept(self) -> Estimate:
        """The share of all shots."""
        return average(self.shares)


@dataclass(frozen=True, kw_only=True)
class StateFidelity:
    """How to measure the fidelity with the state that some stabilizers fix.

    F is the mean of all products of the stabilizers (Flammia and Liu, Phys. Rev. Lett. 106, 230501 (2011),
    arXiv:1104.4695, with every Pauli operator measured), each of which is a product of local outcomes.
    Products that can be measured together share a setting.

    Args:
        stabilizers: As many independent generators as qubits, such as `("+XX", "+ZZ")`.
    """

    stabilizers: tuple[str, ...]

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """Settings that together measure every product of the stabilizers once."""
        groups: list[tuple[list[str], list[stim.PauliString]]] = []
        for product in sorted(self._products(), key=lambda p: -p.weight):
            letters = str(product)[1:]
            for bases, members in groups:
                if all(a == b or "_" in (a, b) for a, b in zip(bases, letters, strict=True)):
                    bases[:] = [a if b == "_" else b for a, b in zip(bases, letters, strict=True)]
                    members.append(product)
                    break
            else:
                groups.append((list(letters), [product]))
        return tuple(
            Setting(bases="".join(bases).replace("_", "Z"), table=_table(members))
            for bases, members in groups
        )

    def circuits(
        self,
        protocol: QuantumCircuit,
        outputs: Sequence[int],
        *,
        corrections: str,
        prepare: Callable[[QuantumCircuit], None] | None = None,
    ) -> tuple[QuantumCircuit, ...]:
        """One circuit per setting: the protocol in feed-forward form, measured, and put into its form."""
        made = []
        for setting in self.settings:
            qubits = [protocol.qubits[q] for q in outputs]
            circuit = measured(protocol, qubits, setting.bases, corrections=corrections, prepare=prepare)
            circuit.name = f"{protocol.name}_{setting.bases}"
            made.append(circuit)
        return tuple(made)

    def interpret(self, circuits: Sequence[QuantumCircuit], outcomes: Sequence[Outcomes]) -> Measured:
        """The fidelity from the outcomes of `circuits`.

        Raises:
            NothingKept: If no shot of some setting is kept.
        """
        total = Estimate(value=1.0, variance=0.0)
        shares = []
        for setting, circuit, one in zip(self.settings, circuits, outcomes, strict=True):
            reading = read(circuit, one)
            values = setting.table[reading.codes(register_places(circuit, OUTCOME))]
            low, high = float(setting.table.min()), float(setting.table.max())
            total = total + mean(values, reading.weights, low=low, high=high)
            shares.append(reading.kept)
        return Measured(fidelity=total.linear(0.5 ** len(self.stabilizers)), shares=tuple(shares))

    def correlators(
        self, circuits: Sequence[QuantumCircuit], outcomes: Sequence[Outcomes], weights: Sequence[float]
    ) -> list[dict[str, Any]]:
        """The three correlators of a pair as rows; their ideals are those of Bell-diagonal weights."""
        found = []
        for setting, circuit, one in zip(self.settings, circuits, outcomes, strict=True):
            reading = read(circuit, one)
            codes = reading.codes(register_places(circuit, OUTCOME))
            values = 1.0 - 2.0 * ((codes & 1) ^ (codes >> 1))
            ideal = float(np.dot(_CORRELATORS[setting.bases], weights))
            estimate = mean(values, reading.weights, low=-1, high=1)
            found.append(estimate.row(f"⟨{setting.bases}⟩", ideal=ideal))
        return found

    def claim(self, circuit: QuantumCircuit, outputs: Sequence[int], *, extra: Sequence[str] = ()) -> Claim:
        """That a circuit prepares the state on these qubits."""
        labels = [qubit_labels(circuit)[q] for q in outputs]
        flows = tuple(f"1 -> {_written(text, labels)}" for text in self.stabilizers)
        return Claim(flows=(*flows, *extra), outputs=tuple(labels))

    def _products(self) -> list[stim.PauliString]:
        products = [stim.PauliString(len(self.stabilizers))]
        for text in self.stabilizers:
            products += [one * stim.PauliString(text) for one in products]
        return products[1:]


def bell_target(state: str = "phi+") -> StateFidelity:
    """One of the four Bell states."""
    xx, zz = _BELL_SIGNS[state]
    return StateFidelity(stabilizers=(f"{xx}XX", f"{zz}ZZ"))


def ghz_target(n: int) -> StateFidelity:
    """The GHZ state of n qubits."""
    pairs = ("+" + "_" * k + "ZZ" + "_" * (n - k - 2) for k in range(n - 1))
    return StateFidelity(stabilizers=("+" + "X" * n, *pairs))


def _table(products: Sequence[stim.PauliString]) -> NDArray[np.float64]:
    indices = np.arange(2 ** len(products[0]))
    total = np.zeros(len(indices))
    for product in products:
        parity = np.zeros(len(indices), dtype=np.int64)
        for q in product.pauli_indices():
            parity ^= indices >> q & 1
        total += product.sign.real * (1 - 2 * parity)
    return total


def _written(text: str, labels: Sequence[str]) -> str:
    sign = "-" if text.startswith("-") else ""
    letters = text.lstrip("+-")
    terms = (f"{letter}[{label}]" for letter, label in zip(letters, labels, strict=True) if letter != "_")
    return sign + "*".join(terms)
