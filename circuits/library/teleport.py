"""Teleportation of a qubit over a Bell pair."""

from __future__ import annotations

from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, QuantumRegister

from circuits.library._pairs import pair_or_default
from circuits.library.bell import bell_measurement
from circuits.library.corrections import with_corrections

__all__ = ["teleportation", "teleportation_receiver", "teleportation_sender"]


def teleportation(*, corrections: str = "feedforward", pair: QuantumCircuit | None = None) -> QuantumCircuit:
    """Teleportation: the state of `message` appears on `bob`.

    Bennett et al., Phys. Rev. Lett. 70, 1895 (1993). Alice measures the message and her half of the
    pair in the Bell basis; Bob applies X if the parity is 1, then Z if the phase is 1. Over a Werner
    pair of fidelity F the average fidelity is (2F + 1)/3.

    Args:
        corrections: `"feedforward"`, `"deferred"` (its gates cross from Alice to Bob: for simulators),
            `"frame"` or `"postselect"`; see `with_corrections`.
        pair: The circuit that prepares the pair of `alice` and `bob`; `bell_pair()` by default.

    Returns:
        A circuit on the qubits `message`, `alice`, `bob` with the bits `phase` and `parity`. Prepare the
        message with `compose(preparation, [0], front=True)`.

    Raises:
        ValueError: If `corrections` is not one of the four forms.
        ValueError: If `pair` is not a circuit of two qubits without classical bits.

    Example:
        >>> circuit = teleportation(corrections="deferred")
        >>> print(circuit.draw("text", fold=-1))  # doctest: +NORMALIZE_WHITESPACE
                                 ┌───┐      ┌─┐
         message: ────────────■──┤ H ├─■────┤M├
                  ┌───┐     ┌─┴─┐└───┘ │ ┌─┐└╥┘
           alice: ┤ H ├──■──┤ X ├──■───┼─┤M├─╫─
                  └───┘┌─┴─┐└───┘┌─┴─┐ │ └╥┘ ║
             bob: ─────┤ X ├─────┤ X ├─■──╫──╫─
                       └───┘     └───┘    ║  ║
         phase: 1/════════════════════════╬══╩═
                                          ║  0
        parity: 1/════════════════════════╩════
                                          0
    """
    message, alice, bob = (QuantumRegister(1, name) for name in ("message", "alice", "bob"))
    phase, parity = ClassicalRegister(1, "phase"), ClassicalRegister(1, "parity")
    circuit = QuantumCircuit(message, alice, bob, phase, parity, name="teleportation")
    circuit.compose(pair_or_default(pair), [alice[0], bob[0]], inplace=True)
    circuit.compose(teleportation_sender(), [message[0], alice[0]], [phase[0], parity[0]], inplace=True)
    circuit.compose(teleportation_receiver(), [bob[0]], [phase[0], parity[0]], inplace=True)
    return with_corrections(circuit, corrections)


def teleportation_sender() -> QuantumCircuit:
    """What the sender's node runs: the Bell measurement of `message` and `alice`.

    Returns:
        A circuit on `message` and `alice` with the bits `phase` and `parity`, which go to the receiver.

    Example:
        >>> dict(teleportation_sender().count_ops())
        {'measure': 2, 'cx': 1, 'h': 1}
    """
    message, alice = QuantumRegister(1, "message"), QuantumRegister(1, "alice")
    phase, parity = ClassicalRegister(1, "phase"), ClassicalRegister(1, "parity")
    circuit = QuantumCircuit(message, alice, phase, parity, name="teleportation_sender")
    return circuit.compose(bell_measurement(), [0, 1], [0, 1])


def teleportation_receiver() -> QuantumCircuit:
    """What the receiver's node runs: X on `bob` if the parity is 1, Z if the phase is 1.

    Returns:
        A circuit on `bob` with the bits `phase` and `parity`, which come from the sender.

    Example:
        >>> dict(teleportation_receiver().count_ops())
        {'if_else': 2}
    """
    bob, phase, parity = (
        QuantumRegister(1, "bob"),
        ClassicalRegister(1, "phase"),
        ClassicalRegister(1, "parity"),
    )
    circuit = QuantumCircuit(bob, phase, parity, name="teleportation_receiver")
    with circuit.if_test((parity[0], 1)):
        circuit.x(bob[0])
    with circuit.if_test((phase[0], 1)):
        circuit.z(bob[0])
    return circuit
