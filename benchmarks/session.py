"""Whole sessions of key distribution, 10⁶ sifted bits of key at 3 %: photons, both parties, all messages.

Run it by `python -m benchmarks.session [--runs N] [--seeds N] [--json]`. CPU time, medians after a run that
compiles. With `--seeds` the known answers are checked too: for so many seeds, both keys of every protocol are
equal, and exactly as long as the finite-key bound allows with what was counted. Cascade over TCP counts the
work of both ends, messages and authentication included, on one core.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import threading
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qnet.devices import Detector
from qnet.qkd.link import QkdLink
from qnet.qkd.rates import BB84, BBM92, DecoyBB84, SixState
from qnet.qkd.rates.shape import Block, RateProtocol
from qnet.qkd.reconciliation import Reconciliation
from qnet.qkd.sessions import METHODS, ErrorRate, SessionOutcome, SessionPlan, photons_of, run_session
from qnet.qkd.sessions._pads import MemoryPool
from qnet.qkd.sessions.frames import Connection, Door, connect
from qnet.qkd.sessions.messages import Answer, Question, Reconciled
from qnet.qkd.sessions.wires import PeerWire

BITS = 10**6
BOUND_S = 1.0
BLOCK = 100_000
SOCKET = (("few-rounds", 64), ("balanced", 64), ("least-leakage", 64), ("least-leakage", 384))
SOCKET_MBIT = 5.0
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


def over_the_socket(method: str, blocks: int) -> dict[str, Any]:
    """Cascade at 3 % between two ends over TCP, authenticated, all blocks in flight; CPU time of both."""
    alice_key, bob_key = noisy_keys(blocks)
    rate = ErrorRate(errors=299, bits=9998)
    agreed = {"seed": 5, "block_length": BLOCK}
    shared = os.urandom(1 << 21)
    found: list[Reconciliation] = []

    def bob() -> None:
        machine = METHODS[method].bob(bob_key, rate, **agreed)
        stream = connect("127.0.0.1", door.port, "alice", timeout_s=60)
        with Connection(stream, "alice", PeerWire("bob", MemoryPool(shared)), timeout_s=60) as line:
            while (question := machine.next_message()) is not None:
                line.send(Question(data=question))
                machine.receive(line.receive().data)
            line.send(Reconciled(corrected=[], bits=0))
        found.append(machine.result)

    with Door("127.0.0.1", 0, timeout_s=60) as door:
        started = time.process_time()
        other = threading.Thread(target=bob)
        other.start()
        machine = METHODS[method].alice(alice_key, rate, random_bytes=os.urandom, **agreed)
        wire = PeerWire("alice", MemoryPool(shared))
        with Connection(door.welcome("bob"), "bob", wire, timeout_s=60) as line:
            while isinstance(told := line.receive(), Question):
                machine.receive(told.data)
                line.send(Answer(bits=0, data=machine.next_message() or b""))
        other.join()
        spent = time.process_time() - started
    pace = blocks * BLOCK / spent / 1e6
    equal = bool(np.array_equal(found[0].key, alice_key))
    return {
        "session": f"cascade over TCP, {method}",
        "blocks_in_flight": blocks,
        "mbit_per_s": round(pace, 1),
        "bound": SOCKET_MBIT,
        "f_ec": round(found[0].efficiency(0.03), 3),
        "round_trips": found[0].round_trips,
        "equal": equal,
        "reached": equal and pace >= SOCKET_MBIT,
    }


def noisy_keys(blocks: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Two keys with exactly 3 % of errors in each block."""
    rng = np.random.default_rng(1)
    first = rng.integers(0, 2, blocks * BLOCK, dtype=np.uint8)
    second = first.copy()
    for block in range(blocks):
        second[block * BLOCK + rng.choice(BLOCK, 3 * BLOCK // 100, replace=False)] ^= 1
    return first, second


def main() -> int:
    """Measure, print, and return 1 when a bound is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.session", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="sessions whose times are taken")
    parser.add_argument("--seeds", type=int, default=0, help="seeds of the known answers")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    rows = [measure(options.runs)]
    over_the_socket("few-rounds", 1)
    over_the_socket("least-leakage", 1)
    rows += [over_the_socket(method, blocks) for method, blocks in SOCKET]
    rows += [answers(name, options.seeds) for name in PROTOCOLS if options.seeds]
    if options.json:
        print(json.dumps({"benchmark": "session", "rows": rows}))
    else:
        for row in rows:
            print(", ".join(f"{name} {value}" for name, value in row.items()))
    return 0 if all(row["reached"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
