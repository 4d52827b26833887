"""Error instructions through a transpiler: out as labelled barriers, back on the qubits these ended on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qiskit import QuantumCircuit
from qiskit.circuit import Barrier, CircuitInstruction, ControlFlowOp

from circuits.noise.channels import is_channel as is_channel_name
from qnet.execution._lowering import expanded

_LABEL = "qnet error "


def is_channel(operation: Any) -> bool:
    """Whether an operation is an error instruction: noise, not a gate."""
    return is_channel_name(operation.name)


def has_channels(circuit: QuantumCircuit) -> bool:
    """Whether there is an error instruction in a circuit, its bodies or its composite instructions."""
    return any(_holds_channel(item.operation) for item in circuit.data)


def masked(circuit: QuantumCircuit) -> tuple[QuantumCircuit, list[Any]]:
    """The circuit with a labelled barrier in place of every error instruction, and these in order."""
    if not has_channels(circuit):
        return circuit, []
    channels: list[Any] = []

    def mask(operation: Any) -> Any:
        if not is_channel(operation):
            return operation
        channels.append(operation)
        return Barrier(operation.num_qubits, label=f"{_LABEL}{len(channels) - 1}")

    open_circuit = expanded(circuit, lambda op: is_channel(op) or not _holds_channel(op))
    return _replaced(open_circuit, mask), channels


def unmasked(circuit: QuantumCircuit, channels: list[Any]) -> QuantumCircuit:
    """The circuit with the error instructions back in the place of their barriers."""

    def unmask(operation: Any) -> Any:
        label = getattr(operation, "label", None) or ""
        here = operation.name == "barrier" and label.startswith(_LABEL)
        return channels[int(label.removeprefix(_LABEL))] if here else operation

    return _replaced(circuit, unmask) if channels else circuit


def _holds_channel(operation: Any) -> bool:
    if isinstance(operation, ControlFlowOp):
        return any(has_channels(block) for block in operation.blocks)
    if is_channel(operation):
        return True
    definition = None if operation.name in ("barrier", "measure") else getattr(operation, "definition", None)
    return definition is not None and has_channels(definition)


def _replaced(circuit: QuantumCircuit, change: Callable[[Any], Any]) -> QuantumCircuit:
    made = circuit.copy_empty_like()
    for item in circuit.data:
        operation = item.operation
        if isinstance(operation, ControlFlowOp):
            operation = operation.replace_blocks([_replaced(block, change) for block in operation.blocks])
        made._append(CircuitInstruction(change(operation), item.qubits, item.clbits))
    return made
