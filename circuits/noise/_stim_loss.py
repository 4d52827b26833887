"""Heralded loss in a Stim circuit: outcomes that shift the record, and detectors that tell of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

import stim

from circuits.noise._stim_text import Text, instruction_line

HERALD = "herald"
_MARK = "herald, not counted yet"


def loss_line(loss: float, qubits: Iterable[int]) -> str:
    """The mark of a loss, whose heralds no record counts yet."""
    return f"HERALDED_ERASE[{_MARK}]({loss!r}) {' '.join(map(str, qubits))}"


def with_heralds(circuit: stim.Circuit) -> stim.Circuit:
    """The circuit in which the marks of losses are heralded, and every record is found where it is now.

    A REPEAT whose targets reach before it is unrolled until they do not, since the heralds between may
    differ from turn to turn.
    """
    if not _lossy(circuit):
        return circuit
    writer = _Writer(colours=coordinates_of(circuit) >= 4)
    made = Text()
    writer.write(circuit, made)
    return made.circuit()


def coordinates_of(circuit: stim.Circuit) -> int:
    """The greatest number of coordinates of a detector."""
    found = 0
    for item in circuit:
        if isinstance(item, stim.CircuitRepeatBlock):
            found = max(found, coordinates_of(item.body_copy()))
        elif item.name == "DETECTOR":
            found = max(found, len(item.gate_args_copy()))
    return found


@dataclass
class _Record:
    """Where the outcomes of the old record are in the new one, in runs that repeat.

    Attributes:
        old: How many outcomes the old record has so far.
        new: How many the new one has.
        starts: The first place of each run in the old record.
        runs: For each run the outcomes of one turn in the old record, its first place in the new one,
            the length of a turn there, and where in it the outcomes are.
    """

    old: int = 0
    new: int = 0
    starts: list[int] = field(default_factory=list)
    runs: list[tuple[int, int, int, list[int]]] = field(default_factory=list)

    def count(self, number: int) -> None:
        """Outcomes that both have."""
        if number:
            self.repeat(list(range(number)), number, 1)

    def repeat(self, offsets: list[int], length: int, times: int) -> None:
        """Outcomes of a body that runs some times; `length` is that of one turn in the new record."""
        if offsets:
            self.starts.append(self.old)
            self.runs.append((len(offsets), self.new, length, offsets))
        self.old += len(offsets) * times
        self.new += length * times

    def place(self, old: int) -> int:
        """The new place of an old outcome."""
        k = bisect_right(self.starts, old) - 1
        size, new, length, offsets = self.runs[k]
        turn, rest = divmod(old - self.starts[k], size)
        return new + turn * length + offsets[rest]

    def target(self, back: int) -> int:
        """The new relative target of an old one."""
        return self.place(self.old + back) - self.new


class _Writer:
    def __init__(self, *, colours: bool) -> None:
        self._record = _Record()
        self._colours = colours

    def write(self, circuit: stim.Circuit, made: Text) -> None:
        """The rest of the circuit, behind what has been written."""
        for item in circuit:
            if isinstance(item, stim.CircuitRepeatBlock):
                self._repeat(item, made)
            elif item.tag == _MARK:
                self._herald(item, made)
            else:
                self._settle(item, made)
                self._record.count(item.num_measurements)

    def _herald(self, item: stim.CircuitInstruction, made: Text) -> None:
        qubits = [target.value for target in item.targets_copy()]
        made.lines.append(
            f"HERALDED_ERASE[{HERALD}]({item.gate_args_copy()[0]!r}) {' '.join(map(str, qubits))}"
        )
        for k, qubit in enumerate(qubits):
            place = f"{qubit}, -1, 0, -1" if self._colours else f"{qubit}, -1, 0"
            made.lines.append(f"DETECTOR[{HERALD}]({place}) rec[{k - len(qubits)}]")
        self._record.new += len(qubits)

    def _settle(self, item: stim.CircuitInstruction, made: Text) -> None:
        groups = item.target_groups()
        if not any(target.is_measurement_record_target for group in groups for target in group):
            made.append(item)
            return
        moved = [
            [
                stim.target_rec(self._record.target(target.value))
                if target.is_measurement_record_target
                else target
                for target in group
            ]
            for group in groups
        ]
        made.lines.append(instruction_line(item, moved, item.gate_args_copy()))

    def _repeat(self, item: stim.CircuitRepeatBlock, made: Text) -> None:
        """The first turns apart while targets reach before the loop; the others are one like the other."""
        body, count = item.body_copy(), item.repeat_count
        size = _counted(body)
        reach = _reach(body)
        apart = 0 if reach <= 0 else count if not size else min(count, -(-reach // size))
        for _ in range(apart):
            self.write(body, made)
        if count == apart:
            return
        outer, text = self._record, Text()
        whole = _Record(old=outer.old, new=outer.new, starts=[*outer.starts], runs=[*outer.runs])
        self._record = whole
        self.write(body, text)
        offsets = [whole.place(k) - outer.new for k in range(outer.old, whole.old)]
        length = whole.new - outer.new
        self._record = outer
        outer.repeat(offsets, length, count - apart)
        made.repeat(count - apart, text, item.tag)


def _lossy(circuit: stim.Circuit) -> bool:
    return any(
        _lossy(item.body_copy()) if isinstance(item, stim.CircuitRepeatBlock) else item.tag == _MARK
        for item in circuit
    )


def _reach(body: stim.Circuit) -> int:
    """How many outcomes before a body its targets go back."""
    written, reach = 0, 0
    for item in body:
        if isinstance(item, stim.CircuitRepeatBlock):
            inner = item.body_copy()
            reach = max(reach, _reach(inner) - written)
            written += item.repeat_count * _counted(inner)
            continue
        for target in item.targets_copy():
            if target.is_measurement_record_target:
                reach = max(reach, -target.value - written)
        written += 0 if item.tag == _MARK else item.num_measurements
    return reach


def _counted(circuit: stim.Circuit) -> int:
    """How many outcomes the old record has of a circuit."""
    return sum(
        item.repeat_count * _counted(item.body_copy())
        if isinstance(item, stim.CircuitRepeatBlock)
        else (0 if item.tag == _MARK else item.num_measurements)
        for item in circuit
    )
