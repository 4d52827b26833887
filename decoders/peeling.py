"""Exact decoding of pure erasure: a forest of the erased edges, by numba."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import numpy as np
import sinter
import stim
from numpy.typing import NDArray

from decoders._heralding import by_herald
from decoders._mechanisms import EMPTY, Mechanism, Symptom
from decoders._shots import checked_model, checked_shots, packed_width
from decoders.confidence import CompiledWithConfidence, Decoded
from decoders.erasure import ErasureDecoder
from decoders.errors import NotDecodable

__all__ = ["PeelingDecoder"]


@dataclass(frozen=True, kw_only=True)
class PeelingDecoder(sinter.Decoder):  # type: ignore[misc]
    r"""Maximum likelihood where nothing but heralded erasures happens, in linear time.

    Given the heralds, every error that an erasure may have made is as likely as not, so that any
    explanation of the detection events is as good as another: they are explained along a forest of the
    erased edges. A shot has low confidence when the erased edges hold a cycle that flips an observable:
    no decoder then does better than a coin. Where an erased error flips more than two detectors (five-qubit
    code, colour codes) the explanation is found by elimination instead, and is as exact.

    Errors that fire no herald are left aside. Shots that the erasures do not explain are given to
    `ErasureDecoder(exact=True)`, where the model has such errors.

    Source:
        N. Delfosse and G. Zémor, Phys. Rev. Research 2, 033042 (2020), arXiv:1703.01517.

    Example:
        >>> import numpy as np, stim
        >>> circuit = stim.Circuit('''
        ...     R 0 1
        ...     HERALDED_ERASE(0.2) 0
        ...     DETECTOR[herald] rec[-1]
        ...     MZZ 0 1
        ...     DETECTOR rec[-1]
        ...     M 0
        ...     OBSERVABLE_INCLUDE(0) rec[-1]
        ... ''')
        >>> model = circuit.detector_error_model(approximate_disjoint_errors=True)
        >>> compiled = PeelingDecoder().compile_decoder_for_dem(dem=model)
        >>> events = np.array([[0b00], [0b01], [0b11]], dtype=np.uint8)
        >>> compiled.decode_shots_bit_packed(bit_packed_detection_event_data=events).tolist()
        [[0], [0], [1]]
    """

    tells_confidence: ClassVar[bool] = True

    def compile_decoder_for_dem(self, *, dem: stim.DetectorErrorModel) -> CompiledWithConfidence:
        """A decoder for one error model.

        Args:
            dem: The detector error model, decomposed or not, whose heralds are detectors with the tag
                `herald`; made with `approximate_disjoint_errors=True`.

        Returns:
            A compiled decoder: detection events of shape (shots, ⌈detectors/8⌉), little-endian bits in
            `uint8`, to observable flips of shape (shots, ⌈observables/8⌉).

        Raises:
            ValueError: If `dem` is no `stim.DetectorErrorModel`.
            NoHeralds: If no detector carries the tag `herald`.
            NotDecodable: If an error fires several heralds.
            NotDecodable: If the errors of a herald are not equally likely.
        """
        found = by_herald(checked_model(dem))
        erased = {herald: _generators(herald, found.firing, found.fired) for herald in sorted(found.heralds)}
        return _Compiled(
            dem=dem,
            erased=_Erased.of(erased, dem),
            others=bool(found.silent),
            detectors=dem.num_detectors,
            observables=dem.num_observables,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Erased:
    """What the heralds say, in arrays.

    Args:
        heralds: For each detector the number of the herald that it is, −1 where it is none.
        start: The generators of herald h are those from start[h] to start[h + 1].
        ends: The two detectors of each generator, of which the boundary is one after the last; None where
            a generator flips more than two.
        symptoms: The generators' detectors and observables, each from a new word on, as bits.
        words: How many words hold the detectors.
    """

    heralds: NDArray[np.int64]
    start: NDArray[np.int64]
    ends: NDArray[np.int64] | None
    symptoms: NDArray[np.uint64]
    words: int

    @classmethod
    def of(cls, erased: Mapping[int, Sequence[Symptom]], dem: stim.DetectorErrorModel) -> _Erased:
        heralds = np.full(dem.num_detectors, -1, dtype=np.int64)
        heralds[list(erased)] = np.arange(len(erased))
        everyone = [generator for mine in erased.values() for generator in mine]
        words, classes = ((bits + 63) // 64 for bits in (dem.num_detectors, dem.num_observables))
        return cls(
            heralds=heralds,
            start=np.cumsum([0, *map(len, erased.values())], dtype=np.int64),
            ends=_ends(everyone, dem.num_detectors),
            symptoms=np.hstack(
                [
                    _words([generator.detectors for generator in everyone], words),
                    _words([generator.observables for generator in everyone], classes),
                ]
            ),
            words=words,
        )

    def explain(self, events: NDArray[np.uint8]) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
        """The flips of the observables, in words, and every shot's status."""
        from decoders._forest import eliminate, grow_forests

        flips = np.zeros((len(events), self.symptoms.shape[1] - self.words), dtype=np.uint64)
        status = np.zeros(len(events), dtype=np.uint8)
        if self.ends is None:
            eliminate(events, self.heralds, self.start, self.symptoms, self.words, flips, status)
        else:
            effects = np.ascontiguousarray(self.symptoms[:, self.words :])
            grow_forests(events, self.heralds, self.start, self.ends, effects, flips, status)
        return flips, status


@dataclass(frozen=True, kw_only=True, eq=False)
class _Compiled(CompiledWithConfidence):
    dem: stim.DetectorErrorModel = field(repr=False)
    erased: _Erased = field(repr=False)
    others: bool
    detectors: int
    observables: int

    def decode_shots_with_confidence(self, *, bit_packed_detection_event_data: NDArray[np.uint8]) -> Decoded:
        from decoders._forest import AMBIGUOUS, UNEXPLAINED

        events = np.ascontiguousarray(checked_shots(bit_packed_detection_event_data, self.detectors))
        words, status = self.erased.explain(events)
        flips = words.astype("<u8").view(np.uint8)[:, : packed_width(self.observables)].copy()
        rest = np.flatnonzero(status == UNEXPLAINED)
        if rest.size:
            flips[rest] = self._matching(int(rest[0])).decode_shots_bit_packed(
                bit_packed_detection_event_data=events[rest]
            )
        return Decoded(flips=flips, low_confidence=status == AMBIGUOUS)

    def _matching(self, shot: int) -> sinter.CompiledDecoder:
        if not self.others:
            raise NotDecodable(
                f"no set of the erased errors explains shot {shot}; make the error model from the circuit "
                "that was sampled"
            )
        return self._with_others

    @cached_property
    def _with_others(self) -> sinter.CompiledDecoder:
        return ErasureDecoder(exact=True).compile_decoder_for_dem(dem=self.dem)


def _generators(
    herald: int, firing: Sequence[Mechanism], fired: Sequence[frozenset[int]]
) -> tuple[Symptom, ...]:
    """Errors of which every subset is equally likely when the herald fires."""
    chances: dict[Symptom, float] = {}
    for mechanism, heralds in zip(firing, fired, strict=True):
        if herald in heralds:
            if len(heralds) > 1:
                raise NotDecodable(
                    f"an error fires the heralds {sorted(heralds)} at once, and 'peeling' takes one herald "
                    "an error; the decoder 'erasure' takes several"
                )
            chances[mechanism.symptom] = chances.get(mechanism.symptom, 0.0) + mechanism.probability
    chosen: list[Symptom] = []
    span = {EMPTY}
    for symptom in sorted(chances, key=lambda one: (len(one.detectors), sorted(one.detectors))):
        if symptom not in span:
            chosen.append(symptom)
            span |= {symptom ^ other for other in span}
    if chances and (span != set(chances) or max(chances.values()) > 1.0001 * min(chances.values())):
        raise NotDecodable(
            f"the errors of herald D{herald} are not equally likely, so that it is no pure erasure; "
            "the decoder 'erasure' takes it"
        )
    return tuple(chosen)


def _ends(generators: Sequence[Symptom], boundary: int) -> NDArray[np.int64] | None:
    if any(len(generator.detectors) > 2 for generator in generators):
        return None
    ends = [[*sorted(generator.detectors), boundary, boundary][:2] for generator in generators]
    return np.array(ends, dtype=np.int64).reshape(-1, 2)


def _words(members: Sequence[frozenset[int]], words: int) -> NDArray[np.uint64]:
    bits = np.zeros((len(members), 64 * words), dtype=np.uint8)
    for row, indices in zip(bits, members, strict=True):
        row[list(indices)] = 1
    return np.packbits(bits, axis=1, bitorder="little").view("<u8").astype(np.uint64)
