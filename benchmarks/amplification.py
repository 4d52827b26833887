"""Privacy amplification by Toeplitz matrices, n → n/2, beside a plain double-precision Fourier transform.

Run it by `python -m benchmarks.amplification [--pairs N] [--json]`. CPU time, medians over interleaved runs;
the hash of 10⁸ bits is run once, in a process of its own, for its wall time and its peak memory.
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
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.amplification import best_engine, seed_length, toeplitz_hash

Bits = NDArray[np.uint8]
SIZES = (10**6, 10**7)
BOUNDS = {"carry-less": 5.0, "portable": 1.5}
LARGE, LARGE_S, LARGE_MB = 10**8, 5.0, 1024


def plain(key: Bits, seed: Bits, length: int) -> Bits:
    """The hash by one Fourier transform of the whole, in double precision."""
    from scipy.fft import irfft, next_fast_len, rfft

    size = next_fast_len(seed.size, real=True)
    sums = irfft(rfft(key.astype(np.float64), size) * rfft(seed.astype(np.float64), size), size)
    kept = sums[key.size - 1 : key.size - 1 + length]
    hashed: Bits = (np.rint(kept).astype(np.int64) & 1).astype(np.uint8)
    return hashed


def drawn(n: int) -> tuple[Bits, Bits, int]:
    """A key, a seed, and the hash's length."""
    rng = np.random.default_rng(1)
    seed = rng.integers(0, 2, seed_length(n, n // 2), dtype=np.uint8)
    return rng.integers(0, 2, n, dtype=np.uint8), seed, n // 2


def _engine(name: str) -> Callable[[Bits, Bits, int], Bits]:
    return lambda key, seed, length: toeplitz_hash(key, seed, length, engine=name)


def measure(n: int, pairs: int) -> list[dict[str, Any]]:
    """Medians of CPU time, in turns, after one run that compiles."""
    names = ["portable", *(["carry-less"] if best_engine() == "carry-less" else [])]
    ways = {"plain": plain} | {name: _engine(name) for name in names}
    given = drawn(n)
    times: dict[str, list[float]] = {name: [] for name in ways}
    answers: dict[str, Bits] = {}
    for _ in range(pairs + 1):
        for name, way in ways.items():
            started = time.process_time()
            answers[name] = way(*given)
            times[name].append(time.process_time() - started)
    medians = {name: statistics.median(found[1:]) for name, found in times.items()}
    return [
        {
            "bits": n,
            "engine": name,
            "mbit_per_s": round(n / medians[name] / 1e6, 1),
            "plain_mbit_per_s": round(n / medians["plain"] / 1e6, 1),
            "ratio": round(medians["plain"] / medians[name], 1),
            "bound": BOUNDS[name],
            "equal": bool(np.array_equal(answers[name], answers["plain"])),
            "reached": medians["plain"] / medians[name] >= BOUNDS[name]
            and bool(np.array_equal(answers[name], answers["plain"])),
        }
        for name in names
    ]


def large() -> dict[str, Any]:
    """Wall time and peak memory of one large hash, and four of its bits reckoned one by one."""
    warm = drawn(10**6)
    toeplitz_hash(*warm)
    key, seed, length = drawn(LARGE)
    started = time.perf_counter()
    made = toeplitz_hash(key, seed, length)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = (0, 1, length // 3, length - 1)
    exact = all(int(made[i]) == int((seed[i : i + key.size][::-1] & key).sum() & 1) for i in rows)
    return {
        "bits": LARGE,
        "engine": best_engine(),
        "seconds": round(seconds, 2),
        "bound_s": LARGE_S,
        "peak_mb": round(peak),
        "bound_mb": LARGE_MB,
        "equal": exact,
        "reached": seconds <= LARGE_S and peak <= LARGE_MB and exact,
    }


def main() -> int:
    """Measure, print the table or JSON, and return 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description="Toeplitz hashes beside a plain Fourier transform.")
    parser.add_argument("--pairs", type=int, default=5, help="interleaved runs per row (default 5)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--large", action="store_true", help="only the large hash, as JSON")
    options = parser.parse_args()
    if options.large:
        print(json.dumps(large()))
        return 0
    rows = [row for n in SIZES for row in measure(n, options.pairs)]
    command = [sys.executable, "-m", "benchmarks.amplification", "--large"]
    rows.append(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
    if options.json:
        print(json.dumps({"benchmark": "amplification", "pairs": options.pairs, "rows": rows}))
    else:
        for row in rows:
            print(", ".join(f"{name} {value}" for name, value in row.items() if name != "reached"), end="")
            print("" if row["reached"] else "  MISSED")
    return 0 if all(row["reached"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
