"""Λ: by which factor two more of distance suppress the errors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp

import numpy as np
import sinter
from numpy.typing import NDArray

from decoders.statistics._likelihood_fit import fitted
from decoders.statistics._points import Reading, read

__all__ = ["Suppression", "fit_lambda"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """The law ε_d = prefactor · Λ^(−(d+1)/2).

    Args:
        value: Λ.
        stderr: Its standard error, enlarged by √(χ²/dof) where the law does not fit the counts.
        prefactor: Of the law.
        prefactor_stderr: Its standard error.
        chi2: Of the fit.
        dof: Its degrees of freedom.
        correlation: Of the errors of ln prefactor and ln Λ.
    """

    value: float
    stderr: float
    prefactor: float
    prefactor_stderr: float
    chi2: float
    dof: int
    correlation: float = 0.0

    def error_rate(self, distance: float) -> float:
        """The error rate that the law foresees at a distance.

        Example:
            >>> law = Suppression(value=4.0, stderr=0.1, prefactor=0.08, prefactor_stderr=0.01, chi2=1, dof=1)
            >>> law.error_rate(5)
            0.00125
        """
        return float(self.prefactor * self.value ** (-(distance + 1) / 2))

    def relative_stderr(self, distance: float) -> float:
        """The standard error of that error rate, as a fraction of it, by the errors of the fit alone.

        Example:
            >>> law = Suppression(value=4, stderr=0.1, prefactor=0.08, prefactor_stderr=0.008, chi2=1, dof=1)
            >>> round(law.relative_stderr(5), 4)
            0.125
        """
        steps = (distance + 1) / 2
        height, slope = self.prefactor_stderr / self.prefactor, steps * self.stderr / self.value
        return float(np.sqrt(max(height**2 + slope**2 - 2 * self.correlation * height * slope, 0.0)))


def fit_lambda(
    stats: Iterable[sinter.TaskStats], *, distance: Reading = "d", rounds: Reading | float = 1
) -> Suppression:
    """Fit the factor by which errors fall when the distance grows by two.

    The most likely law ε_d = C·Λ^(−(d+1)/2) for the binomial counts is found: points without an error count,
    too. A shot of r rounds fails with p = (1 − (1 − 2ε)^r)/2.

    Args:
        stats: Statistics of one decoder at one noise.
        distance: Key of the distance in `json_metadata`, or a function of the statistics.
        rounds: Rounds of a shot: a key, a function or a number; 1 takes ε per shot. Where the rounds grow
            with the distance, ε per round is what falls by a constant factor.

    Returns:
        Λ with its standard error.

    Raises:
        ValueError: If the metadata lacks a number, or rounds are not above 0.
        ValueError: If there are fewer than two distances, or no errors at all.

    Source:
        Google Quantum AI, Nature 614, 676 (2023), arXiv:2207.06431: Λ = ε_d/ε_(d+2).

    Example:
        >>> def point(d):
        ...     return sinter.TaskStats(strong_id="", decoder="", json_metadata={"d": d}, shots=10**7,
        ...                             errors=round(1e6 * 3.0 ** (-(d + 1) / 2)))
        >>> found = fit_lambda(map(point, (3, 5, 7)))
        >>> f"{found.value:.3f} ± {found.stderr:.3f}, {found.prefactor:.3f}"
        '3.000 ± 0.012, 0.100'
    """
    points = read(stats, distance=distance, other=rounds, name="rounds")
    if not (points.other > 0).all():
        raise ValueError(f"rounds={rounds!r} gives {points.other.min():g} for a point; they must be above 0")
    if len(set(points.distance)) < 2:
        raise ValueError(
            f"stats hold {len(set(points.distance))} distance; Λ compares distances: give at least two"
        )
    if not points.errors.any():
        raise ValueError(
            f"stats hold no error in {points.shots.sum():g} shots; take more shots, or more noise"
        )

    def model(parameters: Floats) -> Floats:
        per_round = np.exp(np.minimum(parameters[0] - parameters[1] * (points.distance + 1) / 2, -1e-9))
        return np.asarray(-np.expm1(points.other * np.log1p(-np.minimum(2 * per_round, 1 - 1e-12))) / 2)

    rates = (points.errors + 0.5) / (points.shots + 1)
    starts = -np.expm1(np.log1p(-np.minimum(2 * rates, 0.98)) / points.other) / 2
    slope, constant = np.polyfit(
        -(points.distance + 1) / 2, np.log(starts), 1, w=np.sqrt(points.errors + 0.5)
    )
    fit = fitted(model, np.array([constant, slope]), points.errors, points.shots)
    logarithm, rate = float(fit.parameters[0]), float(fit.parameters[1])
    return Suppression(
        value=exp(rate),
        stderr=exp(rate) * fit.stderr(1),
        prefactor=exp(logarithm),
        prefactor_stderr=exp(logarithm) * fit.stderr(0),
        chi2=fit.chi2,
        dof=fit.dof,
        correlation=float(fit.covariance[0, 1]) / (fit.stderr(0) * fit.stderr(1)),
    )
