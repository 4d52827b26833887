"""As-soon-as-possible scheduling, in seconds or in layers."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

Span = tuple[float, float]


class Step(NamedTuple):
    """One instruction as the schedule sees it.

    `idle` are the spans, from the start of the step, in which a qubit of it waits; a step that acts on none
    of its qubits (a delay, a barrier) is `passive`: it does not end a wait.
    """

    qubits: tuple[int, ...]
    wires: tuple[Hashable, ...] = ()
    length: float = 0.0
    idle: Mapping[int, list[Span]] = MappingProxyType({})
    collapse: tuple[Span, ...] = ()
    passive: bool = False


@dataclass
class Schedule:
    """When qubits wait, and when some qubit is measured or reset.

    Attributes:
        waits: For each step before which a wait ends (the number of steps: the end) its (qubit, spans).
        collapse: The spans in which a qubit is measured or reset.
        length: When the last instruction ends.
    """

    waits: dict[int, list[tuple[int, list[Span]]]] = field(default_factory=dict)
    collapse: list[Span] = field(default_factory=list)
    length: float = 0.0

    def by_qubit(self, qubits: Iterable[int]) -> dict[int, list[Span]]:
        """All waits of each of these qubits; one that has no step waits all the time."""
        found: dict[int, list[Span]] = {q: [] for q in qubits}
        for waits in self.waits.values():
            for qubit, spans in waits:
                found[qubit].extend(spans)
        return found


def asap(steps: Sequence[Step], everywhere: Iterable[int] = ()) -> Schedule:
    """Every step as soon as its qubits and classical wires are free.

    Args:
        steps: The instructions in order.
        everywhere: Qubits that wait to the end even if no step acts on them.

    Returns:
        The schedule; qubits wait from time zero to the end.
    """
    made = Schedule()
    free: dict[Hashable, float] = {}
    pending: dict[int, list[Span]] = {}
    touched = set(everywhere)
    for number, (qubits, wires, length, idle, collapse, passive) in enumerate(steps):
        keys = (*qubits, *wires) if wires else qubits
        start = 0.0
        for key in keys:
            start = max(start, free.get(key, 0.0))
        end = start + length
        ended = []
        for qubit in qubits:
            since = free.get(qubit, 0.0)
            if since < start:
                pending.setdefault(qubit, []).append((since, start))
            if not passive and qubit in pending:
                ended.append((qubit, pending.pop(qubit)))
            if idle and qubit in idle:
                pending.setdefault(qubit, []).extend([(start + a, start + b) for a, b in idle[qubit]])
        if ended:
            made.waits[number] = ended
        for key in keys:
            free[key] = end
        if length > 0 or not passive:
            touched.update(qubits)
        if collapse:
            made.collapse += [(start + a, start + b) for a, b in collapse]
    made.length = max(free.values(), default=0.0)
    last = [(q, _to_end(pending.get(q, []), free.get(q, 0.0), made.length)) for q in sorted(touched)]
    made.waits[len(steps)] = [(q, spans) for q, spans in last if spans]
    return made


def repeated(spans: Iterable[Span], length: float, times: int) -> tuple[Span, ...]:
    """The spans of a body that runs several times."""
    kept = list(spans)
    return tuple((k * length + a, k * length + b) for k in range(times) for a, b in kept) if kept else ()


def total(spans: Iterable[Span]) -> float:
    """The length of spans that do not overlap."""
    return sum(b - a for a, b in spans)


def _to_end(spans: list[Span], since: float, end: float) -> list[Span]:
    return [*spans, (since, end)] if since < end else spans
