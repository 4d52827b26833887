"""What is `StimSampler`'s own: wide circuits, chunks, refusals, any Qiskit code."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Parameter
from support.exact import distribution
from support.sampled import assert_sampled_from

from circuits import NotClifford, NotTranslatable, entanglement_swapping
from circuits.noise import CircuitNoise
from qnet.execution import Outcomes, StimSampler, execute
from qnet.execution import stim_sampler as module


def test_two_hundred_qubits_with_feed_forward_end_in_a_bell_pair() -> None:
    chain = entanglement_swapping(100)
    out = ClassicalRegister(2, "ends")
    chain.add_register(out)
    chain.measure([0, chain.num_qubits - 1], out)
    data = StimSampler(seed=2).run([chain], shots=3000).result()[0].data
    assert set(data.ends.get_int_counts()) == {0, 3}
    assert abs(data.ends.get_int_counts()[0] - 1500) < 5 * np.sqrt(750)
    ones = np.unpackbits(data.phase.array, axis=1).sum(axis=1)
    assert abs(ones.mean() - 50) < 5 * 5 / np.sqrt(3000)


def test_shots_beyond_one_chunk_are_all_there_and_all_different_draws() -> None:
    circuit = QuantumCircuit(40)
    circuit.h(range(40))
    circuit.measure_all()
    shots = 2 * module._CHUNK + 17
    array = StimSampler(seed=1).run([circuit], shots=shots).result()[0].data.meas.array
    assert array.shape == (shots, 5)
    assert len(np.unique(array, axis=0)) > shots - 5
    assert abs(np.unpackbits(array[-17:]).mean() - 0.5) < 5 * 0.5 / np.sqrt(17 * 40)


@pytest.mark.parametrize("sizes", [(1,), (8,), (3, 5), (5, 9, 1), (7, 16, 2, 1), (1,) * 11, (17, 30)])
def test_registers_of_any_size_are_cut_where_they_begin(sizes: tuple[int, ...]) -> None:
    total = sum(sizes)
    rng = np.random.default_rng(total)
    registers = [ClassicalRegister(size, f"r{k}") for k, size in enumerate(sizes)]
    circuit = QuantumCircuit(QuantumRegister(total), *registers)
    expected = rng.integers(2, size=total)
    circuit.x(np.flatnonzero(expected).tolist() or [0])
    expected[0] |= not expected.any()
    circuit.measure(range(total), range(total))
    pub = StimSampler().run([circuit], shots=3).result()[0]
    assert Outcomes.from_data(pub, circuit).bits.tolist() == [expected.tolist()] * 3
    for register in registers:
        value = sum(int(expected[circuit.find_bit(bit).index]) << k for k, bit in enumerate(register))
        assert pub.data[register.name].get_int_counts() == {value: 3}


def test_a_bit_that_was_computed_or_copied_comes_with_its_constant() -> None:
    circuit = QuantumCircuit(2, 3)
    circuit.h(0)
    circuit.measure(0, 0)
    circuit.measure(0, 1)
    circuit.x(0)
    circuit.measure(0, 2)
    (outcomes,) = execute([circuit], StimSampler(seed=3), shots=500)
    assert {tuple(row) for row in outcomes.bits.tolist()} == {(0, 0, 1), (1, 1, 0)}


def test_noise_is_put_on_last() -> None:
    circuit = QuantumCircuit(2)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure_all()
    noise = CircuitNoise(after_1q=0.05, after_2q=0.2, measurement=0.1)
    (outcomes,) = execute([circuit], StimSampler(noise=noise, seed=8), shots=40_000)
    p = 0.2 * 8 / 15
    odd = p * (0.9**2 + 0.1**2) + (1 - p) * 2 * 0.9 * 0.1
    assert_sampled_from(
        outcomes.bits, {(0, 0): (1 - odd) / 2, (1, 1): (1 - odd) / 2, (0, 1): odd / 2, (1, 0): odd / 2}
    )


def test_what_is_not_clifford_is_named() -> None:
    circuit = QuantumCircuit(1)
    circuit.t(0)
    circuit.measure_all()
    with pytest.raises(NotClifford, match="'t' on qubits"):
        StimSampler().run([circuit]).result()
    turned = QuantumCircuit(1)
    turned.rx(Parameter("angle"), 0)
    turned.measure_all()
    with pytest.raises(NotClifford, match="'rx' on qubits"):
        StimSampler().run([(turned, [[np.pi / 2], [0.3]])]).result()


def test_what_cannot_be_translated_is_named() -> None:
    circuit = QuantumCircuit(1, 1)
    circuit.measure(0, 0)
    with circuit.if_test((0, 1)):
        circuit.reset(0)
    circuit.measure(0, 0)
    with pytest.raises(NotTranslatable, match="'reset'"):
        StimSampler().run([circuit]).result()


def test_a_circuit_changed_between_runs_is_seen() -> None:
    circuit, sampler = QuantumCircuit(1, 1), StimSampler()
    circuit.measure(0, 0)
    assert sampler.run([circuit], shots=1).result()[0].data.c.get_counts() == {"0": 1}
    circuit.x(0)
    circuit.measure(0, 0)
    assert sampler.run([circuit], shots=1).result()[0].data.c.get_counts() == {"1": 1}


def test_a_numpy_generator_seeds_it() -> None:
    circuit = QuantumCircuit(30)
    circuit.h(range(30))
    circuit.measure_all()
    rng = np.random.default_rng(5)
    arrays = [
        StimSampler(seed=seed).run([circuit], shots=9).result()[0].data.meas.array.tobytes()
        for seed in (rng, rng, np.random.default_rng(5))
    ]
    assert arrays[0] == arrays[2] != arrays[1]


def test_the_exact_reference_agrees_on_a_noisy_chain() -> None:
    chain = entanglement_swapping(1)
    out = ClassicalRegister(2, "ends")
    chain.add_register(out)
    chain.measure([0, 3], out)
    noisy = CircuitNoise.uniform_depolarizing(0.03).apply(chain)
    (outcomes,) = execute([noisy], StimSampler(seed=5), shots=30_000)
    assert_sampled_from(outcomes.bits, distribution(noisy))
