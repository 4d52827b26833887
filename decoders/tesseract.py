"""Most-likely-error decoding by Tesseract's A* search: the reference for accuracy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import sinter
import stim
from numpy.typing import NDArray

from decoders._extras import imported
from decoders._per_shot import CompiledPerShot, RareErrors, rare_errors
from decoders._shots import checked_model

__all__ = ["TesseractDecoder"]


@dataclass(frozen=True, kw_only=True)
class TesseractDecoder(sinter.Decoder):  # type: ignore[misc]
    r"""The likeliest set of errors of any model, hyperedges and all, by a search with a beam.

    Needs the extra `decoders`. It makes fewer errors than matching, and takes some hundred times as long:
    use it to see how much a faster decoder leaves. A shot has low confidence when the search gave up.

    Args:
        beam: How many detection events more than the best state a state of the search may have.
        orders: In how many orders of the detectors the search is tried.
        queue: How many states a search may look at before it gives up.

    Source:
        L. Beni, O. Higgott and N. Shutty, arXiv:2503.10988; the defaults are its "short beam".

    Example:
        >>> import numpy as np, stim
        >>> model = stim.DetectorErrorModel("error(0.1) D0 D1 D2 L0\nerror(0.2) D0 D1\nerror(0.1) D2")
        >>> compiled = TesseractDecoder().compile_decoder_for_dem(dem=model)
        >>> events = np.array([[0b000], [0b100], [0b111]], dtype=np.uint8)
        >>> compiled.decode_shots_bit_packed(bit_packed_detection_event_data=events).tolist()
        [[0], [0], [1]]
    """

    beam: int = 15
    orders: int = 16
    queue: int = 200_000

    tells_confidence: ClassVar[bool] = True

    def __post_init__(self) -> None:
        for name in ("beam", "orders", "queue"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise ValueError(f"{name}={value!r} is no count; give a whole number of at least 1")

    def compile_decoder_for_dem(self, *, dem: stim.DetectorErrorModel) -> CompiledPerShot:
        """A decoder for one error model, which need not be decomposed.

        Args:
            dem: The detector error model.

        Returns:
            A compiled decoder: detection events of shape (shots, ⌈detectors/8⌉), little-endian bits in
            `uint8`, to observable flips of shape (shots, ⌈observables/8⌉).

        Raises:
            ValueError: If `dem` is no `stim.DetectorErrorModel`.
            MissingExtra: If tesseract-decoder is not installed.
        """
        found = rare_errors(checked_model(dem))
        library = imported("tesseract_decoder", "tesseract")
        model = _written(found, dem)
        config = library.tesseract.TesseractConfig(
            dem=model,
            det_beam=self.beam,
            beam_climbing=True,
            no_revisit_dets=True,
            pqlimit=self.queue,
            det_orders=library.utils.build_det_orders(model, self.orders, seed=0),
        )
        return CompiledPerShot(
            model=found,
            decode=_Search(decoder=library.tesseract.TesseractDecoder(config)),
            detectors=dem.num_detectors,
            observables=dem.num_observables,
        )


@dataclass(frozen=True, kw_only=True)
class _Search:
    decoder: Any = field(repr=False)

    def __call__(self, events: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], bool]:
        flips = self.decoder.decode(events)
        return flips, bool(self.decoder.low_confidence_flag)


def _written(found: RareErrors, dem: stim.DetectorErrorModel) -> stim.DetectorErrorModel:
    """The rewritten model, with the coordinates of the detectors."""
    model = stim.DetectorErrorModel()
    for symptom, p in found.errors.items():
        model.append("error", [p], symptom.targets())
    for instruction in dem.flattened():
        if instruction.type != "error":
            model.append(instruction)
    for detector in (dem.num_detectors - 1,) if dem.num_detectors else ():
        model.append("detector", [], [stim.target_relative_detector_id(detector)])
    for observable in range(dem.num_observables):
        model.append("logical_observable", [], [stim.target_logical_observable_id(observable)])
    return model
