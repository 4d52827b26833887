"""The threshold: the noise at which the curves of all distances cross."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import sinter
from numpy.typing import NDArray

from decoders.statistics._likelihood_fit import fitted
from decoders.statistics._points import Points, Reading, read

__all__ = ["Threshold", "fit_threshold"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """Where the curves cross, and how they fan out.

    Args:
        value: The noise p_th of the crossing.
        stderr: Its standard error, enlarged by √(χ²/dof) where the form does not fit the counts.
        exponent: ν of the scaling x = (p − p_th)·d^(1/ν).
        exponent_stderr: Its standard error.
        error_rate: The error rate at the crossing.
        chi2: Of the fit; much above `dof` means points too far from the crossing, or distances too small.
        dof: Its degrees of freedom.
    """

    value: float
    stderr: float
    exponent: float
    exponent_stderr: float
    error_rate: float
    chi2: float
    dof: int


def fit_threshold(
    stats: Iterable[sinter.TaskStats], *, noise: Reading = "p", distance: Reading = "d"
) -> Threshold:
    """Fit the crossing of error-rate curves by finite-size scaling.

    The error rate of all distances is taken to be one function of x = (p − p_th)·d^(1/ν), of second order
    about the crossing: A + Bx + Cx². The most likely p_th, ν, A, B, C for the binomial counts are found.
    Give points near the crossing (within some 20 % of it) and at least two distances; the form does not
    hold further out.

    Args:
        stats: Statistics of one decoder.
        noise: Key of the noise in `json_metadata`, or a function of the statistics.
        distance: Key of the distance, or a function.

    Returns:
        The threshold with its standard error.

    Raises:
        ValueError: If the metadata lacks a number.
        ValueError: If there are fewer than two distances, three noises or six points.
        ValueError: If the curves do not cross within the noises given.

    Source:
        C. Wang, J. Harrington and J. Preskill, Annals of Physics 303, 31 (2003),
        arXiv:quant-ph/0207088, section 4.3.

    Example:
        >>> def point(d, p):
        ...     x = (p - 0.0075) * d
        ...     return sinter.TaskStats(strong_id="", decoder="", json_metadata={"d": d, "p": p},
        ...                             shots=10**6, errors=round(1e6 * (0.1 + 3 * x + 20 * x**2)))
        >>> found = fit_threshold(point(d, p) for d in (5, 7, 9) for p in (0.007, 0.0075, 0.008))
        >>> f"{found.value:.4f} {found.exponent:.2f} {found.error_rate:.3f}"
        '0.0075 1.00 0.100'
    """
    points = read(stats, distance=distance, other=noise, name="noise")
    _check(points)
    middle, spread = float(np.mean(points.other)), float(np.ptp(points.other))
    longest = float(points.distance.max())

    def model(parameters: Floats) -> Floats:
        place, power, a, b, c = parameters
        x = ((points.other - middle) / spread - place) * (points.distance / longest) ** power
        return np.asarray(a + b * x + c * x**2)

    fit = fitted(model, _start(points, middle, spread, longest), points.errors, points.shots)
    place, power, rate = fit.parameters[:3]
    value = middle + spread * float(place)
    low, high = float(points.other.min()), float(points.other.max())
    if not low <= value <= high or power <= 0:
        raise ValueError(
            f"stats do not cross between the noises {low:g} and {high:g}; add points on both sides"
        )
    return Threshold(
        value=value,
        stderr=spread * fit.stderr(0),
        exponent=float(1 / power),
        exponent_stderr=float(fit.stderr(1) / power**2),
        error_rate=float(rate),
        chi2=fit.chi2,
        dof=fit.dof,
    )


def _check(points: Points) -> None:
    distances, noises = len(set(points.distance)), len(set(points.other))
    if distances < 2 or noises < 3 or len(points) < 6:
        raise ValueError(
            f"stats hold {len(points)} points of {distances} distances and {noises} noises; "
            "a crossing needs two distances, three noises and six points"
        )


def _start(points: Points, middle: float, spread: float, longest: float) -> Floats:
    """The best of a grid of places and powers, the rest by least squares: it is linear."""
    rates = points.errors / points.shots
    weights = np.sqrt(points.shots / np.maximum(rates * (1 - rates), 1 / points.shots))
    best, start = np.inf, np.zeros(5)
    for place in np.linspace(-0.5, 0.5, 41):
        for power in np.linspace(0.3, 1.8, 11):
            x = ((points.other - middle) / spread - place) * (points.distance / longest) ** power
            columns = np.stack([np.ones_like(x), x, x**2], axis=1) * weights[:, None]
            solved = np.linalg.lstsq(columns, rates * weights, rcond=None)[0]
            cost = float(((columns @ solved - rates * weights) ** 2).sum())
            if cost < best:
                best, start = cost, np.array([place, power, *solved])
    return start
