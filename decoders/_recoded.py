"""Matching of shots from which what the heralds make likely was taken out first."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import sinter
import stim
from numpy.typing import NDArray

from decoders._conditional import Cluster, likely, spread
from decoders._mechanisms import Mechanism, Symptom, total
from decoders._shots import checked_shots, packed, unpacked
from decoders.confidence import CompiledWithConfidence, Decoded
from decoders.heralds import RARE, others_and_rest, written_rare

__all__ = ["Recoding", "recoded", "recoding"]

MOST_HERALDS = 5


class Pattern(NamedTuple):
    """What a pattern of fired heralds makes likely."""

    number: int
    usual: Symptom
    sign: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Recoding:
    """A model for matching, and what is done to shots before they are matched.

    Args:
        model: The model. Where heralds fire together with others, each pattern of them is a detector more.
        clusters: The heralds of those that need more than their own edge, with the patterns of each.
        detectors: How many detectors the shots have.
        observables: How many observables.
    """

    model: stim.DetectorErrorModel = field(repr=False)
    clusters: tuple[tuple[tuple[int, ...], tuple[Pattern, ...]], ...] = field(repr=False)
    detectors: int
    observables: int

    def recode(self, rows: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """The shots for the model, and the flips of what was taken out of them."""
        found = unpacked(checked_shots(rows, self.detectors), self.detectors)
        events = np.zeros((len(found), self.model.num_detectors), dtype=np.bool_)
        events[:, : self.detectors] = found
        flips = np.zeros((len(found), self.observables), dtype=np.bool_)
        for heralds, patterns in self.clusters:
            numbers = found[:, heralds] @ (1 << np.arange(len(heralds)))
            events[:, heralds] = False
            for pattern in patterns:
                mine = np.flatnonzero(numbers == pattern.number)
                events[mine, pattern.sign] = True
                for detector in pattern.usual.detectors:
                    events[mine, detector] ^= True
                for observable in pattern.usual.observables:
                    flips[mine, observable] ^= True
        return packed(events), packed(flips)


def recoding(dem: stim.DetectorErrorModel) -> Recoding:
    """The recoding of a model.

    A cluster of heralds is recoded where an error is likelier than not once its herald fired, or where errors
    share some of their heralds; other heralds are as in `with_rare_heralds`.
    """
    model, groups, rest = others_and_rest(dem)
    free, special = dem.num_detectors, []
    for cluster in groups:
        if _is_plain(cluster):
            written_rare(model, cluster)
            continue
        patterns = []
        for number in range(1, 2 ** len(cluster.heralds)):
            fired = frozenset(h for j, h in enumerate(cluster.heralds) if number >> j & 1)
            chances = cluster.given(fired) if _is_reached(cluster, fired) else None
            if chances is None:
                continue
            alone = len(cluster.groups) == 1
            sign = cluster.heralds[0] if alone else free
            free += not alone
            usual, wrong = likely(chances)
            patterns.append(Pattern(number=number, usual=total(usual), sign=sign))
            _write(model, wrong, sign)
        special.append((cluster.heralds, tuple(patterns)))
    for instruction in rest:
        model.append(instruction)
    for detector in (free - 1,) if free else ():
        model.append("detector", [], [stim.target_relative_detector_id(detector)])
    return Recoding(
        model=model, clusters=tuple(special), detectors=dem.num_detectors, observables=dem.num_observables
    )


def _is_plain(cluster: Cluster) -> bool:
    if len(cluster.groups) > 1:
        return len(cluster.heralds) > MOST_HERALDS or not cluster.is_small
    return not likely(cluster.groups[0].shares)[0]


def _is_reached(cluster: Cluster, fired: frozenset[int]) -> bool:
    """Whether some set of the errors fires just these heralds."""
    basis: list[int] = []
    for group in cluster.groups:
        number = sum(1 << herald for herald in group.heralds)
        for known in basis:
            number = min(number, number ^ known)
        if number:
            basis = sorted([*basis, number], reverse=True)
    asked = sum(1 << herald for herald in fired)
    for known in basis:
        asked = min(asked, asked ^ known)
    return not asked


def _write(model: stim.DetectorErrorModel, chances: dict[Symptom, float], sign: int) -> None:
    mark = Symptom(frozenset([sign]))
    visible = {part: chance for part, chance in chances.items() if part.detectors}
    for parts, p in spread(visible, RARE):
        model.append(Mechanism(probability=p, components=(*parts, mark)).written())


def recoded(inner: sinter.CompiledDecoder, recoding: Recoding) -> sinter.CompiledDecoder:
    """A decoder of the shots themselves, from one of the recoded ones."""
    if not recoding.clusters:
        return inner
    kind = _Confident if isinstance(inner, CompiledWithConfidence) else _Recoded
    return kind(inner=inner, recoding=recoding)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Recoded(sinter.CompiledDecoder):  # type: ignore[misc]
    inner: sinter.CompiledDecoder = field(repr=False)
    recoding: Recoding

    def decode_shots_bit_packed(
        self, *, bit_packed_detection_event_data: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        events, flips = self.recoding.recode(bit_packed_detection_event_data)
        found: NDArray[np.uint8] = self.inner.decode_shots_bit_packed(bit_packed_detection_event_data=events)
        return found ^ flips


@dataclass(frozen=True, kw_only=True, eq=False)
class _Confident(CompiledWithConfidence):
    inner: CompiledWithConfidence = field(repr=False)
    recoding: Recoding

    def decode_shots_with_confidence(self, *, bit_packed_detection_event_data: NDArray[np.uint8]) -> Decoded:
        events, flips = self.recoding.recode(bit_packed_detection_event_data)
        found = self.inner.decode_shots_with_confidence(bit_packed_detection_event_data=events)
        return replace(found, flips=found.flips ^ flips)
