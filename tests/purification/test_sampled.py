"""Purifications sampled on Aer and on Stim, within five standard errors of the closed forms."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister

from circuits.bridge import to_stim
from circuits.library.bell import bell_pair
from circuits.library.bell_diagonal import (
    bbpssw_map,
    dejmps_map,
    double_selection_map,
    pumping_map,
    werner,
)
from circuits.library.corrections import pauli_frame
from circuits.library.pumping import entanglement_pumping
from circuits.library.purification import bbpssw, dejmps
from circuits.library.selection import double_selection
from circuits.library.tomography import bell_tomography, bell_weights

SHOTS = 20_000
FIDELITY = 0.85
W = werner(FIDELITY)
CASES = {
    "bbpssw": (lambda pair: bbpssw(pair=pair, twirl=7), bbpssw_map(W, W)),
    "dejmps": (lambda pair: dejmps(pair=pair), dejmps_map(W, W)),
    "double_selection": (lambda pair: double_selection(pair=pair), double_selection_map(W, W, W)),
    "pumping": (lambda pair: entanglement_pumping(2, pair=pair), pumping_map([W, W, W])),
}


def on_stim(circuit: QuantumCircuit, seed: int) -> np.ndarray:
    record = to_stim(circuit).compile_sampler(seed=seed).sample(SHOTS).astype(np.uint8)
    measured = [circuit.find_bit(item.clbits[0]).index for item in circuit.data if item.name == "measure"]
    bits = np.zeros((SHOTS, circuit.num_clbits), dtype=np.uint8)
    bits[:, measured] = record
    return bits


def on_aer(circuit: QuantumCircuit, seed: int) -> np.ndarray:
    from qiskit_aer.primitives import SamplerV2

    data = SamplerV2(seed=seed).run([circuit], shots=SHOTS).result()[0].data
    columns = [data[r.name].to_bool_array(order="little").astype(np.uint8) for r in circuit.cregs]
    return np.concatenate(columns, axis=1)


@pytest.mark.parametrize("sample", [on_stim, on_aer])
@pytest.mark.parametrize("name", CASES)
def test_success_probability_and_weights(name, sample):
    make, expected = CASES[name]
    purified = make(bell_pair(fidelity=FIDELITY))
    pair = [purified.qregs[0][0], purified.qregs[1][0]]
    kept, shots, means = 0, 0, []
    for seed, measurement in enumerate(bell_tomography()):
        whole = purified.copy()
        read = ClassicalRegister(2, "outcome")
        whole.add_register(read)
        whole.compose(measurement, pair, read, inplace=True)
        bits = sample(whole, 1000 + seed)
        accepted = bits[pauli_frame(whole).kept(bits)]
        kept, shots = kept + len(accepted), shots + len(bits)
        means.append(1 - 2 * np.mean(accepted[:, -2] ^ accepted[:, -1]))
    p = float(expected.success_probability)
    assert abs(kept / shots - p) < 5 * np.sqrt(p * (1 - p) / shots)
    errors = np.abs(bell_weights(*means) - expected.weights)
    assert np.all(errors < 5 * np.sqrt(3 / (SHOTS * p)) / 4)
