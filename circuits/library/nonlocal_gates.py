"""Gates between two nodes that share a pair: by cat states, and by moving the control."""

from __future__ import annotations

from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, Gate, QuantumRegister
from qiskit.circuit.library import XGate

from circuits.library._control import as_gate, controlled
from circuits.library._pairs import pair_or_default
from circuits.library.corrections import with_corrections
from circuits.library.teleport import teleportation_receiver, teleportation_sender

__all__ = [
    "cat_disentangler",
    "cat_entangler",
    "remote_controlled",
    "remote_controlled_target",
    "remote_cx",
    "teledata",
    "teledata_receiver",
    "teledata_sender",
]


def remote_cx(*, corrections: str = "feedforward", pair: QuantumCircuit | None = None) -> QuantumCircuit:
    """A CNOT between two nodes, over one pair and two classical bits.

    Eisert et al., quant-ph/0005101; Yimsiriwattana and Lomonaco, quant-ph/0402148. Over a Werner pair of
    fidelity F the process fidelity is F and the average gate fidelity (4F + 1)/5.

    Args:
        corrections: `"feedforward"`, `"deferred"` (its gates cross between the nodes: for simulators),
            `"frame"` or `"postselect"`; see `with_corrections`.
        pair: The circuit that prepares the pair of `alice` and `bob`; `bell_pair()` by default.

    Returns:
        A circuit on `control`, `alice` (one node) and `bob`, `target` (the other), with the bits `parity`
        (sent to the target's node) and `phase` (sent back).

    Raises:
        ValueError: If `corrections` is not one of the four forms.
        ValueError: If `pair` is not a circuit of two qubits without classical bits.

    Example:
        >>> from circuits.library import pauli_frame
        >>> pauli_frame(remote_cx(corrections="frame"))
        PauliFrame(x={3: (0,)}, z={0: (1,)}, bits={}, keep=())
    """
    circuit = remote_controlled(XGate(), corrections=corrections, pair=pair)
    circuit.name = "remote_cx"
    return circuit


def remote_controlled(
    gate: Gate | QuantumCircuit, *, corrections: str = "feedforward", pair: QuantumCircuit | None = None
) -> QuantumCircuit:
    """Any gate at one node, controlled by a qubit of another: cat-entangler, gate, cat-disentangler.

    The entangler copies the control's computational basis onto `bob`, which controls the gate at the
    target's node and is then measured away in the X basis (Eisert et al., quant-ph/0005101;
    Yimsiriwattana and Lomonaco, quant-ph/0402148, Fig. 3). The form `"frame"` exists only where the
    controlled gate is Clifford, since its correction comes before the gate.

    Args:
        gate: The gate to control, on any number of qubits; a circuit without classical bits serves, too.
        corrections: `"feedforward"`, `"deferred"` (its gates cross between the nodes: for simulators),
            `"frame"` or `"postselect"`; see `with_corrections`.
        pair: The circuit that prepares the pair of `alice` and `bob`; `bell_pair()` by default.

    Returns:
        A circuit on `control`, `alice` (one node) and `bob`, `target` (the other; as many qubits as the
        gate has), with the bits `parity` (sent to the target's node) and `phase` (sent back).

    Raises:
        ValueError: If `gate` is neither a gate nor a circuit of gates, or has no definition.
        ValueError: If `corrections` is not one of the four forms.
        ValueError: If `pair` is not a circuit of two qubits without classical bits.
        NotClifford: If the form is `"frame"` and the controlled gate is not Clifford.

    Example:
        >>> from qiskit.circuit.library import SwapGate
        >>> circuit = remote_controlled(SwapGate())
        >>> [f"{register.name}[{register.size}]" for register in circuit.qregs]
        ['control[1]', 'alice[1]', 'bob[1]', 'target[2]']
    """
    there = remote_controlled_target(gate)
    control, alice, bob = (QuantumRegister(1, name) for name in ("control", "alice", "bob"))
    target = QuantumRegister(there.num_qubits - 1, "target")
    parity, phase = ClassicalRegister(1, "parity"), ClassicalRegister(1, "phase")
    circuit = QuantumCircuit(control, alice, bob, target, parity, phase, name="remote_controlled")
    circuit.compose(pair_or_default(pair), [alice[0], bob[0]], inplace=True)
    circuit.compose(cat_entangler(), [control[0], alice[0]], [parity[0]], inplace=True)
    circuit.compose(there, [bob[0], *target], [parity[0], phase[0]], inplace=True)
    circuit.compose(cat_disentangler(), [control[0]], [phase[0]], inplace=True)
    return with_corrections(circuit, corrections)


def cat_entangler() -> QuantumCircuit:
    """What the control's node runs first: CX from `control` to `alice`, whose read-out is sent on.

    Returns:
        A circuit on `control` and `alice` with the bit `parity`, which goes to the target's node.

    Example:
        >>> dict(cat_entangler().count_ops())
        {'cx': 1, 'measure': 1}
    """
    control, alice = QuantumRegister(1, "control"), QuantumRegister(1, "alice")
    circuit = QuantumCircuit(control, alice, ClassicalRegister(1, "parity"), name="cat_entangler")
    circuit.cx(0, 1)
    circuit.measure(1, 0)
    return circuit


def remote_controlled_target(gate: Gate | QuantumCircuit) -> QuantumCircuit:
    """What the target's node runs: X on `bob` for an odd parity, the controlled gate, `bob` read in X.

    Args:
        gate: The gate to control, as for `remote_controlled`.

    Returns:
        A circuit on `bob` and `target` with the bits `parity` (received) and `phase` (sent back).

    Raises:
        ValueError: If `gate` is neither a gate nor a circuit of gates, or has no definition.

    Example:
        >>> dict(remote_controlled_target(XGate()).count_ops())
        {'if_else': 1, 'cx': 1, 'h': 1, 'measure': 1}
    """
    gate = as_gate(gate)
    bob, target = QuantumRegister(1, "bob"), QuantumRegister(gate.num_qubits, "target")
    parity, phase = ClassicalRegister(1, "parity"), ClassicalRegister(1, "phase")
    circuit = QuantumCircuit(bob, target, parity, phase, name="remote_controlled_target")
    with circuit.if_test((parity[0], 1)):
        circuit.x(bob[0])
    circuit.append(controlled(gate), [bob[0], *target])
    circuit.h(bob[0])
    circuit.measure(bob[0], phase[0])
    return circuit


def cat_disentangler() -> QuantumCircuit:
    """What the control's node runs last: Z on `control` for an odd phase.

    Returns:
        A circuit on `control` with the bit `phase`, which comes from the target's node.

    Example:
        >>> dict(cat_disentangler().count_ops())
        {'if_else': 1}
    """
    phase = ClassicalRegister(1, "phase")
    circuit = QuantumCircuit(QuantumRegister(1, "control"), phase, name="cat_disentangler")
    with circuit.if_test((phase[0], 1)):
        circuit.z(0)
    return circuit


def teledata(*, corrections: str = "feedforward", pair: QuantumCircuit | None = None) -> QuantumCircuit:
    """A CNOT between two nodes by moving the control: it is teleported to the target's node and stays.

    Van Meter et al., quant-ph/0607160, which compares it with `remote_cx` ("telegate"). Over a Werner
    pair of fidelity F the process fidelity is F.

    Args:
        corrections: `"feedforward"`, `"deferred"` (its gates cross between the nodes: for simulators),
            `"frame"` or `"postselect"`; see `with_corrections`.
        pair: The circuit that prepares the pair of `alice` and `bob`; `bell_pair()` by default.

    Returns:
        A circuit on `control`, `alice` (one node) and `bob`, `target` (the other), with the bits `phase`
        and `parity`. Afterwards the control is on `bob`.

    Raises:
        ValueError: If `corrections` is not one of the four forms.
        ValueError: If `pair` is not a circuit of two qubits without classical bits.

    Example:
        >>> from circuits.library import pauli_frame
        >>> pauli_frame(teledata(corrections="frame"))
        PauliFrame(x={2: (1,), 3: (1,)}, z={2: (0,)}, bits={}, keep=())
    """
    control, alice, bob, target = (QuantumRegister(1, name) for name in ("control", "alice", "bob", "target"))
    phase, parity = ClassicalRegister(1, "phase"), ClassicalRegister(1, "parity")
    circuit = QuantumCircuit(control, alice, bob, target, phase, parity, name="teledata")
    circuit.compose(pair_or_default(pair), [alice[0], bob[0]], inplace=True)
    circuit.compose(teledata_sender(), [0, 1], [0, 1], inplace=True)
    circuit.compose(teledata_receiver(), [2, 3], [0, 1], inplace=True)
    return with_corrections(circuit, corrections)


def teledata_sender() -> QuantumCircuit:
    """What the control's node runs: the Bell measurement of `control` and `alice`.

    Returns:
        A circuit on `control` and `alice` with the bits `phase` and `parity`, which go to the other node.

    Example:
        >>> dict(teledata_sender().count_ops())
        {'measure': 2, 'cx': 1, 'h': 1}
    """
    control, alice = QuantumRegister(1, "control"), QuantumRegister(1, "alice")
    phase, parity = ClassicalRegister(1, "phase"), ClassicalRegister(1, "parity")
    circuit = QuantumCircuit(control, alice, phase, parity, name="teledata_sender")
    return circuit.compose(teleportation_sender(), [0, 1], [0, 1])


def teledata_receiver() -> QuantumCircuit:
    """What the target's node runs: the corrections on `bob`, then the CNOT from it to `target`.

    Returns:
        A circuit on `bob` and `target` with the bits `phase` and `parity`, which come from the other node.

    Example:
        >>> dict(teledata_receiver().count_ops())
        {'if_else': 2, 'cx': 1}
    """
    bob, target = QuantumRegister(1, "bob"), QuantumRegister(1, "target")
    phase, parity = ClassicalRegister(1, "phase"), ClassicalRegister(1, "parity")
    circuit = QuantumCircuit(bob, target, phase, parity, name="teledata_receiver")
    circuit.compose(teleportation_receiver(), [0], [0, 1], inplace=True)
    circuit.cx(0, 1)
    return circuit
