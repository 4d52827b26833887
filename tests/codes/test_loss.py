"""Heralded loss in every code experiment: heralds, records, known failures, and the way to Qiskit."""

from dataclasses import replace

import numpy as np
import pytest
import stim
from qiskit import QuantumCircuit
from qiskit_aer import AerSimulator

from circuits.bridge import detection_events, to_qiskit
from circuits.codes import (
    Link,
    bell_memory,
    colour,
    distillation,
    encoded_swapping,
    five_qubit,
    four_two_two,
    golay,
    joint_measurement,
    logical_bell_pair,
    memory,
    parity,
    repetition,
    rotated_surface,
    shor,
    stability,
    steane,
    transversal_cx,
)
from circuits.noise import CircuitNoise, Override, strip
from decoders import herald_aware_model, sinter_decoders

LOSSY = CircuitNoise(after_2q=0.001, loss_round=0.05, loss_2q=0.01)
LINK = Link.werner(0.95, erasure=0.1)
EXPERIMENTS = {
    **{
        f"memory {code.name} {basis}": (
            lambda noise, c=code, b=basis: memory(c, rounds=3, basis=b, noise=noise)
        )
        for code in (*map(rotated_surface, (2, 3, 4, 5)), repetition(4), parity(2, 3), shor(), colour(3))
        for basis in "XZ"
    },
    "flags": lambda noise: memory(steane(), rounds=2, extraction="flag", noise=noise),
    "blocks": lambda noise: memory(steane(), rounds=2, extraction="steane", noise=noise),
    "golay": lambda noise: memory(golay(), rounds=1, extraction="steane", noise=noise),
    "bell memory": lambda noise: bell_memory(five_qubit(), rounds=4, noise=noise),
    "bell memory, flags": lambda noise: bell_memory(colour(5), rounds=2, extraction="flag", noise=noise),
    **{f"stability {d}": (lambda noise, d=d: stability(4, rounds=d, noise=noise)) for d in (1, 2, 5)},
    **{
        f"Bell pair {form} {d}": (
            lambda noise, d=d, form=form: logical_bell_pair(d, form=form, link=LINK, noise=noise)
        )
        for form in ("direct", "bell", "mixed")
        for d in (2, 3, 4)
    },
    "Bell pair, own pairs perfect": lambda noise: logical_bell_pair(3, noise=noise),
    **{
        f"joint {p}": (lambda noise, p=p: joint_measurement(3, p, link=LINK, noise=noise))
        for p in ("XX", "ZZ")
    },
    "transversal": lambda noise: transversal_cx(steane(), rounds=2, link=LINK, noise=noise),
    "swapping": lambda noise: encoded_swapping(3, four_two_two(), rounds=3, link=LINK, noise=noise),
    "swapping in X": lambda noise: encoded_swapping(1, repetition(3, basis="X"), basis="X", noise=noise),
    "distillation": lambda noise: distillation(five_qubit(), link=LINK, noise=noise),
}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_loss_is_heralded_by_a_tagged_detector(name):
    circuit = EXPERIMENTS[name](LOSSY).flattened()
    erased = [op for op in circuit if op.name == "HERALDED_ERASE"]
    assert {op.tag for op in erased} == {"herald"}
    assert {0.05, 0.01} <= {op.gate_args_copy()[0] for op in erased}
    records, heralds, measured = set(), [], 0
    for op in circuit:
        if op.name == "HERALDED_ERASE":
            records |= set(range(measured, measured + op.num_measurements))
        if op.name == "DETECTOR" and op.tag == "herald":
            (target,) = op.targets_copy()
            heralds.append(measured + target.value)
        measured += op.num_measurements
    assert sorted(heralds) == sorted(records)
    places = circuit.get_detector_coordinates().values()
    assert len({len(place) for place in places}) == 1


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_experiments_with_loss_are_certain_without_it(name):
    lossy, clean = EXPERIMENTS[name](LOSSY), EXPERIMENTS[name](None)
    assert lossy.detector_error_model(approximate_disjoint_errors=True).num_errors > 0
    assert strip(lossy).detector_error_model().num_errors == 0
    assert lossy.num_observables == clean.num_observables
    if name.startswith(("memory", "stability", "blocks", "golay")):
        assert LOSSY.apply(clean) == lossy


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_errors_of_losses_are_where_they_are_without_heralds(name):
    """A lost qubit is depolarised; the same written as Pauli noise has the same errors at the same places."""
    e = 1e-5
    half = {"I": 1 - 0.75 * e, "X": e / 4, "Y": e / 4, "Z": e / 4}
    both = {a + b: half[a] * half[b] for a in "IXYZ" for b in "IXYZ" if a + b != "II"}
    plain = EXPERIMENTS[name](CircuitNoise(after_2q=both, before_round=0.75 * e))
    lossy = EXPERIMENTS[name](CircuitNoise(loss_2q=e, loss_round=e))
    found, expected = _errors(_unheralded(lossy)), _errors(_unheralded(plain))
    assert len(expected) > 3
    assert found == pytest.approx(expected, rel=1e-2, abs=5 * e**2)


def _unheralded(circuit: stim.Circuit) -> stim.Circuit:
    """Heralds are certain, losses are depolarising errors."""
    made = stim.Circuit()
    for op in circuit.flattened():
        if op.name == "HERALDED_ERASE":
            made.append("DEPOLARIZE1", op.targets_copy(), 0.75 * op.gate_args_copy()[0])
            made.append("MPAD", [0] * op.num_measurements)
        else:
            made.append(op)
    return made


def _errors(circuit: stim.Circuit) -> dict:
    """The probability of every error by the order of its detectors among those that are no heralds."""
    model = circuit.detector_error_model(approximate_disjoint_errors=True)
    heralds = {
        target.val
        for op in model.flattened()
        if op.type == "detector" and op.tag == "herald"
        for target in op.targets_copy()
    }
    rest = [k for k in range(model.num_detectors) if k not in heralds]
    order = {str(stim.target_relative_detector_id(k)): n for n, k in enumerate(rest)}
    found: dict = {}
    for error in model.flattened():
        if error.type == "error":
            key = frozenset(order.get(str(target), str(target)) for target in error.targets_copy())
            found[key] = found.get(key, 0.0) + error.args_copy()[0]
    return {key: p for key, p in found.items() if p > 1e-8}


@pytest.mark.parametrize("decoder", ["peeling", "erasure", "herald_aware_model"])
@pytest.mark.parametrize("basis", ["X", "Z"])
@pytest.mark.parametrize(
    ("distance", "loss", "expected"),
    [(3, 0.3, 0.077447), (5, 0.3, 0.039718), (3, 0.5, 0.25), (5, 0.5, 0.25)],
)
def test_erasure_alone_fails_as_often_as_is_known(decoder, basis, distance, loss, expected):
    circuit = memory(rotated_surface(distance), rounds=1, basis=basis, noise=CircuitNoise(loss_round=loss))
    failed, shots = _failures(circuit, decoder, 20_000)
    assert abs(failed - expected) < 5 * np.sqrt(expected * (1 - expected) / shots)


@pytest.mark.parametrize("distance", [2, 4])
def test_half_of_all_qubits_lost_fails_in_a_quarter_of_both_bases_together(distance):
    """An even patch is not its own dual: its two bases make up for each other (cleaning lemma)."""
    noise = CircuitNoise(loss_round=0.5)
    failed = [
        _failures(memory(rotated_surface(distance), rounds=1, basis=basis, noise=noise), "peeling", 20_000)[0]
        for basis in "XZ"
    ]
    assert abs(sum(failed) - 0.5) < 5 * np.sqrt(2 * 0.25 * 0.75 / 20_000)


def _failures(circuit: stim.Circuit, decoder: str, shots: int) -> tuple[float, int]:
    if decoder == "herald_aware_model":
        decoder, model = "pymatching", herald_aware_model(circuit)
    elif decoder == "erasure":
        model = herald_aware_model(circuit)
    else:
        matches = decoder == "pymatching"
        model = circuit.detector_error_model(approximate_disjoint_errors=True, decompose_errors=matches)
    sampler = circuit.compile_detector_sampler(seed=11)
    fired, flipped = sampler.sample(shots, separate_observables=True, bit_packed=True)
    compiled = sinter_decoders()[decoder].compile_decoder_for_dem(dem=model)
    guessed = compiled.decode_shots_bit_packed(bit_packed_detection_event_data=fired)
    return float((guessed != flipped).any(axis=1).mean()), shots


def test_heralds_of_gates_help():
    """Erasure of 2 % a gate beside little Pauli noise: heralds make far fewer errors than without."""
    noise = CircuitNoise(after_2q=0.001, loss_2q=0.02)
    circuit = memory(rotated_surface(3), rounds=3, noise=noise)
    aware, _ = _failures(circuit, "herald_aware_model", 20_000)
    blind, _ = _failures(_blind(circuit), "pymatching", 20_000)
    assert 0 < aware < blind / 2


def _blind(circuit: stim.Circuit) -> stim.Circuit:
    made = stim.Circuit()
    for op in _unheralded(circuit):
        if op.tag != "herald":
            made.append(op)
    return made


def test_overrides_of_loss():
    noise = CircuitNoise(
        loss_round=0.1,
        loss_2q=0.2,
        overrides=(
            Override(gate="round", qubits=1, loss=0.3, error=0.05),
            Override(gate="round", qubits=2, loss=0.0),
            Override(gate="cx", loss=0.25),
            Override(qubits=frozenset({3, 4}), loss=0.0),
        ),
    )
    text = "QUBIT_COORDS[data] 0 1 2\nTICK[round]\nCX 0 1 4 3\nCZ 0 1\nM 0"
    assert str(noise.apply(stim.Circuit(text))).splitlines() == [
        "QUBIT_COORDS[data] 0 1 2",
        "TICK[round]",
        "DEPOLARIZE1(0.05) 1",
        "HERALDED_ERASE[herald](0.1) 0",
        "DETECTOR[herald](0, -1, 0) rec[-1]",
        "HERALDED_ERASE[herald](0.3) 1",
        "DETECTOR[herald](1, -1, 0) rec[-1]",
        "CX 0 1 4 3",
        "HERALDED_ERASE[herald](0.25) 0 1",
        "DETECTOR[herald](0, -1, 0) rec[-2]",
        "DETECTOR[herald](1, -1, 0) rec[-1]",
        "CZ 0 1",
        "HERALDED_ERASE[herald](0.2) 0 1",
        "DETECTOR[herald](0, -1, 0) rec[-2]",
        "DETECTOR[herald](1, -1, 0) rec[-1]",
        "M 0",
    ]
    assert eval(repr(noise)) == noise
    assert hash(eval(repr(noise))) == hash(noise)


LOOPS = [
    "M 0\nREPEAT 5 {\nCX 0 1\nM 1\nDETECTOR rec[-1] rec[-2]\n}\nCX rec[-1] 1 rec[-6] 0\nDETECTOR rec[-6]",
    "M 0 1\nCX 0 1\nREPEAT 7 {\nCX 0 1\nMR 1\nCX rec[-3] 0\nDETECTOR rec[-3]\n}\nMPP X0*Z1\nDETECTOR rec[-5]",
    "M 0\nREPEAT 3 {\nCX 0 1\nCX rec[-1] 1\n}\nM 1\nDETECTOR rec[-2] rec[-1]",
    "M 0\nREPEAT 3 {\nREPEAT 2 {\nCX 0 1\nM 1\nDETECTOR rec[-2]\n}\nM 0\nDETECTOR rec[-1] rec[-2]\n}\nM 0",
    "REPEAT 100000 {\nCX 0 1\nM 1\nM 0\nDETECTOR rec[-1]\n}\nDETECTOR rec[-1] rec[-200000]",
]


@pytest.mark.parametrize("text", LOOPS)
def test_records_in_loops_are_those_of_the_loops_unrolled(text):
    noise, circuit = CircuitNoise(loss_2q=0.1), stim.Circuit(text)
    made = noise.apply(circuit)
    assert made.num_measurements > circuit.num_measurements
    if circuit.num_measurements < 1000:
        assert made.flattened() == noise.apply(circuit.flattened())
    else:
        assert len(made) == len(circuit)
        assert made[-1].targets_copy()[1].value == -399998  # the first outcome, two heralds later


def test_a_fourth_coordinate_where_others_have_four():
    text = "CX 0 1\nM 1\nDETECTOR(1, 2, 3, 4) rec[-1]"
    made = CircuitNoise(loss_2q=0.1).apply(stim.Circuit(text))
    assert made.get_detector_coordinates() == {0: [0, -1, 0, -1], 1: [1, -1, 0, -1], 2: [1, 2, 3, 4]}


def test_chromobius_takes_colour_codes_across_a_link_and_with_losses():
    noise = CircuitNoise.uniform_depolarizing(0.001)
    across = transversal_cx(colour(3), link=LINK, noise=noise)
    lossy = memory(colour(5), rounds=2, noise=replace(noise, loss_round=0.02))
    for circuit in (across, lossy):
        heralds = [op for op in circuit.flattened() if op.name == "DETECTOR" and op.tag == "herald"]
        assert {op.gate_args_copy()[3] for op in heralds} == {-1}
    failed, _ = _failures(lossy, "chromobius", 2000)
    assert failed < 0.2
    failed, _ = _failures(across, "chromobius", 2000)
    assert failed < 0.75


def test_losses_come_back_from_aer():
    """Detectors fire as often as on Stim, heralds included; stripped, the heralds are silent records."""
    circuit = memory(repetition(3), rounds=2, noise=CircuitNoise(loss_round=0.2, loss_2q=0.05))
    shots, simulator = 4000, AerSimulator(method="stabilizer", seed_simulator=5)
    exported = to_qiskit(circuit)
    counts = simulator.run(exported, shots=shots).result().get_counts()
    ours = detection_events(exported, counts).detectors.mean(axis=0)
    theirs = circuit.compile_detector_sampler(seed=5).sample(50_000).mean(axis=0)
    assert (np.abs(ours - theirs) < 5 * np.sqrt(0.25 * (1 / shots + 1 / 50_000))).all()
    assert exported.metadata["detector_tags"].count("herald") == 3 * 2 + 2 * 8
    bare = to_qiskit(strip(circuit))
    assert bare.num_clbits == exported.num_clbits
    silent = detection_events(bare, simulator.run(bare, shots=50).result().get_counts())
    assert not silent.detectors.any()


@pytest.mark.parametrize(
    ("noise", "message"),
    [
        (CircuitNoise(loss_2q=0.1), "loss_2q is heralded by a record.*apply noise to the stim.Circuit"),
        (CircuitNoise(loss_round=0.1), "loss_round is heralded by a record"),
        (CircuitNoise(overrides=(Override(gate="cx", loss=0.1),)), "loss_2q is heralded"),
    ],
)
def test_qiskit_circuits_have_no_place_for_heralds(noise, message):
    circuit = QuantumCircuit(2)
    circuit.cx(0, 1)
    with pytest.raises(ValueError, match=message):
        noise.apply(circuit)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: CircuitNoise(loss_2q=1.5), r"loss_2q is 1\.5: it must be a probability"),
        (lambda: CircuitNoise(loss_round=-0.1), r"loss_round is -0\.1: it must be a probability"),
        (lambda: CircuitNoise(before_round=None), "before_round is None: it must be a probability"),
        (lambda: CircuitNoise(before_round={"XX": 0.1}), "before_round has Paulis on 2 qubits"),
        (lambda: Override(gate="measure", loss=0.1), r"loss is 0\.1 for measure: qubits are lost in two-"),
        (lambda: Override(qubits=3, loss=0.1), r"loss is 0\.1 for qubit 3"),
        (lambda: Override(gate="cx", loss=2), "loss is 2: it must be a probability"),
        (
            lambda: CircuitNoise.generated(before_round_data_depolarization=2),
            "before_round_data_depol.* is 2",
        ),
    ],
)
def test_bad_losses_are_refused(call, message):
    with pytest.raises(ValueError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
