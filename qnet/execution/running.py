"""`execute`: circuits in, outcomes out, on any sampler."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

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
        sampler: Any `BaseSamplerV2`.
        shots: Shots of every circuit, or of each; a circuit with none is not run.

    Returns:
        The outcomes of each circuit, in the same order.

    Raises:
        ValueError: If a number of shots is not a whole number, or negative (or zero if there is one for all).
        ValueError: If there is not one number of shots per circuit.

    Example:
        >>> from qiskit import QuantumCircuit
        >>> from qnet.execution import StimSampler
        >>> circuit = QuantumCircuit(2, 2)
        >>> _ = circuit.x(1), circuit.measure([0, 1], [0, 1])
        >>> execute([circuit], StimSampler(), shots=3)[0].bits.tolist()
        [[0, 1], [0, 1], [0, 1]]
    """
    each = _each(shots, len(circuits))
    pubs = [(circuit, None, n) for circuit, n in zip(circuits, each, strict=True) if n]
    results = iter(sampler.run(pubs).result() if pubs else ())
    return tuple(
        Outcomes.from_data(next(results), circuit) if n else _nothing(circuit)
        for circuit, n in zip(circuits, each, strict=True)
    )


def _each(shots: int | Sequence[int], count: int) -> list[int]:
    if not isinstance(shots, Sequence | np.ndarray):
        return [check_shots(shots)] * count
    if len(shots) != count:
        raise ValueError(f"shots has {len(shots)} numbers for {count} circuits; give one per circuit")
    return [check_shots(n, f"shots[{k}]", least=0) for k, n in enumerate(shots)]


def _nothing(circuit: QuantumCircuit) -> Outcomes:
    return Outcomes(bits=np.zeros((0, circuit.num_clbits), dtype=np.uint8))
