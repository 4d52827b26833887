"""Logical CX gates and encoded swapping over links: certain, of full distance, and right by enumeration."""

from itertools import product as words

import numpy as np
import pytest
import stim

from circuits.codes import five_qubit, four_two_two, golay, repetition, rotated_surface, steane
from circuits.codes.distance import circuit_distance
from circuits.codes.link import Link
from circuits.codes.stabilizer import StabilizerCode
from circuits.codes.swapping import encoded_swapping
from circuits.codes.transversal import transversal_cx
from circuits.noise import CircuitNoise

UNIFORM = CircuitNoise.uniform_depolarizing(0.001)
LOSSY = Link.werner(0.95, erasure=0.01)
CODES = [repetition(3), four_two_two(), steane(), rotated_surface(2, 3), golay()]
FULL = [(steane(), "flag", 3), (rotated_surface(3), "bare", 3), (four_two_two(), "flag", 2)]


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
@pytest.mark.parametrize("rounds", [1, 3])
def test_logical_cx_is_certain_without_noise(code, rounds):
    circuit = transversal_cx(code, rounds=rounds)
    assert circuit.detector_error_model().num_errors == 0
    assert circuit.num_detectors == 2 * (2 * rounds + 1) * len(code.checks)
    assert circuit.num_observables == 4 * code.k


@pytest.mark.parametrize(("code", "extraction", "distance"), FULL, ids=lambda x: getattr(x, "name", str(x)))
def test_logical_cx_reaches_the_codes_distance(code, extraction, distance):
    circuit = transversal_cx(code, extraction=extraction, link=LOSSY, noise=UNIFORM)
    found = circuit_distance(circuit, search=False)
    assert found.exact
    assert found.upper == distance


@pytest.mark.parametrize("letter", ["X", "Z"])
@pytest.mark.parametrize("block", [0, 1])
def test_logical_operators_go_through_the_gate_as_through_a_cx(letter, block):
    """A logical Pauli before the gate flips the one observable that starts with an anticommuting one."""
    code = steane()
    circuit = transversal_cx(code, rounds=1)
    where = next(k for k, op in enumerate(circuit) if op.name == "R")
    string = stim.Circuit(f"{letter} {' '.join(str(block * code.n + q) for q in range(code.n))}")
    records = (circuit[:where] + string + circuit[where:]).compile_sampler(seed=6).sample(5)
    fired, seen = circuit.compile_m2d_converter().convert(measurements=records, separate_observables=True)
    hit = {(0, "X"): 1, (0, "Z"): 0, (1, "X"): 3, (1, "Z"): 2}[block, letter]
    assert not fired.any()
    assert all(row.nonzero()[0].tolist() == [hit] for row in seen)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
@pytest.mark.parametrize("stations", [0, 1, 2, 5])
@pytest.mark.parametrize("basis", [None, "X", "Z"])
def test_swapping_is_certain_without_noise(code, stations, basis):
    if code.n > 9 and stations > 1:
        stations = 1
    circuit = encoded_swapping(stations, code, rounds=2, basis=basis)
    assert circuit.detector_error_model().num_errors == 0
    assert circuit.num_observables == (2 if basis is None else 1) * code.k


@pytest.mark.parametrize(("code", "extraction", "distance"), FULL, ids=lambda x: getattr(x, "name", str(x)))
@pytest.mark.parametrize("stations", [0, 1, 2])
def test_swapping_reaches_the_codes_distance(code, extraction, distance, stations):
    circuit = encoded_swapping(stations, code, extraction=extraction, link=LOSSY, noise=UNIFORM)
    found = circuit_distance(circuit, search=False)
    assert found.exact
    assert found.upper == distance


@pytest.mark.parametrize("stations", [0, 1])
def test_swapping_yields_what_all_errors_by_hand_do(stations):
    """Errors of the links alone: every Pauli error of a link has its syndrome and its logical class."""
    code, weights, shots = four_two_two(), (0.9, 0.03, 0.02, 0.05), 40_000
    ours = [*code.checks, *(s for pair in zip(code.logical_x, code.logical_z, strict=True) for s in pair)]
    each: dict[tuple[bool, ...], float] = {}
    for word in words("IXYZ", repeat=code.n):
        error = stim.PauliString("".join(word))
        seen = tuple(not stim.PauliString(string).commutes(error) for string in ours)
        chance = np.prod([weights["IXYZ".index(letter)] for letter in word])
        each[seen] = each.get(seen, 0.0) + float(chance)
    flips = {(False,) * 4: 1.0}
    for _ in range(stations + 1):
        summed: dict[tuple[bool, ...], float] = {}
        for (a, p), (b, q) in words(flips.items(), each.items()):
            key = tuple(x ^ y for x, y in zip(a, b[2:], strict=True))
            summed[key] = summed.get(key, 0.0) + p * q
        flips = summed
    circuit = encoded_swapping(stations, code, link=Link(weights=weights))
    _, seen_flips = circuit.compile_detector_sampler(seed=8).sample(shots, separate_observables=True)
    for key, chance in flips.items():
        count = (seen_flips == key).all(axis=1).sum()
        assert abs(count - shots * chance) < 5 * np.sqrt(shots * chance * (1 - chance))


def test_every_link_has_its_own_pairs():
    links = [Link(), Link(erasure=0.2), Link.werner(0.9)]
    circuit = encoded_swapping(2, steane(), link=links)
    tags = [op.tag for op in circuit if op.name == "DETECTOR"]
    assert tags.count("herald") == 7
    same = encoded_swapping(2, steane(), link=Link(erasure=0.2))
    assert sum(op.tag == "herald" for op in same if op.name == "DETECTOR") == 21


def test_data_qubits_idle_in_every_layer_that_does_not_touch_them():
    """Also in the layers in which pairs arrive: layers counted in the noiseless circuit by hand."""
    circuit = encoded_swapping(1, steane(), rounds=3, basis="Z", link=Link.werner(0.9))
    layers: list[set[int]] = [set()]
    for op in circuit.flattened():
        if op.name == "TICK":
            layers.append(set())
        elif op.name in ("R", "RX", "H", "CX", "CZ", "M", "MX", "MR"):
            for group in op.target_groups():
                if all(target.is_qubit_target for target in group):
                    layers[-1] |= {target.value for target in group}
    noisy = CircuitNoise(idle=0.001)
    noised = encoded_swapping(1, steane(), rounds=3, basis="Z", link=Link.werner(0.9), noise=noisy)
    waits = [
        target.value for op in noised.flattened() if op.name == "DEPOLARIZE1" for target in op.targets_copy()
    ]
    for qubit in range(4 * 7):
        assert waits.count(qubit) == sum(qubit not in layer for layer in layers if layer)


MIXED = StabilizerCode(name="mixed", checks=("XX",), logical_x=("ZY",), logical_z=("IX",))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: encoded_swapping(-1, steane()), "stations = -1"),
        (lambda: encoded_swapping(1, steane(), basis="Y"), "basis = 'Y'"),
        (lambda: encoded_swapping(1, steane(), rounds=0), "rounds = 0"),
        (lambda: encoded_swapping(1, five_qubit()), "five_qubit has mixed checks"),
        (lambda: encoded_swapping(1, MIXED), "mixed has mixed checks or logical operators"),
        (lambda: encoded_swapping(1, steane(), link=[Link()]), "link holds 1 links: 1 stations make 2"),
        (lambda: transversal_cx(steane(), rounds=0), "rounds = 0"),
        (lambda: transversal_cx(five_qubit()), "five_qubit has mixed checks"),
        (lambda: transversal_cx(steane(), extraction="steane"), "several blocks know"),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
