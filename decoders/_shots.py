"""What every decoder checks about its model and its shots."""

from __future__ import annotations

import numpy as np
import stim
from numpy.typing import NDArray

__all__ = ["checked_model", "checked_shots", "packed_width"]


def packed_width(bits: int) -> int:
    """Bytes that hold so many bits."""
    return (bits + 7) // 8


def checked_model(dem: stim.DetectorErrorModel) -> stim.DetectorErrorModel:
    """The model itself, if it is one."""
    if not isinstance(dem, stim.DetectorErrorModel):
        raise ValueError(f"dem={type(dem).__name__} is no error model; give a stim.DetectorErrorModel")
    return dem


def checked_shots(events: NDArray[np.uint8], detectors: int) -> NDArray[np.uint8]:
    """The detection events themselves, if they are bit-packed rows of so many detectors."""
    width = packed_width(detectors)
    shape = getattr(events, "shape", None)
    if getattr(events, "dtype", None) != np.uint8 or shape is None or len(shape) != 2 or shape[1] != width:
        raise ValueError(
            f"bit_packed_detection_event_data of shape {shape} and type {getattr(events, 'dtype', None)} "
            f"does not fit {detectors} detectors; give uint8 of shape (shots, {width})"
        )
    return events
