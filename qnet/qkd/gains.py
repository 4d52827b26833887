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
    live, errors = (
        np.asarray(kept.live),
        np.clip(errors, 0.0, gain),
    )  # Within rounding where hardly any arrive.
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
    basis_share: Number = 0.5,
) -> Detection:
    """Coincidences of a pair source, both ends measuring in the same basis.

    A double click gives a random bit, and misalignment turns the final bit of one end. With λ = μ/2, two
    detectors an end, and no dark counts in the correlation term these are the gain and the error rate of the
    source; that term's factor (1−p_dark)² is kept here.

    Source: Ma, Fung, Lo, Phys. Rev. A 76, 012307 (2007), arXiv:quant-ph/0703122, Section III.

    Args:
        mean_pairs: Pairs per pulse on average, μ.
        efficiencies: Probability that a photon is seen at Alice's and at Bob's end.
        detectors: Their detectors; as many at one end as at the other.
        misalignment: Probability that the two ends' bits are turned against each other, all in all.
        memories: What earlier clicks leave behind at either end, each taken by itself; None: nothing.
        basis_share: With four detectors, the share of the light that is measured in this basis at each end.

    Returns:
        Gain and errors per pulse; with four detectors both are divided by the square of `basis_share`.

    Example:
        >>> ideal = Detector(efficiency=1.0)
        >>> seen = pair_detection(0.01, (0.1, 0.1), (ideal, ideal), 0.0)
        >>> round(seen.gain, 8), round(seen.error_rate, 6)
        (0.00010121, 0.00445)
    """
    half = np.asarray(mean_pairs, dtype=np.float64) / 2
    a, b = (np.asarray(one, dtype=np.float64) for one in efficiencies)
    dark = [1 - one.dark_count_probability for one in detectors]
    kept = memories or (Memory(), Memory())
    passive = detectors[0].count == 4
    share = np.asarray(basis_share, dtype=np.float64) if passive else np.asarray(1.0)
    gain, correlation = np.zeros(()), np.zeros(())
    arms = (0, 1) if passive else (0,)  # Whether the other basis must be silent at Alice's and Bob's end.
    for i in arms:
        for j in arms:
            there = (a * (1 - share) * i, b * (1 - share) * j)
            terms = _coincidences(half, (a * share, b * share), there, dark, kept, (2 * i, 2 * j))
            gain, correlation = gain + terms[0] / len(arms) ** 2, correlation + terms[1] / len(arms) ** 2
    errors = (gain - (1 - 2 * misalignment) * correlation) / 2
    live = np.asarray(kept[0].live) * np.asarray(kept[1].live) / share**2
    return Detection(gain=live * gain, errors=live * errors, live=live * share**2)


def _coincidences(
    half: Array,
    here: tuple[Array, Array],
    there: tuple[Array, Array],
    dark: list[float],
    kept: tuple[Memory, Memory],
    silent: tuple[int, int],
) -> tuple[Array, Array]:
    """Chance of clicks at both ends, and the correlation of their signs, while other detectors stay silent.

    A mode of thermal pairs is silent at efficiencies α, β with probability 1/(1+λ(α+β−αβ)). With α, β = (0 or
    a) + there, 1 − u − v + uv·(1+r)² is computed as (1−u)(1−v) + uv·r(2+r), which keeps its digits at high
    loss.
    """
    (a, b), (c, d) = here, there
    none = 1 + half * (c + d - c * d)
    up_a, up_b = half * a * (1 - d) / none, half * b * (1 - c) / none
    all_quiet = 1 + half * (a + c + b + d - (a + c) * (b + d))
    r = half * (1 + half) * a * b / (all_quiet * none)
    quiet = [kept[e].silent(0, silent[e]) * dark[e] ** silent[e] for e in (0, 1)]
    rest = quiet[0] * quiet[1] / none**2
    logs = [
        np.log(kept[e].silent(2, silent[e]) / kept[e].silent(0, silent[e]))
        + 2 * (np.log(dark[e]) - np.log1p(up))
        for e, up in ((0, up_a), (1, up_b))
    ]
    both = np.expm1(logs[0]) * np.expm1(logs[1]) + np.exp(logs[0] + logs[1]) * r * (2 + r)
    ones = [kept[e].silent(1, silent[e]) * dark[e] ** (1 + silent[e]) for e in (0, 1)]
    correlation = 2 * ones[0] * ones[1] * r / (none**2 * (1 + up_a) * (1 + up_b))
    return np.asarray(rest * both), np.asarray(correlation)
