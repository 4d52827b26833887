"""Read-out of qubits that are used again: which they are, and the ancillas that are read instead."""

from __future__ import annotations

from typing import Any

from qiskit import QuantumCircuit
from qiskit.circuit import AncillaQubit, AncillaRegister, CircuitInstruction, Qubit, Reset
from qiskit.circuit.library import CXGate

from circuits.noise._aer import flip_instruction
from circuits.noise.channels import is_channel
from circuits.noise.strip import ANCILLAS


class Ancillas:
    """The ancillas of one circuit, made as they are needed."""

    def __init__(self, circuit: QuantumCircuit) -> None:
        self._bits: list[AncillaQubit] = []
        taken = {register.name for register in circuit.qregs}
        names = (f"{ANCILLAS}{k or ''}" for k in range(len(taken) + 1))
        self._name = next(name for name in names if name not in taken)

    def __getitem__(self, k: int) -> AncillaQubit:
        while k >= len(self._bits):
            self._bits.append(AncillaQubit())
        return self._bits[k]

    def register(self) -> AncillaRegister | None:
        """The register of these ancillas, if there are any."""
        return AncillaRegister(name=self._name, bits=self._bits) if self._bits else None


def read_by_ancilla(item: CircuitInstruction, ancilla: Qubit, flip: float) -> list[CircuitInstruction]:
    """The measurement of a qubit that is used again, with its outcome flipped and its state left alone."""
    return [
        CircuitInstruction(Reset(), (ancilla,)),
        CircuitInstruction(CXGate(), (item.qubits[0], ancilla)),
        CircuitInstruction(flip_instruction(flip), (ancilla,)),
        item.replace(qubits=(ancilla,)),
    ]


def read_by_prepared(item: CircuitInstruction, ancilla: Qubit) -> list[CircuitInstruction]:
    """The same inside a conditional: the flip has been put on the ancilla before the block."""
    return [CircuitInstruction(CXGate(), (item.qubits[0], ancilla)), item.replace(qubits=(ancilla,))]


def preparation(ancilla: Qubit, flip: float) -> list[CircuitInstruction]:
    """What goes before the block."""
    return [CircuitInstruction(Reset(), (ancilla,)), CircuitInstruction(flip_instruction(flip), (ancilla,))]


def is_measurement(item: CircuitInstruction) -> bool:
    """Whether an instruction measures one qubit into one bit."""
    if item.name == "measure":
        return True
    return item.name.startswith("measure") and len(item.qubits) == len(item.clbits) == 1


def measured_again(circuit: QuantumCircuit, *, whole: bool) -> set[int]:
    """The indices of the measurements whose qubit is used again before a reset.

    Args:
        circuit: The circuit, or the body of a loop.
        whole: Whether nothing follows; the end of a loop's body counts as a use.
    """
    used: set[Any] = set() if whole else set(circuit.qubits)
    found = set()
    for index in range(len(circuit.data) - 1, -1, -1):
        item = circuit.data[index]
        if item.name in ("barrier", "delay") or is_channel(item.name):
            continue
        if item.name == "reset":
            used.discard(item.qubits[0])
            continue
        if is_measurement(item) and item.qubits[0] in used:
            found.add(index)
        used.update(item.qubits)
    return found


def measured_last(circuit: QuantumCircuit) -> set[Qubit]:
    """The qubits on which nothing acts after their measurement."""
    last: dict[Any, bool] = {}
    data = circuit.data
    for index in range(len(data) - 1, -1, -1):
        item = data[index]
        if item.name in ("barrier", "delay") or is_channel(item.name):
            continue
        measures = is_measurement(item)
        for qubit in item.qubits:
            last.setdefault(qubit, measures)
        if len(last) == circuit.num_qubits:
            break
    return {qubit for qubit, measures in last.items() if measures}


def with_ancillas(body: QuantumCircuit, items: list[CircuitInstruction], extra: list[Any]) -> QuantumCircuit:
    """A body with these instructions and these qubits besides its own."""
    made = body.copy_empty_like()
    made.add_bits(extra)
    for item in items:
        made._append(item)
    return made


__all__ = [
    "Ancillas",
    "is_measurement",
    "measured_again",
    "measured_last",
    "preparation",
    "read_by_ancilla",
    "read_by_prepared",
    "with_ancillas",
]
