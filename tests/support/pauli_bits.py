"""Pauli errors followed bit by bit through a Clifford circuit: the reference for what an error does.

Written apart from the library: each gate is a rule on the pair of bits (x, z) of a qubit.
"""

from __future__ import annotations

from dataclasses import dataclass

from qiskit import QuantumCircuit

PAULI_BITS = {"I": (0, 0), "X": (1, 0), "Y": (1, 1), "Z": (0, 1)}
_SWAPS_XZ, _ADDS_X_TO_Z, _ADDS_Z_TO_X = ("h",), ("s", "sdg"), ("sx", "sxdg")
_NOTHING = ("x", "y", "z", "id", "barrier")


@dataclass(frozen=True)
class Effect:
    """The classical bits that an error flips, and the Pauli that it leaves on each qubit."""

    flips: frozenset[int]
    x: tuple[int, ...]
    z: tuple[int, ...]


def effect(circuit: QuantumCircuit, errors: dict[int, str], before: int = 0) -> Effect:
    """What Pauli errors on some qubits, just before instruction `before`, do to the rest of the circuit."""
    x, z = [0] * circuit.num_qubits, [0] * circuit.num_qubits
    for qubit, pauli in errors.items():
        x[qubit], z[qubit] = PAULI_BITS[pauli]
    flips: set[int] = set()
    for item in circuit.data[before:]:
        q = [circuit.find_bit(bit).index for bit in item.qubits]
        name = item.operation.name
        if name == "measure":
            if x[q[0]]:
                flips ^= {circuit.find_bit(item.clbits[0]).index}
        elif name == "cx":
            x[q[1]] ^= x[q[0]]
            z[q[0]] ^= z[q[1]]
        elif name in _SWAPS_XZ:
            x[q[0]], z[q[0]] = z[q[0]], x[q[0]]
        elif name in _ADDS_X_TO_Z:
            z[q[0]] ^= x[q[0]]
        elif name in _ADDS_Z_TO_X:
            x[q[0]] ^= z[q[0]]
        elif name not in _NOTHING:
            raise TypeError(f"the reference has no rule for {name!r}")
    return Effect(frozenset(flips), tuple(x), tuple(z))
