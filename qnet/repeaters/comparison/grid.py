"""`compare_generations`: the cheapest repeater over distance, gate error and coupling."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from itertools import product
from math import hypot, inf, isfinite, nan

from qnet.repeaters._checks import whole
from qnet.repeaters.comparison.candidates import Candidates
from qnet.repeaters.comparison.limits import bound_bits_per_s, break_even_error
from qnet.repeaters.conditions import Conditions
from qnet.repeaters.delivery import GENERATIONS, Delivery
from qnet.results import Figure, Result
from qnet.studies._versions import versions

__all__ = ["compare_generations"]

MOST_POINTS = 10_000


def compare_generations(
    conditions: Conditions,
    *,
    lengths_km: Sequence[float] = (),
    gate_errors: Sequence[float] = (),
    couplings: Sequence[float] = (),
    candidates: Candidates | None = None,
    repeaters: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[float], None] | None = None,
) -> Result:
    """Compare the generations at every point of a grid.

    Args:
        conditions: What holds where an axis is not given.
        lengths_km: Distances; that of `conditions` if empty.
        gate_errors: Gate errors; likewise.
        couplings: Coupling efficiencies; likewise.
        candidates: What is compared.
        repeaters: How many ideal repeaters the bound has that is told beside PLOB's; None for as many as the
            cheapest line has.
        executor: Who works; None for this process. Points are independent.
        progress: Called with the share that is done.

    Returns:
        A row for every point and generation that gives a key there, the cheapest marked (`cheapest`), with
        by how many of its standard errors it is the cheapest (`margin_sigma`, None where all is exact); a
        point without any key has one row, of generation `"none"`. A point's rows also hold what is cheapest
        without noise, and the bounds. Of a single point the figures are those of the cheapest.

    Raises:
        ValueError: If there are more than 10 000 points, or a value is out of range.

    Source: Muralidharan et al., Sci. Rep. 6, 20463 (2016), arXiv:1509.08435.

    Example:
        >>> made = compare_generations(Conditions(length_km=10_000, gate_error=2e-3, coupling=0.5))
        >>> next(row["generation"] for row in made.rows if row["cheapest"])
        'second encoded'
    """
    started = time.perf_counter()
    axes = (
        tuple(lengths_km) or (conditions.length_km,),
        tuple(gate_errors) or (conditions.gate_error,),
        tuple(couplings) or (conditions.coupling,),
    )
    if repeaters is not None:
        whole("repeaters", repeaters, 0)
    points = [
        replace(conditions, length_km=length, gate_error=error, coupling=coupling)
        for length, error, coupling in product(*axes)
    ]
    if len(points) > MOST_POINTS:
        raise ValueError(f"the grid has {len(points)} points; {MOST_POINTS} are the most")
    chosen = candidates or Candidates()
    quiet = list(dict.fromkeys(replace(point, gate_error=0.0) for point in points))
    best = dict(zip([*points, *quiet], _best(chosen, [*points, *quiet], executor, progress), strict=True))
    rows = []
    for point in points:
        rows += _rows(point, best[point], best[replace(point, gate_error=0.0)], repeaters)
    return Result(
        command="repeater compare",
        experiment="generations of repeaters",
        figures=_figures(points, best),
        parameters={
            "length_km": list(axes[0]),
            "gate_error": list(axes[1]),
            "coupling": list(axes[2]),
            "gate_time_s": conditions.gate_time_s,
            "attenuation_length_km": conditions.attenuation_length_km,
            "measurement_error": conditions.measurement_error,
            "pair_fidelity": conditions.pair_fidelity,
            "repeaters": repeaters,
        },
        seed=None,
        shots=0,
        sampler="",
        rows=rows,
        versions=versions(),
        elapsed_s=time.perf_counter() - started,
    )


def _best(
    candidates: Candidates,
    points: Sequence[Conditions],
    executor: Executor | None,
    progress: Callable[[float], None] | None,
) -> list[dict[str, Delivery]]:
    if executor is None:
        made: Iterable[dict[str, Delivery]] = map(candidates.best, points)
    else:
        made = (one.result() for one in [executor.submit(candidates.best, point) for point in points])
    found = []
    for best in made:
        found.append(best)
        if progress is not None:
            progress(len(found) / len(points))
    return found


def _rows(
    point: Conditions, best: Mapping[str, Delivery], quiet: Mapping[str, Delivery], repeaters: int | None
) -> list[dict[str, object]]:
    order = sorted(best.values(), key=lambda one: one.cost_coefficient.value)
    cheapest = order[0] if order else None
    noiseless = min(quiet.values(), key=lambda one: one.cost_coefficient.value, default=None)
    count = repeaters
    if count is None:
        count = max(round(cheapest.hops) - 1, 0) if cheapest else 0
    place = {
        "length_km": point.length_km,
        "gate_error": point.gate_error,
        "coupling": point.coupling,
        "noiseless_generation": noiseless.generation if noiseless else "none",
        "noiseless_cost_coefficient": noiseless.cost_coefficient.value if noiseless else nan,
        "plob_bits_per_s": bound_bits_per_s(point),
        "repeater_bound_bits_per_s": bound_bits_per_s(point, count),
        "bound_repeaters": count,
    }
    if cheapest is None:
        return [{**place, "generation": "none", "cheapest": True, "margin_sigma": None}]
    margin = _margin(order)
    return [
        {
            **place,
            **best[name].row(),
            "cheapest": best[name] is cheapest,
            "margin_sigma": margin if best[name] is cheapest else None,
            "noiseless_secret_bits_per_s": (quiet[name].secret_bits_per_s.value if name in quiet else nan),
        }
        for name in GENERATIONS
        if name in best
    ]


def _margin(order: Sequence[Delivery]) -> float | None:
    """By how many standard errors the cheapest is cheaper than the next; None where both are exact."""
    costs = [one.cost_coefficient for one in order[:2]]
    errors = [cost.stderr for cost in costs if cost.stderr is not None]
    if len(costs) < 2 or not errors:
        return None
    spread = hypot(*errors)
    gap = costs[1].value - costs[0].value
    return gap / spread if spread and isfinite(gap) else inf


def _figures(
    points: Sequence[Conditions], best: Mapping[Conditions, Mapping[str, Delivery]]
) -> dict[str, Figure]:
    here = points[0]
    figures = {"break_even_gate_error": Figure(break_even_error(here))}
    order = sorted(best[here].values(), key=lambda one: one.cost_coefficient.value)
    if len(points) == 1 and order:
        chosen = order[0]
        bound = bound_bits_per_s(here, max(round(chosen.hops) - 1, 0))
        bits = chosen.secret_bits_per_s
        figures = {
            "secret_bits_per_s": Figure(bits.value, stderr=bits.stderr, unit=bits.unit, bound=bound),
            "secret_bits_per_s_and_station": chosen.secret_bits_per_s_and_station,
            "cost_coefficient": chosen.cost_coefficient,
            "fidelity": chosen.fidelity,
            "qubits_per_station": Figure(chosen.qubits),
            **figures,
        }
    return figures
