"""A circuit's instructions one by one, those with measurements inside opened, bits as numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from qiskit import QuantumCircuit
from qiskit.circuit import (
    Barrier,
    CircuitInstruction,
    Clbit,
    ControlFlowOp,
    Delay,
    Measure,
    Operation,
    Qubit,
    Reset,
)

from circuits.library._channels import is_channel
from circuits.library._pauli_matrices import is_unitary

__all__ = ["Step", "bit_name", "steps"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One instruction of a circuit, with the indices of its qubits and classical bits."""

    operation: Operation
    qubits: tuple[int, ...]
    clbits: tuple[int, ...]
    bits: Mapping[Clbit, int]
    place: int

    @property
    def where(self) -> str:
        """The instruction and its place, for messages."""
        return f"{self.operation.name!r} on qubits {list(self.qubits)} (instruction {self.place})"


def steps(circuit: QuantumCircuit) -> Iterator[Step]:
    """The instructions in their order; `place` counts those of the outermost circuit."""
    qubits = {bit: k for k, bit in enumerate(circuit.qubits)}
    bits = {bit: k for k, bit in enumerate(circuit.clbits)}
    for place, item in enumerate(circuit.data):
        yield from _one(item, qubits, bits, place)


def bit_name(circuit: QuantumCircuit, bit: Qubit | Clbit) -> str:
    """A bit as its register calls it (`phase[0]`), or its number when it has no register."""
    location = circuit.find_bit(bit)
    if not location.registers:
        return str(location.index)
    register, index = location.registers[0]
    return f"{register.name}[{index}]"


def _one(
    item: CircuitInstruction, qubits: Mapping[Qubit, int], bits: Mapping[Clbit, int], place: int
) -> Iterator[Step]:
    operation = item.operation
    q = tuple(qubits[bit] for bit in item.qubits)
    c = tuple(bits[bit] for bit in item.clbits)
    definition = None if _is_whole(operation) else getattr(operation, "definition", None)
    if definition is None:
        yield Step(operation=operation, qubits=q, clbits=c, bits=bits, place=place)
        return
    inner_q = dict(zip(definition.qubits, q, strict=True))
    inner_c = dict(zip(definition.clbits, c, strict=True))
    for inner in definition.data:
        yield from _one(inner, inner_q, inner_c, place)


def _is_whole(operation: Operation) -> bool:
    return (
        isinstance(operation, Measure | Reset | Barrier | Delay | ControlFlowOp)
        or is_unitary(operation)
        or is_channel(operation)
    )
