"""The two finite-key bounds for decoy states, as array functions of counts.

The proofs of Lim et al. (two decoys) and Rusca et al. (one decoy) have one form: count what single photons
and empty pulses gave at least in the basis of the key, bound the phase errors of those single photons by
the errors seen in the other basis, and take off what was leaked and what the failure probabilities cost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.fluctuations import hoeffding_gap
from qnet.qkd.rates._entropy import capped_entropy
from qnet.qkd.rates.decoy_bounds import (
    photon_share,
    scaled,
    single_photon_errors_above,
    single_photons_below_one_decoy,
    single_photons_below_two_decoys,
    vacuum_above_one_decoy,
    vacuum_below,
)

__all__ = ["DecoyKey", "Tally", "key_of_counts", "phase_error_spread"]

Floats = NDArray[np.float64]

_TERMS = {2: 19, 3: 21}  # Into how many parts the proof cuts the secrecy, by the number of intensities.


@dataclass(frozen=True)
class Tally:
    """Intensities (intensities, …), and what was counted with each in both bases."""

    intensities: Floats
    probabilities: Floats
    key: Floats
    key_errors: Floats
    check: Floats
    check_errors: Floats


@dataclass(frozen=True)
class DecoyKey:
    """The length of a key before it is rounded down (it may be negative), and what it was made of."""

    length: Floats
    vacuum: Floats
    singles: Floats
    check_singles: Floats
    check_single_errors: Floats
    phase_error: Floats
    overhead: Floats
    secrecy: Floats


def phase_error_spread(failure: Floats, share: Floats, seen: Floats, unseen: Floats) -> Floats:
    """By how much the errors of an unseen sample may exceed a seen one's: γ of arXiv:1311.7103.

    `failure` is ε_sec over the number of the proof's terms.
    """
    spread = np.clip(share * (1 - share), 1e-200, None)
    size = (seen + unseen) / (seen * unseen)
    inside = np.log2(np.maximum(size / (spread * failure**2), 1.0))
    return np.asarray(np.sqrt(size * spread / np.log(2) * inside))


Deviation = Callable[[Floats, Floats], Floats]


def none(total: Floats, failure: Floats) -> Floats:
    """No fluctuation: as many pulses as one likes."""
    return np.zeros_like(total)


def _basis(
    tally: Tally, counts: Floats, errors: Floats, failure: Floats, deviation: Deviation
) -> tuple[Floats, Floats]:
    """At least how many empty pulses and single photons were counted in one basis."""
    mean, chosen = tally.intensities, tally.probabilities
    share0, share1 = photon_share(0, mean, chosen), photon_share(1, mean, chosen)
    total = counts.sum(axis=0)
    spread = deviation(total, failure)
    low, high = scaled(counts, -spread, mean, chosen), scaled(counts, spread, mean, chosen)
    vacuum = np.minimum(vacuum_below(low, high, mean, share0), total)
    if len(mean) == 3:
        singles = single_photons_below_two_decoys(low, high, mean, share0, share1, vacuum)
        return vacuum, np.minimum(singles, total)
    wrong = scaled(errors, deviation(errors.sum(axis=0), failure), mean, chosen)
    vacuum_high = vacuum_above_one_decoy(wrong, share0, spread)
    singles = single_photons_below_one_decoy(low, high, mean, share0, share1, vacuum_high)
    return np.minimum(vacuum, vacuum_high), np.minimum(singles, total)


def single_photon_errors(tally: Tally, failure: Floats, deviation: Deviation) -> Floats:
    """At most how many errors single photons made in the basis of the check."""
    mean, chosen = tally.intensities, tally.probabilities
    spread = deviation(tally.check_errors.sum(axis=0), failure)
    low = scaled(tally.check_errors, -spread, mean, chosen)
    high = scaled(tally.check_errors, spread, mean, chosen)
    return single_photon_errors_above(low, high, mean, photon_share(1, mean, chosen))


def key_of_counts(
    tally: Tally,
    leakage: Floats,
    secrecy: Floats,
    correctness: float,
    *,
    deviation: Deviation = hoeffding_gap,
    finite: bool = True,
    vacuum_bits: bool = True,
) -> DecoyKey:
    """The key that counts allow: Eq. (1) of arXiv:1311.7103 (three intensities), of arXiv:1801.03443 (two).

    Without `finite` neither fluctuations nor the price of the failure probabilities are taken off; without
    `vacuum_bits` what empty pulses gave does not count as secret.
    """
    terms = _TERMS[len(tally.intensities)]
    failure = np.asarray(secrecy / terms)
    if not finite:
        deviation = none
    vacuum, singles = _basis(tally, tally.key, tally.key_errors, failure, deviation)
    _, check_singles = _basis(tally, tally.check, tally.check_errors, failure, deviation)
    errors = single_photon_errors(tally, failure, deviation)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        seen = np.where(check_singles > 0, errors / check_singles, 0.5)
        seen = np.minimum(seen, 0.5)
        phase = seen
        if finite:
            phase = np.where(
                (singles > 0) & (check_singles > 0),
                np.minimum(seen + phase_error_spread(failure, seen, check_singles, singles), 0.5),
                0.5,
            )
    overhead = np.asarray(
        6 * np.log2(1 / failure) + np.log2(2 / correctness) if finite else np.zeros_like(failure)
    )
    length = vacuum * vacuum_bits + singles * (1 - capped_entropy(phase)) - leakage - overhead
    return DecoyKey(length, vacuum, singles, check_singles, errors, phase, overhead, np.asarray(secrecy))
