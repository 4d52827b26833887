"""Reconciliation: what it leaks, its round trips, its failures and its speed.

Run it by `python -m benchmarks.reconciliation [--scale X] [--json]`. Cascade's speed counts the work of
both parties on one core, one block after the other, messages apart; `through Python` counts messages of 64
blocks in flight as
well, but no transport. Cascade's blocks have exactly n·q errors; LDPC's have errors by chance. `--scale`
multiplies the
numbers of blocks; failures under 10⁻³ want at least 2 000 of them (scale 1).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qnet.qkd.reconciliation import (
    CascadeAlice,
    CascadeBob,
    CascadeParameters,
    Reconciliation,
    cascade_parameters,
    converse,
    ldpc_parameters,
    reconcile,
)
from qnet.qkd.reconciliation._answering import respond
from qnet.qkd.reconciliation._asking import next_questions, short_of_room, turn
from qnet.qkd.reconciliation._jit import whole

LENGTH = 100_000
QBERS = (0.01, 0.02, 0.03, 0.05, 0.08)
LEAST = dict(zip(QBERS, (1.03, 1.03, 1.03, 1.04, 1.055), strict=True))
QUICK = dict(zip(QBERS, (1.085, 1.085, 1.085, 1.085, 1.09), strict=True))
ONE_WAY = dict(zip(QBERS, (1.25, 1.25, 1.15, 1.13, 1.13), strict=True))
LINES = {
    "side-by-side-plain": (1.144, 1.162, 1.177, 1.185, 1.224),
    "smallest-first-plain": (1.124, 1.138, 1.151, 1.165, 1.191),
    "smallest-first": (1.112, 1.128, 1.141, 1.153, 1.176),
}
Bits = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure that is bounded."""

    name: str
    value: float
    bound: float
    at_least: bool = False

    @property
    def reached(self) -> bool:
        """Whether the figure keeps its bound."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound


def keys(
    blocks: int, length: int, qber: float, rng: np.random.Generator, *, exact: bool
) -> tuple[Bits, Bits]:
    first = rng.integers(0, 2, blocks * length, dtype=np.uint8)
    if not exact:
        return first, first ^ (rng.random(first.size) < qber).astype(np.uint8)
    second = first.copy()
    for block in range(blocks):
        second[block * length + rng.choice(length, round(qber * length), replace=False)] ^= 1
    return first, second


@njit(nogil=True, cache=True)
def talk(layout_a, layout_b, message, roots, answers, size):  # type: ignore[no-untyped-def]
    """The whole conversation in compiled code, in place; how many messages, or −1 for lack of room."""
    alice, bob = whole(layout_a.ctypes.data), whole(layout_b.ctypes.data)
    asked, nodes = whole(message.ctypes.data), whole(roots.ctypes.data)
    told, messages = whole(answers.ctypes.data), 0
    while size:
        respond(alice, asked, size, told)
        if short_of_room(bob, asked, size) > 0:
            return -1
        turn(bob, asked, size, nodes, told)
        size = next_questions(bob, asked, nodes)
        messages += 1
    return messages


def work(first: Bits, second: Bits, parameters: CascadeParameters, seed: int) -> tuple[Reconciliation, float]:
    """One block, both parties in compiled code: the result, and the CPU time."""
    start = time.process_time()
    alice, bob = CascadeAlice(first, parameters, seed=seed), CascadeBob(second, parameters, seed=seed)
    size = bob._asked.size
    message, roots = np.empty(4 * first.size, np.uint64), np.empty(4 * first.size, np.int32)
    message[:size], roots[:size] = bob._asked, bob._nodes
    answers = np.empty(first.size, np.uint8)
    trips = talk(alice._layout, bob._layout, message, roots, answers, size)
    taken = time.process_time() - start
    if trips < 0:
        raise RuntimeError("a forest of the benchmark's blocks wants more room")
    return bob.result, taken


def cascade(name: str, qber: float, blocks: int) -> tuple[float, float, int, float]:
    """Blocks one by one: f, mean round trips, failures, Mbit/s."""
    rng = np.random.default_rng(round(1e4 * qber))
    parameters = cascade_parameters(name, qber, block_length=LENGTH)
    leaked, rounds, failed, seconds = 0, 0, 0, 0.0
    work(*keys(1, LENGTH, qber, rng, exact=True), parameters, 0)
    for seed in range(blocks):
        first, second = keys(1, LENGTH, qber, rng, exact=True)
        result, taken = work(first, second, parameters, seed)
        failed += not (result.key == first).all()
        leaked, rounds, seconds = leaked + result.leaked_bits, rounds + int(result.rounds[0]), seconds + taken
    least = blocks * LENGTH * -(qber * np.log2(qber) + (1 - qber) * np.log2(1 - qber))
    return leaked / least, rounds / blocks, failed, blocks * LENGTH / seconds / 1e6


def cascade_rows(scale: float) -> Iterator[Row]:
    for name, bounds, speed in (("least-leakage", LEAST, 20), ("few-rounds", QUICK, 10)):
        total, failures = 0, 0
        for qber in QBERS:
            blocks = max(2, round(400 * scale))
            f, rounds, failed, rate = cascade(name, qber, blocks)
            total, failures = total + blocks, failures + failed
            yield Row(
                name=f"Cascade {name}, {qber:.0%}, f ({rounds:.0f} round trips)", value=f, bound=bounds[qber]
            )
            if name == "few-rounds":
                yield Row(name=f"Cascade {name}, {qber:.0%}, mean round trips", value=rounds, bound=60)
            yield Row(name=f"Cascade {name}, {qber:.0%}, Mbit/s", value=rate, bound=speed, at_least=True)
        yield Row(
            name=f"Cascade {name}, share of {total} blocks that failed", value=failures / total, bound=1e-3
        )


def through_python() -> Iterator[Row]:
    first, second = keys(64, LENGTH, 0.03, np.random.default_rng(1), exact=True)
    for name in ("least-leakage", "few-rounds"):
        parameters = cascade_parameters(name, 0.03, block_length=LENGTH)
        rates = []
        for seed in range(2):
            start = time.process_time()
            converse(CascadeAlice(first, parameters, seed=seed), CascadeBob(second, parameters, seed=seed))
            rates.append(first.size / (time.process_time() - start) / 1e6)
        yield Row(
            name=f"Cascade {name}, 3%, 64 in flight, through Python, Mbit/s",
            value=max(rates),
            bound=5,
            at_least=True,
        )


def original_rows(scale: float) -> Iterator[Row]:
    blocks = max(40, round(400 * scale))
    for schedule, line in LINES.items():
        for qber, wanted in zip(QBERS, line, strict=True):
            first, second = keys(blocks, 10_000, qber, np.random.default_rng(5), exact=True)
            parameters = cascade_parameters("original", qber, schedule=schedule, block_length=10_000)
            f = reconcile(first, second, parameters, seed=1).efficiency(qber)
            yield Row(
                name=f"original, {schedule}, {qber:.0%}, |f − {wanted}|", value=abs(f - wanted), bound=0.01
            )


def ldpc_rows(scale: float) -> Iterator[Row]:
    for qber in QBERS:
        parameters = ldpc_parameters(qber)
        frames = max(3, round(300 * scale))
        failed, leaked, bits, trips, seconds = 0, 0, 0, 0, 0.0
        rng = np.random.default_rng(round(1e4 * qber))
        for seed in range(frames):
            first, second = keys(1, min(parameters.longest, LENGTH), qber, rng, exact=False)
            start = time.process_time()
            result = reconcile(first, second, parameters, seed=seed)
            seconds += (time.process_time() - start) * (seed > 0)
            failed += not (result.key == first).all()
            leaked, bits, trips = leaked + result.leaked_bits, bits + first.size, trips + result.round_trips
        f = leaked / bits / -(qber * np.log2(qber) + (1 - qber) * np.log2(1 - qber))
        told = f"{bits // frames} bits, {trips / frames:.2f} round trips"
        yield Row(name=f"LDPC {qber:.0%}, mean f ({told})", value=f, bound=ONE_WAY[qber])
        yield Row(
            name=f"LDPC {qber:.0%}, share of {frames} blocks that failed", value=failed / frames, bound=1e-2
        )
        rate = bits * (frames - 1) / frames / seconds / 1e6
        yield Row(name=f"LDPC {qber:.0%}, Mbit/s", value=rate, bound=1, at_least=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reconciliation", description="Run the benchmark."
    )
    parser.add_argument("--scale", type=float, default=1.0, help="multiply the numbers of blocks")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    rows = []
    for part in (
        cascade_rows(options.scale), through_python(), original_rows(options.scale), ldpc_rows(options.scale)
    ):  # fmt: skip
        for row in part:
            rows.append(row)
            if not options.json:
                sign = "≥" if row.at_least else "≤"
                told = "" if row.reached else "   MISSED"
                print(f"{row.name:<74} {row.value:>9.4g} {sign} {row.bound:g}{told}", flush=True)
    if options.json:
        print(json.dumps({"rows": [asdict(row) | {"reached": row.reached} for row in rows]}))
    return 0 if all(row.reached for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
