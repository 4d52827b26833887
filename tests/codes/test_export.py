"""Every experiment goes to Qiskit and comes back through its detectors."""

import numpy as np
import pytest
import stim
from qiskit_aer import AerSimulator

from circuits.bridge import detection_events, to_qiskit
from circuits.codes import (
    Link,
    bell_memory,
    distillation,
    encoded_swapping,
    five_qubit,
    four_two_two,
    joint_measurement,
    logical_bell_pair,
    memory,
    repetition,
    rotated_surface,
    stability,
    steane,
    transversal_cx,
)
from circuits.noise import CircuitNoise

NOISE = CircuitNoise.uniform_depolarizing(0.01)
LOSSY = Link.werner(0.9, erasure=0.05)
EXPERIMENTS = {
    "memory": lambda **noise: memory(rotated_surface(3), rounds=3, **noise),
    "memory_in_x": lambda **noise: memory(rotated_surface(3), rounds=2, basis="X", **noise),
    "flags": lambda **noise: memory(steane(), rounds=2, extraction="flag", **noise),
    "blocks": lambda **noise: memory(steane(), rounds=2, extraction="steane", **noise),
    "bell_memory": lambda **noise: bell_memory(five_qubit(), rounds=2, **noise),
    "stability": lambda **noise: stability(2, rounds=3, **noise),
    "logical_bell_pair": lambda **noise: logical_bell_pair(2, link=LOSSY if noise else None, **noise),
    "joint_measurement": lambda **noise: joint_measurement(2, "XX", link=LOSSY if noise else None, **noise),
    "transversal_cx": lambda **noise: transversal_cx(four_two_two(), link=LOSSY if noise else None, **noise),
    "swapping": lambda **noise: encoded_swapping(
        1, repetition(3), link=LOSSY if noise else None, basis="Z", **noise
    ),
    "distillation": lambda **noise: distillation(five_qubit(), link=LOSSY if noise else None, **noise),
}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_nothing_fires_on_aer_without_noise(name):
    exported = to_qiskit(EXPERIMENTS[name]())
    events = _aer(exported, shots=20)
    assert events.detectors.shape == (20, EXPERIMENTS[name]().num_detectors)
    assert not events.detectors.any()
    assert not events.observables.any()


@pytest.mark.parametrize("name", [name for name in EXPERIMENTS if name not in ("memory_in_x", "blocks")])
def test_detectors_fire_on_aer_as_often_as_on_stim(name):
    """Each detector and observable within 5 standard errors, heralds included."""
    shots = 800
    circuit = EXPERIMENTS[name](noise=NOISE)
    events = _aer(to_qiskit(circuit), shots=shots)
    sampler = circuit.compile_detector_sampler(seed=3)
    theirs = np.hstack(sampler.sample(50_000, separate_observables=True)).mean(axis=0)
    ours = np.hstack([events.detectors, events.observables]).mean(axis=0)
    sigma = np.sqrt(theirs * (1 - theirs) * (1 / shots + 1 / 50_000)) + 1 / shots
    assert (np.abs(ours - theirs) < 5 * sigma).all()
    assert abs(ours.mean() - theirs.mean()) < 5 * np.sqrt(theirs.mean() / shots)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_detector_has_coordinates(name):
    circuit = EXPERIMENTS[name](noise=NOISE)
    places = circuit.get_detector_coordinates()
    assert len(places) == circuit.num_detectors
    assert all(len(place) == 3 for place in places.values())


def _aer(circuit, *, shots):
    simulator = AerSimulator(method="stabilizer", seed_simulator=7, max_parallel_threads=1)
    return detection_events(circuit, simulator.run(circuit, shots=shots).result().get_counts())


def test_an_error_on_aer_fires_what_it_fires_on_stim():
    """One X on a data qubit in the middle of the exported circuit."""
    circuit = memory(rotated_surface(3), rounds=2)
    middle = next(k for k, op in enumerate(circuit) if op.name == "SHIFT_COORDS")
    broken = circuit[:middle] + stim.Circuit("X 4") + circuit[middle:]
    exported, sampler = to_qiskit(circuit), circuit.compile_m2d_converter()
    seen = sampler.convert(measurements=broken.compile_sampler(seed=1).sample(1), append_observables=False)
    simulator = AerSimulator(method="stabilizer", seed_simulator=1)
    counts = simulator.run(to_qiskit(broken), shots=1).result().get_counts()
    assert seen.sum() == 2
    assert (detection_events(exported, counts).detectors == seen).all()
