"""`Kind`: a kind of pulse, as the photon model knows it; and what arrives of it at the detectors."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qnet.devices import SinglePhotonSource
from qnet.qkd._checks import Array
from qnet.qkd.gains import Light, coherent, mixture
from qnet.qkd.link import QkdLink

__all__ = ["Kind", "Unseen", "arriving", "kinds"]

Unseen = Callable[[Array], Array]
"""Shares of the arriving light (any shape) → the probability that detectors which get them see none of it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Kind:
    """A kind of pulse: one intensity of a laser, or what a single-photon source sends.

    Args:
        mean: Photons on average.
        light: The generating function.
        numbers: Probabilities of 0, 1, 2 … photons, up to where they no longer matter.

    Example:
        >>> Kind.laser(0.5).numbers[:3].round(4)
        array([0.6065, 0.3033, 0.0758])
    """

    mean: float
    light: Light
    numbers: Array

    @classmethod
    def laser(cls, mean: float) -> Kind:
        """A pulse of laser light of random phase: Poissonian."""
        count = np.arange(int(mean + 12 * math.sqrt(mean)) + 25)
        logs = np.array([math.lgamma(n + 1) for n in count])
        numbers = np.exp(count * math.log(mean) - mean - logs) if mean > 0 else (count == 0).astype(float)
        return cls(mean=mean, light=coherent(mean), numbers=numbers)

    @classmethod
    def photons(cls, source: SinglePhotonSource) -> Kind:
        """What a single-photon source sends."""
        numbers = source.photon_numbers
        return cls(mean=source.mean_photon_number, light=mixture(numbers), numbers=numbers)


def kinds(intensities: tuple[float, ...], source: SinglePhotonSource | None) -> tuple[Kind, ...]:
    """The kinds of pulses of a sender: its laser's intensities, or one kind of single photons.

    Args:
        intensities: Mean photon numbers; none for single photons.
        source: The single-photon source; None without intensities: a perfect one.

    Raises:
        ValueError: If there are intensities and a single-photon source.
    """
    if intensities and source is not None:
        raise ValueError(
            f"intensities={intensities!r} are a laser's, but source={source!r}; give one of the two"
        )
    if intensities:
        return tuple(Kind.laser(float(mean)) for mean in intensities)
    return (Kind.photons(source or SinglePhotonSource()),)


def arriving(kind: Kind, link: QkdLink) -> Unseen:
    """What arrives without Eve: each photon is seen with the probability of channel times detector."""
    seen = float(link.efficiency)
    return lambda shares: np.asarray(kind.light(np.asarray(1 - seen * shares)))
