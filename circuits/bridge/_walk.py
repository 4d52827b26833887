"""The walk through a Qiskit circuit that writes the Stim circuit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from qiskit.circuit import (
    Barrier,
    BreakLoopOp,
    Clbit,
    ContinueLoopOp,
    ControlFlowOp,
    Delay,
    Measure,
    QuantumCircuit,
    Reset,
    Store,
)
from qiskit.circuit.library import Initialize, StatePreparation

from circuits.bridge._boolean import ONE, Poly, Word, times
from circuits.bridge._channels import Noise, noise_of
from circuits.bridge._control import follow
from circuits.bridge._expressions import value_of
from circuits.bridge._gates import CliffordGate, from_matrix
from circuits.bridge._memory import Memory
from circuits.bridge._operations import definition_of, gate_of, preparation_of
from circuits.bridge._refusal import Refused
from circuits.bridge._sinks import Branch, Program, Sink
from circuits.errors import NotTranslatable

Scope = dict[Any, Any]


class Walk:
    """The state of one translation: where it writes, what it remembers, where it stands."""

    def __init__(self, circuit: QuantumCircuit) -> None:
        self._circuit = circuit
        self._program = Program()
        self.sink: Sink = self._program
        self.memory = Memory()
        self.assumed: Poly = ONE
        self._scope: Scope = {}
        self._path: list[list[Any]] = []
        self._standard: dict[tuple[Any, ...], CliffordGate] = {}
        self._gates: dict[int, tuple[Any, CliffordGate | None]] = {}
        self._channels: dict[int, tuple[Any, Noise]] = {}

    @property
    def lines(self) -> list[str]:
        return self._program.lines

    def run(self) -> None:
        self.block(self._circuit, range(self._circuit.num_qubits), {}, "")
        self._program.finish()

    def bit(self, bit: Clbit) -> Poly:
        """The value of a classical bit at the end."""
        return self.memory.read(bit)[0]

    def read(self, name: Any) -> Word:
        """The value of a bit or variable of the block that is followed now."""
        return self.memory.read(self._scope.get(name, name))

    def place(self) -> str:
        """Where the walk stands, from the outermost instruction inwards; qubits are those of the whole."""
        parts = []
        for circuit, index, note, number in self._path:
            item = circuit.data[index]
            qubits = ", ".join(str(number[q]) for q in item.qubits[:4])
            dots = ", …" if len(item.qubits) > 4 else ""
            parts.append(f"{note}instruction {index} ({item.name!r} on qubits [{qubits}{dots}])")
        return ", ".join(parts)

    def block(self, circuit: QuantumCircuit, qubits: Sequence[int], clbits: Scope, note: str) -> None:
        """Follow the instructions of a circuit whose bits are these of the whole."""
        outer, self._scope = self._scope, clbits
        number = dict(zip(circuit.qubits, qubits, strict=True))
        spot: list[Any] = [circuit, 0, note, number]
        self._path.append(spot)
        for index, item in enumerate(circuit.data):
            if not item.is_standard_gate():
                spot[1] = index
                self._other(item, [number[q] for q in item.qubits])
                continue
            gate = self._standard.get((item.name, *item.params))
            if gate is None:
                spot[1] = index
                gate = self._new_standard(item)
            if gate.plain is None or self.sink.waits:
                self.sink.gate(gate, [number[q] for q in item.qubits])
            else:
                self.sink.lines.append(f"{gate.plain} {' '.join([str(number[q]) for q in item.qubits])}")
        self._path.pop()
        self._scope = outer

    def inside(self, body: QuantumCircuit, qubits: Sequence[int], clbits: Sequence[Clbit], note: str) -> None:
        """Follow a block of an instruction on these qubits and (inner) bits."""
        outer = [self._scope.get(bit, bit) for bit in clbits]
        self.block(body, qubits, {**self._scope, **dict(zip(body.clbits, outer, strict=True))}, note)

    def branch(self, condition: Poly, follow_body: Callable[[], None]) -> tuple[Poly, Branch, Memory]:
        """Follow a block apart, assuming its condition: the branch and the memory that it leaves."""
        outer = self.sink, self.memory, self.assumed
        made, memory = Branch(), Memory(self.memory)
        self.sink, self.memory, self.assumed = made, memory, times(self.assumed, condition)
        follow_body()
        self.sink, self.memory, self.assumed = outer
        return condition, made, memory

    def _new_standard(self, item: Any) -> CliffordGate:
        matrix = item.matrix
        if matrix is None:
            names = sorted({p.name for value in item.params for p in getattr(value, "parameters", ())})
            raise Refused(
                NotTranslatable,
                f"it has unbound parameters: {', '.join(names)}",
                "bind them with assign_parameters",
            )
        gate = from_matrix(matrix)
        self._standard[(item.name, *item.params)] = gate
        return gate

    def _other(self, item: Any, qubits: list[int]) -> None:
        operation = item.operation
        if isinstance(operation, Measure):
            bit = item.clbits[0]
            self.memory.record(self._scope.get(bit, bit), self.sink.measure(qubits[0]))
        elif isinstance(operation, ControlFlowOp):
            follow(self, operation, qubits, item.clbits)
        elif isinstance(operation, Reset):
            self.sink.reset(qubits[0])
        elif isinstance(operation, Barrier):
            if len(qubits) == self._circuit.num_qubits:
                self.sink.annotate("TICK")
        elif isinstance(operation, Store):
            self._store(operation)
        elif isinstance(operation, BreakLoopOp | ContinueLoopOp):
            raise Refused(NotTranslatable, "a loop cannot be left in Stim", "unroll the loop without it")
        elif not isinstance(operation, Delay):
            self._compound(operation, qubits, item.clbits)

    def _store(self, operation: Store) -> None:
        value = value_of(operation.rvalue, self.read)
        self.memory.write(operation.lvalue, value, self._scope)

    def _compound(self, operation: Any, qubits: list[int], clbits: Sequence[Clbit]) -> None:
        channel = _channel(operation)
        if channel is not None:
            noise = self._noise(channel)
            for k in noise.resets:
                self.sink.reset(qubits[k])
            self.sink.noise(noise, qubits)
            return
        if isinstance(operation, Initialize):
            for qubit in qubits:
                self.sink.reset(qubit)
            operation = _preparation(operation)
        if isinstance(operation, StatePreparation) and self._fresh(qubits):
            gate = preparation_of(operation)
        else:
            gate = self._gate(operation)
        if gate is None:
            self.inside(definition_of(operation), qubits, clbits, "its ")
        else:
            self.sink.gate(gate, qubits)

    def _gate(self, operation: Any) -> CliffordGate | None:
        found = self._gates.get(id(operation))
        if found is None:
            found = operation, gate_of(operation)
            self._gates[id(operation)] = found
        return found[1]

    def _noise(self, channel: Any) -> Noise:
        found = self._channels.get(id(channel))
        if found is None:
            found = channel, noise_of(channel)
            self._channels[id(channel)] = found
        return found[1]

    def _fresh(self, qubits: list[int]) -> bool:
        """Whether these qubits are all in |0⟩ because nothing, or a reset, came before."""
        if self.sink is not self._program or self.sink.waits:
            return False
        left = set(map(str, qubits))
        for line in reversed(self.lines):
            if not left:
                break
            head, *targets = line.split()
            touched = left.intersection(target.lstrip("XYZ") for target in targets)
            if touched and head != "R":
                return False
            left -= touched
        return True


def _channel(operation: Any) -> Any:
    """The channel of an error instruction, else None."""
    error = getattr(operation, "_quantum_error", None)
    if error is not None:
        return error
    if operation.name in ("kraus", "superop") and getattr(operation, "definition", None) is None:
        from qiskit.quantum_info import Kraus, SuperOp

        return Kraus(list(operation.params)) if operation.name == "kraus" else SuperOp(operation.params[0])
    return None


def _preparation(operation: Initialize) -> Any:
    """The state preparation inside an `initialize`."""
    for item in operation.definition.data:
        if isinstance(item.operation, StatePreparation):
            return item.operation
    return operation
