"""Twin-field key distribution, sending or not sending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from qnet.qkd._checks import as_number, check_within
from qnet.qkd.link import QkdLink
from qnet.qkd.optimisation import Range
from qnet.qkd.rates._twin_field_formulas import sending_or_not_sending
from qnet.qkd.rates.shape import KeyRate, RateProtocol

__all__ = ["TwinField"]


@dataclass(frozen=True, kw_only=True)
class TwinField(RateProtocol):
    """Twin-field key distribution by sending or not sending, with infinitely many decoys.

    Both ends send to a station half-way, where single photons interfere: the rate falls with the square root
    of the transmittance, above the fibre's own capacity on long ways. The lasers' phases must be locked.

    Args:
        intensity: Mean photon number of a pulse that is sent; chosen at its best if None.
        sending_probability: ε, how often a party sends in a window for the key; chosen at its best if None.
        f_ec: f_EC, how much more than Shannon's bound reconciliation tells; at least 1.

    Raises:
        ValueError: If the intensity is not above 0, the probability not between 0 and 1, or f_EC below 1.

    Example:
        >>> from qnet.devices import Detector
        >>> detector = Detector(efficiency=0.5, dark_count_probability=1e-9, misalignment=0.03)
        >>> found = TwinField().asymptotic_rate(QkdLink(length_km=300, detector=detector))
        >>> f"{found.rate:.4e}"
        '3.8587e-06'

    Source:
        X.-B. Wang, Z.-W. Yu, X.-L. Hu, Phys. Rev. A 98, 062323 (2018), arXiv:1805.09222.
    """

    name: ClassVar[str] = "twin-field"
    summary: ClassVar[str] = "single photons of two lasers interfere half-way: sending or not sending"
    free: ClassVar[Mapping[str, Range]] = {
        "intensity": Range(low=1e-2, high=2.0, logarithmic=True),
        "sending_probability": Range(low=1e-3, high=0.5, logarithmic=True),
    }

    intensity: float | None = None
    sending_probability: float | None = None
    f_ec: float = 1.15

    def __post_init__(self) -> None:
        for name in ("intensity", "sending_probability"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, as_number(name, getattr(self, name)))
        if self.intensity is not None:
            check_within("intensity", self.intensity, 0, np.inf, open_low=True, open_high=True)
        if self.sending_probability is not None:
            check_within("sending_probability", self.sending_probability, 0, 1, open_low=True, open_high=True)
        check_within("f_ec", self.f_ec, 1, np.inf, open_high=True)

    def _asymptotic(self, link: QkdLink) -> KeyRate:
        arm = np.sqrt(link.channel_transmittance) * link.detector.efficiency
        assert self.intensity is not None
        assert self.sending_probability is not None
        found = sending_or_not_sending(
            arm,
            intensity=self.intensity,
            sending_probability=self.sending_probability,
            dark_count_probability=link.detector.dark_count_probability,
            misalignment=link.detector.misalignment,
            f_ec=self.f_ec,
        )
        figures = {
            "gain": found.gain,
            "qber": found.error_rate,
            "single_photon_yield": found.single_photon_yield,
            "phase_error_rate": found.phase_error_rate,
            "yield_none_sent": found.none_sent,
            "yield_one_sent": found.one_sent,
            "yield_both_sent": found.both_sent,
        }
        return KeyRate(
            protocol=self.name, signed_rate=found.rate[()], figures=figures, parameters=self.parameters
        )
