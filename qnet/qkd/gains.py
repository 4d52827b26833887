"""Gains and error rates in closed form: what a receiver counts of what a source sends.

Everything follows from the source's generating function G(s) = Σ pₙ·sⁿ, the probability that no photon is
seen if each is missed with probability s: detectors whose share of the light is η stay silent with
probability G(1−η)·(1−p_dark)^{how many}. Clicks of both detectors of a basis give a random bit; clicks in
both bases of a passive receiver give a random basis.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qnet.devices import Detector
from qnet.qkd._checks import Array, Number
from qnet.qkd._detector_memory import Memory, silence

__all__ = ["Detection", "Light", "coherent", "detection", "fock", "mixture", "pair_detection"]

Light = Callable[[Array], Array]
"""A generating function: shares that are missed (any shape) → probabilities (the settings' axes first)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Detection:
    """What a receiver counts per pulse, in the basis that was sent.

    Args:
        gain: Probability of a result in this basis, once Bob's basis is the one that was sent.
        errors: Probability of a wrong result, under the same condition.
        live: Share of the pulses in which the receiver is not dead; `gain` and `errors` have it already.
    """

    gain: Number
    errors: Number
    live: Number = 1.0

    def __post_init__(self) -> None:
        for name in ("gain", "errors", "live"):
            value = getattr(self, name)
            object.__setattr__(self, name, float(value) if np.ndim(value) == 0 else value)

    @property
    def error_rate(self) -> Number:
        """Wrong results per result; ½ where there are none."""
        gain = np.asarray(self.gain)
        made: Array = np.where(gain > 0, self.errors / np.where(gain > 0, gain, 1.0), 0.5)
        return made if made.ndim else float(made)


def coherent(mean_photon_number: ArrayLike) -> Light:
    """A pulse of laser light with random phase; the mean's shape must broadcast with the link's."""
    mean = np.asarray(mean_photon_number, dtype=np.float64)
    return lambda missed: np.asarray(np.exp(-mean * (1 - missed)))


def fock(photons: int) -> Light:
    """Exactly so many photons."""
    return lambda missed: np.asarray(missed**photons)


def mixture(probabilities: ArrayLike) -> Light:
    """So many photons with the given probabilities: `probabilities[n]` belongs to n photons."""
    shares = np.asarray(probabilities, dtype=np.float64)

    def generating(missed: Array) -> Array:
        made = np.zeros_like(missed)
        for share in shares[::-1]:
            made = made * missed + share
        return np.asarray(made)

    return generating


def detection(
    light: Light,
    efficiency: Number,
    detector: Detector,
    *,
    memory: Memory | None = None,
    basis_share: Number = 0.5,
) -> Detection:
    """Gain and errors of a pulse in the basis in which it was sent.

    Args:
        light: What is sent.
        efficiency: Probability that a photon is seen, channel and detector together.
        detector: The receiver's detectors.
        memory: What earlier clicks leave behind, from `detector_memory`; None: nothing.
        basis_share: With four detectors, the share of the light that is measured in this basis.

    Returns:
        The gain and the errors; with four detectors both are divided by `basis_share`, so that a sifted share
        is (probability of Alice's basis) × (that of Bob's) × gain for both kinds of receivers.

    Example:
        >>> seen = detection(coherent(0.5), 0.1, Detector(efficiency=0.1, misalignment=0.01))
        >>> round(seen.gain, 6), round(seen.error_rate, 6)
        (0.048771, 0.010002)
    """
    kept = memory or Memory()
    seen = np.asarray(efficiency, dtype=np.float64)
    if detector.count == 2:
        gain, errors = _two(light, seen, detector, kept)
    else:
        gain, errors = _four(light, seen, detector, kept, np.asarray(basis_share, dtype=np.float64))
    if detector.afterpulse_law == "same pulse":
        extra = detector.afterpulse_probability * gain
        gain, errors = gain + extra, errors + extra / 2
    live = np.asarray(kept.live)
    return Detection(gain=live * gain, errors=live * errors, live=kept.live)


def _two(light: Light, seen: Array, detector: Detector, memory: Memory) -> tuple[Array, Array]:
    wrong = detector.misalignment
    dark = detector.dark_count_probability
    none = silence(light, seen, dark, 2) * memory.silent(2, 0)
    no_right = silence(light, seen * (1 - wrong), dark, 1) * memory.silent(1, 0)
    no_wrong = silence(light, seen * wrong, dark, 1) * memory.silent(1, 0)
    gain = 1 - none
    return gain, (gain - (no_wrong - no_right)) / 2


def _four(light: Light, seen: Array, detector: Detector, memory: Memory, share: Array) -> tuple[Array, Array]:
    wrong = detector.misalignment
    dark = detector.dark_count_probability
    here, there = seen * share, seen * (1 - share)
    none_here = silence(light, here, dark, 2) * memory.silent(2, 0)
    none_there = silence(light, there, dark, 2) * memory.silent(0, 2)
    none = silence(light, seen, dark, 4) * memory.silent(2, 2)
    gain = (1 - none_here + none_there - none) / 2
    signs = [
        silence(light, here * wrong + away, dark, 1 + more) * memory.silent(1, more)
        - silence(light, here * (1 - wrong) + away, dark, 1 + more) * memory.silent(1, more)
        for away, more in ((0 * there, 0), (there, 2))
    ]
    errors = (gain - (signs[0] + signs[1]) / 2) / 2
    return gain / share, errors / share


def pair_detection(
    mean_pairs: Number,
    efficiencies: tuple[Number, Number],
    detectors: tuple[Detector, Detector],
    misalignment: float,
    memories: tuple[Memory, Memory] | None = None,
) -> Detection:
    """Coincidences of a pair source, both ends measuring in the same basis.

    A double click gives a random bit, and misalignment turns the final bit of one end. With
    λ = μ/2 and no dark counts in the correlation term these are Eqs. (9) and (10) of the source; that term's
    factor (1−p_dark)² is kept here.

    Source: Ma, Fung, Lo, Phys. Rev. A 76, 012307 (2007), arXiv:quant-ph/0703122, Section III.

    Args:
        mean_pairs: Pairs per pulse on average, μ.
        efficiencies: Probability that a photon is seen at Alice's and at Bob's end.
        detectors: Their detectors.
        misalignment: Probability that the two ends' bits are turned against each other, all in all.
        memories: What earlier clicks leave behind at either end, each taken by itself; None: nothing.

    Returns:
        Gain and errors per pulse.

    Example:
        >>> ideal = Detector(efficiency=1.0)
        >>> seen = pair_detection(0.01, (0.1, 0.1), (ideal, ideal), 0.0)
        >>> round(seen.gain, 8), round(seen.error_rate, 6)
        (0.00010121, 0.00445)
    """
    half = np.asarray(mean_pairs, dtype=np.float64) / 2
    a, b = (np.asarray(one, dtype=np.float64) for one in efficiencies)
    dark_a, dark_b = (1 - one.dark_count_probability for one in detectors)
    both = 1 + half * (a + b - a * b)
    alone_a, alone_b = 1 + half * a, 1 + half * b
    # 1 − x − y + xy/z is computed as (1−x)(1−y) + xy(1/z−1), which keeps its digits where all are near 1.
    kept_a, kept_b = memories or (Memory(), Memory())
    quiet_a, quiet_b = kept_a.silent(2, 0), kept_b.silent(2, 0)
    x, y = quiet_a * dark_a**2 / alone_a**2, quiet_b * dark_b**2 / alone_b**2
    joint = half * a * b * (1 + half)
    ratio = joint / both
    clicks = _one_minus(quiet_a, dark_a, alone_a) * _one_minus(quiet_b, dark_b, alone_b)
    gain = clicks + x * y * ratio * (2 + ratio)
    single = kept_a.silent(1, 0) * kept_b.silent(1, 0)
    correlation = 2 * single * dark_a * dark_b * joint / (alone_a * alone_b * both)
    errors = (gain - (1 - 2 * misalignment) * correlation) / 2
    live = np.asarray(kept_a.live) * np.asarray(kept_b.live)
    return Detection(gain=live * gain, errors=live * errors, live=live)


def _one_minus(quiet: Array | float, dark_free: float, alone: Array) -> Array:
    """1 − quiet·(dark_free/alone)², with all its digits."""
    return np.asarray(-np.expm1(np.log(quiet) + 2 * (np.log(dark_free) - np.log(alone))))
