"""Minimum-weight perfect matching by PyMatching."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import sinter
import stim
from numpy.typing import NDArray

from decoders._gap import check_level, with_gap
from decoders._shots import checked_model, checked_shots, packed_width
from decoders._single_errors import Exceptions, exceptions
from decoders.errors import NotMatchable

if TYPE_CHECKING:
    from pymatching import Matching

__all__ = ["PyMatchingDecoder", "matched"]


@dataclass(frozen=True, kw_only=True)
class PyMatchingDecoder(sinter.Decoder):  # type: ignore[misc]
    r"""Sparse blossom on the graph of an error model whose errors flip at most two detectors each.

    Unlike sinter's own, it refuses a model with undecomposed errors instead of forgetting them, and says
    which error it is.

    Args:
        correlated: Decode twice, the second time with edge weights that know which edges share an error
            with the first matching. It takes 3 to 4 times as long and makes fewer errors under
            depolarising noise (0.8 to 0.6 times as many at distances 5 and 7). Single errors that the second
            pass gets wrong, as it does at distance 3, are put right. False: plain matching.
        low_confidence: Flag the shots whose answer has at most this probability, which is taken from the
            complementary gap: 1/(1 + e^−gap), the gap being the weight that the best explanation with the
            other value of an observable costs beyond the best with this one; several observables multiply.
            0.5 flags ties. It takes two more matchings for every observable, and only where somebody asks
            for the flags. None: nothing is flagged.

    Source:
        O. Higgott and C. Gidney, Quantum 9, 1600 (2025), arXiv:2303.15933; correlated decoding:
        A. G. Fowler, arXiv:1310.0863; complementary gap: C. Gidney, M. Newman, P. Brooks and C. Jones,
        arXiv:2312.04522.

    Example:
        >>> import numpy as np, stim
        >>> model = stim.DetectorErrorModel("error(0.1) D0\nerror(0.1) D0 D1 L0\nerror(0.1) D1")
        >>> compiled = PyMatchingDecoder().compile_decoder_for_dem(dem=model)
        >>> events = np.array([[0b00], [0b01], [0b11]], dtype=np.uint8)
        >>> compiled.decode_shots_bit_packed(bit_packed_detection_event_data=events).tolist()
        [[0], [0], [1]]
    """

    correlated: bool = True
    low_confidence: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.correlated, bool):
            raise ValueError(f"correlated={self.correlated!r} is neither of the two; give True or False")
        check_level(self.low_confidence)

    @property
    def tells_confidence(self) -> bool:
        """Whether its compiled form is a `CompiledWithConfidence`."""
        return self.low_confidence is not None

    def compile_decoder_for_dem(self, *, dem: stim.DetectorErrorModel) -> sinter.CompiledDecoder:
        """A decoder for one error model.

        Args:
            dem: The detector error model; decomposed, each component of an error flips at most two
                detectors (`circuit.detector_error_model(decompose_errors=True)`).

        Returns:
            A compiled decoder: detection events of shape (shots, ⌈detectors/8⌉), little-endian bits in
            `uint8`, to observable flips of shape (shots, ⌈observables/8⌉).

        Raises:
            ValueError: If `dem` is no `stim.DetectorErrorModel`.
            NotMatchable: If an error, or a component of one, flips more than two detectors.
            NotMatchable: If an error is certain: its weight would be infinite.
            NotMatchable: If PyMatching cannot build a graph of the model.
            NotDecodable: If `low_confidence` is asked for, and a closed cycle of errors flips an observable.
        """
        _check_edges(checked_model(dem))
        found = matched(dem, correlated=self.correlated)
        if self.correlated:
            mended = exceptions(dem, matched(dem, correlated=False), found)
            found = replace(found, exceptions=mended) if mended.flips.size else found
        return with_gap(found, dem, correlated=self.correlated, low_confidence=self.low_confidence)


def matched(dem: stim.DetectorErrorModel, *, correlated: bool) -> CompiledMatching:
    """The same without a look at every error, for models that were made from one that was looked at."""
    import pymatching

    try:
        matching = pymatching.Matching.from_detector_error_model(dem, enable_correlations=correlated)
    except ValueError as error:
        reason = str(error).rstrip(". ")
        raise NotMatchable(
            f"PyMatching cannot make a graph of the error model ({reason}); decode by 'tesseract' or "
            "'ldpc_bposd', which take it, or by 'lookup' where there are few detectors"
        ) from error
    return CompiledMatching(
        matching=matching, correlated=correlated, detectors=dem.num_detectors, observables=dem.num_observables
    )


@dataclass(frozen=True, kw_only=True)
class CompiledMatching(sinter.CompiledDecoder):  # type: ignore[misc]
    """The graph of one error model.

    Args:
        matching: PyMatching's own object.
        correlated: Whether it decodes twice.
        detectors: How many detectors the model has.
        observables: How many observables.
        exceptions: Syndromes with an answer of their own, if there are any.
    """

    matching: Matching = field(repr=False)
    correlated: bool
    detectors: int
    observables: int
    exceptions: Exceptions | None = field(default=None, repr=False)

    def decode_shots_bit_packed(
        self, *, bit_packed_detection_event_data: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        """The predicted flips."""
        events = checked_shots(bit_packed_detection_event_data, self.detectors)
        try:
            flips = self.matching.decode_batch(
                np.ascontiguousarray(events),
                bit_packed_shots=True,
                bit_packed_predictions=True,
                enable_correlations=self.correlated,
            )
        except ValueError as error:
            raise NotMatchable(f"no set of the model's errors explains a shot: {error}") from error
        found = np.asarray(flips, dtype=np.uint8).reshape(events.shape[0], packed_width(self.observables))
        if self.exceptions is not None:
            self.exceptions.put_into(found, events)
        return found


def _check_edges(dem: stim.DetectorErrorModel) -> None:
    for instruction in dem:
        if isinstance(instruction, stim.DemRepeatBlock):
            _check_edges(instruction.body_copy())
        elif instruction.type == "error" and instruction.args_copy()[0] > 0:
            _check_error(instruction)


def _check_error(instruction: stim.DemInstruction) -> None:
    if instruction.args_copy()[0] == 1:
        raise NotMatchable(
            f"the error '{instruction}' is certain; give it a probability below 1, or leave it out; "
            "the decoder 'lookup' takes it"
        )
    detectors = 0
    for target in instruction.targets_copy():
        detectors = 0 if target.is_separator() else detectors + target.is_relative_detector_id()
        if detectors > 2:
            raise NotMatchable(
                f"the error '{instruction}' flips more than two detectors at once, which no edge of a graph "
                "does; make the model with detector_error_model(decompose_errors=True), or decode by "
                "'tesseract' or 'ldpc_bposd', which take it"
            )
