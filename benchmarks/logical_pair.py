"""How long a logical Bell fidelity takes, and how long one that is kept, in CPU seconds of one core.

Run it by `python -m benchmarks.logical_pair [--json]`. A row is the median of three.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qnet.repeaters import EncodedLink, simulated_pairs

LINK = EncodedLink(distance=5, seam_noise=0.034, noise="uniform:0.001")
"""1 − F is about 10⁻² here."""
PRECISION = 0.05


@dataclass(frozen=True, kw_only=True)
class Case:
    """One thing to time.

    Args:
        name: What is done.
        work: The call, which returns 1 − F.
        bound: CPU seconds that it may take.
    """

    name: str
    work: Callable[[], float]
    bound: float


def pair(**more: object) -> float:
    """1 − F of the link, to the precision."""
    (found,) = simulated_pairs([LINK], precision=PRECISION, seed=1, **more)  # type: ignore[arg-type]
    assert found.infidelity.stderr is not None
    assert found.infidelity.stderr <= PRECISION * found.infidelity.value
    return found.infidelity.value


def cases(kept: Path) -> list[Case]:
    """The pair from nothing, and from a file that holds it."""
    pair(save_resume=kept)
    return [
        Case(name="1 − F at d = 5 to 5 %", work=pair, bound=2.0),
        Case(name="the same, kept", work=lambda: pair(save_resume=kept), bound=0.5),
    ]


def measure(case: Case) -> dict[str, object]:
    """The median of three calls, after one that loads the libraries."""
    value, times = case.work(), []
    for _ in range(3):
        start = time.process_time()
        case.work()
        times.append(time.process_time() - start)
    taken = statistics.median(times)
    return {
        "name": case.name,
        "infidelity": value,
        "cpu_s": round(taken, 3),
        "bound_s": case.bound,
        "reached": taken < case.bound,
    }


def main() -> int:
    """Measure, print the table or JSON, and return 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description="CPU time of a logical Bell fidelity.")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = [measure(case) for case in cases(Path(folder) / "kept.csv")]
    if options.json:
        print(json.dumps({"rows": rows}))
    else:
        print(f"{'logical Bell pair':<28}{'1 − F':>10}{'CPU s':>8}{'bound':>8}")
        for row in rows:
            verdict = "reached" if row["reached"] else "MISSED"
            print(
                f"{row['name']:<28}{row['infidelity']:>10.4f}{row['cpu_s']:>8}{row['bound_s']:>8}  {verdict}"
            )
    return 0 if all(row["reached"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
