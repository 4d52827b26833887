"""Whole sessions of key distribution with 10⁶ sifted bits of key at 3 %: photons, both parties and all messages.

Run it by `python -m benchmarks.session [--runs N] [--seeds N] [--json]`. CPU time, medians after a run that
compiles. With `--seeds` the known answers are checked too: for so many seeds, both keys of every protocol are
equal, and exactly as long as the finite-key bound allows with what was counted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from typing import Any

import numpy as np

from qnet.devices import Detector
from qnet.qkd.link import QkdLink
from qnet.qkd.rates import BB84, BBM92, DecoyBB84, SixState
from qnet.qkd.rates.shape import Block, RateProtocol
from qnet.qkd.sessions import SessionOutcome, SessionPlan, photons_of, run_session

BITS = 10**6
BOUND_S = 1.0
LINK = QkdLink(transmittance=1.0, detector=Detector(efficiency=1.0, misalignment=0.03))
WEAK = QkdLink(transmittance=0.5, detector=Detector(efficiency=0.8, misalignment=0.03))
PROTOCOLS: dict[str, tuple[RateProtocol, QkdLink]] = {
    "bb84": (BB84(test_probability=0.1), LINK),
    "six-state": (SixState(test_probability=0.3), LINK),
    "bbm92": (BBM92(test_probability=0.1, mean_pairs=0.001), LINK),
    "bb84-decoy": (DecoyBB84(), WEAK),
}


def planned(name: str) -> SessionPlan:
    """The plan that is expected to bring 10⁶ bits of key after a sample of a hundredth."""
    protocol, link = PROTOCOLS[name]
    return SessionPlan.expected(protocol, link, Block(bits=BITS / 0.99), reconciliation="few-rounds")


def once(plan: SessionPlan, seed: int) -> SessionOutcome:
    """One session, seeded."""
    quantum = photons_of(plan, PROTOCOLS[plan.name][1], seed=seed)
    return run_session(plan, quantum, alice_seed=seed, bob_seed=seed)


def measure(runs: int) -> dict[str, Any]:
    """CPU time of a BB84 session, and where it goes."""
    plan = planned("bb84")
    times, last = [], once(plan, 0)
    for seed in range(1, runs + 1):
        started = time.process_time()
        last = once(plan, seed)
        times.append(time.process_time() - started)
    median = statistics.median(times)
    return {
        "session": "bb84",
        "sifted_bits": last.ledger.reconciled,
        "qber": round(last.ledger.qber.value, 4),
        "seconds": round(median, 3),
        "bound": BOUND_S,
        "stages": {stage: round(spent, 3) for stage, spent in last.ledger.seconds.items()},
        "key_bits": last.ledger.final,
        "f_ec": round(last.ledger.f_ec, 3),
        "round_trips": last.ledger.round_trips,
        "equal": bool(np.array_equal(last.alice.verified.bits, last.bob.verified.bits)),
        "reached": median <= BOUND_S,
    }


def answers(name: str, seeds: int) -> dict[str, Any]:
    """Whether the keys of all seeds are equal and as long as the bound says."""
    plan, right, lengths = planned(name), 0, []
    for seed in range(seeds):
        made = once(plan, seed)
        told = made.ledger
        assert told.bound is not None
        assert made.alice.key is not None
        assert made.bob.key is not None
        same = np.array_equal(made.alice.key.bits, made.bob.key.bits)
        wire = told.disclosed == made.transcript.disclosed()
        right += bool(same and wire and len(made.bob.key) == told.final == told.bound.length)
        lengths.append(told.final)
    return {"session": name, "seeds": seeds, "right": right, "key_bits": lengths, "reached": right == seeds}


def main() -> int:
    """Measure, print, and return 1 when a bound is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.session", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="sessions whose times are taken")
    parser.add_argument("--seeds", type=int, default=0, help="seeds of the known answers")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    rows = [measure(options.runs)]
    rows += [answers(name, options.seeds) for name in PROTOCOLS if options.seeds]
    if options.json:
        print(json.dumps({"benchmark": "session", "rows": rows}))
    else:
        for row in rows:
            print(", ".join(f"{name} {value}" for name, value in row.items()))
    return 0 if all(row["reached"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
