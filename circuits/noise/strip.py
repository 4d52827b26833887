"""Taking noise off: what is left is what the hardware would be asked to do."""

from __future__ import annotations

from typing import Any, TypeVar

from qiskit import QuantumCircuit
from qiskit.circuit import ControlFlowOp

from circuits.noise.channels import is_channel

__all__ = ["strip"]

Circuit = TypeVar("Circuit")


def strip(circuit: Circuit) -> Circuit:
    """The circuit without its error instructions, through the bodies of control flow and REPEAT.

    All error instructions go, also those that prepare mixed states (`bell_pair(fidelity=…)`). The
    read-out ancillas that `CircuitNoise.apply` put into a Qiskit circuit go with their instructions.
    In Stim the noise channels and the arguments of measurements go; heralded errors leave the padding
    bits `MPAD 0`, so that the measurement record keeps its length.

    Args:
        circuit: A `QuantumCircuit` or a `stim.Circuit`; it is not changed.

    Returns:
        A circuit of the same kind.

    Raises:
        ValueError: If it is neither kind of circuit.

    Example:
        >>> import stim
        >>> print(strip(stim.Circuit("H 0\\nDEPOLARIZE1(0.01) 0\\nM(0.02) 0")))
        H 0
        M 0
    """
    given: Any = circuit
    if isinstance(given, QuantumCircuit):
        stripped: Any = _strip_qiskit(given)
        return stripped  # type: ignore[no-any-return]
    import stim

    if isinstance(given, stim.Circuit):
        stripped = _strip_stim(given)
        return stripped  # type: ignore[no-any-return]
    raise ValueError(f"circuit is a {type(circuit).__name__}: it must be a QuantumCircuit or a stim.Circuit")


def _strip_qiskit(circuit: QuantumCircuit) -> QuantumCircuit:
    stripped = circuit.copy_empty_like()
    for item in circuit.data:
        if is_channel(item.name):
            continue
        if item.is_control_flow():
            item = item.replace(operation=_stripped_blocks(item.operation))
        stripped._append(item)
    return stripped


def _stripped_blocks(operation: ControlFlowOp) -> ControlFlowOp:
    return operation.replace_blocks([_strip_qiskit(block) for block in operation.blocks])


def _strip_stim(circuit: Any) -> Any:
    import stim

    stripped = stim.Circuit()
    for item in circuit:
        if isinstance(item, stim.CircuitRepeatBlock):
            body = _strip_stim(item.body_copy())
            if len(body):
                stripped.append(stim.CircuitRepeatBlock(item.repeat_count, body, tag=item.tag))
            continue
        data = stim.gate_data(item.name)
        if not data.is_noisy_gate:
            stripped.append(item)
        elif data.produces_measurements and item.name.startswith("HERALDED"):
            stripped.append("MPAD", [0] * len(item.targets_copy()), [], tag=item.tag)
        elif data.produces_measurements:
            stripped.append(item.name, item.targets_copy(), [], tag=item.tag)
    return stripped
