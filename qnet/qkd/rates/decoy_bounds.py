"""What counts at several intensities say about the pulses that held one photon or none.

Pure array functions: the first axis of every array runs over the intensities, strongest first, the others
are free. They take counts (a session's, or expected ones) as well as probabilities a pulse (many pulses, no
fluctuations), because all of them are linear in the counts. `count` stands for a number of detections at an
intensity k that was chosen with probability p_k; `scaled` for e^k/p_k times a count, of which the bounds
are made.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "photon_share",
    "scaled",
    "single_photon_errors_above",
    "single_photons_below_one_decoy",
    "single_photons_below_two_decoys",
    "vacuum_above_one_decoy",
    "vacuum_below",
]

Floats = NDArray[np.float64]


def photon_share(photons: int, intensities: ArrayLike, probabilities: ArrayLike) -> Floats:
    """The probability τ_n that a pulse holds n photons, over the choice of its intensity (0 or 1 photons).

    Source: arXiv:1311.7103, below Eq. (2).

    Args:
        photons: 0 or 1.
        intensities: Mean photon numbers, (intensities, …).
        probabilities: With which probability each is chosen, of the same shape.

    Returns:
        τ_n, of the free axes' shape.

    Examples:
        >>> round(float(photon_share(1, [0.5, 0.1], [0.5, 0.5])), 4)
        0.1969
    """
    mean = np.asarray(intensities, dtype=np.float64)
    weights = np.asarray(probabilities, dtype=np.float64) * np.exp(-mean)
    return np.asarray(np.sum(weights * mean if photons else weights, axis=0))[()]


def scaled(
    counts: ArrayLike, deviation: Floats | float, intensities: ArrayLike, probabilities: ArrayLike
) -> Floats:
    """Counts moved by a deviation, times e^k/p_k: the n± of arXiv:1311.7103, below Eq. (2).

    As published, a count less its deviation may fall below 0.

    Args:
        counts: Detections or errors, (intensities, …).
        deviation: What fluctuations may add (negative: take away).
        intensities: Mean photon numbers.
        probabilities: With which probability each is chosen.

    Returns:
        The scaled counts, (intensities, …).

    Examples:
        >>> scaled([100.0, 10.0], -2.0, [0.5, 0.1], [0.8, 0.2]).round(2)
        array([201.97,  44.21])
    """
    moved = np.asarray(counts, dtype=np.float64) + deviation
    return np.asarray(np.exp(np.asarray(intensities, dtype=np.float64)) / np.asarray(probabilities) * moved)


def vacuum_below(low: Floats, high: Floats, intensities: ArrayLike, share: Floats | float) -> Floats:
    """At least how many detections came from empty pulses, by the two weakest intensities.

    Source: Eq. (2) of arXiv:1311.7103 (two decoys), Eq. (A19) of arXiv:1801.03443 (one decoy).

    Args:
        low: Scaled counts from below, (intensities, …).
        high: Scaled counts from above.
        intensities: Mean photon numbers, strongest first.
        share: τ_0.

    Returns:
        The bound, never below 0.

    Examples:
        >>> exact = np.array([1e-3 + 0.1 * 0.5, 1e-3 + 0.1 * 0.1])
        >>> round(float(vacuum_below(exact, exact, [0.5, 0.1], 1.0)), 6)
        0.001
    """
    middle, weak = np.asarray(intensities, dtype=np.float64)[-2:]
    return np.asarray(np.maximum(share * (middle * low[-1] - weak * high[-2]) / (middle - weak), 0.0))[()]


def single_photons_below_two_decoys(
    low: Floats,
    high: Floats,
    intensities: ArrayLike,
    vacuum_share: Floats | float,
    share: Floats | float,
    vacuum: Floats | float,
) -> Floats:
    """At least how many detections came from single photons, by three intensities.

    Source: Eq. (3) of arXiv:1311.7103; without fluctuations and with an empty weakest intensity the bound of
    vacuum + weak decoy in arXiv:quant-ph/0503005.

    Args:
        low: Scaled counts from below, (3, …).
        high: Scaled counts from above.
        intensities: Mean photon numbers μ₁ > μ₂ + μ₃, μ₂ > μ₃ ≥ 0.
        vacuum_share: τ_0.
        share: τ_1.
        vacuum: At least how many detections came from empty pulses.

    Returns:
        The bound, never below 0.

    Examples:
        >>> mean = np.array([0.5, 0.1, 0.0])
        >>> exact = 1e-3 + 0.1 * mean + 0.19 * mean**2 / 2
        >>> round(float(single_photons_below_two_decoys(exact, exact, mean, 1.0, 1.0, 1e-3)), 6)
        0.1
    """
    strong, middle, weak = np.asarray(intensities, dtype=np.float64)
    ratio = (middle**2 - weak**2) / strong**2
    seen = low[1] - high[2] - ratio * (high[0] - vacuum / vacuum_share)
    return np.asarray(np.maximum(share * seen / (middle - weak - ratio * strong), 0.0))[()]


def vacuum_above_one_decoy(errors_high: Floats, share: Floats | float, deviation: Floats | float) -> Floats:
    """At most how many detections came from empty pulses, for half of those are errors.

    Source: Eqs. (A14) and (A16) of arXiv:1801.03443; the better of the two intensities is taken.

    Args:
        errors_high: Scaled errors from above, (2, …).
        share: τ_0.
        deviation: What fluctuations may add to the errors of empty pulses.

    Returns:
        The bound.

    Examples:
        >>> float(vacuum_above_one_decoy(np.array([3e-3, 1e-3]), 1.0, 0.0))
        0.002
    """
    return np.asarray(2 * (share * np.min(errors_high, axis=0) + deviation))[()]


def single_photons_below_one_decoy(
    low: Floats,
    high: Floats,
    intensities: ArrayLike,
    vacuum_share: Floats | float,
    share: Floats | float,
    vacuum: Floats | float,
) -> Floats:
    """At least how many detections came from single photons, by two intensities.

    Source: Eq. (A17) of arXiv:1801.03443.

    Args:
        low: Scaled counts from below, (2, …).
        high: Scaled counts from above.
        intensities: Mean photon numbers μ₁ > μ₂ > 0.
        vacuum_share: τ_0.
        share: τ_1.
        vacuum: At *most* how many detections came from empty pulses.

    Returns:
        The bound, never below 0.

    Examples:
        >>> mean = np.array([0.5, 0.1])
        >>> exact = 1e-3 + 0.1 * mean + 0.19 * mean**2 / 2
        >>> round(float(single_photons_below_one_decoy(exact, exact, mean, 1.0, 1.0, 1e-3)), 6)
        0.1
    """
    strong, weak = np.asarray(intensities, dtype=np.float64)
    ratio = weak**2 / strong**2
    seen = low[1] - ratio * high[0] - (1 - ratio) * vacuum / vacuum_share
    return np.asarray(np.maximum(share * strong * seen / (weak * (strong - weak)), 0.0))[()]


def single_photon_errors_above(
    low: Floats, high: Floats, intensities: ArrayLike, share: Floats | float
) -> Floats:
    """At most how many errors came from single photons, by the two weakest intensities.

    Source: Eq. (4) of arXiv:1311.7103 (two decoys), Eq. (A22) of arXiv:1801.03443 (one decoy); without
    fluctuations and with an empty weakest intensity vacuum + weak decoy in
    arXiv:quant-ph/0503005.

    Args:
        low: Scaled errors from below, (intensities, …).
        high: Scaled errors from above.
        intensities: Mean photon numbers, strongest first.
        share: τ_1.

    Returns:
        The bound, never below 0.

    Examples:
        >>> exact = np.array([5e-4 + 2e-3 * 0.5, 5e-4 + 2e-3 * 0.1])
        >>> round(float(single_photon_errors_above(exact, exact, [0.5, 0.1], 1.0)), 6)
        0.002
    """
    middle, weak = np.asarray(intensities, dtype=np.float64)[-2:]
    return np.asarray(np.maximum(share * (high[-2] - low[-1]) / (middle - weak), 0.0))[()]
