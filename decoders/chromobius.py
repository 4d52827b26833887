"""Colour codes, decoded by Chromobius."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sinter
import stim
from numpy.typing import NDArray

from decoders._extras import imported
from decoders._shots import checked_model, checked_shots, packed_width
from decoders.errors import NotDecodable

__all__ = ["ChromobiusDecoder"]


@dataclass(frozen=True, kw_only=True)
class ChromobiusDecoder(sinter.Decoder):  # type: ignore[misc]
    r"""Matching of colour codes by the Möbius decoder.

    Needs the extra `decoders`, and a fourth coordinate of every detector: 0, 1, 2 for a red, green, blue
    check of X type, 3, 4, 5 for one of Z type, −1 for a detector that is to be ignored. It takes at most 64
    observables.

    Source:
        C. Gidney and C. Jones, arXiv:2312.08813.

    Example:
        >>> import numpy as np, stim
        >>> model = stim.DetectorErrorModel('''
        ...     error(0.1) D0 L0
        ...     error(0.1) D0 D1
        ...     error(0.1) D1 D2
        ...     detector(0, 0, 0, 3) D0
        ...     detector(1, 0, 0, 4) D1
        ...     detector(2, 0, 0, 3) D2
        ... ''')
        >>> compiled = ChromobiusDecoder().compile_decoder_for_dem(dem=model)
        >>> events = np.array([[0b000], [0b001], [0b011]], dtype=np.uint8)
        >>> compiled.decode_shots_bit_packed(bit_packed_detection_event_data=events).tolist()
        [[0], [1], [0]]
    """

    def compile_decoder_for_dem(self, *, dem: stim.DetectorErrorModel) -> sinter.CompiledDecoder:
        """A decoder for one error model, which need not be decomposed.

        Args:
            dem: The detector error model.

        Returns:
            A compiled decoder: detection events of shape (shots, ⌈detectors/8⌉), little-endian bits in
            `uint8`, to observable flips of shape (shots, ⌈observables/8⌉).

        Raises:
            ValueError: If `dem` is no `stim.DetectorErrorModel`.
            MissingExtra: If chromobius is not installed.
            NotDecodable: If Chromobius cannot take the model: a detector without a fourth coordinate, or
                an error that is none of a colour code.
        """
        checked_model(dem)
        library = imported("chromobius", "chromobius")
        try:
            decoder = library.compile_decoder_for_dem(dem)
        except ValueError as error:
            raise NotDecodable(
                f"Chromobius cannot take the error model: {_one_line(error)}; for a code that is no colour "
                "code decode by 'pymatching', 'tesseract' or 'ldpc_bposd'"
            ) from error
        return _Compiled(decoder=decoder, detectors=dem.num_detectors, observables=dem.num_observables)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Compiled(sinter.CompiledDecoder):  # type: ignore[misc]
    decoder: Any = field(repr=False)
    detectors: int
    observables: int

    def decode_shots_bit_packed(
        self, *, bit_packed_detection_event_data: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        events = np.ascontiguousarray(checked_shots(bit_packed_detection_event_data, self.detectors))
        found = np.zeros((len(events), packed_width(self.observables)), dtype=np.uint8)
        if events.size and self.observables:
            try:
                found[:] = self.decoder.predict_obs_flips_from_dets_bit_packed(events)
            except ValueError as error:
                raise NotDecodable(f"Chromobius cannot decode a shot: {_one_line(error)}") from error
        return found


def _one_line(error: Exception) -> str:
    """The library's messages go on for pages; the first line says what is wrong."""
    return str(error).strip().partition("\n")[0].rstrip(".:")
