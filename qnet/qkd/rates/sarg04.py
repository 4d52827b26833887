"""SARG04: BB84's four states, sifted so that one stolen photon of two does not tell the bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from qnet.bounds.entropies import binary_entropy
from qnet.qkd._checks import as_number, check_within
from qnet.qkd.link import QkdLink
from qnet.qkd.optimisation import Range
from qnet.qkd.rates._division import quotient
from qnet.qkd.rates._photon_counting import check_source, fock_detection, pulse_detection
from qnet.qkd.rates._sarg04_formulas import (
    one_photon_fraction,
    sarg04_conclusive,
    two_photon_fraction,
    two_photon_phase_error,
)
from qnet.qkd.rates.shape import KeyRate, RateProtocol

__all__ = ["SARG04"]


@dataclass(frozen=True, kw_only=True)
class SARG04(RateProtocol):
    """SARG04 with single photons, or with weak pulses and infinitely many decoys.

    Pairs of photons leave a key, too, up to an error rate of 2.71 % (single photons: 9.69 %). The vacuum's
    contribution is left out, and sifting (a quarter is conclusive) is in the rate.

    Args:
        source: `"weak"` pulses, or `"single"` photons.
        intensity: Mean photon number of weak pulses; chosen at its best if None. Single photons have none.
        f_ec: f_EC, how much more than Shannon's bound reconciliation tells; at least 1.

    Raises:
        ValueError: If the source is unknown, the intensity not above 0, or f_EC below 1.

    Example:
        >>> from qnet.devices import Detector
        >>> link = QkdLink(length_km=50, detector=Detector(efficiency=0.5, misalignment=0.01))
        >>> f"{SARG04().asymptotic_rate(link).rate:.3e}"
        '2.999e-03'

    Source:
        K. Tamaki, H.-K. Lo, Phys. Rev. A 73, 010302(R) (2006), arXiv:quant-ph/0412035;
        C.-H. F. Fung, K. Tamaki, H.-K. Lo, Phys. Rev. A 73, 012337 (2006), arXiv:quant-ph/0510025 (decoys).
    """

    name: ClassVar[str] = "sarg04"
    summary: ClassVar[str] = (
        "BB84's states, sifted against photon-number splitting; one and two photons count"
    )
    free: ClassVar[Mapping[str, Range]] = {"intensity": Range(low=1e-3, high=2.0, logarithmic=True)}

    source: str = "weak"
    intensity: float | None = None
    f_ec: float = 1.16

    def __post_init__(self) -> None:
        check_source(self.source, self.intensity)
        if self.intensity is not None:
            object.__setattr__(self, "intensity", as_number("intensity", self.intensity))
        check_within("f_ec", self.f_ec, 1, np.inf, open_high=True)

    def sought(self, *, finite: bool) -> dict[str, Range]:
        """The parameters that are still to be chosen; single photons leave nothing to choose."""
        return super().sought(finite=finite) if self.source == "weak" else {}

    def _asymptotic(self, link: QkdLink) -> KeyRate:
        intensity = self.intensity if self.source == "weak" else None
        pulse = pulse_detection(link, intensity)
        gain, wrong = sarg04_conclusive(pulse.gain, pulse.errors)
        one = self._photons(link, intensity, 1)
        two = self._photons(link, intensity, 2)
        e1, e2 = quotient(one[1], one[0], 0.5), quotient(two[1], two[0], 0.5)
        qber = quotient(wrong, gain, 0.5)
        secret = one[0] * one_photon_fraction(e1) + two[0] * two_photon_fraction(e2)
        rate = secret - self.f_ec * gain * binary_entropy(qber)
        figures = {
            "gain": gain,
            "qber": qber,
            "single_photon_gain": one[0],
            "single_photon_qber": e1,
            "two_photon_gain": two[0],
            "two_photon_qber": e2,
            "two_photon_phase_error_rate": two_photon_phase_error(e2),
        }
        return KeyRate(protocol=self.name, signed_rate=rate[()], figures=figures, parameters=self.parameters)

    def _photons(self, link: QkdLink, intensity: Any, photons: int) -> tuple[Any, Any]:
        """The conclusive gain of pulses with so many photons, and of its wrong part."""
        seen, share = fock_detection(link, intensity, photons)
        kept, wrong = sarg04_conclusive(seen.gain, seen.errors)
        return share * kept, share * wrong
