"""Taking noise off: what is left is what the hardware would be asked to do."""

from __future__ import annotations

from typing import Any, TypeVar

from qiskit import AncillaRegister, QuantumCircuit
from qiskit.circuit import CircuitInstruction

from circuits.noise.channels import is_channel

__all__ = ["ANCILLAS", "strip"]

Circuit = TypeVar("Circuit")

ANCILLAS = "readout_ancilla"
"""How the names of the registers begin from which re-used qubits are read out."""


def strip(circuit: Circuit) -> Circuit:
    r"""The circuit without its error instructions, through the bodies of control flow and REPEAT.

    All error instructions go, also those that prepare mixed states (`bell_pair(fidelity=…)`). The
    read-out ancillas that `CircuitNoise.apply` put into a Qiskit circuit (registers whose names begin
    with `readout_ancilla`) go too, and their qubits are measured themselves again. In Stim the
    noise channels and the arguments of measurements go; heralded errors leave `MPAD 0`, so that the
    measurement record keeps its length.

    Args:
        circuit: A `QuantumCircuit` or a `stim.Circuit`; it is not changed.

    Returns:
        A circuit of the same kind.

    Raises:
        ValueError: If it is neither kind of circuit.

    Example:
        >>> import stim
        >>> print(strip(stim.Circuit("H 0\nDEPOLARIZE1(0.01) 0\nM(0.02) 0")))
        H 0
        M 0
    """
    given: Any = circuit
    made: Any = None
    if isinstance(given, QuantumCircuit):
        made = _strip_qiskit(given, _ancillas(given))
    else:
        import stim

        if isinstance(given, stim.Circuit):
            made = _strip_stim(given)
    if made is None:
        kind = type(circuit).__name__
        raise ValueError(f"circuit is a {kind}: it must be a QuantumCircuit or a stim.Circuit")
    stripped: Circuit = made
    return stripped


def _ancillas(circuit: QuantumCircuit) -> set[Any]:
    """The qubits of the registers that `CircuitNoise.apply` made; others have no reset, or other gates."""
    named = [register for register in circuit.qregs if _reads_out(register)]
    new = {qubit for register in named for qubit in register}
    used: set[Any] = set()
    other: set[Any] = set()
    for item in circuit.data if named else ():
        touched = new.intersection(item.qubits)
        if item.name == "reset":
            used |= touched
        elif item.name == "cx" or item.name.startswith("measure"):
            other |= touched - used
        elif not (is_channel(item.name) or item.is_control_flow() or item.name in ("barrier", "delay")):
            other |= touched
    return {qubit for register in named if other.isdisjoint(register) for qubit in register}


def _reads_out(register: Any) -> bool:
    return isinstance(register, AncillaRegister) and register.name.startswith(ANCILLAS)


def _strip_qiskit(circuit: QuantumCircuit, ancillas: set[Any]) -> QuantumCircuit:
    stripped = _without(circuit, ancillas) if ancillas else circuit.copy_empty_like()
    read: dict[Any, Any] = {}
    for item in circuit.data:
        if is_channel(item.name):
            continue
        if item.is_control_flow() and getattr(item.operation, "blocks", ()):
            item = _strip_blocks(item, ancillas)
        elif ancillas and not ancillas.isdisjoint(item.qubits):
            if item.name == "cx":
                read[item.qubits[1]] = read.get(item.qubits[0], item.qubits[0])
            if not item.clbits:
                continue
            item = item.replace(qubits=(read[item.qubits[0]],))
        stripped._append(item)
    return stripped


def _strip_blocks(item: CircuitInstruction, ancillas: set[Any]) -> CircuitInstruction:
    operation: Any = item.operation
    bodies = [
        _strip_qiskit(
            body, {inner for inner, q in zip(body.qubits, item.qubits, strict=True) if q in ancillas}
        )
        for body in operation.blocks
    ]
    qubits = tuple(q for q in item.qubits if q not in ancillas)
    return item.replace(operation=operation.replace_blocks(bodies), qubits=qubits)


def _without(circuit: QuantumCircuit, ancillas: set[Any]) -> QuantumCircuit:
    """The same circuit without instructions and without these qubits."""
    made = QuantumCircuit(
        [q for q in circuit.qubits if q not in ancillas],
        circuit.clbits,
        *[register for register in circuit.qregs if ancillas.isdisjoint(register)],
        *circuit.cregs,
        name=circuit.name,
        global_phase=circuit.global_phase,
        metadata=circuit.metadata,
        inputs=circuit.iter_input_vars(),
        captures=[*circuit.iter_captured_vars(), *circuit.iter_captured_stretches()],
    )
    for var in circuit.iter_declared_vars():
        made.add_uninitialized_var(var)
    for stretch in circuit.iter_declared_stretches():
        made.add_stretch(stretch)
    made._layout = circuit._layout
    return made


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
        targets = item.targets_copy()
        if not data.is_noisy_gate:
            stripped.append(item)
        elif item.name.startswith("HERALDED"):
            stripped.append(stim.CircuitInstruction("MPAD", [0] * len(targets), [], tag=item.tag))
        elif data.produces_measurements:
            stripped.append(stim.CircuitInstruction(item.name, targets, [], tag=item.tag))
    return stripped
