"""From flips and predictions to errors, discards and low confidence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Counted", "checked_predictions", "count", "event_counts"]

Packed = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Errors and discards of a batch of shots, with whatever else was counted."""

    errors: int
    discards: int
    custom: Counter[str]


def checked_predictions(predictions: object, *, shots: int, width: int, name: str) -> Packed:
    """What a decoder gave, if it is a row of the right bytes a shot; one byte more says what to discard."""
    if (
        isinstance(predictions, np.ndarray)
        and predictions.dtype == np.uint8
        and predictions.ndim == 2
        and predictions.shape[0] == shots
        and predictions.shape[1] in (width, width + 1)
    ):
        return predictions
    got = f"{getattr(predictions, 'dtype', type(predictions).__name__)} of shape " + str(
        getattr(predictions, "shape", None)
    )
    raise ValueError(f"decoder {name!r} predicted {got}; it must give uint8 of shape ({shots}, {width})")


def count(
    *,
    flips: Packed,
    predictions: Packed,
    low_confidence: NDArray[np.bool_] | None,
    discarding_observables: Packed | None,
    observables: int,
    combinations: bool,
) -> Counted:
    """Count as sinter does: discard first, then call a shot an error if any observable is wrong.

    Args:
        flips: What was measured, bit-packed.
        predictions: What was predicted, bit-packed; one byte more discards where it is not 0.
        low_confidence: Where the decoder guessed.
        discarding_observables: Observables of which a wrong prediction discards the shot.
        observables: How many there are.
        combinations: Whether to count which observables went wrong together.
    """
    width = flips.shape[1]
    wrong = flips ^ predictions[:, :width]
    kept = np.ones(len(flips), dtype=np.bool_)
    if predictions.shape[1] > width:
        kept &= predictions[:, width] == 0
    if discarding_observables is not None:
        kept &= ~(wrong & discarding_observables).any(axis=1)
    failed = wrong.any(axis=1) & kept
    custom: Counter[str] = Counter()
    if low_confidence is not None:
        custom["low_confidence"] = int(np.count_nonzero(low_confidence & kept))
        custom["low_confidence_errors"] = int(np.count_nonzero(low_confidence & failed))
    if combinations:
        custom += _combinations(wrong[failed], observables)
    return Counted(
        errors=int(np.count_nonzero(failed)), discards=int(np.count_nonzero(~kept)), custom=+custom
    )


def event_counts(events: Packed, detectors: int) -> Counter[str]:
    """How many detectors were looked at, and how many fired, under sinter's names."""
    fired = int(np.unpackbits(events).sum(dtype=np.int64))
    return Counter({"detectors_checked": detectors * len(events), "detection_events": fired})


def _combinations(wrong: Packed, observables: int) -> Counter[str]:
    rows, times = np.unique(wrong, axis=0, return_counts=True)
    bits = np.unpackbits(rows, axis=1, count=observables, bitorder="little")
    keys = ("obs_mistake_mask=" + "".join("_E"[bit] for bit in row) for row in bits)
    return Counter(dict(zip(keys, times.tolist(), strict=True)))
