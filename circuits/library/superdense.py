"""Superdense coding: two bits sent in one qubit of a Bell pair."""

from __future__ import annotations

from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, QuantumRegister

from circuits.library._pairs import pair_or_default
from circuits.library.bell import bell_measurement

__all__ = ["superdense_coding", "superdense_receiver", "superdense_sender"]

_MESSAGES = ("00", "01", "10", "11")


def superdense_coding(message: str = "00", *, pair: QuantumCircuit | None = None) -> QuantumCircuit:
    """Superdense coding of two bits: Alice acts on her half of a pair, Bob measures both halves.

    Bennett and Wiesner, Phys. Rev. Lett. 69, 2881 (1992).

    Args:
        message: Two bits, `"00"` to `"11"`: first the one that arrives in `phase`, then that in `parity`.
        pair: The circuit that prepares the pair of `alice` and `bob`; `bell_pair()` by default.

    Returns:
        A circuit on the qubits `alice` (which travels) and `bob` with the bits `phase` and `parity`.

    Raises:
        ValueError: If `message` is not one of the four.
        ValueError: If `pair` is not a circuit of two qubits without classical bits.

    Example:
        >>> from qiskit.primitives import StatevectorSampler
        >>> data = StatevectorSampler(seed=1).run([superdense_coding("10")], shots=9).result()[0].data
        >>> data.phase.get_counts(), data.parity.get_counts()
        ({'1': 9}, {'0': 9})
    """
    alice, bob = QuantumRegister(1, "alice"), QuantumRegister(1, "bob")
    phase, parity = ClassicalRegister(1, "phase"), ClassicalRegister(1, "parity")
    circuit = QuantumCircuit(alice, bob, phase, parity, name="superdense_coding")
    circuit.compose(pair_or_default(pair), [0, 1], inplace=True)
    circuit.compose(superdense_sender(message), [0], inplace=True)
    return circuit.compose(superdense_receiver(), [0, 1], [0, 1])


def superdense_sender(message: str = "00") -> QuantumCircuit:
    """What Alice's node runs: X on `alice` for the second bit of the message, Z for the first.

    Raises:
        ValueError: If `message` is not one of the four.

    Example:
        >>> dict(superdense_sender("11").count_ops())
        {'x': 1, 'z': 1}
    """
    if message not in _MESSAGES:
        raise ValueError(f"message={message!r} is no pair of bits; choose one of {', '.join(_MESSAGES)}")
    circuit = QuantumCircuit(QuantumRegister(1, "alice"), name="superdense_sender")
    if message[1] == "1":
        circuit.x(0)
    if message[0] == "1":
        circuit.z(0)
    return circuit


def superdense_receiver() -> QuantumCircuit:
    """What Bob's node runs: the Bell measurement of `alice`, which has arrived, and `bob`.

    Example:
        >>> dict(superdense_receiver().count_ops())
        {'measure': 2, 'cx': 1, 'h': 1}
    """
    alice, bob = QuantumRegister(1, "alice"), QuantumRegister(1, "bob")
    phase, parity = ClassicalRegister(1, "phase"), ClassicalRegister(1, "parity")
    circuit = QuantumCircuit(alice, bob, phase, parity, name="superdense_receiver")
    return circuit.compose(bell_measurement(), [0, 1], [0, 1])
