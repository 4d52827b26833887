"""How long the imports and the command line take, in CPU seconds of fresh interpreters.

Run it by `python -m benchmarks.start_up [--pairs N] [--json]`. A row is the median over interleaved pairs.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

HELP = "import sys; from qnet.cli import main; sys.argv[:] = ['qnet', '--help']; sys.exit(main())"


@dataclass(frozen=True, kw_only=True)
class Start:
    """One start that is timed against a baseline.

    Args:
        name: What is started.
        script: The Python code of it.
        baseline: The Python code that it is compared with.
        figure: From (ours, baseline) in CPU seconds to the figure that is bounded.
        unit: The figure's unit: "s", or "×" for a ratio.
        bound: The figure is to stay below it.
    """

    name: str
    script: str
    baseline: str
    figure: Callable[[float, float], float]
    unit: str
    bound: float


STARTS = (
    Start(
        name="import qnet, beyond numpy",
        script="import numpy, qnet",
        baseline="import numpy",
        figure=lambda ours, baseline: ours - baseline,
        unit="s",
        bound=0.05,
    ),
    Start(
        name="from circuits import teleportation, against from qiskit import QuantumCircuit",
        script="from circuits import teleportation",
        baseline="from qiskit import QuantumCircuit",
        figure=lambda ours, baseline: ours / baseline,
        unit="×",
        bound=1.15,
    ),
    Start(
        name="qnet --help",
        script=HELP,
        baseline="pass",
        figure=lambda ours, baseline: ours,
        unit="s",
        bound=0.5,
    ),
)


def cpu_seconds(script: str) -> float:
    """User and system time of a fresh interpreter that runs the script."""
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{script!r} ended with exit code {child.returncode}")
    return usage.ru_utime + usage.ru_stime


def measure(start: Start, pairs: int) -> dict[str, object]:
    """Medians over interleaved pairs, after one pair that only fills the caches."""
    timed = [(cpu_seconds(start.script), cpu_seconds(start.baseline)) for _ in range(pairs + 1)][1:]
    figure = statistics.median(start.figure(ours, baseline) for ours, baseline in timed)
    return {
        "name": start.name,
        "ours_s": round(statistics.median(ours for ours, _ in timed), 4),
        "baseline_s": round(statistics.median(baseline for _, baseline in timed), 4),
        "figure": round(figure, 4),
        "unit": start.unit,
        "bound": start.bound,
        "reached": figure < start.bound,
    }


def main() -> int:
    """Measure every start, print the table or JSON, and return 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description="CPU time of the imports and of the command line.")
    parser.add_argument("--pairs", type=int, default=9, help="interleaved pairs per row (default 9)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    rows = [measure(start, options.pairs) for start in STARTS]
    if options.json:
        print(json.dumps({"benchmark": "start_up", "pairs": options.pairs, "rows": rows}))
    else:
        for row in rows:
            print(f"{row['name']}\n    {row['ours_s']} s, baseline {row['baseline_s']} s: ", end="")
            missed = "" if row["reached"] else "  MISSED"
            print(f"{row['figure']} {row['unit']}, bound {row['bound']}{missed}")
    return 0 if all(row["reached"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
