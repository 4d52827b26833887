"""BB84 with weak pulses and without decoys (GLLP), to compare decoys with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from qnet.qkd._checks import Number, check_within
from qnet.qkd._detector_memory import detector_memory
from qnet.qkd.gains import coherent, detection
from qnet.qkd.link import QkdLink
from qnet.qkd.optimisation import Range
from qnet.qkd.rates._bases import check_bases, share_of_test, sifted_share
from qnet.qkd.rates._tagging import untagged_key_fraction
from qnet.qkd.rates.shape import KeyRate, RateProtocol

__all__ = ["BB84WithoutDecoys"]


@dataclass(frozen=True, kw_only=True)
class BB84WithoutDecoys(RateProtocol):
    """BB84 with weak coherent pulses of one intensity: every pulse with several photons is Eve's.

    Without decoys nobody sees which pulses Eve lets through, so that all multi-photon pulses, P(n ≥ 2) of
    those sent, have to be taken for detected. The best intensity is about the transmittance, and the rate
    falls with its square.

    Source: Gottesman, Lo, Lütkenhaus, Preskill, Quantum Inf. Comput. 4, 325 (2004), arXiv:quant-ph/0212066.

    Args:
        signal_intensity: Mean photon number; None: the best one.
        bases: `"biased"` or `"symmetric"` (q = ½).
        test_probability: With which probability each end chooses the X basis; None: 0 in the limit.
        f_ec: Leakage of the reconciliation in units of n·h(QBER), at least 1.

    Raises:
        ValueError: If `signal_intensity` is not above 0.
        ValueError: If `bases` is unknown, or `test_probability` out of range or beside `"symmetric"`.
        ValueError: If `f_ec` is below 1.

    Example:
        >>> from qnet.qkd.presets import preset
        >>> gys = preset("gys")
        >>> protocol = BB84WithoutDecoys(**gys.settings_of(BB84WithoutDecoys))
        >>> [bool(rate > 0) for rate in protocol.asymptotic_rate(gys.link([40, 41])).rate]
        [True, False]
    """

    name: ClassVar[str] = "bb84-no-decoy"
    summary: ClassVar[str] = "BB84 with weak pulses and without decoys (GLLP)"
    free: ClassVar[Mapping[str, Range]] = {"signal_intensity": Range(low=1e-7, high=1.0, logarithmic=True)}
    free_if_finite: ClassVar[Mapping[str, Range]] = {
        "test_probability": Range(low=1e-5, high=0.5, logarithmic=True)
    }

    signal_intensity: float | None = None
    bases: str = "biased"
    test_probability: float | None = None
    f_ec: float = 1.16

    def __post_init__(self) -> None:
        if self.signal_intensity is not None:
            check_within("signal_intensity", self.signal_intensity, 0, np.inf, open_low=True, open_high=True)
        check_bases(self.bases, self.test_probability)
        check_within("f_ec", self.f_ec, 1, np.inf, open_high=True)

    def _asymptotic(self, link: QkdLink) -> KeyRate:
        mean = np.asarray(self.signal_intensity, dtype=np.float64)
        light = coherent(mean)
        share = 1 - share_of_test(self.bases, self.test_probability)
        memory = detector_memory(
            [(1.0, light)],
            link.efficiency,
            link.detector,
            matched=share**2 + (1 - share) ** 2,
            basis_share=share,
        )
        seen = detection(light, link.efficiency, link.detector, memory=memory, basis_share=share)
        many = -np.expm1(-mean) - mean * np.exp(-mean)
        tagged = np.minimum(many / np.maximum(seen.gain, 1e-300), 1.0)
        tested = seen
        if link.detector.count == 4:
            least = np.maximum(1 - share, 1e-9)
            tested = detection(
                light, link.efficiency, link.detector, memory=memory.turned(), basis_share=least
            )
        fraction = untagged_key_fraction(seen.error_rate, tagged, self.f_ec, tested.error_rate)
        sifted = sifted_share(self.bases, self.test_probability) * np.asarray(seen.gain)
        figures: dict[str, Number] = {
            "gain": seen.gain,
            "qber": seen.error_rate,
            "sifted_share": sifted,
            "tagged_share": tagged,
            "key_fraction": fraction,
        }
        return KeyRate(
            protocol=self.name, signed_rate=sifted * fraction, figures=figures, parameters=self.parameters
        )
