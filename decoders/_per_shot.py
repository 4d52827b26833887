"""Decoders that take a model as a list of errors, and shots one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import stim
from numpy.typing import NDArray

from decoders._mechanisms import Symptom, independent_errors, total
from decoders._shots import checked_shots, distinct, packed, unpacked
from decoders.confidence import CompiledWithConfidence, Decoded
from decoders.errors import NotDecodable

__all__ = ["CompiledPerShot", "RareErrors", "rare_errors"]

DecodeOne = Callable[[NDArray[np.bool_]], tuple[NDArray[np.bool_], bool]]


@dataclass(frozen=True, kw_only=True)
class RareErrors:
    """A model rewritten so that every error is at most as likely as not.

    Args:
        errors: The probability, in (0, ½], of each symptom with a detector.
        usual: What the errors that are likelier than not flip together; `errors` holds their absence.
        silent: The detectors that no error flips.
    """

    errors: Mapping[Symptom, float]
    usual: Symptom
    silent: tuple[int, ...]


def rare_errors(dem: stim.DetectorErrorModel) -> RareErrors:
    """The rewritten model."""
    errors = independent_errors(dem)
    rare = {symptom: min(p, 1 - p) for symptom, p in errors.items() if symptom.detectors and p < 1}
    used = {detector for symptom in rare for detector in symptom.detectors}
    return RareErrors(
        errors=rare,
        usual=total([symptom for symptom, p in errors.items() if p > 0.5]),
        silent=tuple(sorted(set(range(dem.num_detectors)) - used)),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class CompiledPerShot(CompiledWithConfidence):
    """Decodes every distinct syndrome once.

    Args:
        model: The rewritten model.
        decode: From the detection events of a shot to the flips of the observables, and whether they are
            a guess. It sees the events that are left when the usual errors are taken out.
        detectors: How many detectors the model has.
        observables: How many observables.
    """

    model: RareErrors = field(repr=False)
    decode: DecodeOne = field(repr=False)
    detectors: int
    observables: int

    def decode_shots_with_confidence(self, *, bit_packed_detection_event_data: NDArray[np.uint8]) -> Decoded:
        """The flips, and where the decoder guesses."""
        rows, inverse = distinct(checked_shots(bit_packed_detection_event_data, self.detectors))
        events = unpacked(rows, self.detectors) ^ _columns(self.model.usual.detectors, self.detectors)
        if events[:, self.model.silent].any():
            raise NotDecodable(
                "no set of the model's errors explains a shot: it fires a detector that no error flips; "
                "make the error model from the circuit that was sampled"
            )
        flips = np.zeros((len(rows), self.observables), dtype=np.bool_)
        doubtful = np.zeros(len(rows), dtype=np.bool_)
        for k in np.flatnonzero(events.any(axis=1)):
            flips[k], doubtful[k] = self.decode(events[k])
        flips ^= _columns(self.model.usual.observables, self.observables)
        return Decoded(flips=packed(flips)[inverse], low_confidence=doubtful[inverse])


def _columns(members: frozenset[int], width: int) -> NDArray[np.bool_]:
    found = np.zeros(width, dtype=np.bool_)
    found[list(members)] = True
    return found
