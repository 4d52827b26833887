"""What a receiver sees of single photons or of weak pulses, photon number by photon number."""

from __future__ import annotations

from math import factorial
from typing import Any

import numpy as np

from qnet.qkd._detector_memory import detector_memory
from qnet.qkd.gains import Detection, coherent, detection, fock
from qnet.qkd.link import QkdLink

__all__ = ["SOURCES", "check_source", "fock_detection", "pulse_detection"]

SOURCES = ("weak", "single")


def check_source(source: str, intensity: Any) -> None:
    """Refuse an unknown source, and an intensity that is not above 0 or belongs to no weak pulse."""
    if source not in SOURCES:
        raise ValueError(f"source={source!r} is unknown; give one of {', '.join(SOURCES)}")
    if intensity is None:
        return
    if source == "single":
        raise ValueError(f"intensity={intensity!r} does not go with source='single'; leave it out")
    if not (np.asarray(intensity, dtype=float) > 0).all():
        raise ValueError(f"intensity={intensity!r} is out of range; it must be above 0")


def pulse_detection(link: QkdLink, intensity: Any) -> Detection:
    """What is seen of a pulse in the basis of sending: weak, or, without an intensity, a single photon."""
    return detection(_light(intensity), link.efficiency, link.detector, memory=_memory(link, intensity))


def fock_detection(link: QkdLink, intensity: Any, photons: int) -> tuple[Detection, Any]:
    """What is seen of pulses with so many photons, and how often there are so many."""
    seen = detection(fock(photons), link.efficiency, link.detector, memory=_memory(link, intensity))
    if intensity is None:
        return seen, 1.0 if photons == 1 else 0.0
    mean = np.asarray(intensity, dtype=float)
    return seen, np.exp(-mean) * mean**photons / factorial(photons)


def _light(intensity: Any) -> Any:
    return fock(1) if intensity is None else coherent(intensity)


def _memory(link: QkdLink, intensity: Any) -> Any:
    return detector_memory([(1.0, _light(intensity))], link.efficiency, link.detector)
