"""Shots of which the decoder itself says that its answer is a guess."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np
import sinter
import stim
from numpy.typing import NDArray

from decoders._shots import checked_shots

__all__ = ["CompiledWithConfidence", "Decoded", "DiscardingDecoder"]


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """What a decoder makes of a batch of shots.

    Args:
        flips: Predicted flips of the observables, `uint8` of shape (shots, ⌈observables/8⌉), little-endian.
        low_confidence: For every shot whether the answer is a guess, `bool` of shape (shots,).
    """

    flips: NDArray[np.uint8]
    low_confidence: NDArray[np.bool_]


class CompiledWithConfidence(sinter.CompiledDecoder):  # type: ignore[misc]
    """A compiled decoder that knows when it guesses.

    Whoever counts shots asks `isinstance(compiled, CompiledWithConfidence)` and, where it is one, calls
    `decode_shots_with_confidence` in the place of `decode_shots_bit_packed`; the flips are the same. The
    attribute `tells_confidence` of a decoder says beforehand that its compiled form will be one.
    """

    @abstractmethod
    def decode_shots_with_confidence(self, *, bit_packed_detection_event_data: NDArray[np.uint8]) -> Decoded:
        """The predicted flips, and which of them are guesses.

        Args:
            bit_packed_detection_event_data: `uint8` of shape (shots, ⌈detectors/8⌉), little-endian.

        Raises:
            ValueError: If the array has another shape or type.
            DecodersError: If no set of the model's errors explains a shot.
        """

    def decode_shots_bit_packed(
        self, *, bit_packed_detection_event_data: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        """The predicted flips alone, as sinter wants them."""
        return self.decode_shots_with_confidence(
            bit_packed_detection_event_data=bit_packed_detection_event_data
        ).flips


@dataclass(frozen=True, kw_only=True)
class DiscardingDecoder(sinter.Decoder):  # type: ignore[misc]
    r"""Another decoder whose low-confidence shots are discarded instead of counted.

    It speaks sinter's own language for that: one more byte a shot, not zero where the shot is to be
    discarded, which `sinter.collect` counts in `TaskStats.discards`.

    Args:
        decoder: A decoder whose compiled form is a `CompiledWithConfidence`: `lookup`, `peeling`,
            `tesseract`, the two of `ldpc`, and those of matching where they have a `low_confidence`.

    Example:
        >>> import numpy as np, stim
        >>> from decoders import LookupDecoder
        >>> model = stim.DetectorErrorModel("error(0.1) D0 L0\nerror(0.1) D0\nerror(0.2) D1 L0")
        >>> compiled = DiscardingDecoder(decoder=LookupDecoder()).compile_decoder_for_dem(dem=model)
        >>> events = np.array([[0b00], [0b01], [0b10]], dtype=np.uint8)
        >>> compiled.decode_shots_bit_packed(bit_packed_detection_event_data=events).tolist()
        [[0, 0], [0, 1], [1, 0]]
    """

    decoder: sinter.Decoder

    def __post_init__(self) -> None:
        if not isinstance(self.decoder, sinter.Decoder):
            raise ValueError(f"decoder={self.decoder!r} is no decoder; give a sinter.Decoder")

    def compile_decoder_for_dem(self, *, dem: stim.DetectorErrorModel) -> sinter.CompiledDecoder:
        """A decoder for one error model.

        Args:
            dem: An error model that the inner decoder takes.

        Returns:
            A compiled decoder: detection events to flips, with one byte more than the observables need.

        Raises:
            ValueError: If the inner decoder does not tell which shots it guesses.
        """
        compiled = self.decoder.compile_decoder_for_dem(dem=dem)
        if not isinstance(compiled, CompiledWithConfidence):
            raise ValueError(
                f"decoder={self.decoder!r} does not tell when it guesses; give one that does, "
                "such as LookupDecoder() or PeelingDecoder()"
            )
        return _Discarding(compiled=compiled, detectors=dem.num_detectors)


@dataclass(frozen=True, kw_only=True)
class _Discarding(sinter.CompiledDecoder):  # type: ignore[misc]
    compiled: CompiledWithConfidence
    detectors: int

    def decode_shots_bit_packed(
        self, *, bit_packed_detection_event_data: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        found = self.compiled.decode_shots_with_confidence(
            bit_packed_detection_event_data=checked_shots(bit_packed_detection_event_data, self.detectors)
        )
        return np.hstack([found.flips, found.low_confidence[:, None].astype(np.uint8)])
