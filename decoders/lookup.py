"""Exact maximum likelihood by a table of every syndrome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import sinter
import stim
from numpy.typing import NDArray

from decoders._mechanisms import Symptom, independent_errors
from decoders._shots import checked_model, checked_shots, packed, unpacked
from decoders.confidence import CompiledWithConfidence, Decoded
from decoders.errors import NotDecodable

if TYPE_CHECKING:
    from decoders._likelihood import Block

__all__ = ["LookupDecoder"]

LARGEST = 25


@dataclass(frozen=True, kw_only=True)
class LookupDecoder(sinter.Decoder):  # type: ignore[misc]
    r"""The likeliest flip of the observables, given all detection events: no decoder errs less often.

    The probability of every pair (syndrome, logical class) is computed by convolving the model's errors,
    hyperedges and all; decoding is then a look into a table. The model's errors are taken as independent,
    as a `stim.DetectorErrorModel` says they are. A model falls into blocks that share neither detectors
    nor observables; each may have at most 25 linearly independent detectors and observables together
    (a rotated surface code of distance 3 over three rounds has just that many; its table takes some
    seconds, and up to 1 GB while it is made).

    Args:
        low_confidence: A shot is flagged when the likeliest class has at most this probability, given
            its detection events; in [0, 1]. The default flags what is no better than a coin.

    Example:
        >>> import numpy as np, stim
        >>> model = stim.DetectorErrorModel("error(0.1) D0 D1 D2 L0\nerror(0.2) D0 D1\nerror(0.1) D2")
        >>> compiled = LookupDecoder().compile_decoder_for_dem(dem=model)
        >>> events = np.array([[0b000], [0b100], [0b111]], dtype=np.uint8)
        >>> compiled.decode_shots_bit_packed(bit_packed_detection_event_data=events).tolist()
        [[0], [0], [1]]
        >>> f"{compiled.failure:.3f}"  # 0.1·0.2·0.9 + 0.1·0.2·0.1 + 0.9·0.2·0.1 + 0.1·0.8·0.1
        '0.046'
    """

    low_confidence: float = 0.5

    tells_confidence: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not 0 <= self.low_confidence <= 1:
            raise ValueError(f"low_confidence={self.low_confidence!r} is no probability; give one in [0, 1]")

    def compile_decoder_for_dem(self, *, dem: stim.DetectorErrorModel) -> CompiledLookup:
        """A decoder for one error model, which need not be decomposed.

        Args:
            dem: The detector error model.

        Returns:
            A compiled decoder: detection events of shape (shots, ⌈detectors/8⌉), little-endian bits in
            `uint8`, to observable flips of shape (shots, ⌈observables/8⌉).

        Raises:
            ValueError: If `dem` is no `stim.DetectorErrorModel`.
            NotDecodable: If a block of the model has more than 25 independent detectors and observables.
        """
        from decoders._likelihood import blocks

        found = blocks(independent_errors(checked_model(dem)))
        used = {d for block in found for d in block.detectors}
        return CompiledLookup(
            tables=tuple(_tabulated(block) for block in found),
            silent=tuple(sorted(set(range(dem.num_detectors)) - used)),
            detectors=dem.num_detectors,
            observables=dem.num_observables,
            low_confidence=self.low_confidence,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """The answer to every syndrome of one block.

    Args:
        detectors: The block's detectors.
        observables: The block's observables.
        pivots: The places among `detectors` of those that are independent; they number the syndromes.
        dependent: For the others, of shape (pivots, detectors), the parities of pivots that they are.
        answers: For every syndrome its number and class, `uint32` of shape (2^pivots,).
        effects: The flips of the observables by the bits of an answer, of shape (bits, observables).
        posterior: Probability of the class, given the syndrome; 0 where the syndrome cannot be.
        failure: Probability that the answer is wrong.
    """

    detectors: tuple[int, ...]
    observables: tuple[int, ...]
    pivots: tuple[int, ...]
    dependent: NDArray[np.uint8]
    answers: NDArray[np.uint32] = field(repr=False)
    effects: NDArray[np.uint8]
    posterior: NDArray[np.float64] = field(repr=False)
    failure: float

    def look_up(self, events: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """The flips of the block's observables, and how probable they are (0: an impossible syndrome)."""
        mine = events[:, self.detectors].view(np.uint8)
        pivots = mine[:, self.pivots]
        syndrome = pivots.astype(np.uint32) @ (1 << np.arange(len(self.pivots), dtype=np.uint32))
        possible = np.all((pivots @ self.dependent & 1) == mine, axis=1)
        bits = self.answers[syndrome][:, None] >> np.arange(len(self.effects), dtype=np.uint32) & 1
        flips = (bits.astype(np.uint8) @ self.effects & 1).astype(np.bool_)
        return flips, np.where(possible, self.posterior[syndrome], 0.0)


@dataclass(frozen=True, kw_only=True)
class CompiledLookup(CompiledWithConfidence):
    """The tables of one error model.

    Args:
        tables: One for each block of the model.
        silent: Detectors that no error flips.
        detectors: How many detectors the model has.
        observables: How many observables.
        low_confidence: The highest probability of an answer that is flagged.
    """

    tables: tuple[Table, ...] = field(repr=False)
    silent: tuple[int, ...]
    detectors: int
    observables: int
    low_confidence: float

    @property
    def failure(self) -> float:
        """The exact probability that a shot is decoded wrongly: 1 − Σ_s max_l P(s, l)."""
        return float(1 - np.prod([1 - table.failure for table in self.tables]))

    def decode_shots_with_confidence(self, *, bit_packed_detection_event_data: NDArray[np.uint8]) -> Decoded:
        """The likeliest flips; flagged where their probability is at most `low_confidence`."""
        events = unpacked(checked_shots(bit_packed_detection_event_data, self.detectors), self.detectors)
        flips = np.zeros((len(events), self.observables), dtype=np.bool_)
        probability = np.where(events[:, self.silent].any(axis=1), 0.0, 1.0)
        for table in self.tables:
            flips[:, table.observables], posterior = table.look_up(events)
            probability *= posterior
        if not probability.all():
            raise NotDecodable(
                f"no set of the model's errors explains shot {int(np.argmin(probability))}; "
                "make the error model from the circuit that was sampled"
            )
        return Decoded(flips=packed(flips), low_confidence=probability <= self.low_confidence * (1 + 1e-9))


def _tabulated(block: Block) -> Table:
    from decoders._likelihood import echelon, table

    detectors, observables = block.detectors, block.observables
    place = {("D", d): j for j, d in enumerate(detectors)}
    place |= {("L", k): len(detectors) + j for j, k in enumerate(observables)}
    rows = [_number(symptom, place) for symptom in block.errors]
    found = echelon(rows, len(place), len(detectors))
    if len(found.pivots) > LARGEST:
        raise NotDecodable(
            f"the model has a block of {len(found.pivots)} independent detectors and observables, and "
            f"'lookup' tabulates at most {LARGEST}; the decoder 'tesseract' takes it, near to exact"
        )
    numbers = [sum((row >> p & 1) << j for j, p in enumerate(found.pivots)) for row in rows]
    joint = table(numbers, list(block.errors.values()), len(found.pivots))
    joint = joint.reshape(-1, 2**found.classes)
    best = joint.argmax(axis=1)
    likeliest, syndromes = joint.max(axis=1), joint.sum(axis=1)
    effects = _effects(found.masks, len(found.pivots))
    return Table(
        detectors=detectors,
        observables=observables,
        pivots=found.pivots[found.classes :],
        dependent=effects[found.classes :, : len(detectors)],
        answers=(np.arange(best.size) << found.classes | best).astype(np.uint32),
        effects=effects[:, len(detectors) :],
        posterior=np.divide(likeliest, syndromes, out=np.zeros(best.size), where=syndromes > 0),
        failure=max(0.0, 1 - float(likeliest.sum())),
    )


def _number(symptom: Symptom, place: Mapping[tuple[str, int], int]) -> int:
    bits = [place["D", d] for d in symptom.detectors] + [place["L", k] for k in symptom.observables]
    return sum(1 << bit for bit in bits)


def _effects(masks: Sequence[int], bits: int) -> NDArray[np.uint8]:
    found = [[mask >> j & 1 for mask in masks] for j in range(bits)]
    return np.array(found, dtype=np.uint8).reshape(bits, len(masks))
