"""What the points of a study say together: thresholds, and Λ at every noise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from qnet.results import Figure

if TYPE_CHECKING:
    import sinter

    from qnet.studies.kinds import Point

__all__ = ["fitted"]

NEAR = 0.25
UNKNOWN = Figure(float("nan"))


@dataclass(frozen=True, kw_only=True)
class Series:
    """Points that differ in distance and strength of the noise alone.

    Args:
        code: Name of the family.
        noise: The noise model.
        decoder: The decoder.
        basis: The basis.
    """

    code: str
    noise: str
    decoder: str
    basis: str


def fitted(points: Sequence[Point], found: Sequence[sinter.TaskStats]) -> Mapping[str, Figure]:
    """The thresholds and the Λs of a study.

    A threshold comes out of two distances and three noises or more; it is fitted to the points within a
    quarter of the place where the curves of the smallest and the largest distance cross, or the three
    nearest. Λ, the factor by which two more of distance divide the errors of a round (of a shot, where the
    metadata of the points has no rounds `r`), comes out of two distances at one noise. NaN stands for curves
    that do not cross, and for counts without an error.

    Args:
        points: The points.
        found: The statistics of each.

    Returns:
        `threshold` and `lambda`, followed in brackets by what tells several apart.
    """
    series: dict[Series, list[sinter.TaskStats]] = {}
    for point, stats in zip(points, found, strict=True):
        row = point.row()
        key = Series(
            code=row["code"].partition(":")[0],
            noise=row["noise"],
            decoder=row["decoder"],
            basis=row["basis"],
        )
        series.setdefault(key, []).append(stats)
    figures: dict[str, Figure] = {}
    for key, members in series.items():
        if _count(members, "d") > 1 and _count(members, "p") > 2:
            figures[_named("threshold", key, series)] = _threshold(members)
    for key, members in series.items():
        strengths = sorted({_value(stats, "p") for stats in members})
        for p in strengths:
            here = [stats for stats in members if _value(stats, "p") == p]
            if _count(here, "d") > 1:
                at = f"p = {p:g}" if len(strengths) > 1 else ""
                figures[_named("lambda", key, series, at)] = _lambda(here)
    return figures


def _threshold(members: Sequence[sinter.TaskStats]) -> Figure:
    from decoders.statistics import fit_threshold

    about = _crossing(members)
    if about is None:
        return UNKNOWN
    noises = sorted({_value(stats, "p") for stats in members} - {0.0}, key=lambda p: abs(log(p / about)))
    near = {p for k, p in enumerate(noises) if k < 3 or abs(p / about - 1) <= NEAR}
    try:
        found = fit_threshold([stats for stats in members if _value(stats, "p") in near])
    except ValueError:
        return UNKNOWN
    return Figure(found.value, stderr=found.stderr)


def _crossing(members: Sequence[sinter.TaskStats]) -> float | None:
    """About where the curves of the smallest and the largest distance cross; None where they do not."""
    rates: dict[float, dict[float, float]] = {}
    for stats in members:
        kept = stats.shots - stats.discards
        rates.setdefault(_value(stats, "d"), {})[_value(stats, "p")] = (stats.errors + 0.5) / (kept + 1)
    small, large = rates[min(rates)], rates[max(rates)]
    noises = sorted(p for p in set(small) & set(large) if p > 0)
    lead = [log(large[p] / small[p]) for p in noises]
    # Below the crossing the larger distance has fewer errors; the best cut has the least on its wrong side.
    wrong = [
        sum(max(one, 0.0) for one in lead[:cut]) - sum(min(one, 0.0) for one in lead[cut:])
        for cut in range(len(lead) + 1)
    ]
    cut = wrong.index(min(wrong))
    if not 0 < cut < len(lead):
        return None
    before, after = lead[cut - 1], lead[cut]
    share = 0.5 if before >= 0 or after <= 0 else before / (before - after)
    return float(noises[cut - 1] * (noises[cut] / noises[cut - 1]) ** share)


def _lambda(members: Sequence[sinter.TaskStats]) -> Figure:
    from decoders.statistics import fit_lambda

    try:
        found = fit_lambda(members, rounds="r" if all("r" in one.json_metadata for one in members) else 1)
    except ValueError:
        return UNKNOWN
    return Figure(found.value, stderr=found.stderr)


def _value(stats: sinter.TaskStats, key: str) -> float:
    return float(stats.json_metadata[key])


def _count(members: Iterable[sinter.TaskStats], key: str) -> int:
    return len({_value(stats, key) for stats in members})


def _named(name: str, series: Series, among: Iterable[Series], at: str = "") -> str:
    """The figure's name, with what differs among the series in brackets."""
    others = list(among)
    parts = [
        getattr(series, field)
        for field in ("code", "noise", "decoder", "basis")
        if len({getattr(one, field) for one in others}) > 1
    ]
    parts += [at] if at else []
    return f"{name} ({', '.join(parts)})" if parts else name
