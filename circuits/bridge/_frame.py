"""Pauli frames whose letters are Boolean functions of the outcomes, signs forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from circuits.bridge._boolean import ZERO, Poly, times
from circuits.bridge._gates import CliffordGate

Frame = dict[int, tuple[Poly, Poly]]
"""For each qubit: when an X stands on it, and when a Z does."""


def multiply(frame: Frame, qubit: int, x: Poly, z: Poly) -> None:
    """Put another Pauli on a qubit."""
    old_x, old_z = frame.get(qubit, (ZERO, ZERO))
    new = old_x ^ x, old_z ^ z
    if any(new):
        frame[qubit] = new
    else:
        frame.pop(qubit, None)


def multiply_when(frame: Frame, condition: Poly, other: Frame) -> None:
    """Put the other frame on, where the condition holds."""
    for qubit, (x, z) in other.items():
        multiply(frame, qubit, times(condition, x), times(condition, z))


def letters_when(condition: Poly, letter: str) -> tuple[Poly, Poly]:
    """One Pauli letter under a condition."""
    return condition if letter in "XY" else ZERO, condition if letter in "ZY" else ZERO


def push(frame: Frame, gate: CliffordGate, qubits: Sequence[int]) -> None:
    """Carry the frame from before a gate to after it."""
    if gate.pauli is not None or frame.keys().isdisjoint(qubits):
        return
    x2x, x2z, z2x, z2z = gate.images
    before = [frame.pop(qubit, (ZERO, ZERO)) for qubit in qubits]
    for k, qubit in enumerate(qubits):
        new_x = new_z = ZERO
        for j, (x, z) in enumerate(before):
            new_x = new_x ^ (x if x2x[j, k] else ZERO) ^ (z if z2x[j, k] else ZERO)
            new_z = new_z ^ (x if x2z[j, k] else ZERO) ^ (z if z2z[j, k] else ZERO)
        multiply(frame, qubit, new_x, new_z)
