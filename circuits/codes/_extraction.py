"""Rounds of syndrome extraction, whatever way the checks are measured in."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from circuits.codes._record import Recorder
from circuits.codes.stabilizer import StabilizerCode

__all__ = ["Extraction", "Places", "Stage", "letters", "support"]

Places = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The checks that are measured over some rounds, and how.

    Args:
        code: The checks, on the qubits of the whole experiment.
    """

    code: StabilizerCode

    @property
    def keys(self) -> tuple[str, ...]:
        """A name of each check, by which later rounds find its outcome."""
        return self.code.checks

    @property
    @abstractmethod
    def helpers(self) -> tuple[int, ...]:
        """The qubits that are in |0⟩ before each round and after it, and hold nothing in between."""

    @abstractmethod
    def write(self, out: Recorder) -> list[Places]:
        """Writes one round; returns, for every check, the places whose parity is its outcome."""

    def place(self, check: int) -> tuple[float, float]:
        """The mean place of the qubits of a check; its number where the code has no coordinates."""
        where = self.code.coordinates
        if not where:
            return float(check), 0.0
        qubits = support(self.code.checks[check])
        x, y = (sum(where[q][axis] for q in qubits) / len(qubits) for axis in (0, 1))
        return x, y

    def mark(self, check: int, *, step: float = 0.0, ignored: bool = False) -> tuple[float, ...]:
        """The coordinates of a detector of a check: x, y, round, and its colour where the code has colours.

        The colour is 0, 1, 2 for a red, green, blue X check, 3, 4, 5 for a Z check, −1 for a detector that
        is none of a check.
        """
        colours = self.code.colours
        if not colours:
            return (*self.place(check), step)
        k = check % len(colours)
        colour = -1 if ignored else colours[k] + 3 * ("Z" in self.code.checks[k])
        return (*self.place(check), step, float(colour))


class Extraction:
    """Writes rounds and knows, for every check, where its last outcome is.

    Attributes:
        out: Where it writes.
        last: For the key of each check, the places whose parity is its last outcome.
    """

    def __init__(self) -> None:
        self.out = Recorder()
        self.last: dict[str, Places] = {}

    def repeat(self, stage: Stage, times: int) -> None:
        """More rounds of the stage that has just run, every check compared with its last outcome."""
        known = {check: (check,) for check in stage.keys}
        if times == 1:
            self.round(stage, known)
        elif times > 1:
            written = self.out.measured
            with self.out.repeated(times):
                self.round(stage, known)
            later = (times - 1) * (self.out.measured - written) // times
            self.last = {check: tuple(p + later for p in places) for check, places in self.last.items()}

    def round(self, stage: Stage, known: Mapping[str, Sequence[str]]) -> None:
        """One round of a stage.

        A check is compared with the last outcomes of those under `known[key]` (an empty list: it is
        certain by itself); a check that is not there gets no detector.
        """
        self.out.begin_round()
        outcomes = stage.write(self.out)
        for k, check in enumerate(stage.keys):
            if check in known:
                before = [place for other in known[check] for place in self.last[other]]
                self.out.detector([*outcomes[k], *before], stage.mark(k))
        self.last = dict(zip(stage.keys, outcomes, strict=True))
        self.out.next_round()
        self.out.tick()


def letters(string: str) -> dict[int, str]:
    """The qubits on which a Pauli string acts, with their letters."""
    return {q: letter for q, letter in enumerate(string) if letter != "I"}


def support(string: str) -> list[int]:
    """The qubits on which a Pauli string acts."""
    return list(letters(string))
