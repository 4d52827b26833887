"""Sources of light: single photons, weak coherent pulses, and pairs by parametric down-conversion."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["PairSource", "SinglePhotonSource", "WeakCoherentSource"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class SinglePhotonSource:
    """A source that gives at most one photon, but for a trace of two.

    With at most two photons g² = 2p₂/μ², so that p₂ = g²μ²/2 and p₁ = μ − g²μ².

    Args:
        mean_photon_number: Photons per pulse on average, μ; above 0.
        g2: The second-order correlation g²(0) at zero delay; 0 for a perfect source.

    Raises:
        ValueError: If `mean_photon_number` is not above 0, or `g2` is negative.
        ValueError: If no distribution over 0, 1 and 2 photons has this mean and this g².

    Example:
        >>> SinglePhotonSource(mean_photon_number=0.5, g2=0.04).photon_numbers.round(4).tolist()
        [0.505, 0.49, 0.005]
    """

    mean_photon_number: float = 1.0
    g2: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.mean_photon_number <= 2:
            raise ValueError(f"mean_photon_number={self.mean_photon_number!r} must be above 0 and at most 2")
        if not self.g2 >= 0:
            raise ValueError(f"g2={self.g2!r} must be at least 0")
        if min(self.photon_numbers) < -1e-12:
            made = f"mean_photon_number={self.mean_photon_number!r} and g2={self.g2!r}"
            raise ValueError(f"{made} belong to no mixture of 0, 1 and 2 photons; lower g2 or the mean")

    @property
    def photon_numbers(self) -> Floats:
        """Probabilities of 0, 1 and 2 photons."""
        two = self.g2 * self.mean_photon_number**2 / 2
        one = self.mean_photon_number - 2 * two
        return np.array([1 - one - two, one, two])

    @property
    def multiphoton_probability(self) -> float:
        """Probability of more than one photon."""
        return float(self.photon_numbers[2])

    def generating_function(self, s: ArrayLike) -> Floats:
        """Σ pₙ·sⁿ: the probability that none of the photons is seen, if each is missed with probability s."""
        zero, one, two = self.photon_numbers
        x = np.asarray(s, dtype=np.float64)
        return np.asarray(zero + x * (one + x * two))


@dataclass(frozen=True, kw_only=True)
class WeakCoherentSource:
    """Attenuated laser pulses of random phase: Poissonian photons, with intensities chosen at random.

    Args:
        intensities: Mean photon numbers, signal first, each below the one before; the last may be 0.
        probabilities: How often each is sent; they add up to 1. None: all equally often.

    Raises:
        ValueError: If there is no intensity, one is negative, or they are out of order.
        ValueError: If there are not as many probabilities, one is negative, or they do not add up to 1.

    Example:
        >>> source = WeakCoherentSource(intensities=(0.5, 0.1, 0.0), probabilities=(0.7, 0.2, 0.1))
        >>> source.photon_number(1).round(4)
        array([0.3033, 0.0905, 0.    ])
    """

    intensities: tuple[float, ...]
    probabilities: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        levels = tuple(float(one) for one in self.intensities)
        object.__setattr__(self, "intensities", levels)
        if not levels or not all(0 <= one < math.inf for one in levels):
            raise ValueError(f"intensities={levels!r} must be mean photon numbers of at least 0, one or more")
        if any(after >= before for before, after in pairwise(levels)):
            raise ValueError(
                f"intensities={levels!r} are out of order; give the signal first, each below the last"
            )
        shares = self.probabilities if self.probabilities is not None else (1 / len(levels),) * len(levels)
        shares = tuple(float(one) for one in shares)
        object.__setattr__(self, "probabilities", shares)
        if len(shares) != len(levels) or not all(one >= 0 for one in shares):
            raise ValueError(f"probabilities={shares!r} must be {len(levels)} numbers of at least 0")
        if abs(math.fsum(shares) - 1) > 1e-9:
            raise ValueError(
                f"probabilities={shares!r} add up to {math.fsum(shares):.10g}; they must add up to 1"
            )

    def photon_number(self, n: int) -> Floats:
        """Probability of n photons, one entry an intensity."""
        mean = np.array(self.intensities)
        return np.asarray(np.exp(-mean) * mean**n / math.factorial(n))

    def generating_function(self, s: ArrayLike) -> Floats:
        """exp(−μ(1−s)), one row an intensity: no photon is seen if each is missed with probability s."""
        x = np.asarray(s, dtype=np.float64)
        mean = np.array(self.intensities).reshape(-1, *(1,) * x.ndim)
        return np.asarray(np.exp(-mean * (1 - x)))


@dataclass(frozen=True, kw_only=True)
class PairSource:
    """Entangled pairs by spontaneous parametric down-conversion, type II, two modes of polarisation.

    The number of pairs in a pulse follows P(n) = (n+1)λⁿ/(1+λ)ⁿ⁺² with λ = μ/2.

    Source: Ma, Fung, Lo, Phys. Rev. A 76, 012307 (2007), arXiv:quant-ph/0703122, Section II.

    Args:
        mean_pairs: Pairs per pulse on average, μ; above 0.

    Raises:
        ValueError: If `mean_pairs` is not above 0.

    Example:
        >>> PairSource(mean_pairs=0.1).pair_number([0, 1, 2]).round(5).tolist()
        [0.90703, 0.08638, 0.00617]
    """

    mean_pairs: float

    def __post_init__(self) -> None:
        if not 0 < self.mean_pairs < math.inf:
            raise ValueError(f"mean_pairs={self.mean_pairs!r} must be a number above 0")

    def pair_number(self, n: ArrayLike) -> Floats:
        """Probability of n pairs."""
        count = np.asarray(n, dtype=np.float64)
        half = self.mean_pairs / 2
        return np.asarray((count + 1) * half**count / (1 + half) ** (count + 2))
