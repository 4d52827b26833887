"""How long the closed forms of repeaters take: one-way optimisation, long chains, the map of generations.

Run it by `python -m benchmarks.repeaters [--points N] [--json]`. CPU seconds, the best of
three for the short ones; the map runs once, in this process: 120 s are what two cores have in a minute.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from qnet.repeaters import (
    Candidates,
    Chain,
    Conditions,
    EncodedLink,
    OneWaySearch,
    StationErrors,
    compare_generations,
    simulated_pairs,
    simulated_source,
)

LINK = EncodedLink(distance=3, seam_noise=0.03, noise="uniform:0.001")
HERE = Conditions(length_km=1000, gate_error=1e-3, coupling=0.9)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One thing to time.

    Args:
        name: What is done.
        work: The call.
        bound: Seconds that it may take.
        times: How often it is tried.
    """

    name: str
    work: Callable[[], object]
    bound: float
    times: int = 3


def searched(errors: StationErrors) -> object:
    """The best one-way line of 1 000 km over all (n, m, L₀)."""
    return OneWaySearch(length_km=1000, errors=errors).best().secret_bits


def chained(file: Path) -> object:
    """A chain of 1 000 km whose link's counts are read from the file that keeps them."""
    (pair,) = simulated_pairs([LINK], precision=0.2, seed=1, save_resume=file)
    return Chain.of(pair, 50).secret_fraction


def mapped(points: int, file: Path) -> object:
    """The map over gate error and coupling, with a simulated code beside the closed forms."""
    errors = [10 ** (-5 + 3.7 * k / (points - 1)) for k in range(points)]
    couplings = [0.1 + 0.9 * k / (points - 1) for k in range(points)]
    kept = simulated_source("surgery:3", errors[points * 3 // 4 :], precision=0.2, seed=1, save_resume=file)
    candidates = Candidates(sources=(*Candidates().sources, kept))
    return compare_generations(HERE, gate_errors=errors, couplings=couplings, candidates=candidates)


def cases(points: int, folder: Path) -> list[Case]:
    """What is timed; what is to be cached is made first."""
    links, sources = folder / "links.csv", folder / "map.csv"
    chained(links)
    noisy = StationErrors(gate=1e-3, measurement=2.5e-4, preparation=1e-3)
    errors = [10 ** (-5 + 3.7 * k / (points - 1)) for k in range(points)]
    simulated_source("surgery:3", errors[points * 3 // 4 :], precision=0.2, seed=1, save_resume=sources)
    return [
        Case(name="one-way, 1000 km, loss alone", work=partial(searched, StationErrors()), bound=1.0),
        Case(name="one-way, 1000 km, noisy gates", work=partial(searched, noisy), bound=1.0),
        Case(name="chain of 1000 km, cached links", work=partial(chained, links), bound=0.05, times=7),
        Case(
            name=f"map of {points} x {points} points",
            work=partial(mapped, points, sources),
            bound=120.0,
            times=1,
        ),
    ]


def measure(case: Case) -> dict[str, object]:
    """The best of some calls."""
    taken = []
    for _ in range(case.times):
        start = time.process_time()
        case.work()
        taken.append(time.process_time() - start)
    best = min(taken)
    return {"name": case.name, "cpu_s": round(best, 4), "bound_s": case.bound, "reached": best < case.bound}


def main() -> int:
    """Measure every case, print the table or JSON, and return 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description="Time of one-way searches, chains and the map.")
    parser.add_argument("--points", type=int, default=20, help="points along an axis of the map (default 20)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = [measure(case) for case in cases(options.points, Path(folder))]
    if options.json:
        print(json.dumps({"rows": rows}))
    else:
        print(f"{'what':<34}{'CPU s':>9}{'bound':>8}")
        for row in rows:
            verdict = "reached" if row["reached"] else "MISSED"
            print(f"{row['name']:<34}{row['cpu_s']:>9}{row['bound_s']:>8}  {verdict}")
    return 0 if all(row["reached"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
