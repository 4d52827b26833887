"""What the protocols on shared pairs share: the two local measurements of a pair."""

from __future__ import annotations

from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, QuantumRegister

__all__ = ["measured_pair"]


def measured_pair(
    name: str, pair: QuantumCircuit, for_alice: QuantumCircuit, for_bob: QuantumCircuit
) -> QuantumCircuit:
    """A pair, of which each side measures its half; the barrier is the channel."""
    alice, bob = QuantumRegister(1, "alice"), QuantumRegister(1, "bob")
    bits = ClassicalRegister(1, "alice_bit"), ClassicalRegister(1, "bob_bit")
    circuit = QuantumCircuit(alice, bob, *bits, name=name)
    circuit.compose(pair, circuit.qubits, inplace=True)
    circuit.barrier()
    circuit.compose(for_alice, alice, bits[0], inplace=True)
    circuit.compose(for_bob, bob, bits[1], inplace=True)
    return circuit
