"""The six-state protocol: three bases, so that Eve cannot hide how bit and phase errors belong together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from qnet.devices import SinglePhotonSource
from qnet.qkd._checks import Array, Number, check_within
from qnet.qkd._detector_memory import detector_memory
from qnet.qkd.epsilon import EpsilonBudget
from qnet.qkd.gains import Detection, detection, mixture
from qnet.qkd.link import QkdLink
from qnet.qkd.optimisation import Range
from qnet.qkd.rates._bases import check_qber, with_qber
from qnet.qkd.rates._entropy import capped_entropy, entropy
from qnet.qkd.rates._six_state_bound import least_entropy, six_state_length
from qnet.qkd.rates.counts import BasisCounts
from qnet.qkd.rates.shape import Block, FiniteKey, KeyRate, RateProtocol

__all__ = ["SixState"]


@dataclass(frozen=True, kw_only=True)
class SixState(RateProtocol):
    """The six-state protocol with a single-photon source, two photons at a time now and then included.

    R = q·Q·((1−Δ)(1−e)(1−h(e/(2(1−e)))) − f·h(E)) with e = E/(1−Δ) and the tagged share Δ of GLLP: Eve's
    entropy of a Bell-diagonal state with equal errors in all three bases. Without tags and at f = 1 it is 0
    at E = 12.619 %.

    Source: Lo, Quantum Inf. Comput. 1, 81 (2001), arXiv:quant-ph/0102138.

    Args:
        mean_photon_number: Photons per pulse on average; 1 for a perfect source.
        g2: The source's g²(0); a finite key needs 0.
        bases: `"biased"`: the key comes from Z, X and Y test with `test_probability` together, half of it
            each. `"symmetric"`: all three are equally likely; an endless key comes from all (q = 1/3).
        test_probability: With which probability each end chooses X or Y; None: the best one (an endless
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
        >>> link = QkdLink(length_km=20, detector=Detector(efficiency=0.8, misalignment=0.1))
        >>> bool(SixState(f_ec=1.0).asymptotic_rate(link).rate > 0)
        True
    """

    name: ClassVar[str] = "six-state"
    summary: ClassVar[str] = "six-state protocol with single photons"
    proof: ClassVar[str | None] = (
        "Scarani and Renner, Phys. Rev. Lett. 100, 200501 (2008), with the postselection technique of"
        " Christandl, König, Renner, Phys. Rev. Lett. 102, 020504 (2009)"
    )
    bound: ClassVar[str] = "hoeffding"
    detector_counts: ClassVar[tuple[int, ...]] = (2,)
    free_if_finite: ClassVar[Mapping[str, Range]] = {
        "test_probability": Range(low=1e-5, high=0.7, logarithmic=True)
    }

    mean_photon_number: float = 1.0
    g2: float = 0.0
    bases: str = "biased"
    test_probability: float | None = None
    f_ec: float = 1.16
    qber: float | None = None

    def __post_init__(self) -> None:
        SinglePhotonSource(mean_photon_number=self.mean_photon_number, g2=self.g2)
        if self.bases not in ("biased", "symmetric"):
            raise ValueError(f"bases={self.bases!r} is unknown; give one of biased, symmetric")
        if self.test_probability is not None:
            if self.bases == "symmetric":
                given = f"test_probability={self.test_probability!r} beside symmetric bases"
                raise ValueError(f"{given}, where it is 2/3; leave it out")
            check_within("test_probability", self.test_probability, 0, 1, open_high=True)
        check_within("f_ec", self.f_ec, 1, np.inf, open_high=True)
        check_qber(self.qber)

    @property
    def _source(self) -> SinglePhotonSource:
        return SinglePhotonSource(mean_photon_number=self.mean_photon_number, g2=self.g2)

    def _test(self) -> Array:
        """The probability with which each end chooses X or Y."""
        if self.bases == "symmetric":
            return np.asarray(2 / 3)
        return np.asarray(0.0 if self.test_probability is None else self.test_probability, dtype=np.float64)

    def _seen(self, link: QkdLink) -> Detection:
        if link.detector.count not in self.detector_counts:
            given = f"count={link.detector.count!r} detectors cannot read the three bases of six-state"
            raise ValueError(f"{given}; give 2, behind a modulator that chooses the basis")
        light, test = mixture(self._source.photon_numbers), self._test()
        matched = (1 - test) ** 2 + test**2 / 2
        memory = detector_memory([(1.0, light)], link.efficiency, link.detector, matched=matched)
        return with_qber(detection(light, link.efficiency, link.detector, memory=memory), self.qber)

    def _asymptotic(self, link: QkdLink) -> KeyRate:
        seen = self._seen(link)
        qber, test = np.asarray(seen.error_rate), self._test()
        sifting = 1 / 3 if self.bases == "symmetric" else (1 - test) ** 2
        rest = 1 - np.minimum(self._source.multiphoton_probability / np.maximum(seen.gain, 1e-300), 1.0)
        errors = np.where(rest > 0, np.minimum(qber / np.maximum(rest, 1e-300), 0.5), 0.5)
        fraction = rest * least_entropy(errors, errors, errors) - self.f_ec * entropy(qber)
        sifted = sifting * np.asarray(seen.gain)
        figures: dict[str, Number] = {
            "gain": seen.gain,
            "qber": qber,
            "sifted_share": sifted,
            "tagged_share": 1 - rest,
            "key_fraction": fraction,
            "key_fraction_bb84": rest * (1 - capped_entropy(errors)) - self.f_ec * entropy(qber),
        }
        return KeyRate(
            protocol=self.name, signed_rate=sifted * fraction, figures=figures, parameters=self.parameters
        )

    def _expected(self, link: QkdLink, block: Block) -> BasisCounts:
        self._need_single_photons()
        seen = self._seen(link)
        test = self._test()
        pulses = block.pulses_at((1 - test) ** 2 * np.asarray(seen.gain))
        key, tested = pulses * (1 - test) ** 2, pulses * (test / 2) ** 2
        return BasisCounts(
            pulses=pulses,
            key_bits=key * seen.gain,
            key_errors=key * seen.errors,
            test_bits=tested * seen.gain,
            test_errors=tested * seen.errors,
            other_test_bits=tested * seen.gain,
            other_test_errors=tested * seen.errors,
        )

    def _need_single_photons(self) -> None:
        if self.g2 > 0:
            raise ValueError(f"g2={self.g2!r}: the finite six-state key here needs single photons; give g2=0")

    def finite_key_length(
        self, counts: Any, *, epsilon: EpsilonBudget, leakage_bits: Number | None = None
    ) -> FiniteKey:
        """The secret bits of a block, against general attacks.

        ℓ = n·S − leak − 7·√(n·log₂(2/ε̄)) − 2·log₂(1/ε_PA) − log₂(2/ε_cor) − 30·log₂(N+1), where S is the
        least entropy that Eve has of a bit of the key, given the three error rates with their Hoeffding
        margins; the last term, and ε̄, ε_PA and the margins' ε divided by (N+1)¹⁵, carry the proof from
        collective to general attacks on N pulses.

        Args:
            counts: What was counted, a `BasisCounts` with tests in X and Y; without `key_errors` nothing is
                taken for known of the errors in Z.
            epsilon: The failure probabilities: ε_PA is `secrecy`, and `smoothing` is halved between ε̄ and
                the four margins (X, Y, and Z on both sides); if it is 0, half of ε_sec is ε_PA, a quarter ε̄.
            leakage_bits: What reconciliation told Eve; None: f_EC·n·h(QBER).

        Raises:
            ValueError: If the source gives more than one photon, or no third basis was counted.
        """
        self._need_single_photons()
        return six_state_length(counts, protocol=self, epsilon=epsilon, leakage_bits=leakage_bits)
