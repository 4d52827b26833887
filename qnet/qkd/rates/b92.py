"""B92: two states that are not orthogonal, and the price of loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from qnet.bounds.entropies import binary_entropy
from qnet.qkd._checks import as_number, check_within
from qnet.qkd.link import QkdLink
from qnet.qkd.optimisation import Range
from qnet.qkd.rates._b92_formulas import b92_conclusive, b92_phase_error
from qnet.qkd.rates._division import quotient
from qnet.qkd.rates._photon_counting import check_source, fock_detection, pulse_detection
from qnet.qkd.rates.shape import KeyRate, RateProtocol

__all__ = ["B92"]


@dataclass(frozen=True, kw_only=True)
class B92(RateProtocol):
    """B92 with single photons, or with weak pulses and infinitely many decoys, without a strong reference.

    An eavesdropper who tells the two states apart without error, and blocks what stays unclear, hides in
    the loss: on longer ways the states must be closer, and the rate falls with the square of the
    transmittance. Only single photons count. Bob's detectors are taken to tell one photon from several.

    Args:
        source: `"weak"` pulses, or `"single"` photons.
        intensity: Mean photon number of weak pulses; chosen at its best if None. Single photons have none.
        angle_deg: Angle between the two states' vectors, 45 between |0⟩ and |+⟩; chosen at its best if None.
        f_ec: f_EC, how much more than Shannon's bound reconciliation tells; at least 1.

    Raises:
        ValueError: If the source is unknown, the intensity not above 0, the angle not between 0 and 90, or
            f_EC below 1.

    Example:
        >>> from qnet.devices import Detector
        >>> link = QkdLink(length_km=10, detector=Detector(efficiency=0.5, misalignment=0.001))
        >>> found = B92(source="single", f_ec=1.0).asymptotic_rate(link)
        >>> round(found.parameters["angle_deg"], 1), round(found.rate, 4)
        (26.1, 0.0082)

    Source:
        K. Tamaki, M. Koashi, N. Imoto, Phys. Rev. Lett. 90, 167904 (2003), arXiv:quant-ph/0210162; K. Tamaki,
        N. Lütkenhaus, Phys. Rev. A 69, 032316 (2004), arXiv:quant-ph/0308048 (loss); H.-K. Lo, X. Ma,
        K. Chen, Phys. Rev. Lett. 94, 230504 (2005), arXiv:quant-ph/0411004 (decoys).
    """

    name: ClassVar[str] = "b92"
    summary: ClassVar[str] = "two states that are not orthogonal; what loses photons loses the key twice"
    free: ClassVar[Mapping[str, Range]] = {
        "intensity": Range(low=1e-3, high=2.0, logarithmic=True),
        "angle_deg": Range(low=0.05, high=89.0, logarithmic=True),
    }

    source: str = "weak"
    intensity: float | None = None
    angle_deg: float | None = None
    f_ec: float = 1.16

    def __post_init__(self) -> None:
        check_source(self.source, self.intensity)
        for name in ("intensity", "angle_deg"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, as_number(name, getattr(self, name)))
        if self.angle_deg is not None:
            check_within("angle_deg", self.angle_deg, 0, 90, open_low=True, open_high=True)
        check_within("f_ec", self.f_ec, 1, np.inf, open_high=True)

    def sought(self, *, finite: bool) -> dict[str, Range]:
        """The parameters that are still to be chosen; single photons have no intensity."""
        found = super().sought(finite=finite)
        return {k: v for k, v in found.items() if self.source == "weak" or k != "intensity"}

    def _asymptotic(self, link: QkdLink) -> KeyRate:
        assert self.angle_deg is not None
        overlap = np.cos(np.radians(self.angle_deg))
        intensity = self.intensity if self.source == "weak" else None
        pulse = pulse_detection(link, intensity)
        gain, wrong = b92_conclusive(pulse.gain, pulse.errors, overlap)
        qber = quotient(wrong, gain, 0.5)
        one, share = fock_detection(link, intensity, 1)
        kept, errors = b92_conclusive(one.gain, one.errors, overlap)
        phase = b92_phase_error(one.gain, kept, errors, overlap)
        rate = share * kept * (1 - binary_entropy(phase)) - self.f_ec * gain * binary_entropy(qber)
        figures = {
            "gain": gain,
            "qber": qber,
            "single_photon_gain": share * kept,
            "single_photon_qber": quotient(errors, kept, 0.5),
            "phase_error_rate": phase,
            "overlap": overlap,
        }
        return KeyRate(
            protocol=self.name, signed_rate=np.asarray(rate)[()], figures=figures, parameters=self.parameters
        )
