"""The errors of a detector error model, read into Python."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import stim

__all__ = ["EMPTY", "Mechanism", "Symptom", "independent_errors", "mechanisms", "total"]


@dataclass(frozen=True)
class Symptom:
    """What an error, or a component of one, flips.

    Args:
        detectors: Indices of detectors.
        observables: Indices of observables.
    """

    detectors: frozenset[int] = frozenset()
    observables: frozenset[int] = frozenset()

    def __xor__(self, other: Symptom) -> Symptom:
        """What two errors flip together."""
        return Symptom(self.detectors ^ other.detectors, self.observables ^ other.observables)

    def without(self, detectors: frozenset[int]) -> Symptom:
        """The same without some detectors."""
        return Symptom(self.detectors - detectors, self.observables)

    def targets(self) -> list[stim.DemTarget]:
        """As Stim writes it."""
        return [
            *map(stim.target_relative_detector_id, sorted(self.detectors)),
            *map(stim.target_logical_observable_id, sorted(self.observables)),
        ]


EMPTY = Symptom()


@dataclass(frozen=True, kw_only=True)
class Mechanism:
    """One error instruction.

    Args:
        probability: That it happens.
        components: What its parts flip; one part unless it was decomposed.
        tag: The instruction's tag.
    """

    probability: float
    components: tuple[Symptom, ...]
    tag: str = ""

    @property
    def symptom(self) -> Symptom:
        """What it flips in all."""
        return total(self.components)

    def written(self) -> stim.DemInstruction:
        """As Stim writes it."""
        targets: list[stim.DemTarget] = []
        for component in self.components:
            targets += [*([stim.target_separator()] if targets else []), *component.targets()]
        return stim.DemInstruction("error", [self.probability], targets, tag=self.tag)


def total(symptoms: tuple[Symptom, ...] | list[Symptom]) -> Symptom:
    """What several errors flip together."""
    if len(symptoms) == 1:
        return symptoms[0]
    detectors: set[int] = set()
    observables: set[int] = set()
    for symptom in symptoms:
        detectors ^= symptom.detectors
        observables ^= symptom.observables
    return Symptom(frozenset(detectors), frozenset(observables))


def mechanisms(dem: stim.DetectorErrorModel) -> Iterator[Mechanism]:
    """Every error that can happen, in the model's order, loops unrolled."""
    for instruction in dem.flattened():
        if instruction.type == "error" and instruction.args_copy()[0] > 0:
            yield Mechanism(
                probability=instruction.args_copy()[0],
                components=tuple(_symptom(group) for group in instruction.target_groups()),
                tag=instruction.tag,
            )


def independent_errors(dem: stim.DetectorErrorModel) -> dict[Symptom, float]:
    """The probability of each distinct symptom, errors that flip the same taken together."""
    found: dict[Symptom, float] = {}
    for mechanism in mechanisms(dem):
        symptom, p = mechanism.symptom, mechanism.probability
        before = found.get(symptom, 0.0)
        found[symptom] = before * (1 - p) + p * (1 - before)
    found.pop(EMPTY, None)
    return found


def _symptom(group: list[stim.DemTarget]) -> Symptom:
    detectors: set[int] = set()
    observables: set[int] = set()
    for target in group:
        kind = detectors if target.is_relative_detector_id() else observables
        kind ^= {target.val}
    return Symptom(frozenset(detectors), frozenset(observables))
