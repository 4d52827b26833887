"""Which detectors click: probabilities of all patterns of clicks, by inclusion and exclusion."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from qnet.devices import Detector
from qnet.qkd._checks import Array
from qnet.qkd.lights import Unseen

__all__ = ["patterns", "receiver_shares", "subsets", "threshold_patterns", "with_extra_clicks"]


def subsets(detectors: int) -> Array:
    """All sets of detectors as rows of zeros and ones; row s holds detector d if bit d of s is 1."""
    return (np.arange(2**detectors)[:, None] >> np.arange(detectors) & 1).astype(np.float64)


def patterns(quiet: Array) -> Array:
    """Probability that exactly the detectors of each set click, from that of the sets that are silent.

    Args:
        quiet: Shape (…, 2^detectors): the probability that all detectors of a set are silent.

    Returns:
        The same shape: the probability that all of a set click, and no others.
    """
    exact = np.array(quiet, dtype=np.float64)
    size = exact.shape[-1]
    sets = np.arange(size)
    for d in range(size.bit_length() - 1):
        without = sets[(sets >> d & 1) == 0]
        exact[..., without] -= exact[..., without | 1 << d]
    return np.maximum(exact[..., size - 1 - sets], 0.0)


def threshold_patterns(unseen: Unseen, shares: Array, detector: Detector) -> Array:
    """Patterns of threshold detectors that get these shares of the light, dark counts included.

    Args:
        unseen: What arrives.
        shares: Shape (…, detectors), of the light.
        detector: The receiver's detectors.

    Returns:
        Shape (…, 2^detectors).
    """
    sets = subsets(shares.shape[-1])
    dark = (1 - detector.dark_count_probability) ** sets.sum(axis=1)
    return patterns(np.asarray(unseen(shares @ sets.T)) * dark)


def receiver_shares(to_zero: Array, detector: Detector, basis_share: float) -> Array:
    """The share of the light that each detector gets.

    Args:
        to_zero: Shape (…, bases): the chance that a photon goes to the detector of bit 0, once it is
            measured in that basis, without misalignment.
        detector: Two detectors, or four (of two bases, behind a beam splitter).
        basis_share: With four, the share of the light that goes to the first basis.

    Returns:
        Shape (…, bases, 2) of two detectors; shape (…, 4) of four, first basis first.
    """
    wrong = detector.misalignment
    zero = to_zero * (1 - wrong) + (1 - to_zero) * wrong
    both = np.stack([zero, 1 - zero], axis=-1)
    if detector.count == 2:
        return np.asarray(both)
    split = np.array([basis_share, 1 - basis_share])
    return np.asarray((both * split[:, None]).reshape(*both.shape[:-2], 4))


def with_extra_clicks(made: Array, detector: Detector) -> Array:
    """Afterpulses by the law "same pulse": of every click another one, with a random result.

    A pulse has one result at most, so that the others are put into pulses without a click, as often:
    gains and error rates are those of the law, pulse by pulse.

    Raises:
        ValueError: If there are more clicks than pulses.
    """
    if detector.afterpulse_law != "same pulse" or detector.afterpulse_probability == 0:
        return made
    extra = np.array(made)
    bases = made.shape[-1].bit_length() // 2
    for basis in range(bases):
        here = _gain(made, basis, bases)
        for bit in (0, 1):
            extra[..., 1 << 2 * basis + bit] += detector.afterpulse_probability * here / 2
    extra[..., 0] = 1 - extra[..., 1:].sum(axis=-1)
    if extra[..., 0].min() < -1e-12:
        raise ValueError(
            f"afterpulse_probability={detector.afterpulse_probability!r} in the same pulse makes more clicks "
            "than pulses at this light; take the law 'next pulse'"
        )
    return np.maximum(extra, 0.0)


def _gain(made: Array, basis: int, bases: int) -> Array:
    """How often there is a result in a basis; clicks in both bases give a random one."""
    sets = np.arange(made.shape[-1])
    here, there = sets >> 2 * basis & 3, sets >> 2 * (1 - basis) & 3 if bases == 2 else 0 * sets
    weight = (here > 0) * np.where(there > 0, 0.5, 1.0)
    return np.asarray(made @ weight)


Patterns = Callable[[Unseen, Array, Detector], Array]
