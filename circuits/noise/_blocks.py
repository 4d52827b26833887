"""Control flow: conditionals, whose noise goes after the block, and loops, which carry their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from qiskit import QuantumCircuit
from qiskit.circuit import CircuitInstruction

from circuits.noise._ancilla import is_measurement, read_by_prepared, with_ancillas
from circuits.noise._clock import Schedule, Span, repeated, total
from circuits.noise._idle import Clock, Timing, schedules
from circuits.noise.channels import Rate

Error = tuple[Rate, tuple[int, ...]]
ErrorsOf = Callable[[CircuitInstruction, tuple[int, ...]], list[Error]]

CONDITIONALS = ("if_else", "switch_case")


@dataclass
class Block:
    """A control-flow instruction as what stands around it sees it.

    Attributes:
        operation: The instruction, whose bodies read prepared ancillas.
        errors: What its gates would have had, on the qubits of the whole circuit.
        timings: One for each clock.
        flips: The flip of each ancilla that must be prepared before it.
    """

    operation: Any
    errors: list[Error] = field(default_factory=list)
    timings: list[Timing] = field(default_factory=list)
    flips: list[float] = field(default_factory=list)


class BlockReader:
    """Reads control-flow instructions with one noise."""

    def __init__(self, errors_of: ErrorsOf, flip_of: Any, clocks: Sequence[Clock], ancillas: Any) -> None:
        self._errors_of = errors_of
        self._flip_of = flip_of
        self._clocks = clocks
        self._ancillas = ancillas

    def read(self, item: CircuitInstruction, qubits: tuple[int, ...]) -> Block:
        """The block of an instruction on these qubits of the whole circuit."""
        block = Block(item.operation)
        self._fill(block, qubits, block.flips, in_loop=False)
        return block

    def _fill(self, block: Block, qubits: tuple[int, ...], flips: list[float], *, in_loop: bool) -> None:
        operation = block.operation
        loops = operation.name not in CONDITIONALS
        branches = [self._branch(body, qubits, flips, in_loop=in_loop or loops) for body in operation.blocks]
        times = loop_count(operation)
        block.errors = _most_often([errors for _, errors, _ in branches]) * times
        bodies = [items for items, _, _ in branches]
        pairs = list(zip(bodies, operation.blocks, strict=True))
        extra = list(dict.fromkeys(q for items, body in pairs for q in _new(items, body)))
        if extra:
            block.operation = operation.replace_blocks(
                [with_ancillas(body, items, extra) for items, body in pairs]
            )
        for k, clock in enumerate(self._clocks):
            made = [schedule[k] for _, _, schedule in branches]
            block.timings.append(_timing(made, qubits, times, clock.latency(operation.name)))

    def _branch(
        self, body: QuantumCircuit, qubits: tuple[int, ...], flips: list[float], *, in_loop: bool
    ) -> tuple[list[CircuitInstruction], list[Error], list[Schedule]]:
        number = dict(zip(body.qubits, qubits, strict=True))
        items: list[CircuitInstruction] = []
        errors: list[Error] = []
        rows = []
        for item in body.data:
            inner = tuple([number[q] for q in item.qubits])
            block = None
            if item.is_control_flow() and getattr(item.operation, "blocks", ()):
                block = Block(item.operation)
                self._fill(block, inner, flips, in_loop=in_loop)
                errors += block.errors
                items.append(around(item, block))
            elif is_measurement(item):
                items += self._measurement(item, inner, flips, in_loop=in_loop)
            else:
                errors += self._errors_of(item, inner)
                items.append(item)
            rows.append((item, inner, block))
        return items, errors, schedules(self._clocks, rows, qubits)

    def _measurement(
        self, item: CircuitInstruction, qubits: tuple[int, ...], flips: list[float], *, in_loop: bool
    ) -> list[CircuitInstruction]:
        flip = self._flip_of("measure", qubits)
        if not flip:
            return [item]
        if in_loop:
            raise ValueError(
                f"qubit {qubits[0]} is measured in a loop inside a conditional, where its outcome cannot be "
                "flipped each time: unroll the loop first"
            )
        flips.append(flip)
        return read_by_prepared(item, self._ancillas[len(flips) - 1])


def around(item: CircuitInstruction, block: Block) -> CircuitInstruction:
    """The instruction with the operation of its block, on the ancillas besides."""
    if block.operation is item.operation:
        return item
    extra = block.operation.blocks[0].qubits[len(item.qubits) :]
    return item.replace(operation=block.operation, qubits=(*item.qubits, *extra))


def loop_count(operation: Any) -> int:
    """How often a body runs, as far as can be known: a `while` loop counts once."""
    return len(list(operation.params[0])) if operation.name == "for_loop" else 1


def loop_timing(made: Schedule, times: int) -> Timing:
    """A loop that carries its own noise: outside of it, only its length and its measurements count."""
    return Timing(made.length * times, {}, repeated(made.collapse, made.length, times))


def _timing(made: list[Schedule], qubits: tuple[int, ...], times: int, latency: float) -> Timing:
    """A conditional lasts as long as its longest branch; a qubit waits as in its busiest one."""
    length = max(schedule.length for schedule in made)
    idle: dict[int, list[Span]] = {}
    for schedule in made:
        for qubit, spans in schedule.by_qubit(qubits).items():
            spans = [*spans, (schedule.length, length)] if schedule.length < length else spans
            if qubit not in idle or total(spans) < total(idle[qubit]):
                idle[qubit] = spans
    collapse = [span for schedule in made for span in schedule.collapse]
    shifted = {
        qubit: [*([(0.0, latency)] if latency else []), *_shift(repeated(spans, length, times), latency)]
        for qubit, spans in idle.items()
    }
    return Timing(
        latency + length * times,
        {qubit: spans for qubit, spans in shifted.items() if spans},
        tuple(_shift(repeated(collapse, length, times), latency)),
    )


def _shift(spans: Iterable[Span], by: float) -> list[Span]:
    return [(a + by, b + by) for a, b in spans]


def _most_often(branches: list[list[Error]]) -> list[Error]:
    """Each error as often as in the branch that has it most often."""
    counts: dict[Error, int] = {}
    for errors in branches:
        for error, count in Counter(errors).items():
            counts[error] = max(counts.get(error, 0), count)
    return [error for error, count in counts.items() for _ in range(count)]


def _new(items: list[CircuitInstruction], body: QuantumCircuit) -> list[Any]:
    own = set(body.qubits)
    return [q for item in items for q in item.qubits if q not in own]
