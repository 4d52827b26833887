"""How sure a matching is: the weight that the other value of each observable would cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import sinter
import stim
from numpy.typing import NDArray

from decoders._mechanisms import Mechanism, Symptom, mechanisms
from decoders._shots import checked_shots, packed, unpacked
from decoders.confidence import CompiledWithConfidence, Decoded
from decoders.errors import NotDecodable, NotMatchable

if TYPE_CHECKING:
    from pymatching import Matching

__all__ = ["CompiledGap", "Forced", "check_level", "forced", "is_low", "probability", "with_gap"]

FORBIDDEN = 1e-300
TOLERANCE = 1e-4


def check_level(low_confidence: float | None) -> None:
    """Refuse a level that is no probability."""
    if low_confidence is not None and not (
        isinstance(low_confidence, int | float)
        and not isinstance(low_confidence, bool)
        and 0 <= low_confidence <= 1
    ):
        raise ValueError(
            f"low_confidence={low_confidence!r} is no probability; give one in [0, 1], or None for no flags"
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Forced:
    """A graph on which the value of one observable can be forced.

    Args:
        matching: The graph. The boundaries on whose far side the observable is flipped are one detector more.
        parity: The detectors whose parity, with the observable's value, says whether that detector fires.
    """

    matching: Matching = field(repr=False)
    parity: NDArray[np.bool_] = field(repr=False)

    def weights(
        self, events: NDArray[np.bool_], values: NDArray[np.bool_], *, correlated: bool
    ) -> NDArray[np.float64]:
        """The weight of the best explanation of every shot in which the observable has this value."""
        fires = values ^ (np.count_nonzero(events & self.parity, axis=1) % 2).astype(np.bool_)
        rows = packed(np.hstack([events, fires[:, None]]))
        try:
            _, found = self.matching.decode_batch(
                rows, bit_packed_shots=True, return_weights=True, enable_correlations=correlated
            )
        except ValueError as error:
            raise NotMatchable(f"no set of the model's errors explains a shot: {error}") from error
        return np.asarray(found, dtype=np.float64)


@dataclass(frozen=True, kw_only=True, eq=False)
class CompiledGap(CompiledWithConfidence):
    """A matching that tells how sure it is.

    Args:
        inner: Gives the answers.
        forced: A graph for every observable.
        correlated: Whether the weights are those of matching with correlations.
        low_confidence: The highest probability of an answer that is flagged.
        detectors: How many detectors the model has.
    """

    inner: sinter.CompiledDecoder = field(repr=False)
    forced: tuple[Forced, ...] = field(repr=False)
    correlated: bool
    low_confidence: float
    detectors: int

    def decode_shots_bit_packed(
        self, *, bit_packed_detection_event_data: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        """The predicted flips alone, for which no weight is looked at."""
        found: NDArray[np.uint8] = self.inner.decode_shots_bit_packed(
            bit_packed_detection_event_data=bit_packed_detection_event_data
        )
        return found

    def decode_shots_with_confidence(self, *, bit_packed_detection_event_data: NDArray[np.uint8]) -> Decoded:
        """The flips; flagged where their probability is at most `low_confidence`."""
        flips = self.decode_shots_bit_packed(bit_packed_detection_event_data=bit_packed_detection_event_data)
        chance = self.probability(bit_packed_detection_event_data, flips)
        return Decoded(flips=flips, low_confidence=is_low(chance, self.low_confidence))

    def probability(self, rows: NDArray[np.uint8], flips: NDArray[np.uint8]) -> NDArray[np.float64]:
        """About how probable an answer is."""
        events = unpacked(checked_shots(rows, self.detectors), self.detectors)
        answers = unpacked(flips, len(self.forced))
        return probability(self.forced, events, answers, correlated=self.correlated)


def probability(
    graphs: Sequence[Forced],
    events: NDArray[np.bool_],
    answers: NDArray[np.bool_],
    *,
    correlated: bool,
) -> NDArray[np.float64]:
    """About how probable an answer is: Π 1/(1 + e^−|gap|) over the observables.

    With correlations the first pass may rule out the answer's rival, so that the gap comes out negative;
    the answer is still right as often as its size says.
    """
    chance = np.ones(len(events))
    for one, mine in zip(graphs, answers.T, strict=True):
        this, other = (one.weights(events, value, correlated=correlated) for value in (mine, ~mine))
        chance /= 1 + np.exp(-np.abs(this - other))
    return chance


def is_low(chance: NDArray[np.float64], level: float) -> NDArray[np.bool_]:
    """Where a probability is at most the level, within what weights are rounded to."""
    return chance <= level * (1 + TOLERANCE)


def with_gap(
    inner: sinter.CompiledDecoder,
    dem: stim.DetectorErrorModel,
    *,
    correlated: bool,
    low_confidence: float | None,
) -> sinter.CompiledDecoder:
    """The decoder itself where nothing is to be flagged, else the same with its confidence."""
    if low_confidence is None:
        return inner
    return CompiledGap(
        inner=inner,
        forced=forced(dem, correlated=correlated),
        correlated=correlated,
        low_confidence=low_confidence,
        detectors=dem.num_detectors,
    )


def forced(dem: stim.DetectorErrorModel, *, correlated: bool) -> tuple[Forced, ...]:
    """For every observable of a model of edges its graph.

    Detectors are given a side, so that an edge between two of them flips the observable where the sides
    differ; what is left of the observable then sits on edges to the boundary.

    Raises:
        NotDecodable: If a cycle of edges flips an observable, as on a torus: no sides exist then.
    """
    import pymatching

    errors = list(mechanisms(dem))
    found = []
    for observable in range(dem.num_observables):
        side = _sides(errors, observable, dem.num_detectors)
        model = _one_detector_more(errors, observable, side)
        matching = pymatching.Matching.from_detector_error_model(model, enable_correlations=correlated)
        found.append(Forced(matching=matching, parity=side))
    return tuple(found)


def _sides(errors: Iterable[Mechanism], observable: int, detectors: int) -> NDArray[np.bool_]:
    neighbours: dict[int, dict[int, bool]] = {}
    for edge in {edge for error in errors for edge in error.components if len(edge.detectors) == 2}:
        (a, b), flips = sorted(edge.detectors), observable in edge.observables
        for u, v in ((a, b), (b, a)):
            if neighbours.setdefault(u, {}).setdefault(v, flips) != flips:
                raise _no_sides(observable, u)
    side = np.zeros(detectors, dtype=np.bool_)
    seen: set[int] = set()
    for start in neighbours:
        reached = [] if start in seen else [start]
        seen.add(start)
        while reached:
            u = reached.pop()
            for v, flips in neighbours[u].items():
                if v not in seen:
                    seen.add(v)
                    side[v] = side[u] ^ flips
                    reached.append(v)
                elif side[v] != side[u] ^ flips:
                    raise _no_sides(observable, u)
    return side


def _no_sides(observable: int, detector: int) -> NotDecodable:
    return NotDecodable(
        f"matching cannot tell how sure it is of L{observable}: errors about D{detector} make a closed cycle "
        "that flips it; leave low_confidence out, or decode by 'tesseract', or 'lookup', which can"
    )


def _one_detector_more(
    errors: Sequence[Mechanism], observable: int, side: NDArray[np.bool_]
) -> stim.DetectorErrorModel:
    model, last = stim.DetectorErrorModel(), len(side)
    for error in errors:
        edges = [_moved(edge, observable, side) for edge in error.components]
        kept = tuple(edge for edge in edges if edge.detectors)
        if kept:
            model.append(Mechanism(probability=error.probability, components=kept).written())
    model.append("error", [FORBIDDEN], [stim.target_relative_detector_id(last)])
    return model


def _moved(edge: Symptom, observable: int, side: NDArray[np.bool_]) -> Symptom:
    if len(edge.detectors) != 1:
        return Symptom(edge.detectors)
    (detector,) = edge.detectors
    crosses = (observable in edge.observables) ^ bool(side[detector])
    return Symptom(edge.detectors | ({len(side)} if crosses else set()))
