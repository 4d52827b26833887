"""How long a protocol on twelve qubits takes on a fake device of 133.

Run it by `python -m benchmarks.devices [--shots N] [--json]`. Each row begins with the fake device's files,
and ends with the figure; imports, as any use of `qiskit-ibm-runtime` costs, come before and are told apart.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

BOUNDS_S = {"aer": 5.0, "stim": 1.0}
FORMS = ("feedforward", "frame")


def timed(action: Callable[[], float]) -> tuple[float, float, float]:
    """What an action gives, and the seconds of wall clock and of CPU that it takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = action()
    return found, time.perf_counter() - wall, time.process_time() - cpu


def imported() -> float:
    """Import what a fake device needs."""
    import qiskit_aer
    import qiskit_ibm_runtime

    return float(bool(qiskit_aer and qiskit_ibm_runtime))


def fidelity(engine: str, form: str, shots: int) -> float:
    """Swapping at five stations, from a fake device that is not loaded yet."""
    from qnet.execution import run, sampler
    from qnet.protocols import protocol

    options: dict[str, Any] = {"engine": engine} if engine != "aer" else {}
    experiment = protocol("entanglement_swapping")(stations=5, corrections=form)
    result = run(experiment, sampler("fake_torino", seed=1, **options), shots=shots, seed=1)
    return result.figures["fidelity"].value


def main() -> int:
    """Print the times, and return 1 when one is above its bound."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.devices", description=__doc__)
    parser.add_argument("--shots", type=int, default=1000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    _, wall, cpu = timed(imported)
    rows: list[dict[str, object]] = [{"name": "imports", "wall_s": wall, "cpu_s": cpu}]
    missed = False
    for engine, bound in BOUNDS_S.items():
        for form in FORMS:
            found, wall, cpu = timed(partial(fidelity, engine, form, options.shots))
            missed |= min(wall, cpu) > bound
            told = {"shots": options.shots, "fidelity": found, "wall_s": wall, "cpu_s": cpu, "bound_s": bound}
            rows.append({"name": f"12 qubits on 133, {engine}, {form}", **told})
    if options.json:
        print(json.dumps({"rows": rows}))
    else:
        for row in rows:
            limit = f" (< {row['bound_s']})" if "bound_s" in row else ""
            print(f"{row['name']:38} {row['wall_s']:6.2f} s, {row['cpu_s']:6.2f} s of CPU{limit}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
