"""`collect` against `sinter.collect`, and where the curves of the rotated surface code cross.

Run it by `python -m benchmarks.collection [--pairs N] [--scale X] [--only speed|crossing] [--json]`. A run
that is timed has an interpreter of its own, in which nothing is warm but what is named warm; runs alternate,
and a ratio is that of the medians. Both sides have the same tasks, the same shots and sinter's own decoder.
PyMatching is imported beforehand where this process decodes. `--scale` multiplies the numbers of shots; jobs
are to take 10 s at least.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import sinter
import stim

from decoders import collect, fit_threshold, process_pool

LARGE = {5: 4_000_000, 9: 600_000, 13: 180_000}
SMALL = 40
CROSSING = {"pymatching_plain": (0.0066, 0.0084, 60_000), "pymatching": (0.0078, 0.0096, 20_000)}
DECODERS = {"matching": sinter.BUILT_IN_DECODERS["pymatching"]}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure and what it has to reach."""

    name: str
    value: float
    low: float
    high: float
    detail: str

    @property
    def reached(self) -> bool:
        """Whether the figure lies within its bounds."""
        return self.low <= self.value <= self.high


def memory(distance: int, p: float) -> stim.Circuit:
    """Stim's rotated memory in the Z basis under uniform noise."""
    return stim.Circuit.generated(
        "surface_code:rotated_memory_z",
        distance=distance,
        rounds=distance,
        after_clifford_depolarization=p,
        before_round_data_depolarization=p,
        before_measure_flip_probability=p,
        after_reset_flip_probability=p,
    )


def large(scale: float) -> list[sinter.Task]:
    """Three distances, each about a third of the work."""
    return [
        sinter.Task(
            circuit=memory(d, 0.003),
            decoder="matching",
            json_metadata={"d": d},
            collection_options=sinter.CollectionOptions(max_shots=int(shots * scale)),
        )
        for d, shots in LARGE.items()
    ]


def small() -> list[sinter.Task]:
    """Forty tasks of distance 3."""
    return [
        sinter.Task(
            circuit=memory(3, 0.001 + 0.0001 * k),
            decoder="matching",
            json_metadata={"k": k},
            collection_options=sinter.CollectionOptions(max_shots=20_000),
        )
        for k in range(SMALL)
    ]


def by_sinter(tasks: list[sinter.Task]) -> list[sinter.TaskStats]:
    return list(sinter.collect(num_workers=2, tasks=tasks, custom_decoders=DECODERS))


def cold(scale: float) -> float:
    tasks, started = large(scale), time.perf_counter()
    with process_pool(2) as pool:
        collect(tasks, decoders=DECODERS, executor=pool)
    return time.perf_counter() - started


def warm(scale: float) -> float:
    with process_pool(2) as pool:
        collect(small()[:8], decoders=DECODERS, executor=pool)
        tasks, started = large(scale), time.perf_counter()
        collect(tasks, decoders=DECODERS, executor=pool)
        return time.perf_counter() - started


def sinter_large(scale: float) -> float:
    tasks, started = large(scale), time.perf_counter()
    by_sinter(tasks)
    return time.perf_counter() - started


def here(scale: float) -> float:
    import pymatching  # noqa: F401

    tasks, started = small(), time.perf_counter()
    collect(tasks, decoders=DECODERS)
    return time.perf_counter() - started


def sinter_small(scale: float) -> float:
    tasks, started = small(), time.perf_counter()
    by_sinter(tasks)
    return time.perf_counter() - started


TIMED: dict[str, Callable[[float], float]] = {
    "cold": cold,
    "warm": warm,
    "sinter_large": sinter_large,
    "here": here,
    "sinter_small": sinter_small,
}


def alone(name: str, scale: float) -> float:
    """The seconds of one run, in an interpreter of its own."""
    command = [sys.executable, "-m", "benchmarks.collection", "--one", name, "--scale", str(scale)]
    done = subprocess.run(
        command, cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE, text=True, check=True
    )
    return float(done.stdout)


def speed(pairs: int, scale: float) -> list[Row]:
    """Ratios of medians over runs that alternate."""
    seconds: dict[str, list[float]] = {name: [] for name in TIMED}
    for _ in range(pairs):
        for name in TIMED:
            seconds[name].append(alone(name, scale))
    medians = {name: statistics.median(found) for name, found in seconds.items()}
    rows = []
    for title, ours, theirs, bound in (
        ("large jobs, 2 workers, start-up included", "cold", "sinter_large", 1.0),
        ("large jobs, 2 workers, warm executor", "warm", "sinter_large", 1.1),
        (f"{SMALL} small tasks, in this process", "here", "sinter_small", 3.0),
    ):
        rows.append(
            Row(
                name=title,
                value=round(medians[theirs] / medians[ours], 3),
                low=bound,
                high=float("inf"),
                detail=f"{medians[ours]:.2f} s, sinter {medians[theirs]:.2f} s",
            )
        )
    return rows


def crossing(scale: float) -> list[Row]:
    """The thresholds of d = 5 … 11, by plain and by correlated matching."""
    rows = []
    bounds = {"pymatching_plain": (0.0070, 0.0080), "pymatching": (0.0080, 0.0110)}
    with process_pool(2) as pool:
        for decoder, (first, last, shots) in CROSSING.items():
            noises = [first + (last - first) * k / 4 for k in range(5)]
            tasks = [
                sinter.Task(circuit=memory(d, p), json_metadata={"d": d, "p": p})
                for d in (5, 7, 9, 11)
                for p in noises
            ]
            stats = collect(tasks, decoders=decoder, executor=pool, max_shots=int(shots * scale), seed=1)
            found = fit_threshold(stats)
            detail = f"± {found.stderr:.1g}, ν {found.exponent:.2f}, χ²/dof {found.chi2 / found.dof:.2f}"
            low, high = bounds[decoder]
            rows.append(
                Row(
                    name=f"crossing, {decoder}",
                    value=round(found.value, 6),
                    low=low,
                    high=high,
                    detail=detail,
                )
            )
    return rows


def main() -> int:
    """Measure, print the table or JSON, and return 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description="collect against sinter.collect, and known crossings.")
    parser.add_argument("--pairs", type=int, default=7, help="interleaved runs per row (default 7)")
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the shots (default 1)")
    parser.add_argument("--only", choices=["speed", "crossing"], help="one part")
    parser.add_argument("--one", choices=sorted(TIMED), help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    if options.one:
        print(TIMED[options.one](options.scale))
        return 0
    rows = [] if options.only == "crossing" else speed(options.pairs, options.scale)
    rows += [] if options.only == "speed" else crossing(options.scale)
    if options.json:
        table = [{**asdict(row), "high": None, "reached": row.reached} for row in rows]
        print(json.dumps({"benchmark": "collection", "pairs": options.pairs, "rows": table}))
    else:
        for row in rows:
            bounds = f"≥ {row.low}" if row.high == float("inf") else f"{row.low} … {row.high}"
            print(
                f"{row.name}: {row.value} ({row.detail}), bound {bounds}{'' if row.reached else '  MISSED'}"
            )
    return 0 if all(row.reached for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
