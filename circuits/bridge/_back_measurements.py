"""Stim's measurements and resets on Qiskit's Z measurement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import stim
from qiskit import QuantumCircuit

from circuits.bridge._back_gates import Pauli, from_z, gather, scatter, to_z
from circuits.bridge._back_noise import error_instruction

_RESETS = {"R": "Z", "RX": "X", "RY": "Y"}
_SINGLE = {"M": "Z", "MX": "X", "MY": "Y", "MR": "Z", "MRX": "X", "MRY": "Y"}
_PAIR = {"MXX": "X", "MYY": "Y", "MZZ": "Z"}

MEASUREMENTS = frozenset({*_SINGLE, *_PAIR, "MPP", "MPAD"})
RESETS = frozenset(_RESETS)


def needs_ancilla(instruction: stim.CircuitInstruction) -> bool:
    """Whether a record cannot be written by measuring the qubits themselves."""
    name = instruction.name
    if name.startswith("HERALDED"):
        return True
    if name not in MEASUREMENTS or name.startswith("MR"):
        return False
    if any(instruction.gate_args_copy()):
        return True
    return any(inverted and not pauli for pauli, inverted in _observables(instruction))


def append_reset(circuit: QuantumCircuit, name: str, qubit: int) -> None:
    """Reset a qubit to the +1 eigenstate of the letter."""
    circuit.reset(qubit)
    from_z(circuit, ((qubit, _RESETS[name]),))


def append_measurement(
    circuit: QuantumCircuit, instruction: stim.CircuitInstruction, record: int, ancilla: int | None
) -> int:
    """Append a measurement instruction whose records start here; gives the next record."""
    flip = next(iter(instruction.gate_args_copy()), 0.0)
    for pauli, inverted in _observables(instruction):
        if instruction.name.startswith("MR"):
            _measure_and_reset(circuit, pauli, inverted, flip, record)
        elif flip or (not pauli and inverted):
            _measure_by_ancilla(circuit, pauli, inverted, flip, record, ancilla)
        elif pauli:
            _measure(circuit, pauli, inverted, record)
        record += 1
    return record


def product_of(group: list[stim.GateTarget]) -> tuple[Pauli, bool]:
    """The Pauli string of a product such as X1*!Y2*Z3, and whether its sign is minus."""
    size = max(target.value for target in group) + 1
    whole = stim.PauliString(size)
    inverted = False
    for target in group:
        if target.is_combiner:
            continue
        letter = stim.PauliString(size)
        letter[target.value] = target.pauli_type
        whole *= letter
        inverted ^= target.is_inverted_result_target
    pauli = tuple((k, "IXYZ"[whole[k]]) for k in whole.pauli_indices())
    return pauli, inverted ^ (whole.sign == -1)


def _observables(instruction: stim.CircuitInstruction) -> Iterator[tuple[Pauli, bool]]:
    name = instruction.name
    for group in instruction.target_groups():
        if name == "MPP":
            yield product_of(group)
        elif name == "MPAD":
            yield (), bool(group[0].value)
        else:
            letter = _SINGLE.get(name) or _PAIR[name]
            inverted = sum(target.is_inverted_result_target for target in group) % 2 == 1
            yield tuple((target.value, letter) for target in group), inverted


def _measure(circuit: QuantumCircuit, pauli: Pauli, inverted: bool, record: int) -> None:
    last = gather(circuit, pauli)
    if inverted:
        circuit.x(last)
    circuit.measure(last, record)
    if inverted:
        circuit.x(last)
    scatter(circuit, pauli)


def _measure_and_reset(
    circuit: QuantumCircuit, pauli: Pauli, inverted: bool, flip: float, record: int
) -> None:
    """The reset forgets the state, so that a flip before the measurement is a flip of the record."""
    ((qubit, _),) = pauli
    to_z(circuit, pauli)
    if inverted:
        circuit.x(qubit)
    if flip:
        circuit.append(error_instruction({"X": flip}), [qubit])
    circuit.measure(qubit, record)
    circuit.reset(qubit)
    from_z(circuit, pauli)


def _measure_by_ancilla(
    circuit: QuantumCircuit, pauli: Pauli, inverted: bool, flip: float, record: int, ancilla: Any
) -> None:
    circuit.reset(ancilla)
    to_z(circuit, pauli)
    for qubit, _ in pauli:
        circuit.cx(qubit, ancilla)
    from_z(circuit, pauli)
    if inverted:
        circuit.x(ancilla)
    if flip:
        circuit.append(error_instruction({"X": flip}), [ancilla])
    circuit.measure(ancilla, record)
