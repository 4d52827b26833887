"""How fast `StimSampler` is: against Aer's stabilizer method, against bare Stim, and in memory.

Run `python benchmarks/stim_sampler.py` (`--json` for one JSON object, `--repeats N`). Times are CPU seconds,
medians of interleaved repeats in this one run.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from qiskit import QuantumCircuit
from qiskit_aer import AerSimulator

from circuits.bridge import to_stim
from circuits.library import entanglement_swapping
from circuits.noise import CircuitNoise
from qnet.execution import StimSampler

STATIONS, LONG, NOISE = 5, 100, CircuitNoise.uniform_depolarizing(0.001)
SHOTS, AER_SHOTS, LONG_SHOTS, MANY_SHOTS = 1_000_000, 20_000, 100_000, 10_000_000
CHUNKS = (4_096, 16_384, 65_536, 262_144)


def swapping(stations: int) -> QuantumCircuit:
    """A noiseless chain with feed-forward and both ends read out."""
    chain = entanglement_swapping(stations)
    chain.measure_all()
    return chain


def cpu_seconds(action: Callable[[], object]) -> float:
    started = time.process_time()
    action()
    return time.process_time() - started


def bare(chunk: int) -> Callable[[], object]:
    """Stim alone: measurements of the same noisy circuit, bit-packed, in chunks."""
    sampler = to_stim(NOISE.apply(swapping(STATIONS))).compile_sampler()

    def run() -> None:
        for start in range(0, SHOTS, chunk):
            sampler.sample_bit_packed(min(chunk, SHOTS - start))

    return run


def on_aer() -> Callable[[], object]:
    simulator, noisy = AerSimulator(method="stabilizer"), NOISE.apply(swapping(STATIONS))
    return lambda: simulator.run(noisy, shots=AER_SHOTS, memory=True).result()


def ours(stations: int, shots: int) -> Callable[[], object]:
    sampler, circuit = StimSampler(noise=NOISE, seed=1), swapping(stations)
    return lambda: sampler.run([circuit], shots=shots).result()


def peak_mb() -> float:
    """Peak memory of a process that samples ten million shots, in MB."""
    done = subprocess.run(
        [sys.executable, __file__, "--peak"], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    return float(done.stdout)


def measure(repeats: int) -> dict[str, float]:
    """All figures, by name."""
    actions = {f"bare {chunk}": bare(chunk) for chunk in CHUNKS}
    actions |= {"ours": ours(STATIONS, SHOTS), "aer": on_aer(), "long": ours(LONG, LONG_SHOTS)}
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(repeats):
        for name, action in actions.items():
            times[name].append(cpu_seconds(action))
    middle = {name: statistics.median(values) for name, values in times.items()}
    best = min(middle[f"bare {chunk}"] for chunk in CHUNKS)
    return {
        "ours_s": middle["ours"],
        "ours_shots_per_s": SHOTS / middle["ours"],
        "times_aer": middle["aer"] * SHOTS / AER_SHOTS / middle["ours"],
        "time_over_bare_stim": middle["ours"] / best,
        "long_chain_s": middle["long"],
        "peak_mb": peak_mb(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--peak", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.peak:
        ours(STATIONS, MANY_SHOTS)()
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    found = measure(given.repeats)
    if given.json:
        print(json.dumps({"benchmark": "stim_sampler", "figures": found}))
        return
    limits = {
        "times_aer": ">= 1000",
        "time_over_bare_stim": "<= 1.25",
        "long_chain_s": "< 1",
        "peak_mb": "< 400",
    }
    for name, value in found.items():
        print(f"{name:22} {value:14,.3f}   {limits.get(name, '')}")


if __name__ == "__main__":
    main()
