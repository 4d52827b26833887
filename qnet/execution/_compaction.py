"""A circuit on a large device without the qubits that it does not use."""

from __future__ import annotations

from typing import Any

from qiskit import QuantumCircuit
from qiskit.circuit import Barrier, CircuitInstruction

from qnet.execution._channels import is_channel


def used_qubits(circuit: QuantumCircuit) -> tuple[int, ...]:
    """Indices of the qubits on which something is done; waiting and noise do not count."""
    touched = {
        qubit
        for item in circuit.data
        if item.operation.name not in ("barrier", "delay") and not is_channel(item.operation)
        for qubit in item.qubits
    }
    return tuple(index for index, qubit in enumerate(circuit.qubits) if qubit in touched)


def compacted(circuit: QuantumCircuit, used: tuple[int, ...]) -> QuantumCircuit:
    """The circuit on these qubits alone, in this order, with the same classical bits and registers.

    Instructions on other qubits are dropped; a barrier keeps those that remain.
    """
    kept = [circuit.qubits[index] for index in used]
    made = QuantumCircuit(kept, circuit.clbits, global_phase=circuit.global_phase, metadata=circuit.metadata)
    for register in circuit.cregs:
        made.add_register(register)
    for variable in circuit.iter_declared_vars():
        made.add_uninitialized_var(variable)
    inside = set(kept)
    for item in circuit.data:
        qubits = [qubit for qubit in item.qubits if qubit in inside]
        if len(qubits) == len(item.qubits):
            made._append(item)
        elif qubits and item.operation.name == "barrier":
            made._append(CircuitInstruction(_shorter(item.operation, len(qubits)), qubits, ()))
    return made


def _shorter(barrier: Any, size: int) -> Barrier:
    return Barrier(size, label=barrier.label)
