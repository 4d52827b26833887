"""The decoder that corrects nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sinter
import stim
from numpy.typing import NDArray

from decoders._shots import checked_model, checked_shots, packed_width

__all__ = ["VacuousDecoder"]


@dataclass(frozen=True, kw_only=True)
class VacuousDecoder(sinter.Decoder):  # type: ignore[misc]
    """Predicts that no observable was flipped: the reference that a decoder has to beat.

    Example:
        >>> import numpy as np, stim
        >>> model = stim.DetectorErrorModel("error(0.1) D0 L0")
        >>> compiled = VacuousDecoder().compile_decoder_for_dem(dem=model)
        >>> events = np.array([[0], [1]], dtype=np.uint8)
        >>> compiled.decode_shots_bit_packed(bit_packed_detection_event_data=events).tolist()
        [[0], [0]]
    """

    def compile_decoder_for_dem(self, *, dem: stim.DetectorErrorModel) -> sinter.CompiledDecoder:
        """A decoder for one error model.

        Args:
            dem: The detector error model; only its numbers of detectors and observables matter.

        Returns:
            A compiled decoder: detection events of shape (shots, ⌈detectors/8⌉), little-endian bits in
            `uint8`, to observable flips of shape (shots, ⌈observables/8⌉).

        Raises:
            ValueError: If `dem` is no `stim.DetectorErrorModel`.
        """
        model = checked_model(dem)
        return _Compiled(detectors=model.num_detectors, observables=model.num_observables)


@dataclass(frozen=True, kw_only=True)
class _Compiled(sinter.CompiledDecoder):  # type: ignore[misc]
    detectors: int
    observables: int

    def decode_shots_bit_packed(
        self, *, bit_packed_detection_event_data: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        shots = checked_shots(bit_packed_detection_event_data, self.detectors)
        return np.zeros((shots.shape[0], packed_width(self.observables)), dtype=np.uint8)
