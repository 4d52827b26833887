"""How long the circuits with a seam take to build, and the exact oracles to answer, in CPU seconds.

Run it by `python -m benchmarks.seam [--distance D] [--json]`. A row is the best of three.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from circuits.codes import (
    Link,
    five_qubit,
    four_two_two,
    joint_measurement,
    logical_bell_pair,
    parity,
    repetition,
    rotated_surface,
    shor,
    steane,
)
from circuits.codes import oracles as exact
from circuits.codes.stabilizer import StabilizerCode
from circuits.noise import CircuitNoise

NOISE = CircuitNoise.uniform_depolarizing(0.001)
LINK = Link.werner(0.95, erasure=0.01)
CODES = (five_qubit(), four_two_two(), steane(), shor(), rotated_surface(3), parity(2, 4), repetition(9))


@dataclass(frozen=True, kw_only=True)
class Case:
    """One thing to time.

    Args:
        name: What is done.
        work: The call.
        bound: CPU seconds that it may take.
    """

    name: str
    work: Callable[[], object]
    bound: float


def answers(code: StabilizerCode) -> None:
    """Everything that the oracles know of a code, from nothing."""
    exact._enumerated.cache_clear()
    exact.distance(code)
    exact.maximum_likelihood_failure(code, 0.05)
    exact.uncorrectable_erasures(code)


def cases(distance: int) -> list[Case]:
    """The seam at a distance with noisy, heralded pairs, and every small code."""
    pair = Case(
        name=f"logical_bell_pair({distance})",
        work=lambda: logical_bell_pair(distance, link=LINK, noise=NOISE),
        bound=1.0,
    )
    joint = Case(
        name=f"joint_measurement({distance}, 'XX')",
        work=lambda: joint_measurement(distance, "XX", link=LINK, noise=NOISE),
        bound=1.0,
    )
    return [
        pair,
        joint,
        *(Case(name=f"oracles of {code.name}", work=partial(answers, code), bound=5.0) for code in CODES),
    ]


def measure(case: Case) -> dict[str, object]:
    """The best of three calls."""
    times = []
    for _ in range(3):
        start = time.process_time()
        case.work()
        times.append(time.process_time() - start)
    return {
        "name": case.name,
        "cpu_s": round(min(times), 3),
        "bound_s": case.bound,
        "reached": min(times) <= case.bound,
    }


def main() -> int:
    """Measure every case, print the table or JSON, and return 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description="CPU time of circuits with a seam, and of exact oracles.")
    parser.add_argument("--distance", type=int, default=13, help="distance of the patches (default 13)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    rows = [measure(case) for case in cases(options.distance)]
    if options.json:
        print(json.dumps({"rows": rows}))
    else:
        print(f"{'building':<34}{'CPU s':>8}{'bound':>8}")
        for row in rows:
            verdict = "reached" if row["reached"] else "MISSED"
            print(f"{row['name']:<34}{row['cpu_s']:>8}{row['bound_s']:>8}  {verdict}")
    return 0 if all(row["reached"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
