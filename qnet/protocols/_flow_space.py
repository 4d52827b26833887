"""The space of all stabilizer flows of a circuit, as vectors over GF(2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import stim

__all__ = ["FlowSpace", "Pauli", "Surplus"]

Pauli = dict[int, str]
_EXHAUSTIVE = 12


@dataclass(frozen=True, kw_only=True)
class Surplus:
    """By how much a flow of a circuit differs from the flow that was expected.

    Attributes:
        measurements: The measurements whose parity flips the sign beyond what was expected.
        negative: Whether the sign is flipped when that parity is even.
        flow: The flow which the circuit has.
    """

    measurements: frozenset[int]
    negative: bool
    flow: stim.Flow


class FlowSpace:
    """All flows of a Stim circuit in which some parities of measurements are post-selected.

    A flow is an integer. Its lowest bits say which post-selected parities were multiplied into it; above
    them come the measurements, X and Z parts at the end, X and Z parts at the start.

    Args:
        circuit: The circuit; qubits that are no inputs are reset in it.
        keep: Sets of measurement indices, each with whether its parity is odd in the shots that count.
    """

    def __init__(self, circuit: stim.Circuit, keep: Sequence[tuple[frozenset[int], bool]]) -> None:
        self.circuit = circuit
        self.keep = [(_mask(parity), odd) for parity, odd in keep]
        self._tags: int = len(keep)
        self._classical: int = self._tags + circuit.num_measurements
        self._qubits: int = circuit.num_qubits
        self._basis = _Basis()
        for flow in circuit.flow_generators():
            self._basis.add(self._vector(flow.input_copy(), flow.output_copy(), _records_of(flow, circuit)))
        for k, (parity, _) in enumerate(self.keep):
            self._basis.add(1 << k | parity << self._tags)

    def contradiction(self) -> bool:
        """Whether no shot can ever count, because post-selected parities never add up to what they should."""
        dependent = [self._selected(row) for row in self._basis.rows if row < 1 << self._tags]
        return any(self.circuit.has_flow(self._flow({}, {}, parity)) == odd for parity, odd in dependent)

    def surplus(self, start: Pauli, end: Pauli, expected: frozenset[int]) -> Surplus | None:
        """How the flow from start to end differs from one with the expected measurements.

        Returns:
            The difference; None if start does not become end, whatever is measured.
        """
        target = self._vector(self._string(start), self._string(end), expected)
        rest = self._basis.reduce(target)
        if rest >= 1 << self._classical:
            return None
        rest = self._shortest(rest)
        extra = rest >> self._tags
        selected, odd = self._selected(rest)
        flow = self._flow(start, end, _mask(expected) ^ extra ^ selected)
        negative = not self.circuit.has_flow(flow)
        if negative:
            flow = stim.Flow(
                input=flow.input_copy(), output=-flow.output_copy(), measurements=flow.measurements_copy()
            )
        return Surplus(measurements=frozenset(_members(extra)), negative=negative ^ odd, flow=flow)

    def becomes(self, start: Pauli, outputs: Iterable[int]) -> Pauli | None:
        """The operator on the outputs which `start` does become, up to its sign; None if there is none."""
        n, low = self._qubits, (1 << 2 * self._qubits) - 1
        inside = sum(1 << q | 1 << (n + q) for q in outputs)
        shift = 2 * n

        def outside_first(vector: int) -> int:
            quantum = vector >> self._classical
            return (quantum & ~inside) << shift | quantum & inside

        basis = _Basis()
        for row in self._basis.rows:
            basis.add(outside_first(row))
        rest = basis.reduce(outside_first(self._vector(self._string(start), self._string({}), ())))
        return self._pauli(rest & low) if 0 < rest <= low else None

    def _shortest(self, rest: int) -> int:
        """The same parity with as few measurements as can be found."""
        rows = [row for row in self._basis.rows if row < 1 << self._classical]
        if len(rows) > _EXHAUSTIVE:
            return rest
        candidates = [rest]
        for row in rows:
            candidates += [one ^ row for one in candidates]
        return min(candidates, key=lambda value: ((value >> self._tags).bit_count(), value))

    def _selected(self, vector: int) -> tuple[int, bool]:
        parity, odd = 0, False
        for k in _members(vector & ((1 << self._tags) - 1)):
            parity, odd = parity ^ self.keep[k][0], odd ^ self.keep[k][1]
        return parity, odd

    def _flow(self, start: Pauli, end: Pauli, measurements: int) -> stim.Flow:
        return stim.Flow(
            input=self._string(start), output=self._string(end), measurements=_members(measurements)
        )

    def _string(self, pauli: Pauli) -> stim.PauliString:
        string = stim.PauliString(self._qubits)
        for q, letter in pauli.items():
            string[q] = letter
        return string

    def _vector(self, start: stim.PauliString, end: stim.PauliString, measurements: Iterable[int]) -> int:
        n, parts = self._qubits, 0
        for k, indices in enumerate((end.pauli_indices("XY"), end.pauli_indices("ZY"))):
            parts |= _mask(indices) << (k * n)
        for k, indices in enumerate((start.pauli_indices("XY"), start.pauli_indices("ZY")), start=2):
            parts |= _mask(indices) << (k * n)
        return parts << self._classical | _mask(measurements) << self._tags

    def _pauli(self, vector: int) -> Pauli:
        n, letters = self._qubits, "_XZY"
        parts = {q: (vector >> q & 1) + 2 * (vector >> (n + q) & 1) for q in range(n)}
        return {q: letters[part] for q, part in parts.items() if part}


class _Basis:
    """Rows over GF(2), each with a highest bit of its own."""

    def __init__(self) -> None:
        self._by_pivot: dict[int, int] = {}

    @property
    def rows(self) -> list[int]:
        return list(self._by_pivot.values())

    def add(self, row: int) -> None:
        rest = self._cleared(row)
        if rest:
            self._by_pivot[rest.bit_length()] = rest

    def reduce(self, row: int) -> int:
        """The row without every highest bit of the basis."""
        rest, done = row, 0
        while rest:
            rest = self._cleared(rest)
            top = 1 << rest.bit_length() >> 1
            rest, done = rest ^ top, done | top
        return done

    def _cleared(self, row: int) -> int:
        while row and row.bit_length() in self._by_pivot:
            row ^= self._by_pivot[row.bit_length()]
        return row


def _records_of(flow: stim.Flow, circuit: stim.Circuit) -> list[int]:
    return [k % circuit.num_measurements for k in flow.measurements_copy()]


def _mask(indices: Iterable[int]) -> int:
    mask = 0
    for k in indices:
        mask ^= 1 << k
    return mask


def _members(mask: int) -> list[int]:
    return [k for k in range(mask.bit_length()) if mask >> k & 1]
