"""Many downhill simplices side by side, in the unit cube."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["climb"]

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]


def climb(
    score: Callable[[Floats, Integers], Floats],
    start: Floats,
    points: Integers,
    *,
    size: float,
    precision: float,
    rounds: int = 400,
) -> tuple[Floats, Floats]:
    """Summits that Nelder and Mead's simplices reach from their starts, none of which leaves the unit cube.

    Args:
        score: From places (dimensions × entries) and the points they belong to, to a score an entry.
        start: One start a column.
        points: Which point each start belongs to.
        size: How far the first simplex reaches along every axis.
        precision: A simplex rests when its scores differ by less than this share of the best one.
        rounds: After how many steps every simplex rests.

    Returns:
        The best corner of each simplex, and its score.
    """
    corners = _first_corners(start, size)
    scores = np.stack([score(corner, points) for corner in corners])
    awake = np.arange(points.size)
    for _ in range(rounds):
        order = np.argsort(-scores[:, awake], axis=0, kind="stable")
        scores[:, awake] = np.take_along_axis(scores[:, awake], order, axis=0)
        corners[:, :, awake] = np.take_along_axis(corners[:, :, awake], order[:, None, :], axis=0)
        best, worst = scores[0, awake], scores[-1, awake]
        with np.errstate(invalid="ignore"):
            level = (best == worst) | (best - worst <= precision * np.abs(best))
        awake = awake[~level]
        if not awake.size:
            break
        _step(score, corners, scores, awake, points[awake])
    best_corner = np.argmax(scores, axis=0)
    return corners[best_corner, :, np.arange(points.size)].T.copy(), scores.max(axis=0)


def _first_corners(start: Floats, size: float) -> Floats:
    """The start, and a corner along every axis, towards the middle: (corners, axes, entries)."""
    dimensions = start.shape[0]
    corners = np.repeat(start[None], dimensions + 1, axis=0)
    for axis in range(dimensions):
        corners[axis + 1, axis] += np.where(start[axis] < 0.5, size, -size)
    return corners


def _step(
    score: Callable[[Floats, Integers], Floats],
    corners: Floats,
    scores: Floats,
    awake: Integers,
    points: Integers,
) -> None:
    """Reflect the worst corners; then expand, contract or shrink, each simplex as it needs."""
    worst = corners[-1][:, awake]
    centre = corners[:-1][:, :, awake].mean(axis=0)
    first, second_worst, last = scores[0, awake], scores[-2, awake], scores[-1, awake]
    reflected = np.clip(2 * centre - worst, 0.0, 1.0)
    height = score(reflected, points)
    stretch = np.where(height > first, 2.0, np.where(height > last, 0.5, -0.5))
    place = np.where(height > second_worst, reflected, worst)
    gained = np.where(height > second_worst, height, last)
    again = np.flatnonzero((height > first) | (height <= second_worst))
    if again.size:
        tried = np.clip(centre[:, again] + stretch[again] * (centre - worst)[:, again], 0.0, 1.0)
        found = score(tried, points[again])
        better = found > np.maximum(height, last)[again]
        place[:, again] = np.where(better, tried, place[:, again])
        gained[again] = np.where(better, found, gained[again])
    corners[-1][:, awake] = place
    scores[-1, awake] = gained
    stuck = gained <= last
    if stuck.any():
        _shrink(score, corners, scores, awake[stuck], points[stuck])


def _shrink(
    score: Callable[[Floats, Integers], Floats],
    corners: Floats,
    scores: Floats,
    stuck: Integers,
    points: Integers,
) -> None:
    """Draw every corner half-way to the best one."""
    kept = corners[0][:, stuck]
    moved = (corners[1:][:, :, stuck] + kept) / 2
    corners[1:, :, stuck] = moved
    count, _, width = moved.shape
    places = np.moveaxis(moved, 1, 0).reshape(moved.shape[1], count * width)
    scores[1:, stuck] = score(places, np.tile(points, count)).reshape(count, width)
