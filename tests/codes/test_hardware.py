"""Code experiments on samplers and a fake device, decoded from their counts."""

import numpy as np
import pymatching
import pytest
from qiskit.providers.fake_provider import GenericBackendV2

from circuits.bridge import detection_events
from circuits.noise import CircuitNoise
from qnet.execution import Outcomes, run, sampler
from qnet.execution.fake_devices import fake_device
from qnet.protocols.code_memory import DetectionMemory, EncodedSwapping, RepetitionMemory, predicted
from qnet.protocols.errors import NothingKept

NOISE = CircuitNoise.uniform_depolarizing(0.01)
ALL = [
    RepetitionMemory(distance=5, rounds=3),
    RepetitionMemory(basis="X"),
    DetectionMemory(rounds=2, basis="X"),
    EncodedSwapping(stations=0),
    EncodedSwapping(distance=3),
    EncodedSwapping(distance=3, basis="X"),
]


@pytest.mark.parametrize("experiment", ALL, ids=lambda e: f"{e.name}-{e.basis}")
def test_nothing_is_wrong_without_noise(experiment):
    figures = run(experiment, "stim", shots=50, seed=1).figures
    assert figures["logical_error_rate"].value == figures["detection_fraction"].value == 0
    assert figures.get("accepted", figures["logical_error_rate"]).value in (0, 1)


@pytest.mark.parametrize("experiment", ALL, ids=lambda e: f"{e.name}-{e.basis}")
def test_correction_and_detection_help(experiment):
    figures = run(experiment, sampler("stim", noise=NOISE, seed=2), shots=4000, seed=2).figures
    raw, left = figures["raw_error_rate"], figures["logical_error_rate"]
    assert left.value + 5 * left.stderr < raw.value - raw.stderr


def test_decoded_rate_is_that_of_matching_in_stim():
    """The same memory sampled and decoded by Stim and PyMatching alone, without Qiskit."""
    experiment = RepetitionMemory(distance=3, rounds=3)
    ours = run(experiment, sampler("stim", noise=NOISE, seed=3), shots=20_000, seed=3).figures
    noisy = experiment.experiment(NOISE)
    matching = pymatching.Matching(noisy.detector_error_model(decompose_errors=True))
    fired, flipped = noisy.compile_detector_sampler(seed=4).sample(100_000, separate_observables=True)
    rate = (matching.decode_batch(fired).astype(bool) ^ flipped).mean()
    found = ours["logical_error_rate"]
    assert abs(found.value - rate) < 5 * np.hypot(found.stderr, np.sqrt(rate / 100_000)) + 5e-4


def test_every_single_flip_of_a_repetition_memory_is_corrected():
    experiment = RepetitionMemory(distance=3, rounds=2)
    circuit = experiment.circuits()[0]
    bits = np.zeros((1 + circuit.num_clbits, circuit.num_clbits), dtype=np.uint8)
    bits[1:] = np.eye(circuit.num_clbits, dtype=np.uint8)
    figures = experiment.interpret([Outcomes(bits=bits)])
    assert detection_events(circuit, bits).detectors[1:].any(axis=1).all()
    assert figures["logical_error_rate"].value == 0
    assert figures["raw_error_rate"].value == pytest.approx(1 / len(bits))


def test_predicted_stands_beside_what_a_fake_device_gives():
    """The device's noise model on Aer against its Pauli twirl with idling: within a factor of two."""
    device, experiment = fake_device("fake_manila"), RepetitionMemory(distance=2, rounds=1)
    given = run(experiment, sampler(device, seed=5), shots=2000, seed=5).figures["detection_fraction"]
    expected = predicted(experiment, device, shots=2000, seed=5)["detection_fraction"]
    assert given.value / 2 < expected.value < 2 * given.value


@pytest.mark.parametrize("experiment", ALL[:3], ids=lambda e: f"{e.name}-{e.basis}")
def test_predicted_falls_with_the_noise_of_the_device(experiment):
    backend = GenericBackendV2(12, seed=1)
    found = predicted(experiment, backend, shots=500, seed=6)
    assert 0 < found["detection_fraction"].value < 0.5
    assert set(found) == set(run(experiment, "stim", shots=10, seed=1).figures)


def test_no_kept_shot_is_an_error():
    experiment = DetectionMemory()
    bits = np.zeros((1, experiment.circuits()[0].num_clbits), dtype=np.uint8)
    bits[0, -1] = 1
    with pytest.raises(NothingKept, match="no shot was kept"):
        experiment.interpret([Outcomes(bits=bits)])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: RepetitionMemory(distance=1), "distance=1"),
        (lambda: RepetitionMemory(rounds=0), "rounds=0"),
        (lambda: RepetitionMemory(basis="Y"), "basis='Y'"),
        (lambda: RepetitionMemory(p=1.0), "p=1.0"),
        (lambda: DetectionMemory(extraction="steane"), "extraction='steane'"),
        (lambda: EncodedSwapping(stations=-1), "stations=-1"),
        (lambda: EncodedSwapping(distance=1), "distance=1"),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
