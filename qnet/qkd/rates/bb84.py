"""BB84 with single photons: Shor–Preskill and GLLP for endless keys, Tomamichel 2012 for finite ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from qnet.devices import SinglePhotonSource
from qnet.qkd._checks import Number, check_within
from qnet.qkd._detector_memory import detector_memory
from qnet.qkd.epsilon import EpsilonBudget
from qnet.qkd.gains import Detection, detection, mixture
from qnet.qkd.link import QkdLink
from qnet.qkd.optimisation import Range
from qnet.qkd.rates._bases import check_bases, check_qber, share_of_test, sifted_share, with_qber
from qnet.qkd.rates._tagging import untagged_key_fraction
from qnet.qkd.rates._uncertainty import key_length
from qnet.qkd.rates.counts import BasisCounts
from qnet.qkd.rates.shape import Block, FiniteKey, KeyRate, RateProtocol

__all__ = ["BB84"]


@dataclass(frozen=True, kw_only=True)
class BB84(RateProtocol):
    """BB84 with a single-photon source, two photons at a time now and then included.

    Args:
        mean_photon_number: Photons per pulse on average; 1 for a perfect source.
        g2: The source's g²(0).
        bases: `"biased"`: the key comes from Z, X tests, with `test_probability`; an endless key needs hardly
            any X. `"symmetric"`: both bases are equally likely; an endless key comes from both (q = ½).
        test_probability: With which probability each end chooses the X basis; None: the best one (an endless
            key: 0 in the limit).
        f_ec: Leakage of the reconciliation in units of n·h(QBER), at least 1.
        qber: An error rate to reckon with in place of the one that the link and its detectors make, in all
            bases;
            None: the latter.

    Raises:
        ValueError: If the source's values belong to no source.
        ValueError: If `bases` is unknown, or `test_probability` out of range or beside `"symmetric"`.
        ValueError: If `f_ec` is below 1.
        ValueError: If `qber` is not from 0 to ½.

    Example:
        >>> from qnet.devices import Detector
        >>> link = QkdLink(length_km=20, detector=Detector(efficiency=0.8, misalignment=0.01))
        >>> round(BB84().asymptotic_rate(link).rate, 6)
        0.262906
    """

    name: ClassVar[str] = "bb84"
    summary: ClassVar[str] = "BB84 with single photons"
    proof: ClassVar[str | None] = "Tomamichel, Lim, Gisin, Renner, Nat. Commun. 3, 634 (2012)"
    bound: ClassVar[str] = "serfling"
    free_if_finite: ClassVar[Mapping[str, Range]] = {
        "test_probability": Range(low=1e-5, high=0.5, logarithmic=True)
    }

    mean_photon_number: float = 1.0
    g2: float = 0.0
    bases: str = "biased"
    test_probability: float | None = None
    f_ec: float = 1.16
    qber: float | None = None

    def __post_init__(self) -> None:
        SinglePhotonSource(mean_photon_number=self.mean_photon_number, g2=self.g2)
        check_bases(self.bases, self.test_probability)
        check_within("f_ec", self.f_ec, 1, np.inf, open_high=True)
        check_qber(self.qber)

    def _seen(self, link: QkdLink) -> tuple[Detection, Detection]:
        source = SinglePhotonSource(mean_photon_number=self.mean_photon_number, g2=self.g2)
        light = mixture(source.photon_numbers)
        share = 1 - share_of_test(self.bases, self.test_probability)
        matched = share**2 + (1 - share) ** 2
        memory = detector_memory(
            [(1.0, light)], link.efficiency, link.detector, matched=matched, basis_share=share
        )
        key = detection(light, link.efficiency, link.detector, memory=memory, basis_share=share)
        key = with_qber(key, self.qber)
        if link.detector.count == 2:
            return key, key
        least = np.maximum(1 - share, 1e-9)
        turned = memory.turned()
        tested = detection(light, link.efficiency, link.detector, memory=turned, basis_share=least)
        return key, with_qber(tested, self.qber)

    @property
    def _multiphoton(self) -> float:
        return SinglePhotonSource(
            mean_photon_number=self.mean_photon_number, g2=self.g2
        ).multiphoton_probability

    def _asymptotic(self, link: QkdLink) -> KeyRate:
        seen, tested = self._seen(link)
        sifting = sifted_share(self.bases, self.test_probability)
        tagged = np.minimum(self._multiphoton / np.maximum(seen.gain, 1e-300), 1.0)
        fraction = untagged_key_fraction(seen.error_rate, tagged, self.f_ec, tested.error_rate)
        figures: dict[str, Number] = {
            "gain": seen.gain,
            "qber": seen.error_rate,
            "sifted_share": sifting * np.asarray(seen.gain),
            "tagged_share": tagged,
            "phase_error_rate": np.minimum(
                np.asarray(tested.error_rate) / np.maximum(1 - tagged, 1e-300), 0.5
            ),
            "key_fraction": fraction,
        }
        return KeyRate(
            protocol=self.name,
            signed_rate=(sifting * np.asarray(seen.gain) * fraction)[()],
            figures=figures,
            parameters=self.parameters,
        )

    def _expected(self, link: QkdLink, block: Block) -> BasisCounts:
        seen, seen_in_test = self._seen(link)
        test = share_of_test(self.bases, self.test_probability)
        pulses = block.pulses_at((1 - test) ** 2 * np.asarray(seen.gain))
        key, tested = pulses * (1 - test) ** 2, pulses * test**2
        return BasisCounts(
            pulses=pulses,
            key_bits=key * seen.gain,
            key_errors=key * seen.errors,
            test_bits=tested * seen_in_test.gain,
            test_errors=tested * seen_in_test.errors,
        )

    def finite_key_length(
        self, counts: Any, *, epsilon: EpsilonBudget, leakage_bits: Number | None = None
    ) -> FiniteKey:
        """The secret bits of a block.

        ℓ ≤ n(1−h(Q+ν)) − leak − log₂(2/(ε_sec²·ε_cor)), ν = √((n+k)/(nk)·(k+1)/k·ln(4/ε_sec)), Eqs. (2) and
        (3) of Tomamichel et al. 2012 with the logarithm of its second version (arXiv:1103.4130v2). Where the
        source has multi-photon pulses, all bits that may come from them (their expected number of pulses and
        the Chernoff bound above it, in each basis) are given to Eve, and all errors to the rest.

        Args:
            counts: What was counted, a `BasisCounts`.
            epsilon: The failure probabilities.
            leakage_bits: What reconciliation told Eve; None: f_EC·n·h(QBER).

        Returns:
            The length, with the figures `qber`, `phase_error_bound` and others.

        Raises:
            ValueError: If the source has multi-photon pulses and `test_probability` is not known.
        """
        if self._multiphoton > 0 and self.bases == "biased" and self.test_probability is None:
            raise ValueError(
                f"test_probability=None beside g2={self.g2!r}: how many pulses with two photons were tested"
                " is not known; give the probability with which X was chosen"
            )
        test = share_of_test(self.bases, self.test_probability)
        return key_length(
            counts,
            protocol=self,
            epsilon=epsilon,
            leakage_bits=leakage_bits,
            tagged=((1 - test) ** 2 * self._multiphoton, test**2 * self._multiphoton),
        )
