"""Idling in Qiskit circuits: the clocks, and what the waits do to the qubits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Protocol

from circuits.noise._ancilla import is_measurement
from circuits.noise._clock import Schedule, Span, Step, asap, total
from circuits.noise.channels import Rate, in_sequence, is_channel, relaxation

if TYPE_CHECKING:
    from qiskit.circuit import CircuitInstruction

    from circuits.noise.value import CircuitNoise


_DIGITS = 15
"""Waits are rounded to femtoseconds, so that equal ones are equal whenever they start."""


_Waited = tuple[tuple[tuple[Rate, int], ...], Rate | None]


class Clock(Protocol):
    """How long instructions last."""

    def length(self, name: str, qubits: tuple[int, ...]) -> float: ...

    def delay(self, item: Any) -> float: ...

    def latency(self, name: str) -> float: ...


class SecondsClock:
    """The times of a noise."""

    def __init__(self, noise: CircuitNoise) -> None:
        self.length = noise.lookup.seconds
        self.latency = noise.lookup.latency
        self._dt_s = noise.dt_s

    def delay(self, item: Any) -> float:
        """How long a delay lasts, in seconds."""
        operation = item.operation
        units = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "ps": 1e-12, "dt": self._dt_s}
        scale = units.get(operation.unit)
        if operation.unit == "dt" and scale is None:
            raise ValueError(
                f"a delay lasts {operation.duration} dt and dt_s is None: give dt_s in seconds, "
                "or the delay in a unit of time"
            )
        try:
            return float(operation.duration) * float(scale)  # type: ignore[arg-type]
        except TypeError:
            raise ValueError(
                f"a delay has the duration {operation.duration!r}: bind it to a number first"
            ) from None


class LayerClock:
    """Every instruction is one layer long; a delay takes none."""

    def length(self, name: str, qubits: tuple[int, ...]) -> float:
        return 1.0

    def delay(self, item: Any) -> float:
        return 0.0

    def latency(self, name: str) -> float:
        return 0.0


@dataclass(frozen=True)
class Timing:
    """What one clock says of a block: its length, and when its qubits wait in it."""

    length: float = 0.0
    idle: dict[int, list[Span]] = field(default_factory=dict)
    collapse: tuple[Span, ...] = ()


class Idling:
    """What waiting costs with one noise."""

    def __init__(self, noise: CircuitNoise) -> None:
        self._noise = noise
        by_layer = noise.idle > 0 or noise.resonator_idle > 0
        self._seconds = 0 if noise.lookup.relaxes else None
        self._layers = (1 if noise.lookup.relaxes else 0) if by_layer else None
        self.clocks: list[Clock] = []
        if noise.lookup.relaxes:
            self.clocks.append(SecondsClock(noise))
        if by_layer:
            self.clocks.append(LayerClock())
        self._times: dict[int, tuple[float, float]] = {}
        self._cache: dict[tuple[tuple[float, float], float, int, int], _Waited] = {}

    def errors(self, schedules: Sequence[Schedule]) -> dict[int, list[tuple[int, Rate]]]:
        """For each step before which waits end, the qubits and the errors that waiting made."""
        spent: dict[tuple[int, int], list[float]] = {}
        for number, schedule in enumerate(schedules):
            collapsed = _prefix(schedule) if number == self._layers else []
            for index, waits in schedule.waits.items():
                for qubit, spans in waits:
                    entry = spent.setdefault((index, qubit), [0.0, 0.0, 0.0])
                    if number == self._seconds:
                        entry[0] += total(spans)
                    else:
                        entry[1] += total(spans)
                        entry[2] += sum(collapsed[int(b)] - collapsed[int(a)] for a, b in spans)
        found: dict[int, list[tuple[int, Rate]]] = {}
        for (index, qubit), (seconds, layers, waits_count) in spent.items():
            rate = self.total(qubit, seconds, round(layers), round(waits_count))
            if rate is not None:
                found.setdefault(index, []).append((qubit, rate))
        return found

    def parts(self, qubit: int, seconds: float, layers: int, waits: int) -> tuple[tuple[Rate, int], ...]:
        """The errors of a qubit that waits so long, and how often each happens."""
        return self._waited(qubit, seconds, layers, waits)[0]

    def total(self, qubit: int, seconds: float, layers: int, waits: int) -> Rate | None:
        """The same as one error, None if there is none."""
        return self._waited(qubit, seconds, layers, waits)[1]

    def _waited(self, qubit: int, seconds: float, layers: int, waits: int) -> _Waited:
        times = self._times.get(qubit)
        if times is None:
            times = self._times[qubit] = self._noise.lookup.coherence(qubit)
        key = times, round(seconds, _DIGITS), layers, waits
        found = self._cache.get(key)
        if found is None:
            parts = tuple(self._parts(*key))
            found = self._cache[key] = parts, in_sequence(list(parts)) if parts else None
        return found

    def _parts(
        self, times: tuple[float, float], seconds: float, layers: int, waits: int
    ) -> Iterator[tuple[Rate, int]]:
        if seconds > 0 and self._seconds is not None:
            channel = relaxation(seconds, *times)
            if channel.items():
                yield channel, 1
        if layers and self._noise.idle > 0:
            yield self._noise.idle, layers
        if waits and self._noise.resonator_idle > 0:
            yield self._noise.resonator_idle, waits


def step_of(item: CircuitInstruction, qubits: tuple[int, ...], clock: Clock, block: Timing | None) -> Step:
    """One instruction as a clock sees it."""
    if block is not None:
        return Step(qubits, wires(item), block.length, block.idle, block.collapse)
    if item.is_standard_gate():
        return Step(qubits, (), clock.length(item.name, qubits))
    name = item.name
    if is_measurement(item):
        length = clock.length("measure", qubits)
        return Step(qubits, tuple(item.clbits), length, {}, ((0.0, length),))
    if name == "reset":
        length = clock.length("reset", qubits)
        return Step(qubits, (), length, {}, ((0.0, length),))
    if name == "delay":
        length = clock.delay(item)
        return Step(qubits, (), length, {qubits[0]: [(0.0, length)]} if length > 0 else {}, (), True)
    if is_channel(name):
        return Step(())
    if name == "store":
        return Step((), wires(item))
    if getattr(item.operation, "_directive", False) or name in ("break_loop", "continue_loop"):
        return Step(qubits, (), 0.0, {}, (), True)
    return Step(qubits, (), clock.length(name, qubits))


def wires(item: CircuitInstruction) -> tuple[Any, ...]:
    """The classical bits and variables that an instruction reads or writes."""
    from qiskit.circuit.classical import expr

    operation: Any = item.operation
    found: list[Any] = list(item.clbits)
    sides = [getattr(operation, name, None) for name in ("condition", "target", "lvalue", "rvalue")]
    for side in sides:
        if isinstance(side, expr.Expr):
            for var in expr.iter_vars(side):
                found += [var] if var.standalone else _bits(var.var)
    for block in getattr(operation, "blocks", ()):
        found += block.iter_captured_vars()
    return tuple(dict.fromkeys(found))


def schedules(
    clocks: Sequence[Clock], rows: Sequence[tuple[Any, tuple[int, ...], Any]], everywhere: Sequence[int] = ()
) -> list[Schedule]:
    """One schedule for each clock; a row is an instruction, its qubits, and its block if it has one."""
    made = []
    for k, clock in enumerate(clocks):
        known: dict[tuple[str, tuple[int, ...]], Step] = {}
        steps = []
        for item, qubits, block in rows:
            if not item.is_standard_gate():
                steps.append(step_of(item, qubits, clock, block and block.timings[k]))
                continue
            key = item.name, qubits
            if key not in known:
                known[key] = step_of(item, qubits, clock, None)
            steps.append(known[key])
        made.append(asap(steps, everywhere))
    return made


def _bits(var: Any) -> list[Any]:
    return [var] if not hasattr(var, "__len__") else list(var)


def _prefix(schedule: Schedule) -> list[int]:
    """How many layers before each one have a measurement or a reset in them."""
    flags = [0] * (round(schedule.length) + 1)
    for a, b in schedule.collapse:
        for layer in range(round(a), round(b)):
            flags[layer] = 1
    return [0, *accumulate(flags)]
