"""Error rates from what was disclosed, and the counts that a finite-key bound wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.rates.counts import BasisCounts
from qnet.qkd.rates.decoy_counts import DecoyCounts
from qnet.qkd.sessions.error_rate import ErrorRate
from qnet.qkd.sessions.errors import ErrorRateTooHigh, MalformedMessage, TooFewBits
from qnet.qkd.sessions.plan import SessionPlan
from qnet.qkd.sessions.schemes import Scheme

__all__ = ["Tallies", "check_rate", "check_rates", "counted", "counts_of", "estimated_rate"]

_ENOUGH_ERRORS = 400

Counts = NDArray[np.int64]


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
    def none(cls, scheme: Scheme) -> Tallies:
        """Before anything was disclosed."""
        shape = len(scheme.classes), max(len(scheme.alice.intensities), 1)
        return cls(bits=np.zeros(shape, np.int64), errors=np.zeros(shape, np.int64))

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

    Where few bits were disclosed, their error rate must be above the limit with its whole interval; that of
    the key is checked again once it is reconciled.

    Raises:
        TooFewBits: If nothing was disclosed.
        ErrorRateTooHigh: If an error rate is above the plan's.
    """
    labels = [label for label in (0, *plan.scheme.checked_classes()) if tallies.bits[label].sum()]
    if not labels:
        raise TooFewBits(
            f"no bit of {plan.pulses} pulses could be disclosed to estimate an error rate; send more pulses"
        )
    for label in labels:
        rate = tallies.rate(label)
        if rate.errors >= _ENOUGH_ERRORS or rate.interval()[0] > plan.qber_limit:
            check_rate(plan, label, rate)


def check_rate(plan: SessionPlan, label: int, rate: ErrorRate) -> None:
    """Abort where a class has more errors than the plan allows.

    Raises:
        ErrorRateTooHigh: If it has.
    """
    if rate.value > plan.qber_limit:
        raise ErrorRateTooHigh(
            f"the error rate in {plan.scheme.classes[label]} is {rate.value:.2%} of {rate.bits} bits, "
            f"above {plan.qber_limit:.2%}: somebody may listen, or the link is misaligned; "
            "discard the block and look at the link"
        )


def estimated_rate(plan: SessionPlan, tallies: Tallies) -> ErrorRate:
    """The error rate that reconciliation reckons with.

    It is the sample's; where the sample has few errors, that of all disclosed bits, unless the test's errors
    are of another rate altogether.
    """
    rate = tallies.rate(0)
    if rate.errors >= _ENOUGH_ERRORS:
        return rate
    for label in plan.scheme.error_classes():
        other = tallies.rate(label)
        if other.bits and (not rate.bits or _agree(rate, other)):
            rate = rate + other
    return rate


def _agree(one: ErrorRate, other: ErrorRate) -> bool:
    both = one + other
    share = (both.errors + 1) / (both.bits + 2)
    spread = np.sqrt(share * (1 - share) * (1 / one.bits + 1 / other.bits))
    return bool(abs(one.value - other.value) < 3 * spread)


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
