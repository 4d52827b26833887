"""Syndrome extraction with an ancilla and a flag qubit a check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from circuits.codes._extraction import Places, Stage, letters
from circuits.codes._record import Recorder
from circuits.codes.schedule import in_turns

__all__ = ["FlagStage", "Raised", "write_flagged"]

Gate = tuple[str, int, int]


@dataclass(frozen=True, kw_only=True)
class FlagStage(Stage):
    """One ancilla a check, and a flag that notices errors of the ancilla which spread.

    The ancilla starts in |+⟩ and controls the letters of its check; between the first and the last of
    them it is coupled to the flag, and back. Every flag is a detector with the tag `flag`. Checks of two
    qubits need none. Checks run one after the other, as close as their common qubits let them.

    Args:
        ancillas: The ancilla qubit of each check.
        flags: The flag qubit of each check.

    Source: Chao, Reichardt, PRL 121, 050502 (2018), arXiv:1705.02329, figure 1.
    """

    ancillas: tuple[int, ...]
    flags: tuple[int, ...]

    @property
    def helpers(self) -> tuple[int, ...]:
        """The ancillas and the flags in use."""
        return (*self.ancillas, *(self.flags[k] for k in self._flagged))

    def write(self, out: Recorder) -> list[Places]:
        """All checks, then all ancillas and flags are read and reset."""
        checks = [letters(check) for check in self.code.checks]
        raised = write_flagged(out, checks, self.ancillas, self.flags)
        for k, flag in raised.flags.items():
            out.detector([flag], self.mark(k, ignored=True), tag="flag")
        return raised.outcomes

    @property
    def _flagged(self) -> list[int]:
        return [k for k, check in enumerate(self.code.checks) if len(letters(check)) > 2]


@dataclass(frozen=True, kw_only=True)
class Raised:
    """What a round with flags wrote.

    Args:
        outcomes: The places of the outcome of each check.
        flags: The place of the flag of each check that has one.
    """

    outcomes: list[Places]
    flags: dict[int, int]


def write_flagged(
    out: Recorder, checks: Sequence[dict[int, str]], ancillas: Sequence[int], flags: Sequence[int]
) -> Raised:
    """A round of checks {qubit: letter}, each with its ancilla and its flag."""
    out.add("H", ancillas)
    out.tick()
    gates = [
        gate
        for check, a, flag in zip(checks, ancillas, flags, strict=True)
        for gate in _gates(check, a, flag)
    ]
    for layer in _packed(gates):
        for name in ("CX", "CY", "CZ"):
            out.add(name, [q for gate, *pair in layer if gate == name for q in pair])
        out.tick()
    out.add("H", ancillas)
    out.tick()
    flagged = [k for k, check in enumerate(checks) if len(check) > 2]
    outcomes: list[Places] = [(place,) for place in out.measure("MR", ancillas)]
    raised = out.measure("MR", [flags[k] for k in flagged])
    return Raised(outcomes=outcomes, flags=dict(zip(flagged, raised, strict=True)))


def _gates(check: dict[int, str], ancilla: int, flag: int) -> list[Gate]:
    gates: list[Gate] = [(f"C{check[q]}", ancilla, q) for q in in_turns(list(check))]
    if len(gates) <= 2:
        return gates
    link: Gate = ("CX", ancilla, flag)
    return [gates[0], link, *gates[1:-1], link, gates[-1]]


def _packed(gates: list[Gate]) -> list[list[Gate]]:
    """Each gate in the first layer after all earlier gates on its qubits."""
    layers: list[list[Gate]] = []
    free: dict[int, int] = {}
    for gate in gates:
        _, *qubits = gate
        at = max(free.get(q, 0) for q in qubits)
        if at == len(layers):
            layers.append([])
        layers[at].append(gate)
        free.update(dict.fromkeys(qubits, at + 1))
    return layers
