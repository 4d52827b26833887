"""Which qubits of a device a circuit is put on: the embedding of its interactions that costs least.

The cost of an embedding is minus the logarithm of the product of the fidelities of all two-qubit gates and
read-outs, as the device reports them. Qubits are placed one by one next to those that they interact with;
a partial placement is given up once its cost and the least that the rest can cost exceed the best that is
known (depth first, after a beam search that finds a good one to begin with). On devices of up to some
hundred qubits with few neighbours each, a chain of a dozen is found exactly; where the budget of steps ends
the search, the best embedding so far is taken.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qiskit import QuantumCircuit
from qiskit.circuit import ControlFlowOp

if TYPE_CHECKING:
    from qiskit.transpiler import Target

__all__ = ["DeviceCosts", "Interactions", "best_embedding", "fidelities", "interactions"]

_BUDGET = 200_000
_BEAM = 48
_WORST = 50.0
_TIE = 1e-6
"""Weight of gates on one qubit: they decide between embeddings that are as good in all else."""


@dataclass(frozen=True, kw_only=True)
class Interactions:
    """How often each pair of qubits meets in a gate, and how often each qubit is read out and turned."""

    gates: tuple[tuple[int, int, int], ...]
    measured: tuple[int, ...]
    turned: tuple[int, ...]

    @property
    def neighbours(self) -> Mapping[int, Mapping[int, int]]:
        """For every qubit that meets others, how often it meets which."""
        found: dict[int, dict[int, int]] = {}
        for a, b, count in self.gates:
            found.setdefault(a, {})[b] = count
            found.setdefault(b, {})[a] = count
        return found


@dataclass(frozen=True, kw_only=True)
class DeviceCosts:
    """What a two-qubit gate costs between neighbours, and the read-out and a turn of a qubit."""

    gates: Mapping[int, Mapping[int, float]]
    readout: tuple[float, ...]
    turn: tuple[float, ...]

    @staticmethod
    def of(target: Target) -> DeviceCosts | None:
        """The costs of a device; None where any two of its qubits are alike, or it has no such gates."""
        if target.num_qubits is None:
            return None
        gates: dict[int, dict[int, float]] = {}
        for name in target.operation_names:
            operation, places = target.operation_from_name(name), target[name]
            if isinstance(operation, type) or places is None or None in places:
                continue
            for qubits, properties in places.items():
                if len(qubits) == 2:
                    _least(gates, qubits, _cost(properties))
        if not gates:
            return None
        return DeviceCosts(gates=gates, readout=_readouts(target), turn=_turns(target))


def _turns(target: Target) -> tuple[float, ...]:
    """What the worst gate on one qubit costs there."""
    costs = [0.0] * int(target.num_qubits)
    for name in target.operation_names:
        places = target[name]
        if name in ("measure", "reset", "delay") or places is None or None in places:
            continue
        for qubits, properties in places.items():
            if len(qubits) == 1:
                costs[qubits[0]] = max(costs[qubits[0]], _cost(properties))
    return tuple(costs)


def _readouts(target: Target) -> tuple[float, ...]:
    places = target["measure"] if "measure" in target.operation_names else None
    if places is None or None in places:
        return (0.0,) * int(target.num_qubits)
    return tuple(_cost(places[(q,)]) if (q,) in places else _WORST for q in range(int(target.num_qubits)))


def _least(gates: dict[int, dict[int, float]], qubits: Sequence[int], cost: float) -> None:
    for a, b in (tuple(qubits), tuple(reversed(qubits))):
        here = gates.setdefault(a, {})
        here[b] = min(cost, here.get(b, cost))


def _cost(properties: Any) -> float:
    error = getattr(properties, "error", None) or 0.0
    return -math.log1p(-error) if error < 1 else _WORST


def interactions(circuit: QuantumCircuit) -> Interactions:
    """The interactions of a circuit of gates on one and two qubits, bodies of control flow too."""
    pairs: dict[tuple[int, int], int] = {}
    measured, turned = [0] * circuit.num_qubits, [0] * circuit.num_qubits
    for name, qubits in _placed(circuit):
        if name == "measure":
            measured[qubits[0]] += 1
        elif len(qubits) == 2:
            pair = (min(qubits), max(qubits))
            pairs[pair] = pairs.get(pair, 0) + 1
        elif qubits and name not in ("reset", "delay"):
            turned[qubits[0]] += 1
    return Interactions(
        gates=tuple((a, b, count) for (a, b), count in sorted(pairs.items())),
        measured=tuple(measured),
        turned=tuple(turned),
    )


def fidelities(circuit: QuantumCircuit, target: Target) -> tuple[float, float]:
    """Products of the fidelities of two-qubit gates and read-outs, and of all instructions, as reported."""
    chief = rest = 0.0
    for name, qubits in _placed(circuit):
        places = target[name] if name in target.operation_names else None
        cost = _cost(places.get(qubits)) if places else 0.0
        if name == "measure" or len(qubits) == 2:
            chief += cost
        else:
            rest += cost
    return math.exp(-chief), math.exp(-chief - rest)


def _placed(
    circuit: QuantumCircuit, outer: Sequence[int] | None = None
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Name and qubits of every instruction that acts, those in bodies too."""
    places = {bit: k if outer is None else outer[k] for k, bit in enumerate(circuit.qubits)}
    for item in circuit.data:
        qubits = tuple(places[bit] for bit in item.qubits)
        if isinstance(item.operation, ControlFlowOp):
            for block in item.operation.blocks:
                yield from _placed(block, qubits)
        elif item.operation.name != "barrier":
            yield item.operation.name, qubits


def best_embedding(wanted: Interactions, device: DeviceCosts) -> tuple[int, ...] | None:
    """The device's qubit for every qubit of the circuit, or None where the interactions do not fit on it.

    Qubits with which nothing is done get what is left over.
    """
    search = _Search(wanted, device)
    if len(search.order) > len(device.readout):
        return None
    search.run()
    if search.best is None:
        return None
    placed = dict(zip(search.order, search.best, strict=True))
    left = iter(q for q in range(len(device.readout)) if q not in set(search.best))
    if len(wanted.measured) > len(device.readout):
        return None
    return tuple(placed[q] if q in placed else next(left) for q in range(len(wanted.measured)))


class _Search:
    """Depth first with a bound, after a beam."""

    def __init__(self, wanted: Interactions, device: DeviceCosts) -> None:
        self._device = device
        self._wanted = wanted
        self._neighbours = wanted.neighbours
        self.order = self._ordered()
        place = {qubit: k for k, qubit in enumerate(self.order)}
        self._back = [
            [
                (place[other], count)
                for other, count in self._neighbours.get(qubit, {}).items()
                if place[other] < k
            ]
            for k, qubit in enumerate(self.order)
        ]
        self._readings = [wanted.measured[qubit] for qubit in self.order]
        self._turns = [_TIE * wanted.turned[qubit] for qubit in self.order]
        self._degrees = [len(self._neighbours.get(qubit, ())) for qubit in self.order]
        self._rest = self._least_of_the_rest()
        self._all = range(len(device.readout))
        self.best: tuple[int, ...] | None = None
        self._limit = math.inf
        self._steps = 0

    def _ordered(self) -> list[int]:
        """Qubits so that each meets one placed before, if any does; the most constrained first."""
        left = {q for q, count in enumerate(self._wanted.measured) if count} | set(self._neighbours)
        order: list[int] = []
        while left:
            nearest = max(
                left,
                key=lambda q: (
                    sum(other in order for other in self._neighbours.get(q, ())),
                    len(self._neighbours.get(q, ())),
                    -q,
                ),
            )
            order.append(nearest)
            left.remove(nearest)
        return order

    def _least_of_the_rest(self) -> list[float]:
        """What the qubits from the k-th on cost at least: the most used gates and read-outs on the best."""
        pairs = sorted(cost for a, row in self._device.gates.items() for b, cost in row.items() if a < b)
        readout = sorted(self._device.readout)
        found = []
        for k in range(len(self.order) + 1):
            counts = sorted((count for back in self._back[k:] for _, count in back), reverse=True)
            reads = sorted(self._readings[k:], reverse=True)
            found.append(
                sum(n * cost for n, cost in zip(counts, pairs, strict=False))
                + sum(n * cost for n, cost in zip(reads, readout, strict=False))
            )
        return found

    def run(self) -> None:
        if not self.order:
            self.best = ()
            return
        self._beam()
        self._deeper([], set(), 0.0)

    def _beam(self) -> None:
        front: list[tuple[float, list[int]]] = [(0.0, [])]
        for _ in self.order:
            wider = [
                (cost + more, [*placed, qubit])
                for cost, placed in front
                for more, qubit in self._choices(placed, set(placed))
            ]
            front = sorted(wider)[:_BEAM]
        if front:
            self._limit, best = front[0]
            self.best = tuple(best)

    def _deeper(self, placed: list[int], taken: set[int], cost: float) -> None:
        if len(placed) == len(self.order):
            self._limit, self.best = cost, tuple(placed)
            return
        for more, qubit in self._choices(placed, taken):
            self._steps += 1
            if self._steps > _BUDGET:
                return
            if cost + more + self._rest[len(placed) + 1] >= self._limit - 1e-12:
                break
            placed.append(qubit)
            taken.add(qubit)
            self._deeper(placed, taken, cost + more)
            placed.pop()
            taken.remove(qubit)

    def _choices(self, placed: Sequence[int], taken: set[int]) -> list[tuple[float, int]]:
        """Where the next qubit may go, and what that adds; the cheapest first."""
        k = len(placed)
        back, reads, gates = self._back[k], self._readings[k], self._device.gates
        near = gates.get(placed[back[0][0]], {}) if back else self._all
        found = []
        for qubit in near:
            row = gates.get(qubit, {})
            if qubit in taken or len(row) < self._degrees[k]:
                continue
            if all(placed[place] in row for place, _ in back):
                more = sum(count * row[placed[place]] for place, count in back)
                more += reads * self._device.readout[qubit] + self._turns[k] * self._device.turn[qubit]
                found.append((more, qubit))
        return sorted(found)
