"""Stim's unitary gates as gates of Qiskit that every simulator and device knows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import stim
from qiskit import QuantumCircuit

Pauli = tuple[tuple[int, str], ...]
"""The letters of a Pauli string with their qubits."""

_SAME = {
    "I": "id",
    "X": "x",
    "Y": "y",
    "Z": "z",
    "H": "h",
    "S": "s",
    "S_DAG": "sdg",
    "SQRT_X": "sx",
    "SQRT_X_DAG": "sxdg",
    "CX": "cx",
    "CY": "cy",
    "CZ": "cz",
    "SWAP": "swap",
}


def append_unitary(circuit: QuantumCircuit, name: str, qubits: Sequence[int]) -> None:
    """Append one of Stim's one- or two-qubit unitaries, up to the global phase."""
    for method, places in _steps(name):
        getattr(circuit, method)(*[qubits[k] for k in places])


@cache
def _steps(name: str) -> tuple[tuple[str, tuple[int, ...]], ...]:
    if name in _SAME:
        return ((_SAME[name], (0, 1) if name in ("CX", "CY", "CZ", "SWAP") else (0,)),)
    steps: list[tuple[str, tuple[int, ...]]] = []
    for instruction in stim.gate_data(name).tableau.to_circuit("elimination"):
        for group in instruction.target_groups():
            places = tuple(target.value for target in group)
            steps.append((_SAME[instruction.name], places))
    return tuple(_shorter(steps))


def _shorter(steps: list[tuple[str, tuple[int, ...]]]) -> list[tuple[str, tuple[int, ...]]]:
    """The same with runs of S on one qubit drawn together."""
    made: list[tuple[str, tuple[int, ...]]] = []
    double = {"s": "z", "z": "sdg"}
    for method, places in steps:
        if method == "s" and made and made[-1][1] == places and made[-1][0] in double:
            made[-1] = (double[made[-1][0]], places)
        else:
            made.append((method, places))
    return made


def to_z(circuit: QuantumCircuit, pauli: Pauli) -> None:
    """Turn every letter of a Pauli string into Z."""
    for qubit, letter in pauli:
        if letter == "Y":
            circuit.sdg(qubit)
        if letter != "Z":
            circuit.h(qubit)


def from_z(circuit: QuantumCircuit, pauli: Pauli) -> None:
    """Undo `to_z`."""
    for qubit, letter in reversed(pauli):
        if letter != "Z":
            circuit.h(qubit)
        if letter == "Y":
            circuit.s(qubit)


def gather(circuit: QuantumCircuit, pauli: Pauli) -> int:
    """Bring the parity of a Pauli string to the Z of one qubit, which is returned."""
    to_z(circuit, pauli)
    last = pauli[-1][0]
    for qubit, _ in pauli[:-1]:
        circuit.cx(qubit, last)
    return last


def scatter(circuit: QuantumCircuit, pauli: Pauli) -> None:
    """Undo `gather`."""
    for qubit, _ in reversed(pauli[:-1]):
        circuit.cx(qubit, pauli[-1][0])
    from_z(circuit, pauli)


def append_rotation(circuit: QuantumCircuit, pauli: Pauli, *, dagger: bool) -> None:
    """Append the square root of a Pauli string (SPP), or its inverse."""
    if not pauli:
        return
    last = gather(circuit, pauli)
    if dagger:
        circuit.sdg(last)
    else:
        circuit.s(last)
    scatter(circuit, pauli)
