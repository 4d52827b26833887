"""A graph for every pattern of heralds: what is known of the errors, given which heralds fired."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import stim
from numpy.typing import NDArray

from decoders._conditional import Cluster, likely
from decoders._gap import forced, probability
from decoders._heralding import Heralded
from decoders._mechanisms import EMPTY, Symptom, total
from decoders._shots import checked_shots, distinct, packed, packed_width, unpacked
from decoders.pymatching import matched

__all__ = ["Graphs", "base_model"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Graphs:
    """Matching with a graph of its own for every distinct pattern of heralds.

    Args:
        base: The errors that fire none.
        clusters: The heralds, with the errors that fire them.
        heralds: All heralds, in order.
        detectors: How many detectors the model has.
        observables: How many observables.
    """

    base: stim.DetectorErrorModel = field(repr=False)
    clusters: tuple[Cluster, ...] = field(repr=False)
    heralds: tuple[int, ...]
    detectors: int
    observables: int

    def check_sides(self) -> None:
        """Refuse a model of which it cannot be told how sure an answer is; every herald fires at once in it.

        Raises:
            NotDecodable: If a closed cycle of errors flips an observable.
        """
        model = self.base.copy()
        for cluster in self.clusters:
            for group in cluster.groups:
                for part in group.shares:
                    if part.detectors:
                        model.append("error", [0.5], part.targets())
        forced(model, correlated=True)

    def flips(self, shots: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The predicted flips; every distinct shot is decoded once, those of one pattern together."""
        rows, inverse = distinct(checked_shots(shots, self.detectors))
        found = np.zeros((len(rows), packed_width(self.observables)), dtype=np.uint8)
        for members, events, model, taken in self._patterns(rows):
            decoder = matched(model, correlated=True)
            found[members] = taken ^ decoder.decode_shots_bit_packed(bit_packed_detection_event_data=events)
        return found[inverse]

    def probability(self, shots: NDArray[np.uint8], flips: NDArray[np.uint8]) -> NDArray[np.float64]:
        """About how probable answers are, given the shots."""
        width = packed_width(self.detectors)
        rows, inverse = distinct(np.hstack([checked_shots(shots, self.detectors), flips]))
        found = np.ones(len(rows))
        for members, events, model, taken in self._patterns(rows[:, :width]):
            answers = unpacked(rows[members, width:] ^ taken, self.observables)
            graphs = forced(model, correlated=True)
            found[members] = probability(graphs, unpacked(events, self.detectors), answers, correlated=True)
        return found[inverse]

    def _patterns(
        self, rows: NDArray[np.uint8]
    ) -> Iterator[tuple[NDArray[np.intp], NDArray[np.uint8], stim.DetectorErrorModel, NDArray[np.uint8]]]:
        """The places of the shots of each pattern, their events, their model, and flips that are certain."""
        events = unpacked(rows, self.detectors)
        heralds = events[:, self.heralds]
        events[:, self.heralds] = False
        patterns, groups = distinct(packed(heralds))
        order = np.argsort(groups, kind="stable")
        cuts = np.flatnonzero(np.diff(groups[order])) + 1
        for members in np.split(order, cuts) if len(patterns) else ():
            fired = frozenset(np.array(self.heralds)[heralds[members[0]]].tolist())
            model, usual = self._given(fired)
            mine = events[members]
            mine[:, list(usual.detectors)] ^= True
            taken = np.zeros((1, self.observables), dtype=np.bool_)
            taken[:, list(usual.observables)] = True
            yield members, packed(mine), model, packed(taken)

    def _given(self, fired: frozenset[int]) -> tuple[stim.DetectorErrorModel, Symptom]:
        """The model of the other detectors, given which heralds fired, and what then happened for likely."""
        model, usual = self.base.copy(), EMPTY
        for cluster in self.clusters:
            mine = fired.intersection(cluster.heralds)
            happened, wrong = likely(cluster.given(mine)) if mine else ((), {})
            usual ^= total(happened)
            for part, chance in wrong.items():
                if part.detectors and chance > 0:
                    model.append("error", [chance], part.targets())
        return model, usual


def base_model(found: Heralded, dem: stim.DetectorErrorModel) -> stim.DetectorErrorModel:
    """The errors that fire no herald, with all detectors and observables of the model."""
    model = stim.DetectorErrorModel()
    for mechanism in found.silent:
        model.append(mechanism.written())
    if dem.num_detectors:
        model.append("detector", [], [stim.target_relative_detector_id(dem.num_detectors - 1)])
    for observable in range(dem.num_observables):
        model.append("logical_observable", [], [stim.target_logical_observable_id(observable)])
    return model
