"""Both engines give the same distribution: density matrices in Qiskit against samples of Stim."""

import random

import numpy as np
import pytest
from qiskit import QuantumCircuit
from support.exact import distribution

from circuits.bridge import to_stim, translate
from circuits.noise import CircuitNoise, Override, PauliChannel, strip

SHOTS = 100_000

FULL = CircuitNoise(
    after_1q=PauliChannel(probabilities={"X": 0.02, "Z": 0.05}),
    after_2q=0.06,
    measurement=0.04,
    reset=0.05,
    t1_s=5e-5,
    t2_s=4e-5,
    gate_1q_s=1e-6,
    gate_2q_s=2e-6,
    measurement_s=4e-6,
    reset_s=3e-6,
    overrides=(
        Override(
            gate="cx", qubits=frozenset({0, 1}), error=PauliChannel(probabilities={"XZ": 0.1, "YI": 0.05})
        ),
        Override(gate="measure", qubits=2, error=0.1),
        Override(qubits=1, t1_s=2e-5, t2_s=3e-5),
        Override(gate="s", error=0.1, time_s=5e-6),
    ),
)
NOISES = [CircuitNoise.uniform_depolarizing(0.05), CircuitNoise.si1000(0.04), FULL]


def dynamic(rng: random.Random) -> QuantumCircuit:
    """Clifford gates, measurements into used bits, resets, conditionals, nested ones, a loop."""
    circuit = QuantumCircuit(3, 3)
    circuit.h(range(3))
    for _ in range(12):
        a, b = rng.sample(range(3), 2)
        bit = circuit.clbits[rng.randrange(3)]
        kind = rng.choice(
            ["h", "s", "cx", "cx", "measure", "measure", "reset", "if", "nested", "delay", "for"]
        )
        if kind == "cx":
            circuit.cx(a, b)
        elif kind == "measure":
            circuit.measure(a, bit)
        elif kind == "delay":
            circuit.delay(2, a, unit="us")
        elif kind == "for":
            with circuit.for_loop(range(2)):
                circuit.cx(a, b)
                circuit.s(b)
        elif kind == "if":
            with circuit.if_test((bit, rng.randrange(2))):
                rng.choice([circuit.x, circuit.z, circuit.y])(a)
        elif kind == "nested":
            with circuit.if_test((bit, 1)) as otherwise:
                circuit.x(a)
            with otherwise:
                circuit.x(a)
                circuit.z(b)
        else:
            getattr(circuit, kind)(a)
    circuit.measure(range(3), range(3))
    return circuit


def layered(rng: random.Random) -> QuantumCircuit:
    """One instruction a qubit between barriers over all qubits."""
    circuit = QuantumCircuit(3, 3)
    for _ in range(6):
        qubits = rng.sample(range(3), 3)
        if rng.random() < 0.5:
            circuit.cx(qubits.pop(), qubits.pop())
        for qubit in qubits[: rng.randrange(1, 4)]:
            kind = rng.choice(["h", "s", "measure", "reset", "h"])
            if kind == "measure":
                circuit.measure(qubit, qubit)
            else:
                getattr(circuit, kind)(qubit)
        circuit.barrier()
    circuit.measure(range(3), range(3))
    return circuit


def agree(exact: dict[tuple[int, ...], float], bits: np.ndarray) -> None:
    """Every outcome as often as it should be, within five standard deviations."""
    rows, counts = np.unique(bits, axis=0, return_counts=True)
    seen = {tuple(map(int, row)): int(count) for row, count in zip(rows, counts, strict=True)}
    assert seen.keys() <= exact.keys()
    for outcome, p in exact.items():
        spread = np.sqrt(max(len(bits) * p * (1 - p), 4))
        assert abs(seen.get(outcome, 0) - len(bits) * p) < 5 * spread, outcome


def bits_of(records: tuple[tuple[tuple[int, ...], bool], ...], sampled: np.ndarray) -> np.ndarray:
    columns = [sampled[:, list(found)].sum(axis=1) % 2 ^ constant for found, constant in records]
    return np.stack(columns, axis=1).astype(int)


@pytest.mark.parametrize("seed", range(18))
def test_a_noisy_circuit_translates_to_the_same_distribution(seed):
    circuit = dynamic(random.Random(seed))
    noisy = NOISES[seed % 3].apply(circuit)
    made = translate(noisy)
    sampled = made.circuit.compile_sampler(seed=seed).sample(SHOTS)
    agree(distribution(noisy), bits_of(made.records, sampled))
    assert strip(noisy) == circuit


@pytest.mark.parametrize("seed", range(12))
def test_noise_and_translation_change_places_where_layers_coincide(seed):
    circuit = layered(random.Random(100 + seed))
    noise = NOISES[seed % 3]
    noisy = noise.apply(to_stim(circuit))
    sampled = noisy.compile_sampler(seed=seed).sample(SHOTS)
    agree(distribution(noise.apply(circuit)), bits_of(translate(circuit).records, sampled))


def test_the_comparison_sees_a_small_difference():
    circuit = layered(random.Random(100))
    sampled = CircuitNoise.si1000(0.04).apply(to_stim(circuit)).compile_sampler(seed=1).sample(SHOTS)
    other = distribution(CircuitNoise.si1000(0.045).apply(circuit))
    with pytest.raises(AssertionError, match=r"\("):
        agree(other, bits_of(translate(circuit).records, sampled))
