"""`execute`: circuits in, outcomes out, on any sampler."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qnet.execution._arguments import check_shots
from qnet.execution.outcomes import Outcomes

if TYPE_CHECKING:
    from qiskit import QuantumCircuit
    from qiskit.primitives import BaseSamplerV2

__all__ = ["execute"]


def execute(
    circuits: Sequence[QuantumCircuit], sampler: BaseSamplerV2, *, shots: int | Sequence[int]
) -> tuple[Outcomes, ...]:
    """Run circuits in one job of a sampler.

    Args:
        circuits: Circuits without unbound parameters, their classical bits in registers.
        sampler: Any `BaseSamplerV2`. For one around a backend that is not ours, such as Qiskit's
            `BackendSamplerV2`, the circuits are transpiled first.
        shots: Shots of every circuit, or of each; a circuit with none is not run.

    Returns:
        The outcomes of each circuit, in the same order.

    Raises:
        ValueError: If a number of shots is not a whole number, or negative (or zero if there is one for all).
        ValueError: If there is not one number of shots per circuit.
        ValueError: If a circuit with error instructions is given to a sampler of qiskit-ibm-runtime.

    Example:
        >>> from qiskit import QuantumCircuit
        >>> from qnet.execution import StimSampler
        >>> circuit = QuantumCircuit(2, 2)
        >>> _ = circuit.x(1), circuit.measure([0, 1], [0, 1])
        >>> execute([circuit], StimSampler(), shots=3)[0].bits.tolist()
        [[0, 1], [0, 1], [0, 1]]
    """
    each = _each(shots, len(circuits))
    backend = _foreign_backend(sampler)
    if type(sampler).__module__.startswith("qiskit_ibm_runtime."):
        _check_bare(circuits, sampler)
    pubs = [(_ready(circuit, backend), None, n) for circuit, n in zip(circuits, each, strict=True) if n]
    results = iter(sampler.run(pubs).result() if pubs else ())
    return tuple(
        Outcomes.from_data(next(results), circuit) if n else _nothing(circuit)
        for circuit, n in zip(circuits, each, strict=True)
    )


def _foreign_backend(sampler: Any) -> Any:
    """The backend inside a sampler that expects circuits in its backend's own instructions, else None."""
    if type(sampler).__module__.startswith("qnet."):
        return None
    aers_own = type(sampler).__module__.startswith("qiskit_aer.")
    backend = getattr(sampler, "_backend" if aers_own else "backend", None)
    backend = backend() if callable(backend) else backend
    return backend if hasattr(backend, "target") else None


def _check_bare(circuits: Sequence[QuantumCircuit], sampler: Any) -> None:
    from qnet.execution.ibm import check_bare

    for circuit in circuits:
        check_bare(circuit, f"{type(sampler).__name__} of qiskit-ibm-runtime")


def _ready(circuit: QuantumCircuit, backend: Any) -> QuantumCircuit:
    if backend is None:
        return circuit
    from qnet.execution._lowering import aer_circuit, refuse_variables
    from qnet.execution.fitting import Fitter

    if type(backend).__module__.startswith("qiskit_aer."):
        refuse_variables(circuit)
        if backend.coupling_map is None:
            return aer_circuit(circuit, frozenset(backend.operation_names))
    return Fitter(backend).fit(circuit).circuit


def _each(shots: int | Sequence[int], count: int) -> list[int]:
    if not isinstance(shots, Sequence | np.ndarray):
        return [check_shots(shots)] * count
    if len(shots) != count:
        raise ValueError(f"shots has {len(shots)} numbers for {count} circuits; give one per circuit")
    return [check_shots(n, f"shots[{k}]", least=0) for k, n in enumerate(shots)]


def _nothing(circuit: QuantumCircuit) -> Outcomes:
    return Outcomes(bits=np.zeros((0, circuit.num_clbits), dtype=np.uint8))
