"""What every decoder checks about its model and its shots, and how the bits lie."""

from __future__ import annotations

import numpy as np
import stim
from numpy.typing import NDArray

__all__ = ["checked_model", "checked_shots", "distinct", "packed", "packed_width", "unpacked"]

Bools = NDArray[np.bool_]
Packed = NDArray[np.uint8]


def packed_width(bits: int) -> int:
    """Bytes that hold so many bits."""
    return (bits + 7) // 8


def checked_model(dem: stim.DetectorErrorModel) -> stim.DetectorErrorModel:
    """The model itself, if it is one."""
    if not isinstance(dem, stim.DetectorErrorModel):
        raise ValueError(f"dem={type(dem).__name__} is no error model; give a stim.DetectorErrorModel")
    return dem


def checked_shots(events: Packed, detectors: int) -> Packed:
    """The detection events themselves, if they are bit-packed rows of so many detectors."""
    width = packed_width(detectors)
    shape = getattr(events, "shape", None)
    if getattr(events, "dtype", None) != np.uint8 or shape is None or len(shape) != 2 or shape[1] != width:
        raise ValueError(
            f"bit_packed_detection_event_data of shape {shape} and type {getattr(events, 'dtype', None)} "
            f"does not fit {detectors} detectors; give uint8 of shape (shots, {width})"
        )
    return events


def unpacked(rows: Packed, bits: int) -> Bools:
    """One column for each bit, of which bit 0 of byte 0 is the first."""
    return np.unpackbits(rows, axis=1, count=bits, bitorder="little").view(np.bool_)


def packed(columns: Bools) -> Packed:
    """The inverse of `unpacked`."""
    return np.packbits(columns, axis=1, bitorder="little")


def distinct(rows: Packed) -> tuple[Packed, NDArray[np.intp]]:
    """The distinct rows, and for every row the place of its like among them."""
    if rows.shape[1] == 0:
        return rows[:1], np.zeros(len(rows), dtype=np.intp)
    keys = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.shape[1])))[:, 0]
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return rows[first], inverse
