"""A circuit to begin with: entangled qubits, of which some have been measured."""

from __future__ import annotations

from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, QuantumRegister


def start(*registers: int) -> QuantumCircuit:
    """Four entangled qubits; the first ones measured into the bits of registers of these sizes."""
    names = [ClassicalRegister(size, f"c{k}") for k, size in enumerate(registers)]
    circuit = QuantumCircuit(QuantumRegister(4, "q"), *names)
    circuit.h([0, 1, 2])
    circuit.sx(2)
    circuit.cx(0, 1)
    circuit.cx(1, 3)
    circuit.h(0)
    circuit.sdg(3)
    for k, bit in enumerate(circuit.clbits[:3]):
        circuit.measure(k, bit)
    return circuit
