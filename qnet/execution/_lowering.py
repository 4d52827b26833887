"""Circuits in terms of what a simulator knows, without touching error instructions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qiskit import QuantumCircuit
from qiskit.circuit import CircuitInstruction, ControlFlowOp, IfElseOp, Store, SwitchCaseOp, WhileLoopOp
from qiskit.circuit.classical import expr

from qnet.errors import ExecutionError
from qnet.execution._expressions import without_index

_BARE = ("measure", "reset", "barrier", "delay", "quantum_channel", "kraus", "superop")


def aer_circuit(circuit: QuantumCircuit, names: frozenset[str]) -> QuantumCircuit:
    """The circuit in instructions that Aer knows.

    Aer goes by name: a gate counts as known only if it is Qiskit's own class of that name. All others are
    replaced by their definitions, bodies of boxes are put in place, and `expr.index` is written in bits.

    Raises:
        ExecutionError: If the circuit has classical variables.
    """
    refuse_variables(circuit)

    def known(operation: Any) -> bool:
        name = operation.name
        if name in _BARE:
            return True
        home = getattr(operation, "base_class", type(operation)).__module__
        return name in names and home.startswith(("qiskit.circuit.library.", "qiskit_aer."))

    return expanded(circuit, known, rewrite=True)


def refuse_variables(circuit: QuantumCircuit) -> None:
    """Refuse classical variables, which Aer cannot read: at some it ends the process.

    Raises:
        ExecutionError: If there are any.
    """
    if circuit.num_vars:
        names = ", ".join(var.name for var in circuit.iter_vars())
        raise ExecutionError(
            f"Aer reads no classical variables, and the circuit has {names}; hold them in classical bits, "
            "or run it on 'stim'"
        )


def in_bits(circuit: QuantumCircuit) -> QuantumCircuit:
    """The circuit without boxes and without `expr.index`, which few backends know."""
    return expanded(circuit, lambda operation: operation.name != "box", rewrite=True)


def expanded(
    circuit: QuantumCircuit, known: Callable[[Any], bool], *, rewrite: bool = False
) -> QuantumCircuit:
    """The circuit with every instruction that is not known replaced by its definition, bodies too.

    Args:
        circuit: Any circuit.
        known: Says which instructions stay. Control flow stays, with its bodies expanded.
        rewrite: Whether boxes go as well, and classical expressions lose `expr.index`.

    Raises:
        ValueError: If an instruction that is not known has no definition.
    """
    if all(_plain(item.operation) and known(item.operation) for item in circuit.data):
        return circuit
    made = circuit.copy_empty_like()
    for item in circuit.data:
        operation = item.operation
        if isinstance(operation, ControlFlowOp) and operation.name != "box":
            blocks = [expanded(block, known, rewrite=rewrite) for block in operation.blocks]
            changed = operation.replace_blocks(blocks)
            made._append(
                CircuitInstruction(_reworded(changed) if rewrite else changed, item.qubits, item.clbits)
            )
        elif isinstance(operation, Store):
            made._append(item.replace(operation=_reworded(operation) if rewrite else operation))
        elif known(operation) or (operation.name == "box" and not rewrite):
            made._append(item)
        else:
            body = operation.blocks[0] if operation.name == "box" else definition_of(operation)
            inner = expanded(body, known, rewrite=rewrite)
            made.compose(inner, item.qubits, item.clbits, inplace=True, copy=False)
    return made


def definition_of(operation: Any) -> QuantumCircuit:
    """What an instruction is made of.

    Raises:
        ValueError: If it has no definition.
    """
    definition = getattr(operation, "definition", None)
    if definition is not None:
        return definition
    alone = QuantumCircuit(operation.num_qubits, operation.num_clbits)
    alone.append(operation, alone.qubits, alone.clbits)
    synthesised = alone.decompose()
    if [item.operation.name for item in synthesised.data] == [operation.name]:
        from qiskit import transpile
        from qiskit.exceptions import QiskitError

        try:
            return transpile(alone, basis_gates=["u", "cx"], optimization_level=0)
        except QiskitError:
            raise ValueError(
                f"the instruction {operation.name!r} has no definition; give it one, or use UnitaryGate"
            ) from None
    return synthesised


def _plain(operation: Any) -> bool:
    return not isinstance(operation, ControlFlowOp | Store)


def _reworded(operation: Any) -> Any:
    """A control-flow operation or store without `expr.index` in its expression."""
    if isinstance(operation, Store) and isinstance(operation.rvalue, expr.Expr):
        return Store(operation.lvalue, without_index(operation.rvalue))
    if isinstance(operation, SwitchCaseOp) and isinstance(operation.target, expr.Expr):
        return SwitchCaseOp(without_index(operation.target), operation.cases_specifier(), operation.label)
    if isinstance(operation, IfElseOp) and isinstance(operation.condition, expr.Expr):
        return IfElseOp(without_index(operation.condition), *operation.params, label=operation.label)
    if isinstance(operation, WhileLoopOp) and isinstance(operation.condition, expr.Expr):
        return WhileLoopOp(without_index(operation.condition), *operation.params, label=operation.label)
    return operation
