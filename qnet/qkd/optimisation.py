"""The best choice of what an operator may choose, at every point of a curve at once.

One search for every protocol: a fixed scatter of starts over the box of the free parameters, a downhill
simplex (Nelder and Mead, Comput. J. 7, 308 (1965)) for many points side by side, and warm starts: every
point tries what its fellows on the curve found and goes on from the best. Nothing is drawn at random, so
that equal questions get equal answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qnet.qkd._simplex import climb

__all__ = ["Optimum", "Range", "maximise"]

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
Score = Callable[[Mapping[str, Floats], Integers], Floats]

_DONORS = 256  # How many fellows at most lend their optimum to every point of a curve.
_ROUNDS = 6  # How often fellows are asked at most.


@dataclass(frozen=True, kw_only=True)
class Range:
    """Between which values a free parameter is sought.

    Args:
        low: The smallest value.
        high: The largest value.
        logarithmic: Whether equal ratios, not equal differences, count as equal steps.

    Raises:
        ValueError: `low` is not below `high`.
        ValueError: A logarithmic range does not start above 0.

    Examples:
        >>> Range(low=0.01, high=1.0, logarithmic=True).at([0.0, 0.5, 1.0])
        array([0.01, 0.1 , 1.  ])
    """

    low: float
    high: float
    logarithmic: bool = False

    def __post_init__(self) -> None:
        """Check the ends."""
        if not self.low < self.high:
            raise ValueError(f"low must be below high = {self.high}, got {self.low}")
        if self.logarithmic and self.low <= 0:
            raise ValueError(f"low must be above 0 in a logarithmic range, got {self.low}")

    def at(self, share: ArrayLike) -> Floats:
        """The value at a share of the way from low (0) to high (1)."""
        if self.logarithmic:
            return np.asarray(self.low * (self.high / self.low) ** np.asarray(share))
        return np.asarray(self.low + (self.high - self.low) * np.asarray(share))

    def share(self, value: Floats | float) -> Floats:
        """Which share of the way a value lies at, held within [0, 1]."""
        value = np.clip(value, self.low, self.high)
        if self.logarithmic:
            return np.asarray(np.log(value / self.low) / np.log(self.high / self.low))
        return np.asarray((value - self.low) / (self.high - self.low))


@dataclass(frozen=True, kw_only=True)
class Optimum:
    """What a search found.

    Args:
        parameters: Name of a free parameter → its best value at every point.
        score: The best score at every point.
        evaluations: How often the score was computed, all points together.
    """

    parameters: Mapping[str, Floats]
    score: Floats
    evaluations: int


class _Counted:
    """A score over shares of the ranges, counted; what is no number is the worst."""

    def __init__(self, score: Score, ranges: Mapping[str, Range]) -> None:
        self.score = score
        self.ranges = ranges
        self.evaluations = 0

    def values(self, shares: Floats) -> dict[str, Floats]:
        return {name: span.at(share) for (name, span), share in zip(self.ranges.items(), shares, strict=True)}

    def __call__(self, shares: Floats, points: Integers) -> Floats:
        self.evaluations += points.size
        with np.errstate(all="ignore"):
            found = np.asarray(self.score(self.values(shares), points), dtype=np.float64)
        return np.where(np.isnan(found), -np.inf, found)


def maximise(
    score: Score,
    ranges: Mapping[str, Range],
    *,
    points: int,
    starts: int = 3,
    scatter: int = 128,
    guesses: tuple[Mapping[str, float], ...] = (),
    precision: float = 1e-5,
) -> Optimum:
    """The largest score over the box of the free parameters, at every point of a curve.

    Args:
        score: From arrays of the free parameters' values (by name, one entry a trial) and the numbers of
            the points that the entries belong to, to one score an entry. What cannot be is `-inf` or NaN.
            It should still fall gently where no key is left (a key fraction below 0, say), to show the way
            to where there is one.
        ranges: Name → range of each free parameter; without any, the score is evaluated as it is.
        points: How many points the curve has.
        starts: From how many of the best scattered trials each point climbs.
        scatter: How many trials are scattered over the box (the same at every point).
        guesses: Values to try beside the scattered ones, such as those of a publication.
        precision: A climb ends where the simplex spans less than this share of its score.

    Returns:
        The best values and scores, point by point.

    Raises:
        ValueError: `points`, `starts` or `scatter` is not at least 1.

    Examples:
        >>> peaks = np.array([0.2, 0.5])
        >>> best = maximise(
        ...     lambda values, points: 1 - (values["x"] - peaks[points]) ** 2,
        ...     {"x": Range(low=0.0, high=1.0)},
        ...     points=2,
        ... )
        >>> best.parameters["x"].round(2)
        array([0.2, 0.5])
    """
    for name, value in (("points", points), ("starts", starts), ("scatter", scatter)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")
    counted = _Counted(score, ranges)
    everywhere = np.arange(points)
    if not ranges:
        return Optimum(parameters={}, score=counted(np.empty((0, points)), everywhere), evaluations=points)
    trials = np.concatenate([_scattered(scatter, len(ranges)), _as_shares(guesses, ranges)], axis=1)
    best, height = _from_scatter(counted, trials, points, starts, precision)
    size, going = 0.05, everywhere
    for _ in range(_ROUNDS):
        best, lent = _from_fellows(counted, best, height)
        margin = precision * np.abs(np.where(np.isfinite(height), height, 0.0))
        moved = np.union1d(going, np.flatnonzero(lent > height + margin))
        if not moved.size:
            break
        height = lent
        best[:, moved], height[moved] = climb(counted, best[:, moved], moved, size=size, precision=precision)
        size, going = 0.01, going[:0]
    return Optimum(parameters=counted.values(best), score=height, evaluations=counted.evaluations)


def _as_shares(guesses: tuple[Mapping[str, float], ...], ranges: Mapping[str, Range]) -> Floats:
    """Guesses as columns of shares; what a guess does not name is put in the middle."""
    columns = [[float(r.share(g[n])) if n in g else 0.5 for n, r in ranges.items()] for g in guesses]
    return np.array(columns, dtype=np.float64).reshape(len(guesses), len(ranges)).T


def _scattered(count: int, dimensions: int) -> Floats:
    """Points spread evenly over the unit cube: the additive recurrence with the generalised golden ratio."""
    ratio = 2.0
    for _ in range(60):
        ratio = (1 + ratio) ** (1 / (dimensions + 1))
    steps = ratio ** -np.arange(1.0, dimensions + 1)
    return np.asarray((0.5 + steps[:, None] * np.arange(1, count + 1)) % 1.0)


def _from_scatter(
    score: _Counted, trials: Floats, points: int, starts: int, precision: float
) -> tuple[Floats, Floats]:
    """Climb from the best trials of each point, and keep the best summit."""
    count = trials.shape[1]
    owner = np.repeat(np.arange(points), count)
    heights = score(np.tile(trials, points), owner).reshape(points, count)
    chosen = np.argsort(-heights, axis=1, kind="stable")[:, :starts]
    taken = chosen.shape[1]
    summits, reached = climb(
        score,
        trials[:, chosen.ravel()],
        np.repeat(np.arange(points), taken),
        size=0.1,
        precision=10 * precision,
    )
    winner = np.argmax(reached.reshape(points, taken), axis=1) + np.arange(points) * taken
    return summits[:, winner].copy(), reached[winner]


def _from_fellows(score: _Counted, best: Floats, height: Floats) -> tuple[Floats, Floats]:
    """Give every point the best of what any point of the curve found, and say how high that is."""
    points = height.size
    donors = np.unique(np.linspace(0, points - 1, min(points, _DONORS)).astype(np.intp))
    lent = best[:, donors]
    taker = np.repeat(np.arange(points), donors.size)
    heights = score(np.tile(lent, points), taker).reshape(points, donors.size)
    donor = np.argmax(heights, axis=1)
    found = heights[np.arange(points), donor]
    return np.where(found > height, lent[:, donor], best), np.maximum(found, height)
