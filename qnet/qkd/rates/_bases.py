"""How often the two ends choose which basis."""

from __future__ import annotations

import numpy as np

from qnet.qkd._checks import Array, Number, check_within
from qnet.qkd.gains import Detection

__all__ = ["BASES", "check_bases", "check_qber", "share_of_test", "sifted_share", "with_qber"]

BASES = ("biased", "symmetric")


def check_bases(bases: str, test_probability: Number | None) -> None:
    """Refuse an unknown choice, or a probability that cannot be."""
    if bases not in BASES:
        raise ValueError(f"bases={bases!r} is unknown; give one of {', '.join(BASES)}")
    if test_probability is None:
        return
    if bases == "symmetric":
        raise ValueError(
            f"test_probability={test_probability!r} beside symmetric bases, where it is ½; leave it out"
        )
    check_within("test_probability", test_probability, 0, 1, open_high=True)


def share_of_test(bases: str, test_probability: Number | None) -> Array:
    """The probability with which each end chooses the test's basis; 0 in the limit of an endless key."""
    if bases == "symmetric":
        return np.asarray(0.5)
    return np.asarray(0.0 if test_probability is None else test_probability, dtype=np.float64)


def sifted_share(bases: str, test_probability: Number | None) -> Array:
    """The share of the detections that end in an endless key."""
    if bases == "symmetric":
        return np.asarray(0.5)
    return (1 - share_of_test(bases, test_probability)) ** 2


def check_qber(qber: Number | None) -> None:
    """Refuse an error rate that is none."""
    if qber is not None:
        check_within("qber", qber, 0, 0.5)


def with_qber(seen: Detection, qber: Number | None) -> Detection:
    """The same gain with another error rate, if one is given."""
    if qber is None:
        return seen
    return Detection(gain=seen.gain, errors=np.asarray(seen.gain) * np.asarray(qber), live=seen.live)
