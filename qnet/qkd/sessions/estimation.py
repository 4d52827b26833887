"""Error rates from what was disclosed, and the counts that a finite-key bound wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.rates.counts import BasisCounts
from qnet.qkd.rates.decoy_counts import DecoyCounts
from qnet.qkd.sessions.errors import ErrorRateTooHigh, MalformedMessage, TooFewBits
from qnet.qkd.sessions.plan import SessionPlan

__all__ = ["ErrorRate", "Tallies", "check_rates", "counted", "counts_of", "estimated_qber"]

Counts = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class ErrorRate:
    """An error rate as it was counted, with the exact interval for binomial counts.

    Source: C. Clopper and E. Pearson, Biometrika 26, 404 (1934).

    Args:
        errors: How many bits were wrong.
        bits: Of how many.

    Example:
        >>> rate = ErrorRate(errors=30, bits=1000)
        >>> rate.value, [round(one, 4) for one in rate.interval()]
        (0.03, [0.0203, 0.0426])
    """

    errors: int
    bits: int

    @property
    def value(self) -> float:
        """The share of wrong bits; NaN where there are none."""
        return self.errors / self.bits if self.bits else float("nan")

    @property
    def stderr(self) -> float:
        """Its standard error."""
        return float(np.sqrt(self.value * (1 - self.value) / self.bits)) if self.bits else float("nan")

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Between what and what it lies, at least with this confidence."""
        from scipy.special import betaincinv

        rest, k, n = (1 - confidence) / 2, self.errors, self.bits
        low = float(betaincinv(k, n - k + 1, rest)) if k else 0.0
        high = float(betaincinv(k + 1, n - k, 1 - rest)) if k < n else 1.0
        return low, high

    def __add__(self, other: ErrorRate) -> ErrorRate:
        return ErrorRate(errors=self.errors + other.errors, bits=self.bits + other.bits)


@dataclass(frozen=True, kw_only=True, eq=False)
class Tallies:
    """Disclosed bits and errors among them, by class (rows) and intensity (columns; one if there are none).

    Args:
        bits: How many bits were disclosed; row 0 is the sample of the key.
        errors: How many of them are wrong.
    """

    bits: Counts
    errors: Counts

    def rate(self, label: int) -> ErrorRate:
        """The error rate of a class, all intensities together."""
        return ErrorRate(errors=int(self.errors[label].sum()), bits=int(self.bits[label].sum()))

    @classmethod
    def told(cls, bits: Counts, sample_errors: list[int], test_errors: list[int]) -> Tallies:
        """What Bob told of the errors.

        Raises:
            MalformedMessage: If that cannot be.
        """
        errors = np.array(sample_errors + test_errors, dtype=np.int64)
        if len(sample_errors) != bits.shape[1] or errors.size != bits.size:
            raise MalformedMessage(
                f"{errors.size} numbers of errors where {bits.size} were due; end the session"
            )
        table = errors.reshape(bits.shape)
        if (table < 0).any() or (table > bits).any():
            raise MalformedMessage("more errors than bits were told of; end the session")
        return cls(bits=bits, errors=table)


def counted(plan: SessionPlan, labels: NDArray[np.int8], intensities: NDArray[np.uint8] | None) -> Counts:
    """How many of some pulses belong to each class and intensity, shape (classes, intensities)."""
    classes, lights = len(plan.scheme.classes), max(len(plan.scheme.alice.intensities), 1)
    cells = labels.astype(np.int64) * lights
    if intensities is not None:
        cells = cells + intensities
    return np.bincount(cells, minlength=classes * lights)[: classes * lights].reshape(classes, lights)


def check_rates(plan: SessionPlan, tallies: Tallies) -> None:
    """Abort where nothing can be estimated, or errors are more than the plan allows.

    Raises:
        TooFewBits: If nothing was disclosed.
        ErrorRateTooHigh: If an error rate is above the plan's.
    """
    labels = [label for label in (0, *plan.scheme.error_classes()) if tallies.bits[label].sum()]
    if not labels:
        raise TooFewBits(
            f"no bit of {plan.pulses} pulses could be disclosed to estimate an error rate; send more pulses"
        )
    for label in labels:
        rate = tallies.rate(label)
        if rate.value > plan.qber_limit:
            raise ErrorRateTooHigh(
                f"the error rate in {plan.scheme.classes[label]} is {rate.value:.2%} of {rate.bits} bits, "
                f"above {plan.qber_limit:.2%}: somebody may listen, or the link is misaligned; "
                "discard the block and look at the link"
            )


def estimated_qber(plan: SessionPlan, tallies: Tallies) -> float:
    """The error rate that reconciliation reckons with, never 0: the sample's, or all bits' if it is small."""
    rate = tallies.rate(0)
    if rate.bits < 200:
        for label in plan.scheme.error_classes():
            rate = rate + tallies.rate(label)
    return min((rate.errors + 1) / (rate.bits + 2), 0.25)


def counts_of(plan: SessionPlan, tallies: Tallies, key_bits: Counts, key_errors: Counts) -> Any:
    """The measured counts, of the class that the plan's bound takes.

    Args:
        plan: The plan.
        tallies: What was disclosed.
        key_bits: Bits of the reconciled key by intensity.
        key_errors: How many of them were corrected.
    """
    if hasattr(plan.bound, "_intensities"):
        return DecoyCounts(
            pulses=plan.pulses,
            key_bits=key_bits.astype(float),
            key_errors=key_errors.astype(float),
            test_bits=tallies.bits[1].astype(float),
            test_errors=tallies.errors[1].astype(float),
        )
    others = {}
    if len(plan.scheme.classes) > 2:
        third = tallies.rate(2)
        others = {"other_test_bits": third.bits, "other_test_errors": third.errors}
    test = tallies.rate(1)
    return BasisCounts(
        pulses=plan.pulses,
        key_bits=int(key_bits.sum()),
        key_errors=int(key_errors.sum()),
        test_bits=test.bits,
        test_errors=test.errors,
        **others,
    )
