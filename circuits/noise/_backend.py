"""The Pauli-twirled noise of a device, from what its target reports."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qiskit.circuit import Delay, Gate, Measure, Reset
from qiskit.transpiler import Target

from circuits.noise.override import Override

if TYPE_CHECKING:
    from circuits.noise.value import CircuitNoise


def noise_of_backend(kind: type[CircuitNoise], backend: Any, twirl: str | None) -> CircuitNoise:
    """See `CircuitNoise.from_backend`."""
    target = getattr(backend, "target", None)
    if not isinstance(target, Target):
        name = type(backend).__name__
        raise ValueError(f"backend is a {name}: it must have a target, as every BackendV2 of Qiskit has")
    if twirl != "pauli":
        raise ValueError(
            f"twirl is {twirl!r}: say twirl='pauli' to accept that relaxation and unequal read-out errors "
            "become Pauli errors, or use Aer's NoiseModel.from_backend for the untwirled noise"
        )
    return kind(
        after_1q=None,
        after_2q=None,
        dt_s=target.dt,
        overrides=(*_instructions(target), *_coherence(target)),
    )


def depolarizing_probability(error: float, num_qubits: int) -> float:
    """The probability p of a depolarising error whose average gate infidelity is `error`.

    The entanglement fidelity of a Pauli channel is 1 − p and F_avg = (d·F_e + 1)/(d + 1) (Nielsen, Phys.
    Lett. A 303, 249 (2002), arXiv:quant-ph/0205035, eq. 3), so p = error·(d + 1)/d with d = 2ⁿ.
    """
    dimension = 2**num_qubits
    return float(min(1.0, error * (dimension + 1) / dimension))


def _instructions(target: Target) -> Iterator[Override]:
    for name in target.operation_names:
        operation = target.operation_from_name(name)
        if not isinstance(operation, Gate | Measure | Reset) or isinstance(operation, Delay):
            continue
        known = "measure" if isinstance(operation, Measure) else name
        places = target[name]
        if not places or None in places:
            yield Override(gate=known, error=0.0)
            continue
        if known == "measure" and name != "measure":
            continue
        for qubits, properties in places.items():
            time = getattr(properties, "duration", None)
            yield Override(
                gate=known,
                qubits=qubits,
                error=_error(operation, properties, len(qubits)),
                time_s=None if time is None or not math.isfinite(time) else float(time),
            )


def _error(operation: Any, properties: Any, num_qubits: int) -> float:
    if properties is None:
        return 0.0
    if isinstance(operation, Measure):
        up, down = (getattr(properties, name, None) for name in ("prob_meas1_prep0", "prob_meas0_prep1"))
        if up is not None and down is not None:
            return float(up + down) / 2
    error = properties.error
    if error is None or not math.isfinite(error):
        return 0.0
    if isinstance(operation, Gate):
        return depolarizing_probability(error, num_qubits)
    return float(min(1.0, error))


def _coherence(target: Target) -> Iterator[Override]:
    for qubit, properties in enumerate(target.qubit_properties or ()):
        t1 = getattr(properties, "t1", None) or math.inf
        t2 = min(getattr(properties, "t2", None) or math.inf, 2 * t1)
        if t1 < math.inf or t2 < math.inf:
            yield Override(qubits=qubit, t1_s=t1, t2_s=t2)
