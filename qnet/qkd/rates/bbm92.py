"""BBM92 with pairs by parametric down-conversion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from qnet.qkd._checks import Array, Number, check_within
from qnet.qkd._detector_memory import Memory, pair_memory
from qnet.qkd.epsilon import EpsilonBudget
from qnet.qkd.gains import Detection, pair_detection
from qnet.qkd.link import QkdLink
from qnet.qkd.optimisation import Range
from qnet.qkd.rates._bases import check_bases, check_qber, share_of_test, sifted_share, with_qber
from qnet.qkd.rates._tagging import untagged_key_fraction
from qnet.qkd.rates._uncertainty import key_length
from qnet.qkd.rates.counts import BasisCounts
from qnet.qkd.rates.shape import Block, FiniteKey, KeyRate, RateProtocol

__all__ = ["BBM92"]


@dataclass(frozen=True, kw_only=True)
class BBM92(RateProtocol):
    """BBM92: both ends measure halves of entangled pairs in two bases; the source need not be trusted.

    R = q·Q·(1 − f·h(E) − h(E)) with the gain Q and the error rate E of all coincidences: a source that does
    not know the bases needs no photon-number tagging (Koashi and Preskill, Phys. Rev. Lett. 90, 057902
    (2003)).

    Source: Ma, Fung, Lo, Phys. Rev. A 76, 012307 (2007), arXiv:quant-ph/0703122, for the source's statistics.

    Args:
        mean_pairs: Pairs per pulse on average, μ = 2λ; None: the best.
        source_position: Where the source stands: 0 at Alice's, ½ half-way, 1 at Bob's; the channel's loss
            in dB is shared out accordingly. Both ends have the link's detectors, whose misalignment counts
            once for the pair.
        bases: `"biased"` or `"symmetric"` (q = ½).
        test_probability: With which probability each end chooses the X basis; None: the best one (an endless
            key: 0 in the limit).
        f_ec: Leakage of the reconciliation in units of n·h(QBER), at least 1.
        qber: An error rate to reckon with in place of the one that the link and its detectors make, in all
            bases;
            None: the latter.

    Raises:
        ValueError: If `mean_pairs` is not above 0, or `source_position` not from 0 to 1.
        ValueError: If `bases` is unknown, or `test_probability` out of range or beside `"symmetric"`.
        ValueError: If `f_ec` is below 1.
        ValueError: If `qber` is not from 0 to ½.

    Example:
        >>> from qnet.devices import Detector
        >>> link = QkdLink(length_km=100, detector=Detector(efficiency=0.8, misalignment=0.01))
        >>> best = BBM92().asymptotic_rate(link)
        >>> f"{best.rate:.2e}", round(best.parameters["mean_pairs"], 2)
        ('2.87e-04', 0.12)
    """

    name: ClassVar[str] = "bbm92"
    summary: ClassVar[str] = "BBM92 with pairs by parametric down-conversion"
    proof: ClassVar[str | None] = "Tomamichel, Lim, Gisin, Renner, Nat. Commun. 3, 634 (2012)"
    bound: ClassVar[str] = "serfling"
    free: ClassVar[Mapping[str, Range]] = {"mean_pairs": Range(low=1e-5, high=2.0, logarithmic=True)}
    free_if_finite: ClassVar[Mapping[str, Range]] = {
        "test_probability": Range(low=1e-5, high=0.5, logarithmic=True)
    }

    mean_pairs: float | None = None
    source_position: float = 0.5
    bases: str = "biased"
    test_probability: float | None = None
    f_ec: float = 1.16
    qber: float | None = None

    def __post_init__(self) -> None:
        if self.mean_pairs is not None:
            check_within("mean_pairs", self.mean_pairs, 0, np.inf, open_low=True, open_high=True)
        check_within("source_position", self.source_position, 0, 1)
        check_bases(self.bases, self.test_probability)
        check_within("f_ec", self.f_ec, 1, np.inf, open_high=True)
        check_qber(self.qber)

    def _seen(self, link: QkdLink) -> tuple[Detection, Detection]:
        """What is counted in the key's basis and in the test's."""
        channel, detector = np.asarray(link.channel_transmittance), link.detector
        position, pairs = self.source_position, self.mean_pairs
        assert pairs is not None
        ends = (detector.efficiency * channel**position, detector.efficiency * channel ** (1 - position))
        share = 1 - share_of_test(self.bases, self.test_probability)
        memories = (
            pair_memory(pairs, ends[0], detector, basis_share=share),
            pair_memory(pairs, ends[1], detector, basis_share=share),
        )

        def seen(basis_share: Array, kept: tuple[Memory, Memory]) -> Detection:
            both = (detector, detector)
            made = pair_detection(pairs, ends, both, detector.misalignment, kept, basis_share)
            return with_qber(made, self.qber)

        key = seen(share, memories)
        if detector.count == 2:
            return key, key
        turned = (memories[0].turned(), memories[1].turned())
        return key, seen(np.maximum(1 - share, 1e-9), turned)

    def _asymptotic(self, link: QkdLink) -> KeyRate:
        seen, tested = self._seen(link)
        sifted = sifted_share(self.bases, self.test_probability) * np.asarray(seen.gain)
        fraction = untagged_key_fraction(seen.error_rate, 0.0, self.f_ec, tested.error_rate)
        figures: dict[str, Number] = {
            "gain": seen.gain,
            "qber": seen.error_rate,
            "sifted_share": sifted,
            "key_fraction": fraction,
        }
        return KeyRate(
            protocol=self.name, signed_rate=sifted * fraction, figures=figures, parameters=self.parameters
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
        """The secret bits of a block, by the bound of `BB84.finite_key_length` for coincidences.

        The bound asks only that the two bases are complementary at one end and that losses do not depend on
        the basis, so that it holds for whatever pairs arrive.

        Args:
            counts: What was counted, a `BasisCounts`.
            epsilon: The failure probabilities.
            leakage_bits: What reconciliation told Eve; None: f_EC·n·h(QBER).
        """
        return key_length(counts, protocol=self, epsilon=epsilon, leakage_bits=leakage_bits)
