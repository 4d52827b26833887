"""Raw bits of BB84 per CPU second: choices, circuits, sampling, and the random order, noise included.

Run it by `python -m benchmarks.raw_bits [--pairs N] [--json]`. A row is the median over interleaved runs;
CPU time is that of all threads. The baseline is a number that qiskit-qkd-lab publishes for its own BB84 on
one machine, not one that is measured here.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from typing import TYPE_CHECKING

from circuits.noise import CircuitNoise
from qnet.execution import sampler
from qnet.protocols import BB84, raw_bits

if TYPE_CHECKING:
    from qiskit.primitives import BaseSamplerV2

PUBLISHED_BASELINE = 13_600
SIGNALS = {"aer": 1_000_000, "stim": 4_000_000}
BOUNDS = {"aer": 600_000, "stim": 6_000_000}
NOISE = CircuitNoise.uniform_depolarizing(0.01)


def signals_per_second(machine: BaseSamplerV2, signals: int, seed: int) -> float:
    """Signals per CPU second of one run."""
    started = time.process_time()
    raw_bits(BB84(), machine, signals=signals, seed=seed)
    return signals / (time.process_time() - started)


def measure(pairs: int) -> list[dict[str, object]]:
    """Medians over interleaved runs of both samplers, after one run that only fills the caches."""
    machines = {name: sampler(name, noise=NOISE, seed=1) for name in SIGNALS}
    speeds: dict[str, list[float]] = {name: [] for name in SIGNALS}
    for seed in range(pairs + 1):
        for name, machine in machines.items():
            speeds[name].append(signals_per_second(machine, SIGNALS[name], seed))
    rows: list[dict[str, object]] = []
    for name, found in speeds.items():
        speed = statistics.median(found[1:])
        rows.append(
            {
                "sampler": name,
                "signals": SIGNALS[name],
                "signals_per_s": round(speed),
                "bound": BOUNDS[name],
                "published_baseline": PUBLISHED_BASELINE,
                "ratio": round(speed / PUBLISHED_BASELINE, 1),
                "reached": speed >= BOUNDS[name],
            }
        )
    return rows


def main() -> int:
    """Measure both samplers, print the table or JSON, and return 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description="Raw bits of BB84, noisy, per CPU second.")
    parser.add_argument("--pairs", type=int, default=5, help="interleaved runs per row (default 5)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    rows = measure(options.pairs)
    if options.json:
        print(json.dumps({"benchmark": "raw_bits", "pairs": options.pairs, "rows": rows}))
    else:
        print(f"published baseline (qiskit-qkd-lab's own figure): {PUBLISHED_BASELINE} signals/s")
        for row in rows:
            missed = "" if row["reached"] else "  MISSED"
            print(f"{row['sampler']}, {row['signals']} signals: {row['signals_per_s']} /s", end="")
            print(f" of CPU, {row['ratio']} × the baseline, bound {row['bound']}{missed}")
    return 0 if all(row["reached"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
