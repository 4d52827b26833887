"""Long chains on a noisy machine: the method that is chosen, and its figures against Stim's."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit import QuantumCircuit

from circuits import entanglement_swapping, graph_state
from circuits.noise import CircuitNoise
from qnet.execution import execute, sampler
from qnet.execution._aer_engine import method_for

NOISE = CircuitNoise(after_1q=0.002, after_2q=0.02, measurement=0.03)


def _chain(size: int) -> QuantumCircuit:
    circuit = QuantumCircuit(size, size)
    circuit.h(0)
    for k in range(size - 1):
        circuit.cx(k, k + 1)
    circuit.measure(range(size), range(size))
    return circuit


@pytest.mark.parametrize("size", [11, 14, 30])
def test_gates_between_neighbours_take_matrix_product_states(size: int) -> None:
    assert method_for(_chain(size), 1000, noisy=True) == "matrix_product_state"


def test_few_qubits_and_gates_far_apart_do_not() -> None:
    assert method_for(_chain(8), 1000, noisy=True) != "matrix_product_state"
    tangled = graph_state([(a, b) for a in range(12) for b in range(a)])
    tangled.measure_all()
    assert method_for(tangled, 1000, noisy=True) == "statevector"


@pytest.mark.parametrize("corrections", ["feedforward", "frame"])
def test_a_noisy_chain_of_twelve_is_that_of_stim(corrections: str) -> None:
    circuit = entanglement_swapping(5, corrections=corrections)
    circuit.measure_all()
    aer = sampler("aer", noise=NOISE, seed=1, method="matrix_product_state")
    found = [
        execute([circuit], machine, shots=1500)[0].bits for machine in (aer, sampler("stim", noise=NOISE))
    ]
    # every single bit, and every parity of two neighbours
    for power in (1, 2):
        means = [(bits ^ np.roll(bits, 1, axis=1) if power == 2 else bits).mean(axis=0) for bits in found]
        spread = np.sqrt(sum(mean * (1 - mean) / 1500 for mean in means)) + 1e-3
        assert (np.abs(means[0] - means[1]) < 5 * spread).all()
