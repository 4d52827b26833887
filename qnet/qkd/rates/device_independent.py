"""Device-independent key distribution on the violation of the CHSH inequality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from qnet.qkd._checks import check_within
from qnet.qkd.link import QkdLink
from qnet.qkd.rates._chsh_formulas import (
    chsh_information,
    device_independent_fraction,
    no_click_statistics,
)
from qnet.qkd.rates.shape import KeyRate, RateProtocol

__all__ = ["DeviceIndependent"]


@dataclass(frozen=True, kw_only=True)
class DeviceIndependent(RateProtocol):
    """Key from pairs whose CHSH value alone says how much is secret, against collective attacks.

    Nothing may be thrown away, or the detection loophole opens: a side without a click notes +1, so that
    each side must see 92.3 % of its photons. A source half-way reaches 1.7 km of fibre at best; where a
    herald tells both sides that a pair has come, only the detectors count as losses.

    Args:
        visibility: V of the Werner pairs; misaligned detectors take off a share 2e_d more.
        heralded: Whether a pair that the channel lost is known to be lost before the settings are chosen.
        f_ec: f_EC, how much more than Shannon's bound reconciliation tells; at least 1.

    Raises:
        ValueError: If the visibility is not from 0 to 1, or f_EC below 1.

    Example:
        >>> from qnet.devices import Detector
        >>> link = QkdLink(length_km=50, detector=Detector(efficiency=0.98))
        >>> DeviceIndependent().asymptotic_rate(link).rate
        0.0
        >>> round(DeviceIndependent(heralded=True, f_ec=1.0).asymptotic_rate(link).rate, 4)
        0.0618

    Source:
        A. Acín et al., Phys. Rev. Lett. 98, 230501 (2007), arXiv:quant-ph/0702152; S. Pironio et al., New J.
        Phys. 11, 045021 (2009), arXiv:0903.4460.
    """

    name: ClassVar[str] = "di"
    summary: ClassVar[str] = "pairs that violate the CHSH inequality; the devices need not be trusted"

    visibility: float = 1.0
    heralded: bool = False
    f_ec: float = 1.16

    def __post_init__(self) -> None:
        check_within("visibility", self.visibility, 0, 1)
        check_within("f_ec", self.f_ec, 1, np.inf, open_high=True)

    def _asymptotic(self, link: QkdLink) -> KeyRate:
        detector = link.detector
        channel = np.asarray(link.channel_transmittance)
        herald = channel if self.heralded else np.ones_like(channel)
        side = detector.efficiency * (np.ones_like(channel) if self.heralded else np.sqrt(channel))
        chsh, qber = no_click_statistics(
            side,
            visibility=np.asarray(self.visibility) * (1 - 2 * detector.misalignment),
            dark_count_probability=detector.dark_count_probability,
        )
        fraction = device_independent_fraction(chsh, qber, f_ec=self.f_ec)
        figures = {
            "chsh_s": chsh,
            "qber": qber,
            "efficiency_per_side": side,
            "herald_probability": herald,
            "eavesdropper_information": chsh_information(chsh),
            "secret_fraction": fraction,
        }
        return KeyRate(
            protocol=self.name,
            signed_rate=(herald * fraction)[()],
            figures=figures,
            parameters=self.parameters,
        )
