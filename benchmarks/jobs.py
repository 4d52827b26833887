"""How long `qnet jobs list` takes with ten thousand jobs in the book.

Run it by `python -m benchmarks.jobs [--jobs N] [--json]`. A row is the median of five fresh interpreters.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

from qnet.execution.jobs import JobBook

BOUND_S = 0.5
COMMANDS: tuple[tuple[str, ...], ...] = ((), ("--all",), ("--state", "failed"))


def fill(book: JobBook, count: int) -> None:
    """Copy one job many times; blobs of the size of a teleportation on 133 qubits."""
    import sqlite3

    details = {"parameters": {"corrections": "feedforward"}, "each": [4096] * 6}
    job = book.add(
        written=os.urandom(2000), sent=os.urandom(6000), snapshot=("digest", os.urandom(50_000)),
        sampler="ibm_torino", backend="ibm_torino", experiment="teleportation", shots=4096, seed=7,
        calibrated="2026-11-24T00:00:00Z", details=details,
    )  # fmt: skip
    with sqlite3.connect(book.path) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(jobs)")]
        first = dict(zip(columns, connection.execute("SELECT * FROM jobs").fetchone(), strict=True))
        written, sent = connection.execute("SELECT written, sent FROM circuits").fetchone()
        for k in range(count - 1):
            row = {**first, "id": f"q{k:08x}", "tag": f"qnet-{k:032x}", "state": ("fetched", "failed")[k % 2]}
            connection.execute(f"INSERT INTO jobs VALUES ({', '.join('?' * len(row))})", list(row.values()))
            connection.execute("INSERT INTO circuits VALUES (?, ?, ?, 'digest')", (row["id"], written, sent))
    connection.close()
    if book.count() != count or not job.id:
        raise RuntimeError(f"{book.count()} jobs in place of {count}")


def timed(folder: str, options: tuple[str, ...]) -> tuple[float, float]:
    """Wall-clock and CPU seconds of one command."""
    command = [sys.executable, "-m", "qnet", "jobs", "list", *options]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, env={**os.environ, "QNET_DATA": folder}, stdout=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Print the times, and return 1 when one is above its bound."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.jobs", description=__doc__)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        fill(JobBook.at(folder), options.jobs)
        for arguments in COMMANDS:
            times = [timed(folder, arguments) for _ in range(5)]
            wall, cpu = (statistics.median(column) for column in zip(*times, strict=True))
            name = " ".join(("jobs list", *arguments))
            times_s = {"wall_s": wall, "cpu_s": cpu, "bound_s": BOUND_S}
            rows.append({"name": name, "jobs": options.jobs, **times_s})
    if options.json:
        print(json.dumps({"rows": rows}))
    else:
        for row in rows:
            took = f"{row['cpu_s']:.2f} s of CPU (< {BOUND_S}), {row['wall_s']:.2f} s"
            print(f"{row['name']:26} {row['jobs']} jobs  {took}")
    return int(any(row["cpu_s"] > BOUND_S for row in rows))


if __name__ == "__main__":
    sys.exit(main())
