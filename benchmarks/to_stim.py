"""How long `to_stim` takes, in CPU seconds, beside Qiskit's own walk over the same instructions.

Run it by `python -m benchmarks.to_stim [--pairs N] [--json]`. A row is the median over interleaved pairs of
the whole size and of half of it; growth is the ratio of the two medians, 2 where the time is linear.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from qiskit import QuantumCircuit
from qiskit_aer.noise import depolarizing_error

from circuits.bridge import to_stim

WIDTH = 50


@dataclass(frozen=True, kw_only=True)
class Case:
    """One family of circuits.

    Args:
        name: What the circuits hold.
        build: From the size to the circuit.
        size: How many instructions (or pairs) are translated.
        bound: CPU seconds below which the translation must stay.
    """

    name: str
    build: Callable[[int], QuantumCircuit]
    size: int
    bound: float


def plain(size: int) -> QuantumCircuit:
    """Gates, rotations by a Clifford angle, measurements and resets."""
    circuit = QuantumCircuit(WIDTH, WIDTH)
    for k in range(size // 5):
        q = k % WIDTH
        circuit.h(q)
        circuit.cx(q, (q + 1) % WIDTH)
        circuit.rz(math.pi / 2, q)
        circuit.measure(q, q)
        circuit.reset(q)
    return circuit


def noisy(size: int) -> QuantumCircuit:
    """Every gate followed by a depolarizing error, of which there are two."""
    circuit = QuantumCircuit(WIDTH)
    one, two = depolarizing_error(0.001, 1), depolarizing_error(0.01, 2)
    for k in range(size // 4):
        q = k % WIDTH
        circuit.h(q)
        circuit.append(one, [q])
        circuit.cx(q, (q + 1) % WIDTH)
        circuit.append(two, [q, (q + 1) % WIDTH])
    return circuit


def conditional(size: int) -> QuantumCircuit:
    """Pairs of a measurement and an `if` on its bit."""
    circuit = QuantumCircuit(WIDTH, WIDTH)
    for k in range(size):
        q = k % WIDTH
        circuit.measure(q, q)
        with circuit.if_test((circuit.clbits[q], 1)):
            circuit.x((q + 1) % WIDTH)
    return circuit


def branching(size: int) -> QuantumCircuit:
    """Pairs of a measurement and an `if` with an `else`, several gates in each."""
    circuit = QuantumCircuit(WIDTH, WIDTH)
    for k in range(size):
        q = k % WIDTH
        circuit.measure(q, q)
        with circuit.if_test((circuit.clbits[q], 1)) as otherwise:
            circuit.x((q + 1) % WIDTH)
            circuit.z((q + 2) % WIDTH)
        with otherwise:
            circuit.y((q + 1) % WIDTH)
    return circuit


CASES = (
    Case(name="plain instructions", build=plain, size=100_000, bound=0.6),
    Case(name="noisy instructions", build=noisy, size=100_000, bound=1.0),
    Case(name="measure-and-if pairs", build=conditional, size=10_000, bound=1.0),
    Case(name="measure-and-if-else pairs", build=branching, size=10_000, bound=2.0),
)


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU time of this process for one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def walk(circuit: QuantumCircuit) -> None:
    """Qiskit's own iteration, with the qubits and the operation of each instruction."""
    for item in circuit.data:
        _ = item.operation, item.qubits


def measure(case: Case, pairs: int) -> dict[str, object]:
    """Medians over interleaved rounds, after one round that only fills the caches."""
    whole, half = case.build(case.size), case.build(case.size // 2)
    works: tuple[Callable[[], object], ...] = (
        lambda: to_stim(whole),
        lambda: to_stim(half),
        lambda: walk(whole),
    )
    timed = [[cpu_seconds(work) for work in works] for _ in range(pairs + 1)][1:]
    ours, smaller, baseline = (statistics.median(column) for column in zip(*timed, strict=True))
    return {
        "name": case.name,
        "size": case.size,
        "ours_s": round(ours, 4),
        "half_size_s": round(smaller, 4),
        "growth": round(ours / smaller, 2),
        "baseline_s": round(baseline, 4),
        "bound_s": case.bound,
        "reached": ours < case.bound and ours < 3 * smaller,
    }


def main() -> int:
    """Measure every case, print the table or JSON, and return 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description="CPU time of to_stim.")
    parser.add_argument("--pairs", type=int, default=5, help="interleaved rounds per row (default 5)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    rows = [measure(case, options.pairs) for case in CASES]
    if options.json:
        print(json.dumps({"rows": rows}))
    else:
        print(f"{'to_stim of':<32}{'size':>8}{'CPU s':>9}{'half':>9}{'growth':>8}{'walk':>9}{'bound':>8}")
        for row in rows:
            print(
                f"{row['name']:<32}{row['size']:>8}{row['ours_s']:>9}{row['half_size_s']:>9}"
                f"{row['growth']:>8}{row['baseline_s']:>9}{row['bound_s']:>8}"
                f"  {'reached' if row['reached'] else 'MISSED'}"
            )
    return 0 if all(row["reached"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
