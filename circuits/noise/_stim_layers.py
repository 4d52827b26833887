"""Layers of a Stim circuit, and what waiting in them costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import stim

from circuits.noise._idle import Idling
from circuits.noise.channels import Rate

DATA = "data"


@dataclass
class Layer:
    """What has happened since the last TICK: how long each qubit was busy, and whether one collapsed."""

    busy: dict[int, float] = field(default_factory=dict)
    collapses: bool = False

    def touch(self, qubits: Iterable[int], seconds: float, collapses: bool) -> None:
        """Count an instruction."""
        for qubit in qubits:
            self.busy[qubit] = self.busy.get(qubit, 0.0) + seconds
            self.collapses |= collapses

    def add(self, other: Layer, times: int) -> None:
        """Count the instructions of another layer, so many times."""
        for qubit, seconds in other.busy.items():
            self.touch((qubit,), seconds * times, other.collapses)


def qubits_of(circuit: stim.Circuit) -> list[int]:
    """The qubits on which instructions act, sorted; coordinates alone make none."""
    found: set[int] = set()
    for item in circuit:
        if isinstance(item, stim.CircuitRepeatBlock):
            found.update(qubits_of(item.body_copy()))
        elif item.name not in ("QUBIT_COORDS", "DETECTOR", "OBSERVABLE_INCLUDE", "SHIFT_COORDS", "MPAD"):
            found.update(t.qubit_value for t in item.targets_copy() if t.qubit_value is not None)
    return sorted(found)


def data_qubits(circuit: stim.Circuit) -> list[int]:
    """The qubits of a code experiment that hold its code, by the tag `data` of their coordinates."""
    found: set[int] = set()
    for item in circuit:
        if isinstance(item, stim.CircuitInstruction) and item.name == "QUBIT_COORDS" and item.tag == DATA:
            found.update(target.value for target in item.targets_copy())
    return sorted(found)


def idle_errors(idling: Idling, layer: Layer, qubits: list[int]) -> list[tuple[Rate, list[int]]]:
    """The errors of the qubits that wait in a layer, and on which qubits; none if nothing happens in it."""
    if not layer.busy:
        return []
    length = max(layer.busy.values())
    found: dict[Rate, list[int]] = {}
    for qubit in qubits:
        untouched = qubit not in layer.busy
        seconds = length - layer.busy.get(qubit, 0.0)
        for rate, _ in idling.parts(qubit, seconds, int(untouched), int(untouched and layer.collapses)):
            found.setdefault(rate, []).append(qubit)
    return list(found.items())
