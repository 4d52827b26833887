"""Herald-aware decoding of erasures by matching."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import sinter
import stim
from numpy.typing import NDArray

from decoders._conditional import Cluster, clusters, likely
from decoders._gap import check_level, with_gap
from decoders._heralding import Heralded, by_herald
from decoders._mechanisms import EMPTY, Symptom, total
from decoders._recoded import recoded, recoding
from decoders._shots import checked_model, checked_shots, distinct, packed, packed_width, unpacked
from decoders.confidence import CompiledWithConfidence, Decoded
from decoders.heralds import with_rare_heralds
from decoders.pymatching import PyMatchingDecoder, matched

__all__ = ["ErasureDecoder"]


@dataclass(frozen=True, kw_only=True)
class ErasureDecoder(sinter.Decoder):  # type: ignore[misc]
    """Matching that knows which qubits were lost, from heralds that are detectors with the tag `herald`.

    The default decodes whole batches: the errors that fire heralds are made rare in the decoder's model
    (see `decoders.herald_aware_model`), which matching with correlations then turns into their probability
    given that the herald fired. Errors that are likelier than not then are taken out of the shot before it
    is matched; so is what errors that share some of their heralds say together.

    Args:
        exact: Give every distinct pattern of heralds a graph of its own, in which the erased edges have
            their conditional probability and the other errors keep their correlations. Hundreds of times
            slower, and somewhat the better of the two where losses and other errors are both frequent.
        low_confidence: Flag the shots whose answer has at most this probability, as in `PyMatchingDecoder`;
            at 0.5 those in which an observable is lost with the qubits. None: nothing is flagged.

    Example:
        >>> import numpy as np, stim
        >>> model = stim.DetectorErrorModel('''
        ...     error(0.01) D0
        ...     error(0.01) D0 D1 L0
        ...     error(0.001) D1
        ...     error(0.05) D0 D1 L0 ^ D2
        ...     error(0.05) D2
        ...     error(0.05) D1 ^ D3
        ...     error(0.05) D3
        ...     detector[herald] D2
        ...     detector[herald] D3
        ... ''')
        >>> compiled = ErasureDecoder().compile_decoder_for_dem(dem=model)
        >>> events = np.array([[0b0010], [0b0110], [0b1010]], dtype=np.uint8)
        >>> compiled.decode_shots_bit_packed(bit_packed_detection_event_data=events).tolist()
        [[0], [1], [0]]
    """

    exact: bool = False
    low_confidence: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.exact, bool):
            raise ValueError(f"exact={self.exact!r} is neither of the two; give True or False")
        check_level(self.low_confidence)

    def compile_decoder_for_dem(self, *, dem: stim.DetectorErrorModel) -> sinter.CompiledDecoder:
        """A decoder for one error model.

        Args:
            dem: The circuit's own error model, made with `approximate_disjoint_errors=True` and
                `decompose_errors=True` (as sinter makes it), or what `herald_aware_model` returns.

        Returns:
            A compiled decoder: detection events of shape (shots, ⌈detectors/8⌉), little-endian bits in
            `uint8`, to observable flips of shape (shots, ⌈observables/8⌉).

        Raises:
            ValueError: If `dem` is no `stim.DetectorErrorModel`.
            NoHeralds: If no detector carries the tag `herald`.
            NotMatchable: If an error, or a component of one, flips more than two detectors besides heralds.
        """
        matching = PyMatchingDecoder(low_confidence=self.low_confidence)
        if not self.exact:
            found = recoding(checked_model(dem))
            return recoded(matching.compile_decoder_for_dem(dem=found.model), found)
        heralded = by_herald(checked_model(dem))
        matching.compile_decoder_for_dem(dem=with_rare_heralds(dem))
        kind = _Exact if self.low_confidence is None else _ConfidentExact
        return kind(
            base=_base(heralded, dem),
            clusters=tuple(clusters(heralded)),
            heralds=tuple(sorted(heralded.heralds)),
            detectors=dem.num_detectors,
            observables=dem.num_observables,
            low_confidence=self.low_confidence,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Graphs:
    """A graph for every pattern of heralds.

    Args:
        base: The errors that fire none.
        clusters: The heralds, with the errors that fire them.
        heralds: All heralds.
        detectors: How many detectors the model has.
        observables: How many observables.
        low_confidence: What is to be flagged.
    """

    base: stim.DetectorErrorModel = field(repr=False)
    clusters: tuple[Cluster, ...] = field(repr=False)
    heralds: tuple[int, ...]
    detectors: int
    observables: int
    low_confidence: float | None

    def decode(self, shots: NDArray[np.uint8]) -> Decoded:
        """Decodes every distinct shot once, those of one pattern together."""
        rows, inverse = distinct(checked_shots(shots, self.detectors))
        events = unpacked(rows, self.detectors)
        heralds = events[:, self.heralds]
        events[:, self.heralds] = False
        patterns, groups = distinct(packed(heralds))
        flips = np.zeros((len(rows), packed_width(self.observables)), dtype=np.uint8)
        low = np.zeros(len(rows), dtype=np.bool_)
        order = np.argsort(groups, kind="stable")
        cuts = np.flatnonzero(np.diff(groups[order])) + 1
        for members in np.split(order, cuts) if len(patterns) else ():
            fired = frozenset(np.array(self.heralds)[heralds[members[0]]].tolist())
            flips[members], low[members] = self._matched(fired, events[members])
        return Decoded(flips=flips[inverse], low_confidence=low[inverse])

    def _matched(
        self, fired: frozenset[int], events: NDArray[np.bool_]
    ) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
        model, usual = self._given(fired)
        events[:, list(usual.detectors)] ^= True
        inner = matched(model, correlated=True)
        decoder = with_gap(inner, model, correlated=True, low_confidence=self.low_confidence)
        rows, low = packed(events), np.zeros(len(events), dtype=np.bool_)
        if isinstance(decoder, CompiledWithConfidence):
            found = decoder.decode_shots_with_confidence(bit_packed_detection_event_data=rows)
            flips, low = found.flips, found.low_confidence
        else:
            flips = decoder.decode_shots_bit_packed(bit_packed_detection_event_data=rows)
        taken = np.zeros((1, self.observables), dtype=np.bool_)
        taken[:, list(usual.observables)] = True
        return flips ^ packed(taken), low

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


@dataclass(frozen=True, kw_only=True, eq=False)
class _Exact(_Graphs, sinter.CompiledDecoder):  # type: ignore[misc]
    def decode_shots_bit_packed(
        self, *, bit_packed_detection_event_data: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        return self.decode(bit_packed_detection_event_data).flips


@dataclass(frozen=True, kw_only=True, eq=False)
class _ConfidentExact(_Graphs, CompiledWithConfidence):
    def decode_shots_with_confidence(self, *, bit_packed_detection_event_data: NDArray[np.uint8]) -> Decoded:
        return self.decode(bit_packed_detection_event_data)


def _base(found: Heralded, dem: stim.DetectorErrorModel) -> stim.DetectorErrorModel:
    model = stim.DetectorErrorModel()
    for mechanism in found.silent:
        model.append(mechanism.written())
    if dem.num_detectors:
        model.append("detector", [], [stim.target_relative_detector_id(dem.num_detectors - 1)])
    for observable in range(dem.num_observables):
        model.append("logical_observable", [], [stim.target_logical_observable_id(observable)])
    return model
