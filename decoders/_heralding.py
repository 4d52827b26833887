"""An error model seen by its heralds: which errors fire which, and what else these flip."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import stim

from decoders._mechanisms import EMPTY, Mechanism, Symptom, mechanisms, total
from decoders.errors import NoHeralds

__all__ = ["Heralded", "by_herald", "herald_detectors"]

TAG = "herald"


@dataclass(frozen=True, kw_only=True)
class Heralded:
    """A model whose errors are sorted by whether they fire a herald.

    Args:
        heralds: The detectors with the tag `herald`.
        silent: The errors that fire none.
        firing: The errors that fire one or more, with the heralds taken out of their components, which
            are cut into edges where the model tells how.
        fired: For each of `firing` the heralds that it fires.
    """

    heralds: frozenset[int]
    silent: tuple[Mechanism, ...]
    firing: tuple[Mechanism, ...]
    fired: tuple[frozenset[int], ...]

    def rates(self) -> dict[int, float]:
        """How often each herald fires, summed over its (disjoint) errors."""
        found: dict[int, float] = {}
        for mechanism, heralds in zip(self.firing, self.fired, strict=True):
            for herald in heralds:
                found[herald] = found.get(herald, 0.0) + mechanism.probability
        return found

    def groups(self) -> dict[frozenset[int], list[Mechanism]]:
        """The errors by the heralds that they fire."""
        found: dict[frozenset[int], list[Mechanism]] = {}
        for mechanism, heralds in zip(self.firing, self.fired, strict=True):
            found.setdefault(heralds, []).append(mechanism)
        return found


def herald_detectors(dem: stim.DetectorErrorModel) -> frozenset[int]:
    """The detectors whose declaration carries the tag `herald`; none of a model that has no detectors.

    Raises:
        NoHeralds: If there are detectors, and none of them is a herald.
    """
    found = frozenset(
        target.val
        for instruction in dem.flattened()
        if instruction.type == "detector" and instruction.tag == TAG
        for target in instruction.targets_copy()
    )
    if dem.num_detectors and not found:
        raise NoHeralds(
            f"no detector of the error model carries the tag '{TAG}'; declare heralds as DETECTOR[{TAG}], "
            "or decode by 'pymatching', which needs none"
        )
    return found


def by_herald(dem: stim.DetectorErrorModel) -> Heralded:
    """Sorts the errors of a model.

    Raises:
        NoHeralds: If no detector carries the tag `herald`.
    """
    heralds = herald_detectors(dem)
    silent, firing, fired = [], [], []
    for mechanism in mechanisms(dem):
        touched = any(not heralds.isdisjoint(component.detectors) for component in mechanism.components)
        mine = mechanism.symptom.detectors & heralds if touched else frozenset()
        if mine:
            firing.append(_stripped(mechanism, heralds))
            fired.append(mine)
        else:
            silent.append(mechanism)
    return Heralded(
        heralds=heralds,
        silent=tuple(silent),
        firing=tuple(_cut(firing, fired)),
        fired=tuple(fired),
    )


def _stripped(mechanism: Mechanism, heralds: frozenset[int]) -> Mechanism:
    bare = [component.without(heralds) for component in mechanism.components]
    rest = total([component for component in bare if not component.detectors])
    edges = [component for component in bare if component.detectors]
    if edges:
        edges[0] ^= rest
    elif rest != EMPTY:
        edges = [rest]
    return Mechanism(probability=mechanism.probability, components=tuple(edges), tag=mechanism.tag)


def _cut(firing: Iterable[Mechanism], fired: Iterable[frozenset[int]]) -> list[Mechanism]:
    """Y errors are cut into the X and the Z error of the same herald, where the model has not done it."""
    firing, fired = list(firing), list(fired)
    edges: dict[frozenset[int], set[Symptom]] = {}
    for mechanism, heralds in zip(firing, fired, strict=True):
        small = {one for one in mechanism.components if len(one.detectors) <= 2}
        edges.setdefault(heralds, set()).update(small)
    pairs = {
        heralds: {a ^ b: (a, b) for a, b in combinations(sorted(known, key=_order), 2)}
        for heralds, known in edges.items()
    }
    return [
        Mechanism(
            probability=mechanism.probability,
            components=tuple(
                part
                for one in mechanism.components
                for part in (pairs[heralds].get(one, (one,)) if len(one.detectors) > 2 else (one,))
            ),
            tag=mechanism.tag,
        )
        for mechanism, heralds in zip(firing, fired, strict=True)
    ]


def _order(symptom: Symptom) -> tuple[list[int], list[int]]:
    return sorted(symptom.detectors), sorted(symptom.observables)
