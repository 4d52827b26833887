"""Herald-aware decoding of erasures by matching."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import sinter
import stim
from numpy.typing import NDArray

from decoders._conditional import clusters
from decoders._gap import check_level, is_low
from decoders._heralding import by_herald
from decoders._patterns import Graphs, base_model
from decoders._recoded import recoded, recoding
from decoders._shots import checked_model
from decoders.confidence import CompiledWithConfidence, Decoded
from decoders.pymatching import PyMatchingDecoder

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
            at 0.5 those in which an observable is lost with the qubits. It is told by the graph of the
            shot's own pattern of heralds, and takes as long as `exact`. None: nothing is flagged.

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

    @property
    def tells_confidence(self) -> bool:
        """Whether its compiled form is a `CompiledWithConfidence`."""
        return self.low_confidence is not None

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
            NotDecodable: If `low_confidence` is asked for, and a closed cycle of errors flips an observable.
        """
        found = recoding(checked_model(dem))
        batch = recoded(PyMatchingDecoder().compile_decoder_for_dem(dem=found.model), found)
        if not self.exact and self.low_confidence is None:
            return batch
        heralded = by_herald(dem)
        graphs = Graphs(
            base=base_model(heralded, dem),
            clusters=tuple(clusters(heralded)),
            heralds=tuple(sorted(heralded.heralds)),
            detectors=dem.num_detectors,
            observables=dem.num_observables,
        )
        if self.low_confidence is None:
            return _Exact(graphs=graphs)
        graphs.check_sides()
        answers = _Exact(graphs=graphs) if self.exact else batch
        return _Confident(answers=answers, graphs=graphs, low_confidence=self.low_confidence)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Exact(sinter.CompiledDecoder):  # type: ignore[misc]
    graphs: Graphs = field(repr=False)

    def decode_shots_bit_packed(
        self, *, bit_packed_detection_event_data: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        return self.graphs.flips(bit_packed_detection_event_data)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Confident(CompiledWithConfidence):
    answers: sinter.CompiledDecoder = field(repr=False)
    graphs: Graphs = field(repr=False)
    low_confidence: float

    def decode_shots_bit_packed(
        self, *, bit_packed_detection_event_data: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        found: NDArray[np.uint8] = self.answers.decode_shots_bit_packed(
            bit_packed_detection_event_data=bit_packed_detection_event_data
        )
        return found

    def decode_shots_with_confidence(self, *, bit_packed_detection_event_data: NDArray[np.uint8]) -> Decoded:
        flips = self.decode_shots_bit_packed(bit_packed_detection_event_data=bit_packed_detection_event_data)
        chance = self.graphs.probability(bit_packed_detection_event_data, flips)
        return Decoded(flips=flips, low_confidence=is_low(chance, self.low_confidence))
