"""What a run on hardware would cost, and what it should give, before anything is sent."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import ControlFlowOp

from qnet.execution._arguments import check_shots
from qnet.execution._suitability import backend_name
from qnet.execution.fitting import Fitter
from qnet.results import Figure

if TYPE_CHECKING:
    from qiskit.transpiler import Target

    from qnet.execution.experiment import Experiment

__all__ = ["Cost", "duration_s", "estimate", "expected", "two_qubit_gates"]

OVERHEAD_S = 2.0
"""What IBM reckons for each job beside the circuits (its guide to workload usage: 2 + 0.00035 a shot)."""
_REP_DELAY_S = 250e-6
_MOST_SHOTS = 4096


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What would be sent, what it would cost, and what is expected of it.

    Args:
        backend: Name of the device.
        circuits: Number of circuits that are sent, in one request.
        shots: Shots of each.
        depth: Depth of the deepest.
        two_qubit_gates: Two-qubit gates of all circuits together.
        most_two_qubit_gates: Two-qubit gates of the circuit with most.
        quantum_seconds: Estimated time of the device: shots × (duration + delay between shots), and IBM's 2 s
            a job.
        rep_delay_s: Delay between two shots.
        payload_bytes: Size of the circuits as they would be sent (compressed QPY).
        qubits: Per circuit, the device's qubit under each qubit of the protocol.
        fidelities: Per circuit, product of the reported fidelities of two-qubit gates and read-outs.
        figures: The expected figures by the device's noise model, if they were asked for.
        model: What the figures were computed with.
    """

    backend: str
    circuits: int
    shots: tuple[int, ...]
    depth: int
    two_qubit_gates: int
    most_two_qubit_gates: int
    quantum_seconds: float
    rep_delay_s: float
    payload_bytes: int
    qubits: tuple[tuple[int, ...], ...]
    fidelities: tuple[float, ...]
    figures: Mapping[str, Figure] = field(default_factory=dict)
    model: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The cost as plain values."""
        made = dict(vars(self))
        made["figures"] = {name: figure.as_dict() for name, figure in self.figures.items()}
        made["shots"], made["fidelities"] = list(self.shots), list(self.fidelities)
        made["qubits"] = [list(each) for each in self.qubits]
        return made


def estimate(
    experiment: Experiment,
    machine: Any,
    *,
    shots: int = 4096,
    seed: int = 0,
    figures: bool = True,
    rep_delay_s: float | None = None,
) -> Cost:
    """What a run of an experiment would cost; nothing is sent.

    Args:
        experiment: The experiment.
        machine: A sampler around a device (its `backend` is asked), or a `BackendV2`.
        shots: Shots of each circuit; for key distribution, signals in all.
        seed: Seed of the transpiler and of the expected figures.
        figures: Whether the expected figures are simulated, too.
        rep_delay_s: Delay between two shots; the device's own if not given, 250 µs where it tells none.

    Returns:
        The cost.

    Raises:
        ValueError: If `shots` is not a positive whole number, or `machine` has no device.
        UnsuitableBackend: If the device cannot run the circuits.

    Example:
        >>> from qnet.execution import sampler
        >>> from qnet.protocols import protocol
        >>> machine = sampler("fake_torino", seed=1)
        >>> cost = estimate(protocol("teleportation")(), machine, shots=1000, figures=False)
        >>> cost.circuits, cost.two_qubit_gates, 3.0 < cost.quantum_seconds < 6.0
        (6, 12, True)
    """
    shots = check_shots(shots)
    backend, fit = _device(machine, seed)
    circuits = list(experiment.circuits())
    allocation = getattr(experiment, "allocation", None)
    each = allocation(shots, np.random.default_rng(seed)) if allocation else [shots] * len(circuits)
    sent = [(fit(circuit), int(n)) for circuit, n in zip(circuits, each, strict=True) if n]
    made, delay = [fitted for fitted, _ in sent], _rep_delay(backend) if rep_delay_s is None else rep_delay_s
    pairs = [two_qubit_gates(fitted.circuit) for fitted in made]
    seconds = [n * (duration_s(fitted.circuit, backend.target) + delay) for fitted, n in sent]
    found, model = expected(experiment, backend, shots=shots, seed=seed) if figures else ({}, "")
    return Cost(
        backend=backend_name(backend),
        circuits=len(sent),
        shots=tuple(n for _, n in sent),
        depth=max((fitted.circuit.depth() for fitted in made), default=0),
        two_qubit_gates=sum(pairs),
        most_two_qubit_gates=max(pairs, default=0),
        quantum_seconds=OVERHEAD_S + sum(seconds),
        rep_delay_s=delay,
        payload_bytes=_payload([fitted.circuit for fitted in made]),
        qubits=tuple(fitted.qubits for fitted in made),
        fidelities=tuple(fitted.fidelity for fitted in made),
        figures=found,
        model=model,
    )


def expected(
    experiment: Experiment, backend: Any, *, shots: int = 4096, seed: int = 0
) -> tuple[Mapping[str, Figure], str]:
    """The figures that a device's noise model leads to expect, and what they were computed with.

    Clifford circuits run on Stim with the Pauli twirl of the device's noise; others on Aer with the noise of
    the qubits that they use, with at most 4096 shots a circuit.
    """
    from circuits.errors import CircuitsError
    from qnet.execution.devices import DeviceSampler
    from qnet.execution.experiment import run

    try:
        machine = DeviceSampler(backend, engine="stim", seed=seed)
        return run(experiment, machine, shots=shots, seed=seed).figures, "Pauli twirl on Stim"
    except CircuitsError:
        machine = DeviceSampler(backend, engine="aer", seed=seed)
        made = run(experiment, machine, shots=min(shots, _MOST_SHOTS), seed=seed)
        return made.figures, "noise model on Aer"


def two_qubit_gates(circuit: QuantumCircuit) -> int:
    """Gates on two qubits; of alternative bodies, those of the one with most.

    Example:
        >>> from circuits import ghz
        >>> two_qubit_gates(ghz(4))
        3
    """
    count = 0
    for item in circuit.data:
        if isinstance(item.operation, ControlFlowOp):
            count += max(two_qubit_gates(block) for block in item.operation.blocks)
        elif len(item.qubits) == 2 and item.operation.name != "barrier":
            count += 1
    return count


def duration_s(circuit: QuantumCircuit, target: Target) -> float:
    """How long a circuit in a device's instructions takes, in seconds, each begun as soon as it can.

    Of alternative bodies the longest counts; what the control electronics takes to decide is not reported by
    devices and not in it.

    Args:
        circuit: The circuit, on the device's qubits.
        target: The device, with the durations of its instructions.
    """
    return _ended(circuit, target, {bit: k for k, bit in enumerate(circuit.qubits)})


def _ended(circuit: QuantumCircuit, target: Target, places: Mapping[Any, int]) -> float:
    clock: dict[Any, float] = {}
    for item in circuit.data:
        bits = [*item.qubits, *item.clbits]
        begun = max((clock.get(bit, 0.0) for bit in bits), default=0.0)
        where = tuple(places[bit] for bit in item.qubits)
        ended = begun + _time(item.operation, where, target)
        for bit in bits:
            clock[bit] = ended
    return max(clock.values(), default=0.0)


def _time(operation: Any, where: tuple[int, ...], target: Target) -> float:
    if isinstance(operation, ControlFlowOp):
        return max(
            _ended(block, target, dict(zip(block.qubits, where, strict=True))) for block in operation.blocks
        )
    if operation.name == "delay":
        return _delay(operation, target)
    places = target[operation.name] if operation.name in target.operation_names else None
    properties = places.get(where) if places else None
    return float(getattr(properties, "duration", None) or 0.0)


def _delay(operation: Any, target: Target) -> float:
    units = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "ps": 1e-12, "dt": target.dt or 0.0}
    return float(operation.duration) * units[operation.unit]


def _device(machine: Any, seed: int) -> tuple[Any, Any]:
    backend = getattr(machine, "backend", None)
    backend = backend() if callable(backend) else backend
    if backend is None and hasattr(machine, "target"):
        backend = machine
    if backend is None or not hasattr(backend, "target"):
        raise ValueError(f"machine={machine!r} has no device; give 'ibm_…', 'fake_…' or a BackendV2")
    fit = getattr(machine, "fit", None) or Fitter(backend, seed=seed).fit
    return backend, fit


def _rep_delay(backend: Any) -> float:
    try:
        found = backend.default_rep_delay
    except AttributeError:
        found = None
    return float(found) if found else _REP_DELAY_S


def _payload(circuits: Sequence[QuantumCircuit]) -> int:
    from qiskit import qpy

    from circuits.noise import CircuitNoise

    if not circuits:
        return 0
    held = io.BytesIO()
    qpy.dump([CircuitNoise.strip(circuit) for circuit in circuits], held)
    return len(zlib.compress(held.getvalue()))
