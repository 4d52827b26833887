"""How long curves of optimised key rates take, in CPU seconds, and one evaluation without optimisation.

Run it by `python -m benchmarks.key_rates [--json]`. Compile time (where anything is compiled at all) is a
row of
its own: the first small curve of each kind.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from qnet.qkd.epsilon import EpsilonBudget
from qnet.qkd.link import QkdLink
from qnet.qkd.presets import preset
from qnet.qkd.rates.shape import Block, RateProtocol
from qnet.qkd.registry import RATES

POINTS = 100
EVALUATIONS = 10_000
LINK = preset("lim2014")
BLOCK = Block(bits=1e7, epsilon=EpsilonBudget(secrecy=1e-15, correctness=1e-15, per_bit=True))
CURVE_BOUND, POINT_BOUND = 5.0, 50e-6
BOUNDS = {("bb84-decoy", "endless"): 0.3, ("bb84-decoy", "finite"): 2.0}


def cpu_seconds(work: Callable[[], object]) -> float:
    """What one run costs."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def rate(protocol: RateProtocol, what: str, link: QkdLink) -> object:
    """The curve of a protocol, endless or finite."""
    return protocol.asymptotic_rate(link) if what == "endless" else protocol.finite_rate(link, BLOCK)


def rows() -> list[dict[str, object]]:
    """One row a measurement: what, CPU seconds, and the bound."""
    found: list[dict[str, object]] = []
    curve, start = LINK.link(np.linspace(1, 150, POINTS)), LINK.link(np.linspace(1, 100, 2))
    for name, kind in RATES.items():
        protocol = kind(**LINK.settings_of(kind))
        kinds = ["endless", *(["finite"] if protocol.proof is not None else [])]
        for what in kinds:
            first, spent = (cpu_seconds(partial(rate, protocol, what, link)) for link in (start, curve))
            label = f"{name}, {what}"
            found.append({"what": f"{label}, first two points", "cpu_s": first, "bound_s": CURVE_BOUND})
            bound = BOUNDS.get((name, what), CURVE_BOUND)
            found.append({"what": f"{label}, {POINTS} points", "cpu_s": spent, "bound_s": bound})
    found.append({"what": f"bb84-decoy, finite, a point of {EVALUATIONS} not optimised", **evaluation()})
    return found


def evaluation() -> dict[str, object]:
    """One point of many, with everything given."""
    kind = RATES["bb84-decoy"]
    protocol = kind(**LINK.settings_of(kind)).optimised(LINK.link(50.0), BLOCK)
    many = LINK.link(np.linspace(0, 150, EVALUATIONS))
    return {
        "cpu_s": cpu_seconds(lambda: protocol.finite_rate(many, BLOCK)) / EVALUATIONS,
        "bound_s": POINT_BOUND,
    }


def main() -> int:
    """Print the table, or one JSON object, and return 1 when a bound is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.key_rates", description="Time curves of key rates."
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    table = rows()
    if options.json:
        print(json.dumps({"rows": table}))
    else:
        for row in table:
            print(f"{row['what']:<58} {row['cpu_s']:>11.3g} s   (bound {row['bound_s']:g} s)")
    return int(any(row["cpu_s"] > row["bound_s"] for row in table))  # type: ignore[operator]


if __name__ == "__main__":
    sys.exit(main())
