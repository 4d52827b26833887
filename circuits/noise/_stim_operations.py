"""The instructions of Stim as a noise sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import stim

from circuits.noise._aer import happens
from circuits.noise.channels import PauliChannel, Rate

if TYPE_CHECKING:
    from circuits.noise.value import CircuitNoise

_NAMES = {"S_DAG": "sdg", "SQRT_X": "sx", "SQRT_X_DAG": "sxdg", "I": "id"}
_RESET_ERROR = {"RX": "Z", "MRX": "Z", "RY": "X", "MRY": "X", "R": "X", "MR": "X"}


@dataclass(slots=True)
class Piece:
    """One application of an instruction: a qubit, a pair, or a product of Paulis that is measured.

    Attributes:
        targets: Its targets.
        qubits: The qubits on which it acts.
        error: What follows it.
        flip: The argument that its measurement must get; None: as it is.
        seconds: How long it lasts.
        collapses: Whether it measures or resets.
        loss: How likely each of its qubits is lost in it.
    """

    targets: list[stim.GateTarget]
    qubits: tuple[int, ...]
    error: Rate | None = None
    flip: float | None = None
    seconds: float = 0.0
    collapses: bool = False
    loss: float = 0.0


class Reader:
    """Reads instructions with one noise."""

    def __init__(self, noise: CircuitNoise) -> None:
        self._lookup = noise.lookup
        self._kinds: dict[str, str] = {}
        self._gates: dict[tuple[str, tuple[int, ...]], tuple[Rate | None, float, float]] = {}

    def pieces(self, item: stim.CircuitInstruction) -> list[Piece]:
        """The pieces of an instruction; none if it is no operation (noise, annotation)."""
        kind = self._kinds.get(item.name)
        if kind is None:
            kind = self._kinds[item.name] = _kind(item.name)
        if kind == "none":
            return []
        made = []
        for group in item.target_groups():
            qubits = tuple([t.value for t in group if t.qubit_value is not None])
            if len(qubits) < len(group):
                made.append(Piece(group, ()))
            elif kind == "gate":
                error, seconds, loss = self._gate(item.name, qubits)
                made.append(Piece(group, qubits, error, None, seconds, loss=loss))
            else:
                made.append(self._collapse(item, kind, group, qubits))
        return made

    def _gate(self, name: str, qubits: tuple[int, ...]) -> tuple[Rate | None, float, float]:
        key = name, qubits
        found = self._gates.get(key)
        if found is None:
            known = _NAMES.get(name, name.lower())
            rate = self._lookup.gate(known, qubits)
            loss = self._lookup.loss(known, qubits) if self._lookup.loses_2q else 0.0
            found = rate if happens(rate) else None, self._lookup.seconds(known, qubits), loss
            self._gates[key] = found
        return found

    def _collapse(
        self, item: stim.CircuitInstruction, kind: str, group: list[stim.GateTarget], qubits: tuple[int, ...]
    ) -> Piece:
        piece = Piece(group, qubits, collapses=True)
        if "measure" in kind:
            flip = self._lookup.flip("measure", qubits)
            before = sum(item.gate_args_copy())
            piece.flip = flip + before - 2 * flip * before if flip else None
            piece.seconds += self._lookup.seconds("measure", qubits)
        if "reset" in kind:
            flip = self._lookup.flip("reset", qubits)
            piece.error = PauliChannel(probabilities={_RESET_ERROR[item.name]: flip}) if flip else None
            piece.seconds += self._lookup.seconds("reset", qubits)
        return piece


def _kind(name: str) -> str:
    data = stim.gate_data(name)
    if name == "MPAD" or name.startswith("HERALDED"):
        return "none"
    if data.is_unitary:
        return "gate"
    found = [word for word, has in (("measure", data.produces_measurements), ("reset", data.is_reset)) if has]
    return " ".join(found) or "none"
