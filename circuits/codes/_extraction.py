"""Rounds of syndrome extraction with one bare ancilla a check, across a link where there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from circuits.codes._record import Recorder
from circuits.codes.link import Link, remote_cx_layer
from circuits.codes.schedule import Schedule
from circuits.codes.stabilizer import StabilizerCode

__all__ = ["Extraction", "Stage", "letters", "support"]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The checks that are measured over some rounds, and with what.

    Args:
        code: The checks, on the qubits of the whole experiment.
        schedule: The order of their gates.
        ancillas: The ancilla qubit of each check.
        remote: The pairs of (ancilla, data qubit) that sit at different nodes.
    """

    code: StabilizerCode
    schedule: Schedule
    ancillas: tuple[int, ...]
    remote: frozenset[tuple[int, int]] = frozenset()

    def place(self, check: int) -> tuple[float, float]:
        """The mean place of the qubits of a check; its number where the code has no coordinates."""
        where = self.code.coordinates
        if not where:
            return float(check), 0.0
        qubits = support(self.code.checks[check])
        x, y = (sum(where[q][axis] for q in qubits) / len(qubits) for axis in (0, 1))
        return x, y


class Extraction:
    """Writes rounds and knows, for every check, where its last outcome is.

    Attributes:
        out: Where it writes.
        last: For each check, as a Pauli string, the place of its last outcome.
    """

    def __init__(self, *, link: Link | None = None, first_free: int = 0) -> None:
        self.out = Recorder()
        self.last: dict[str, int] = {}
        self._link, self._first_free = link or Link(), first_free

    def repeat(self, stage: Stage, times: int) -> None:
        """More rounds of the stage that has just run, every check compared with its last outcome."""
        known = {check: (check,) for check in stage.code.checks}
        if times == 1:
            self.round(stage, known)
        elif times > 1:
            written = self.out.measured
            with self.out.repeated(times):
                self.round(stage, known)
            later = (times - 1) * (self.out.measured - written) // times
            self.last = {check: place + later for check, place in self.last.items()}

    def round(self, stage: Stage, known: Mapping[str, Sequence[str]]) -> None:
        """One round of a stage.

        A check is compared with the last outcomes of the checks under `known[check]` (an empty list:
        it is certain by itself); a check that is not there gets no detector.
        """
        plain = [set(check) <= {"Z", "I"} for check in stage.code.checks]
        turned = [a for a, z in zip(stage.ancillas, plain, strict=True) if not z]
        self.out.add("H", turned)
        self.out.tick()
        for layer in stage.schedule.layers:
            self._layer(stage, layer, plain)
        self.out.add("H", turned)
        self.out.tick()
        outcomes = self.out.measure("MR", stage.ancillas)
        for k, check in enumerate(stage.code.checks):
            if check in known:
                before = [self.last[other] for other in known[check]]
                self.out.detector([outcomes[k], *before], (*stage.place(k), 0.0))
        self.last = dict(zip(stage.code.checks, outcomes, strict=True))
        self.out.next_round()
        self.out.tick()

    def _layer(self, stage: Stage, layer: Sequence[tuple[int, int, str]], plain: Sequence[bool]) -> None:
        local: list[int] = []
        remote: list[tuple[int, int]] = []
        for check, qubit, letter in layer:
            ancilla = stage.ancillas[check]
            control, target = (qubit, ancilla) if plain[check] else (ancilla, qubit)
            if letter in "YZ" and not plain[check]:
                self.out.add(f"C{letter}", [control, target])
            elif (ancilla, qubit) in stage.remote:
                remote.append((control, target))
            else:
                local += [control, target]
        remote_cx_layer(self.out, remote, local, link=self._link, first_free=self._first_free)


def letters(string: str) -> dict[int, str]:
    """The qubits on which a Pauli string acts, with their letters."""
    return {q: letter for q, letter in enumerate(string) if letter != "I"}


def support(string: str) -> list[int]:
    """The qubits on which a Pauli string acts."""
    return list(letters(string))
