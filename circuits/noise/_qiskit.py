"""Putting noise into a Qiskit circuit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qiskit import QuantumCircuit
from qiskit.circuit import CircuitInstruction

from circuits.noise._aer import error_instruction, happens
from circuits.noise._ancilla import (
    Ancillas,
    is_measurement,
    measured_again,
    measured_last,
    preparation,
    read_by_ancilla,
    with_ancillas,
)
from circuits.noise._blocks import CONDITIONALS, Block, BlockReader, Error, around, loop_count, loop_timing
from circuits.noise._idle import Idling, schedules
from circuits.noise._lookup import ROUND
from circuits.noise.channels import PauliChannel, is_channel

if TYPE_CHECKING:
    from circuits.noise.value import CircuitNoise

_MISSING: Any = object()


def noisy_qiskit(noise: CircuitNoise, circuit: QuantumCircuit) -> QuantumCircuit:
    """A copy of the circuit with the noise in it."""
    if noise.lookup.loses_2q or noise.lookup.loses_round:
        lost = "loss_2q" if noise.lookup.loses_2q else "loss_round"
        raise ValueError(
            f"{lost} is heralded by a record, for which a Qiskit circuit has no place: apply noise to the "
            "stim.Circuit and export that by to_qiskit, or leave the loss out"
        )
    writer = _Writer(noise, circuit)
    items = writer.items(circuit, range(circuit.num_qubits), whole=True)
    noisy = circuit.copy_empty_like()
    register = writer.ancillas.register()
    if register is not None:
        layout, noisy._layout = noisy._layout, None  # Qiskit warns when a circuit with a layout grows.
        noisy.add_register(register)
        noisy._layout = layout
    noisy._data.extend(items)  # Three times as fast as appending one by one.
    return noisy


class _Writer:
    def __init__(self, noise: CircuitNoise, circuit: QuantumCircuit) -> None:
        self._lookup = noise.lookup
        self._idling = Idling(noise)
        self._flips = noise.measurement > 0 or any(item.gate == "measure" for item in noise.overrides)
        self.ancillas = Ancillas(circuit)
        self._reader = BlockReader(self._errors_of, self._lookup.flip, self._idling.clocks, self.ancillas)

    def items(
        self, circuit: QuantumCircuit, numbers: Sequence[int], *, whole: bool
    ) -> list[CircuitInstruction]:
        """The instructions of a circuit, or of the body of a loop, with their noise."""
        number = dict(zip(circuit.qubits, numbers, strict=True))
        qubit = dict(zip(numbers, circuit.qubits, strict=True))
        data = circuit.data
        blocks = {
            index: self._block(item, tuple([number[q] for q in item.qubits]))
            for index, item in enumerate(data)
            if item.is_control_flow() and getattr(item.operation, "blocks", ())
        }
        again = measured_again(circuit, whole=whole) if self._flips else set()
        waits = self._waits(circuit, number, qubit, blocks, whole=whole)
        after: dict[Any, CircuitInstruction | None] = {}
        made: list[CircuitInstruction] = []
        for index, item in enumerate(data):
            if index in waits:
                made += waits[index]
            if item.is_standard_gate():
                made.append(item)
                key = item.name, item.qubits
                error = after.get(key, _MISSING)
                if error is _MISSING:
                    found = self._errors_of(item, tuple([number[q] for q in item.qubits]))
                    error = after[key] = _instruction(found[0], qubit) if found else None
                if error is not None:
                    made.append(error)
            elif index in blocks:
                made += self._around(item, blocks[index], qubit)
            elif is_measurement(item):
                made += self._measurement(item, number[item.qubits[0]], index in again)
            else:
                made.append(item)
                errors = self._errors_of(item, tuple([number[q] for q in item.qubits]))
                made += [_instruction(error, qubit) for error in errors]
        return made + waits.get(len(data), [])

    def _errors_of(self, item: CircuitInstruction, qubits: tuple[int, ...]) -> list[Error]:
        """The errors after an instruction that is no measurement and no control flow."""
        if item.is_standard_gate():
            if not qubits:
                return []
        elif item.name == "barrier" and item.operation.label == ROUND:
            errors = [(self._lookup.before_round(q), (q,)) for q in qubits]
            return [(rate, place) for rate, place in errors if happens(rate)]
        elif item.name == "reset":
            flip = self._lookup.flip("reset", qubits)
            return [(PauliChannel(probabilities={"X": flip}), qubits)] if flip else []
        elif not _is_gate(item):
            return []
        rate = self._lookup.gate(item.name, qubits)
        return [(rate, qubits)] if happens(rate) else []

    def _measurement(self, item: CircuitInstruction, number: int, again: bool) -> list[CircuitInstruction]:
        flip = self._lookup.flip("measure", (number,))
        if not flip:
            return [item]
        if again:
            return read_by_ancilla(item, self.ancillas[0], flip)
        error = error_instruction(PauliChannel(probabilities={"X": flip}), 1)
        return [CircuitInstruction(error, item.qubits), item]

    def _block(self, item: CircuitInstruction, numbers: tuple[int, ...]) -> Block:
        if item.name in CONDITIONALS:
            return self._reader.read(item, numbers)
        bodies = []
        block = Block(item.operation)
        for body in item.operation.blocks:
            items = self.items(body, numbers, whole=False)
            own = set(body.qubits)
            extra = list(dict.fromkeys(q for part in items for q in part.qubits if q not in own))
            bodies.append(with_ancillas(body, items, extra))
            rows = self._rows(body, dict(zip(body.qubits, numbers, strict=True)), {})
            block.timings = [
                loop_timing(made, loop_count(item.operation))
                for made in schedules(self._idling.clocks, rows, numbers)
            ]
        block.operation = item.operation.replace_blocks(bodies)
        return block

    def _around(
        self, item: CircuitInstruction, block: Block, qubit: dict[int, Any]
    ) -> list[CircuitInstruction]:
        before = [part for k, flip in enumerate(block.flips) for part in preparation(self.ancillas[k], flip)]
        return [*before, around(item, block), *(_instruction(error, qubit) for error in block.errors)]

    def _rows(self, circuit: QuantumCircuit, number: dict[Any, int], blocks: dict[int, Block]) -> list[Any]:
        if not self._idling.clocks:
            return []
        rows = []
        for index, item in enumerate(circuit.data):
            numbers = tuple([number[q] for q in item.qubits])
            block = blocks.get(index)
            if block is None and item.is_control_flow() and getattr(item.operation, "blocks", ()):
                block = self._block(item, numbers)
            rows.append((item, numbers, block))
        return rows

    def _waits(
        self,
        circuit: QuantumCircuit,
        number: dict[Any, int],
        qubit: dict[int, Any],
        blocks: dict[int, Block],
        *,
        whole: bool,
    ) -> dict[int, list[CircuitInstruction]]:
        if not self._idling.clocks:
            return {}
        everywhere = [] if whole else list(qubit)
        made = schedules(self._idling.clocks, self._rows(circuit, number, blocks), everywhere)
        done = {number[q] for q in measured_last(circuit)} if whole else set()
        found: dict[int, list[CircuitInstruction]] = {}
        known: dict[tuple[int, int], CircuitInstruction] = {}
        for index, errors in self._idling.errors(made).items():
            found[index] = []
            for q, rate in errors:
                if index == len(circuit.data) and q in done:
                    continue
                key = id(rate), q
                if key not in known:
                    known[key] = _instruction((rate, (q,)), qubit)
                found[index].append(known[key])
        return found


def _instruction(error: Error, qubit: dict[int, Any]) -> CircuitInstruction:
    rate, numbers = error
    return CircuitInstruction(error_instruction(rate, len(numbers)), [qubit[q] for q in numbers])


def _is_gate(item: CircuitInstruction) -> bool:
    """Whether an instruction acts on qubits like a gate; one that hides measurements is refused."""
    operation: Any = item.operation
    silent = item.name in ("delay", "store", "break_loop", "continue_loop") or is_channel(item.name)
    if silent or getattr(operation, "_directive", False) or not item.qubits:
        return False
    if item.clbits:
        raise ValueError(
            f"instruction {item.name!r} has classical bits inside: call decompose() before noise is applied"
        )
    return True
