"""What the protocols that send one photon share: its preparation, its measurement, and the whole."""

from __future__ import annotations

from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, QuantumRegister

from circuits.library._bases import append_measurement, append_state

__all__ = ["measured_photon", "photon", "sent"]


def photon(name: str, bit: int, basis: str, *, register: str = "photon") -> QuantumCircuit:
    """A photon in the eigenstate of a basis that belongs to a bit."""
    circuit = QuantumCircuit(QuantumRegister(1, register), name=name)
    append_state(circuit, 0, bit, basis)
    return circuit


def measured_photon(
    name: str, basis: str, *, register: str = "photon", bit: str = "bob_bit"
) -> QuantumCircuit:
    """The measurement of a photon in a basis."""
    circuit = QuantumCircuit(QuantumRegister(1, register), ClassicalRegister(1, bit), name=name)
    append_measurement(circuit, 0, 0, basis)
    return circuit


def sent(name: str, preparation: QuantumCircuit, measurement: QuantumCircuit) -> QuantumCircuit:
    """One signal from its preparation to its measurement; the barrier is the channel."""
    circuit = QuantumCircuit(*preparation.qregs, *measurement.cregs, name=name)
    circuit.compose(preparation, inplace=True)
    circuit.barrier()
    circuit.compose(measurement, circuit.qubits, circuit.clbits, inplace=True)
    return circuit
