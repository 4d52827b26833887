"""Herald-aware decoding of erasures by matching."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import sinter
import stim
from numpy.typing import NDArray

from decoders._heralding import Heralded, by_herald
from decoders._mechanisms import Symptom
from decoders._shots import checked_model, checked_shots, distinct, packed, packed_width, unpacked
from decoders.heralds import with_rare_heralds
from decoders.pymatching import PyMatchingDecoder, matched

__all__ = ["ErasureDecoder"]


@dataclass(frozen=True, kw_only=True)
class ErasureDecoder(sinter.Decoder):  # type: ignore[misc]
    """Matching that knows which qubits were lost, from heralds that are detectors with the tag `herald`.

    The default decodes whole batches: the errors that fire heralds are made rare in the decoder's model
    (see `decoders.herald_aware_model`), which matching with correlations then turns into ½ where a herald
    fired. An error that is likelier than not when its herald fires is taken at ½ too.

    Args:
        exact: Give every distinct pattern of heralds a graph of its own, in which the erased edges have
            their conditional probability and the other errors keep their correlations. Hundreds of times
            slower, and somewhat the better of the two where losses and other errors are both frequent.

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

    def __post_init__(self) -> None:
        if not isinstance(self.exact, bool):
            raise ValueError(f"exact={self.exact!r} is neither of the two; give True or False")

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
        if not self.exact:
            return PyMatchingDecoder().compile_decoder_for_dem(dem=with_rare_heralds(checked_model(dem)))
        found = by_herald(checked_model(dem))
        PyMatchingDecoder().compile_decoder_for_dem(dem=with_rare_heralds(dem))
        return _Exact(
            heralds=tuple(sorted(found.heralds)),
            base=_base(found, dem),
            erased=_conditional(found),
            detectors=dem.num_detectors,
            observables=dem.num_observables,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Exact(sinter.CompiledDecoder):  # type: ignore[misc]
    heralds: tuple[int, ...]
    base: stim.DetectorErrorModel = field(repr=False)
    erased: Mapping[int, stim.DetectorErrorModel] = field(repr=False)
    detectors: int
    observables: int

    def decode_shots_bit_packed(
        self, *, bit_packed_detection_event_data: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        rows, inverse = distinct(checked_shots(bit_packed_detection_event_data, self.detectors))
        events = unpacked(rows, self.detectors)
        heralds = events[:, self.heralds]
        events[:, self.heralds] = False
        patterns, groups = distinct(packed(heralds))
        found = np.zeros((len(rows), packed_width(self.observables)), dtype=np.uint8)
        order = np.argsort(groups, kind="stable")
        cuts = np.flatnonzero(np.diff(groups[order])) + 1
        for members in np.split(order, cuts) if len(patterns) else ():
            decoder = matched(self._given(heralds[members[0]]), correlated=True)
            found[members] = decoder.decode_shots_bit_packed(
                bit_packed_detection_event_data=packed(events[members])
            )
        return found[inverse]

    def _given(self, fired: NDArray[np.bool_]) -> stim.DetectorErrorModel:
        """The model of the other detectors, given which heralds fired."""
        model = self.base.copy()
        for herald in np.flatnonzero(fired):
            model += self.erased[self.heralds[herald]]
        return model


def _base(found: Heralded, dem: stim.DetectorErrorModel) -> stim.DetectorErrorModel:
    model = stim.DetectorErrorModel()
    for mechanism in found.silent:
        model.append(mechanism.written())
    if dem.num_detectors:
        model.append("detector", [], [stim.target_relative_detector_id(dem.num_detectors - 1)])
    for observable in range(dem.num_observables):
        model.append("logical_observable", [], [stim.target_logical_observable_id(observable)])
    return model


def _conditional(found: Heralded) -> dict[int, stim.DetectorErrorModel]:
    """For every herald the edges of its errors, each at its probability given that the herald fires."""
    rates = found.rates()
    chances: dict[int, dict[Symptom, float]] = {herald: {} for herald in found.heralds}
    for mechanism, heralds in zip(found.firing, found.fired, strict=True):
        for herald in heralds:
            for edge in mechanism.components:
                before = chances[herald].get(edge, 0.0)
                chances[herald][edge] = before + mechanism.probability / rates[herald]
    models = {}
    for herald, edges in chances.items():
        models[herald] = stim.DetectorErrorModel()
        for edge, chance in edges.items():
            if edge.detectors:
                models[herald].append("error", [min(chance, 0.5)], edge.targets())
    return models
