"""Syndrome extraction with one bare ancilla a check, across a link where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from circuits.codes._extraction import Places, Stage
from circuits.codes._record import Recorder
from circuits.codes.link import PERFECT, Link, remote_cx_layer
from circuits.codes.schedule import Schedule

__all__ = ["Across", "BareStage", "write_bare", "write_layer"]

Touch = tuple[int, int, str]


@dataclass(frozen=True, kw_only=True)
class BareStage(Stage):
    """One ancilla a check, reset by its measurement.

    Args:
        schedule: The order of the gates.
        ancillas: The ancilla qubit of each check.
        remote: The pairs of (ancilla, data qubit) that sit at different nodes.
        link: The pairs that remote gates spend.
        first_free: The qubits of those pairs are numbered from here.
    """

    schedule: Schedule
    ancillas: tuple[int, ...]
    remote: frozenset[tuple[int, int]] = frozenset()
    link: Link = PERFECT
    first_free: int = 0

    @property
    def helpers(self) -> tuple[int, ...]:
        """The ancillas."""
        return self.ancillas

    def write(self, out: Recorder) -> list[Places]:
        """Each ancilla of an X or mixed check is turned to |+⟩, touches its qubits, and is read."""
        across = Across(remote=self.remote, link=self.link, first_free=self.first_free)
        plain = [set(check) <= {"Z", "I"} for check in self.code.checks]
        return write_bare(out, plain, self.ancillas, self.schedule.layers, across)


@dataclass(frozen=True, kw_only=True)
class Across:
    """What gates cross a link, by which pairs, and where these are."""

    remote: frozenset[tuple[int, int]] = frozenset()
    link: Link = PERFECT
    first_free: int = 0


def write_bare(
    out: Recorder,
    plain: Sequence[bool],
    ancillas: Sequence[int],
    layers: Sequence[Sequence[Touch]],
    across: Across,
) -> list[Places]:
    """A round in layers of (check, qubit, letter); `plain[k]` where check k is made of Z alone."""
    turned = [a for a, z in zip(ancillas, plain, strict=True) if not z]
    out.add("H", turned)
    out.tick()
    for layer in layers:
        write_layer(out, layer, plain, ancillas, across)
    out.add("H", turned)
    out.tick()
    return [(place,) for place in out.measure("MR", ancillas)]


def write_layer(
    out: Recorder, layer: Sequence[Touch], plain: Sequence[bool], ancillas: Sequence[int], across: Across
) -> None:
    """One layer of gates between ancillas and data, those across the link by pairs."""
    local: list[int] = []
    remote: list[tuple[int, int]] = []
    others: dict[str, list[int]] = {}
    for check, qubit, letter in layer:
        ancilla = ancillas[check]
        control, target = (qubit, ancilla) if plain[check] else (ancilla, qubit)
        if letter in "YZ" and not plain[check]:
            others.setdefault(f"C{letter}", []).extend((control, target))
        elif (ancilla, qubit) in across.remote:
            remote.append((control, target))
        else:
            local += [control, target]
    for gate, targets in others.items():
        out.add(gate, targets)
    remote_cx_layer(out, remote, local, link=across.link, first_free=across.first_free)
