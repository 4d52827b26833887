"""What a backend cannot do, said before anything is transpiled or sent."""

from __future__ import annotations

from typing import Any

from qiskit import QuantumCircuit
from qiskit.circuit import ControlFlowOp

from qnet.errors import UnsuitableBackend

_BRANCHES = ("if_else", "switch_case", "while_loop")


def check_backend(circuit: QuantumCircuit, backend: Any) -> None:
    """See whether a backend can run a circuit at all.

    Raises:
        UnsuitableBackend: If it has too few qubits, or lacks control flow or reset that is needed.
    """
    name, target = backend_name(backend), backend.target
    known = set(target.operation_names)
    if target.num_qubits is not None and circuit.num_qubits > target.num_qubits:
        raise UnsuitableBackend(
            f"{name} has {target.num_qubits} qubits and the circuit needs {circuit.num_qubits}; "
            "take a larger device, or a shorter chain or fewer parties"
        )
    needed = operation_names(circuit)
    for operation in _BRANCHES:
        if operation in needed - known:
            raise UnsuitableBackend(f"{name} has no {operation!r}; {_instead(operation, known)}")
    if "reset" in needed - known:
        raise UnsuitableBackend(
            f"{name} has no 'reset'; take corrections='frame', 'postselect' or 'deferred', which need none"
        )


def _instead(operation: str, known: set[str]) -> str:
    if operation == "while_loop":
        return "take a number of rounds that is fixed beforehand, or another device or simulator"
    if operation == "switch_case" and "if_else" in known:
        return "it has 'if_else': write the cases with if_test"
    return (
        "take corrections='frame' or 'postselect', which measure at the end alone (or 'deferred'), "
        "or another device or simulator"
    )


def operation_names(circuit: QuantumCircuit) -> set[str]:
    """Names of all instructions of a circuit, in bodies and definitions too."""
    found: set[str] = set()
    for item in circuit.data:
        found.add(item.operation.name)
        if isinstance(item.operation, ControlFlowOp):
            for block in item.operation.blocks:
                found |= operation_names(block)
        elif item.clbits and item.operation.name != "measure" and item.operation.definition is not None:
            found |= operation_names(item.operation.definition)
    return found


def backend_name(backend: Any) -> str:
    """The name of a backend, its class where it has none."""
    return str(getattr(backend, "name", None) or type(backend).__name__)


def without_loops(circuit: QuantumCircuit, backend: Any) -> QuantumCircuit:
    """The circuit with its loops unrolled, if the backend knows none."""
    if "for_loop" in backend.target.operation_names or "for_loop" not in operation_names(circuit):
        return circuit
    from qiskit.transpiler import PassManager
    from qiskit.transpiler.passes import UnrollForLoops

    return PassManager([UnrollForLoops()]).run(circuit)
