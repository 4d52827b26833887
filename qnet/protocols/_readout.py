"""Preparing and measuring round a protocol, and reading what came out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qnet.protocols._estimates import Estimate, mean
from qnet.results import Figure

if TYPE_CHECKING:
    from qiskit import QuantumCircuit
    from qiskit.circuit import Qubit

    from circuits.library import PauliFrame
    from qnet.execution import Outcomes

__all__ = ["OUTCOME", "Reading", "eigenstate", "kept_figures", "measured", "read", "register_places"]

OUTCOME = "outcome"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The shots of one circuit that count, with the Pauli frame applied.

    Attributes:
        bits: Shape (kept shots, classical bits), `uint8`.
        weights: Shape (kept shots,).
        kept: The share of the shots that counts.
    """

    bits: NDArray[np.uint8]
    weights: NDArray[np.float64]
    kept: Estimate

    def codes(self, places: Sequence[int]) -> NDArray[np.intp]:
        """The bits at these places as one number a shot, the first being the lowest."""
        total = np.zeros(self.bits.shape[0], dtype=np.intp)
        for k, place in enumerate(places):
            total |= self.bits[:, place].astype(np.intp) << k
        return total


def eigenstate(circuit: QuantumCircuit, qubit: Qubit, basis: str, bit: int) -> None:
    """Append the preparation, from |0⟩, of the eigenstate of X, Y or Z with the eigenvalue (−1)^bit."""
    if bit:
        circuit.x(qubit)
    if basis in "XY":
        circuit.h(qubit)
    if basis == "Y":
        circuit.s(qubit)


def measured(
    protocol: QuantumCircuit,
    qubits: Sequence[Qubit],
    bases: str,
    *,
    corrections: str,
    prepare: Callable[[QuantumCircuit], None] | None = None,
) -> QuantumCircuit:
    """A protocol between the preparation of its inputs and the measurement of its outputs, in one form.

    Args:
        protocol: The protocol in its feed-forward form.
        qubits: The outputs.
        bases: One of X, Y and Z for each of them.
        corrections: The form of the whole.
        prepare: Appends the preparation to the circuit in which the protocol will come after it.

    Returns:
        A circuit with the register `outcome` after the protocol's own bits; bit k is that of output k.
    """
    from qiskit.circuit import ClassicalRegister

    from circuits.library import with_corrections

    circuit = protocol.copy_empty_like()
    if prepare is not None:
        prepare(circuit)
    circuit.compose(protocol, protocol.qubits, protocol.clbits, inplace=True)
    outcome = ClassicalRegister(len(qubits), OUTCOME)
    circuit.add_register(outcome)
    for qubit, bit, basis in zip(qubits, outcome, bases, strict=True):
        if basis == "Y":
            circuit.sdg(qubit)
        if basis in "XY":
            circuit.h(qubit)
        circuit.measure(qubit, bit)
    return with_corrections(circuit, corrections)


def register_places(circuit: QuantumCircuit, name: str) -> list[int]:
    """Where the bits of a classical register stand among the circuit's bits."""
    register = next(register for register in circuit.cregs if register.name == name)
    return [circuit.find_bit(bit).index for bit in register]


def read(circuit: QuantumCircuit, outcomes: Outcomes) -> Reading:
    """The shots that count, with the circuit's Pauli frame applied.

    Raises:
        NothingKept: If there are no shots.
    """
    from circuits.library import pauli_frame

    frame: PauliFrame = pauli_frame(circuit)
    kept = frame.kept(outcomes.bits)
    share = mean(kept.astype(float), outcomes.weights, low=0, high=1)
    bits = np.asarray(frame.correct(outcomes.bits), dtype=np.uint8)
    if kept.all():
        return Reading(bits=bits, weights=outcomes.weights, kept=share)
    return Reading(bits=bits[kept], weights=outcomes.weights[kept], kept=share)


def kept_figures(corrections: str, kept: Estimate, circuits: Sequence[QuantumCircuit]) -> dict[str, Figure]:
    """The figure `kept` of the post-selected form, none of the others.

    Its ideal takes the outcomes that are looked at to be independent and fair, as those of Bell
    measurements are: two to the minus rank of the parities, averaged over the circuits.
    """
    from circuits.library import pauli_frame

    if corrections != "postselect":
        return {}
    ideal = float(np.mean([2.0 ** -_rank(pauli_frame(circuit).keep) for circuit in circuits]))
    return {"kept": kept.figure(ideal=ideal)}


def _rank(parities: Sequence[Sequence[int]]) -> int:
    rows: dict[int, int] = {}
    for parity in parities:
        row = 0
        for bit in parity:
            row ^= 1 << bit
        while row and row.bit_length() in rows:
            row ^= rows[row.bit_length()]
        if row:
            rows[row.bit_length()] = row
    return len(rows)
