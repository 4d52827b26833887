"""The instructions of Stim as a noise sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import stim

from circuits.noise._aer import happens
from circuits.noise.channels import PauliChannel, Rate, depolarizing

if TYPE_CHECKING:
    from circuits.noise.value import CircuitNoise

_NAMES = {"S_DAG": "sdg", "SQRT_X": "sx", "SQRT_X_DAG": "sxdg", "I": "id"}
_RESET_ERROR = {"RX": "Z", "MRX": "Z", "RY": "X", "MRY": "X", "R": "X", "MR": "X"}
_PAULIS_2 = ["".join(letters) for letters in product("IXYZ", repeat=2)][1:]


@dataclass
class Piece:
    """One application of an instruction: a qubit, a pair, or a product of Paulis that is measured.

    Attributes:
        targets: Its targets.
        qubits: The qubits on which it acts.
        error: What follows it.
        flip: The argument that its measurement must get; None: as it is.
        seconds: How long it lasts.
        collapses: Whether it measures or resets.
    """

    targets: list[stim.GateTarget]
    qubits: tuple[int, ...]
    error: Rate | None = None
    flip: float | None = None
    seconds: float = 0.0
    collapses: bool = False

    @property
    def changes(self) -> bool:
        """Whether it has noise."""
        return self.error is not None or self.flip is not None


class Reader:
    """Reads instructions with one noise."""

    def __init__(self, noise: CircuitNoise) -> None:
        self._lookup = noise.lookup
        self._kinds: dict[str, str] = {}
        self._gates: dict[tuple[str, tuple[int, ...]], tuple[Rate | None, float]] = {}

    def pieces(self, item: stim.CircuitInstruction) -> list[Piece] | None:
        """The pieces of an instruction; None if it is no operation (noise, annotation)."""
        kind = self._kinds.get(item.name)
        if kind is None:
            kind = self._kinds[item.name] = _kind(item.name)
        if kind == "none":
            return None
        made = []
        for group in item.target_groups():
            qubits = tuple([t.value for t in group if t.qubit_value is not None])
            if len(qubits) < len(group):
                made.append(Piece(group, ()))
            elif kind == "gate":
                error, seconds = self._gate(item.name, qubits)
                made.append(Piece(_combined(item.name, group), qubits, error, None, seconds))
            else:
                made.append(self._collapse(item, kind, group, qubits))
        return made

    def _gate(self, name: str, qubits: tuple[int, ...]) -> tuple[Rate | None, float]:
        key = name, qubits
        found = self._gates.get(key)
        if found is None:
            known = _NAMES.get(name, name.lower())
            rate = self._lookup.gate(known, qubits)
            found = rate if happens(rate) else None, self._lookup.seconds(known, qubits)
            self._gates[key] = found
        return found

    def _collapse(
        self, item: stim.CircuitInstruction, kind: str, group: list[stim.GateTarget], qubits: tuple[int, ...]
    ) -> Piece:
        piece = Piece(_combined(item.name, group), qubits, collapses=True)
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


def append_error(made: stim.Circuit, rate: Rate, places: Sequence[tuple[int, ...]]) -> None:
    """Write an error on these qubits, or pairs, or longer groups."""
    width = len(places[0])
    flat = [q for place in places for q in place]
    if not isinstance(rate, PauliChannel) and width <= 2 and rate <= 1 - 0.25**width:
        made.append(f"DEPOLARIZE{width}", flat, rate)
        return
    channel = rate if isinstance(rate, PauliChannel) else depolarizing(rate, width)
    errors = dict(channel.items())
    if width > 2:
        for place in places:
            _append_chain(made, errors, place)
    elif width == 1 and len(errors) == 1:
        ((letter, p),) = errors.items()
        made.append(f"{letter}_ERROR", flat, p)
    else:
        order = "XYZ" if width == 1 else _PAULIS_2
        made.append(f"PAULI_CHANNEL_{width}", flat, [errors.get(label, 0.0) for label in order])


def _append_chain(made: stim.Circuit, errors: dict[str, float], place: tuple[int, ...]) -> None:
    left = 1.0
    for k, (label, p) in enumerate(errors.items()):
        targets = [
            stim.target_pauli(q, letter) for q, letter in zip(place, label, strict=True) if letter != "I"
        ]
        name = "ELSE_CORRELATED_ERROR" if k else "CORRELATED_ERROR"
        made.append(name, targets, min(1.0, p / left) if left > 0 else 0.0)
        left -= p


def _kind(name: str) -> str:
    data = stim.gate_data(name)
    if name == "MPAD" or name.startswith("HERALDED"):
        return "none"
    if data.is_unitary:
        return "gate"
    found = [word for word, has in (("measure", data.produces_measurements), ("reset", data.is_reset)) if has]
    return " ".join(found) or "none"


def _combined(name: str, group: list[stim.GateTarget]) -> list[stim.GateTarget]:
    """The targets of a group as an instruction wants them: products need their stars back."""
    if name not in ("MPP", "SPP", "SPP_DAG"):
        return group
    starred = [part for target in group for part in (stim.target_combiner(), target)]
    return starred[1:]
