"""What a purification circuit makes of its pairs, by density matrix."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from qiskit import QuantumCircuit
from qiskit.quantum_info import DensityMatrix
from support.exact import branches, trace_to

BELL_VECTORS = np.array([[1, 0, 0, 1], [0, 1, 1, 0], [0, 1, -1, 0], [1, 0, 0, -1]]) / np.sqrt(2)


def bell_diagonal(rho: DensityMatrix) -> np.ndarray:
    """The weights of the four Bell states (Φ+, Ψ+, Ψ−, Φ−) in a two-qubit state, normalised or not."""
    return np.real(np.einsum("ki,ij,kj->k", BELL_VECTORS, rho.data, BELL_VECTORS))


def accepted(circuit: QuantumCircuit, kept: Sequence[int] | None = None) -> tuple[float, DensityMatrix]:
    """Probability that the circuit's own rule keeps the pair, and the pair's normalised state then."""
    pair = kept or (circuit.find_bit(circuit.qregs[0][0]).index, circuit.find_bit(circuit.qregs[1][0]).index)
    rule = circuit.metadata["keep"]
    total = np.zeros((4, 4), dtype=complex)
    for bits, rho in branches(circuit).items():
        if all(sum(bits[b] for b in parity) % 2 == 0 for parity in rule):
            total += trace_to(rho, pair).data
    p = float(np.real(np.trace(total)))
    return p, DensityMatrix(total / p if p > 1e-12 else total)


def probability_and_weights(circuit: QuantumCircuit) -> tuple[float, np.ndarray]:
    """Success probability and Bell weights of the accepted pair."""
    p, rho = accepted(circuit)
    return p, bell_diagonal(rho)
