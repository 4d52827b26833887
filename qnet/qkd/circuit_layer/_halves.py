"""Circuits of one signal, put together from the halves that the library has for each end."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

__all__ = ["BASES", "SETTINGS", "pair_circuit", "signal_circuit", "station_circuit"]

BASES = ("Z", "X", "Y")
SETTINGS = ("0", "1", "2")
"""Names of the angles of E91, which are others at either side."""


def signal_circuit(basis: str, bit: int, measured: str) -> QuantumCircuit:
    """One photon in a state of a basis, measured in a basis: BB84 and its kin, and what Eve sends on."""
    from qiskit import QuantumCircuit
    from qiskit.circuit import ClassicalRegister, QuantumRegister

    circuit = QuantumCircuit(QuantumRegister(1, "photon"), ClassicalRegister(1, "bob_bit"), name="signal")
    circuit.compose(_prepared(basis, bit), inplace=True)
    circuit.barrier()
    circuit.compose(_measured(measured, "bob"), [0], [0], inplace=True)
    return circuit


def pair_circuit(alice: str, bob: str, *, pair: QuantumCircuit | None = None) -> QuantumCircuit:
    """One pair, measured at both ends: BBM92, or E91 where the bases are its settings."""
    from qiskit import QuantumCircuit
    from qiskit.circuit import ClassicalRegister, QuantumRegister

    from circuits.library import bbm92_preparation, e91_preparation

    registers = [QuantumRegister(1, side) for side in ("alice", "bob")]
    bits = [ClassicalRegister(1, f"{side}_bit") for side in ("alice", "bob")]
    circuit = QuantumCircuit(*registers, *bits, name="pair")
    source = e91_preparation if alice in SETTINGS else bbm92_preparation
    circuit.compose(source(pair=pair), [0, 1], inplace=True)
    circuit.barrier()
    for place, (side, basis) in enumerate((("alice", alice), ("bob", bob))):
        circuit.compose(_measured(basis, side), [place], [place], inplace=True)
    return circuit


def station_circuit(alice: tuple[str, int], bob: tuple[str, int]) -> QuantumCircuit:
    """One photon from each side, and the Bell measurement between them: MDI."""
    from qiskit import QuantumCircuit
    from qiskit.circuit import ClassicalRegister, QuantumRegister

    from circuits.library import mdi_measurement

    registers = [QuantumRegister(1, side) for side in ("alice", "bob")]
    circuit = QuantumCircuit(
        *registers, ClassicalRegister(1, "phase"), ClassicalRegister(1, "parity"), name="station"
    )
    for place, (basis, bit) in enumerate((alice, bob)):
        circuit.compose(_prepared(basis, bit), [place], inplace=True)
    circuit.barrier()
    circuit.compose(mdi_measurement(), [0, 1], [0, 1], inplace=True)
    return circuit


def _prepared(basis: str, bit: int) -> QuantumCircuit:
    from circuits.library import E91_BOB_ANGLES, six_state_preparation

    if basis not in SETTINGS:
        return six_state_preparation(bit, basis)
    circuit = six_state_preparation(bit, "Z")
    circuit.ry(E91_BOB_ANGLES[int(basis)], 0)
    return circuit


def _measured(basis: str, side: str) -> QuantumCircuit:
    from circuits.library import e91_measurement, six_state_measurement

    return e91_measurement(int(basis), side=side) if basis in SETTINGS else six_state_measurement(basis)
