"""Code experiments on samplers and a fake device, decoded from their counts."""

import numpy as np
import pymatching
import pytest
import stim
from qiskit.providers.fake_provider import GenericBackendV2

from circuits.bridge import detection_events, to_qiskit
from circuits.codes import (
    Link,
    distillation,
    five_qubit,
    four_two_two,
    logical_bell_pair,
    memory,
    repetition,
    stability,
    transversal_cx,
)
from circuits.noise import CircuitNoise
from qnet.execution import Outcomes, run, sampler
from qnet.execution.fake_devices import fake_device
from qnet.protocols.claims import Claim
from qnet.protocols.code_experiment import CodeExperiment, predicted
from qnet.protocols.code_memory import DetectionMemory, EncodedSwapping, RepetitionMemory
from qnet.protocols.errors import NothingKept
from qnet.protocols.proof import prove, prove_circuit

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


PROGRAMS = {
    "Stim's own": stim.Circuit.generated("surface_code:rotated_memory_x", distance=3, rounds=2),
    "memory": memory(repetition(3), rounds=2),
    "stability": stability(2, rounds=2),
    "transversal": transversal_cx(four_two_two(), extraction="flag"),
    "seam": logical_bell_pair(2, link=Link.werner(0.95, erasure=0.1), noise=NOISE),
    "distillation": distillation(five_qubit(), link=Link.werner(0.9), noise=NOISE),
}


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("engine", ["aer", "stim"])
def test_any_experiment_runs_on_any_sampler(name, engine):
    decoder = "detection" if name == "transversal" else "pymatching"
    experiment = CodeExperiment(program=PROGRAMS[name], decoder=decoder)
    result = run(experiment, engine, shots=100, seed=7)
    assert result.figures["logical_error_rate"].value == result.figures["detection_fraction"].value == 0
    assert len(result.rows) == PROGRAMS[name].num_detectors
    assert eval(repr(experiment)) == experiment
    assert prove(experiment).holds


@pytest.mark.parametrize(
    "decoder", ["pymatching", "lookup", "tesseract", "ldpc_bposd", "vacuous", "detection"]
)
def test_any_decoder_reads_the_outcomes(decoder):
    """On a memory at 3 % each decoder but the vacuous one leaves fewer errors than there were."""
    noise = CircuitNoise.uniform_depolarizing(0.03)
    experiment = CodeExperiment(program=memory(repetition(3), rounds=2, noise=noise), decoder=decoder)
    figures = run(experiment, sampler("stim", noise=noise, seed=8), shots=4000, seed=8).figures
    left, raw = figures["logical_error_rate"], figures["raw_error_rate"]
    if decoder == "vacuous":
        assert left.value == raw.value > 0
    else:
        assert left.value + 3 * left.stderr < raw.value
    assert ("accepted" in figures) == (decoder == "detection")


def test_the_noise_of_a_program_is_the_decoders_model():
    """A flip that is likely on one qubit only: the decoder that knows it is nearly always right."""
    code = repetition(3)
    bare = memory(code, rounds=1)
    at = next(k for k, op in enumerate(bare) if op.name == "TICK")
    worse = bare[:at] + stim.Circuit("X_ERROR(0.4) 0 1\nX_ERROR(0.001) 2\nM(0.001) 9") + bare[at:]
    knowing = CodeExperiment(program=worse, decoder="lookup")
    bits = _two_flips(knowing)
    assert knowing.interpret([bits])["logical_error_rate"].value == 0
    assert CodeExperiment(program=bare).interpret([_two_flips(None, bare)])["logical_error_rate"].value == 1


def _two_flips(experiment, program=None):
    """What is read after flips of the qubits 0 and 1."""
    circuit = experiment.experiment() if experiment else program
    at = next(k for k, op in enumerate(circuit) if op.name == "TICK")
    flipped = circuit[:at] + stim.Circuit("X 0 1") + circuit[at:]
    return Outcomes(bits=flipped.compile_sampler(seed=1).sample(1).astype(np.uint8))


def test_a_device_has_its_prediction_beside_its_figures():
    experiment = RepetitionMemory(distance=3, rounds=2)
    result = run(experiment, sampler(fake_device("fake_manila"), seed=9), shots=1000, seed=9)
    for name in ("logical_error_rate", "detection_fraction", "raw_error_rate"):
        assert 0 < result.figures[f"predicted_{name}"].value < 0.5
    rate = np.mean([row["value"] for row in result.rows])
    assert rate == pytest.approx(result.figures["detection_fraction"].value)
    assert result.rows[0]["name"] == "D0 (0.5, 0, 0)"
    twirled = sampler(fake_device("fake_manila"), engine="stim", seed=9)
    for machine in ("stim", twirled):
        assert "predicted_logical_error_rate" not in run(experiment, machine, shots=10, seed=1).figures


def test_encoded_swapping_fits_a_device():
    """48 qubits of 133, simulated by Stim with the twirl of the device's noise."""
    machine = sampler("fake_torino", engine="stim", seed=3)
    result = run(EncodedSwapping(), machine, shots=400, seed=3)
    assert 0 < result.figures["accepted"].value < 1
    assert 0 < result.figures["detection_fraction"].value < 0.5


def test_a_proof_refutes_a_wrong_detector():
    wrong = stim.Circuit("R 0 1\nH 0\nCX 0 1\nM 0 1\nOBSERVABLE_INCLUDE(0) rec[-1] rec[-2]")
    exported = to_qiskit(wrong)
    claim = Claim(flows=("1 -> 1 xor records[1]",))
    assert not prove_circuit(exported, claim).holds


@pytest.mark.parametrize("experiment", [*ALL, EncodedSwapping(stations=3)], ids=repr)
def test_memories_are_proved(experiment):
    proof = prove(experiment)
    assert proof.holds
    observables = experiment.experiment().num_observables
    memories = isinstance(experiment, RepetitionMemory | DetectionMemory)
    assert len(proof.flows) == experiment.experiment().num_detectors + observables + memories


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: CodeExperiment(program="M 0"), "program has no observables"),
        (lambda: CodeExperiment(program="SWIM 0"), "program is no Stim circuit"),
        (lambda: CodeExperiment(program=memory(repetition(3), rounds=1), decoder="guess"), "decoder='guess'"),
        (lambda: CodeExperiment(program=memory(repetition(3), rounds=1), p=0), "p=0 is out of range"),
        (lambda: RepetitionMemory(decoder="guess"), "decoder='guess' is unknown; choose one of"),
    ],
)
def test_bad_programs(call, message):
    with pytest.raises(ValueError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
