"""Any gate under one control, in gates that every file format knows."""

from __future__ import annotations

from qiskit import QuantumCircuit
from qiskit.circuit import CircuitInstruction, Gate, QuantumRegister

from circuits.library._arguments import shown

__all__ = ["as_gate", "controlled"]


def as_gate(gate: Gate | QuantumCircuit) -> Gate:
    """The gate that an argument is, or stands for as a circuit."""
    if isinstance(gate, QuantumCircuit):
        from qiskit.exceptions import QiskitError

        try:
            return gate.to_gate()
        except QiskitError as error:
            raise ValueError(
                f"gate={gate.name!r} is no circuit of gates alone ({error.message}); give gates"
            ) from None
    if not isinstance(gate, Gate) or gate.num_qubits < 1:
        raise ValueError(f"gate={shown(gate)} is no gate; give one such as XGate(), or a circuit of gates")
    return gate


def controlled(gate: Gate) -> Gate:
    """The gate under one control: Qiskit's own where there is one, else by standard gates.

    Controlled gates with matrices or strings for parameters go into no file.
    """
    if _is_standard(gate):
        made: Gate = gate.control(1, annotated=False)
        if _is_standard(made):
            return made
    by_definition: Gate = _written_out(gate).control(1, annotated=False)
    return by_definition


def _written_out(gate: Gate) -> Gate:
    """The same gate as a circuit of Qiskit's standard gates."""
    definition = _definition(gate)
    circuit = definition.copy_empty_like(gate.name)
    for item in definition.data:
        inner = item.operation if item.is_standard_gate() else _written_out(item.operation)
        circuit.append(inner, item.qubits)
    return circuit.to_gate()


def _definition(gate: Gate) -> QuantumCircuit:
    alone = QuantumCircuit(gate.num_qubits)
    alone.append(gate, alone.qubits)
    if _is_standard(gate):
        return alone
    definition: QuantumCircuit | None = gate.definition
    if definition is None:
        from qiskit.transpiler.passes import HighLevelSynthesis

        definition = HighLevelSynthesis()(alone)
        if definition == alone:
            raise ValueError(f"gate={gate.name!r} has no definition; give a gate that has one, or a circuit")
    return definition


def _is_standard(gate: Gate) -> bool:
    return bool(CircuitInstruction(gate, QuantumRegister(gate.num_qubits)).is_standard_gate())
