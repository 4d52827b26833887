"""The circuit distance against Stim, against sums of weights, and of every way to extract a syndrome."""

import itertools

import numpy as np
import pytest
import stim

from circuits.codes import five_qubit, four_two_two, golay, parity, repetition, rotated_surface, shor, steane
from circuits.codes._preparation import encoder, residual_faults, residual_weights, verified_variants
from circuits.codes.distance import CircuitDistance, circuit_distance
from circuits.codes.extraction import EXTRACTIONS
from circuits.codes.memory import bell_memory, memory
from circuits.noise import CircuitNoise

UNIFORM = CircuitNoise.uniform_depolarizing(0.001)


@pytest.mark.parametrize("distance", [3, 5])
@pytest.mark.parametrize("noise", [UNIFORM, CircuitNoise.si1000(0.001)], ids=["uniform", "si1000"])
def test_of_stims_own_surface_code(distance, noise):
    clean = stim.Circuit.generated("surface_code:rotated_memory_x", distance=distance, rounds=distance)
    found = circuit_distance(noise.apply(clean))
    assert (found.lower, found.upper, found.method) == (distance, distance, "graphlike")


@pytest.mark.parametrize("code", [five_qubit(), steane(), four_two_two()], ids=lambda code: code.name)
def test_of_independent_errors_is_the_codes_distance(code):
    """X, Y or Z on each qubit between two perfect rounds: the least weight of a logical operator."""
    circuit = stim.Circuit()
    logical = [f"{x}*X{code.n + i}" for i, x in enumerate(map(_product, code.logical_x))]
    logical += [f"{z}*Z{code.n + i}" for i, z in enumerate(map(_product, code.logical_z))]
    products = " ".join([*map(_product, code.checks), *logical])
    circuit += stim.Circuit(f"MPP {products}\nDEPOLARIZE1(0.01) {' '.join(map(str, range(code.n)))}")
    circuit += stim.Circuit(f"MPP {products}")
    count = len(code.checks) + len(logical)
    for k in range(count):
        places = [stim.target_rec(k - count), stim.target_rec(k - 2 * count)]
        if k < len(code.checks):
            circuit.append("DETECTOR", places)
        else:
            circuit.append("OBSERVABLE_INCLUDE", places, k - len(code.checks))
    found = circuit_distance(circuit)
    assert found.lower == found.upper == code.distance


@pytest.mark.parametrize(
    ("code", "extraction", "distance"),
    [
        (five_qubit(), "bare", 2),
        (five_qubit(), "flag", 3),
        (steane(), "bare", 2),
        (steane(), "flag", 3),
        (steane(), "steane", 3),
        (shor(), "bare", 3),
        (shor(), "flag", 3),
        (shor(), "steane", 3),
        (parity(2, 4), "bare", 2),
        (parity(4, 4), "bare", 4),
        (four_two_two(), "flag", 2),
        (rotated_surface(3), "bare", 3),
        (rotated_surface(3), "flag", 3),
    ],
    ids=lambda x: getattr(x, "name", str(x)),
)
@pytest.mark.parametrize("rounds", [1, 3])
@pytest.mark.parametrize("noise", [UNIFORM, CircuitNoise.si1000(0.001)], ids=["uniform", "si1000"])
def test_of_an_extraction_for_both_observables(code, extraction, distance, rounds, noise):
    clean = bell_memory(code, rounds=rounds, extraction=extraction)
    assert clean.detector_error_model().num_errors == 0
    found = circuit_distance(bell_memory(code, rounds=rounds, extraction=extraction, noise=noise))
    assert found.exact
    assert found.upper == distance


@pytest.mark.parametrize("extraction", EXTRACTIONS)
@pytest.mark.parametrize("basis", ["X", "Z"])
def test_every_extraction_makes_a_certain_memory(extraction, basis):
    for code, rounds in itertools.product((steane(), repetition(3), rotated_surface(2, 3)), (1, 3)):
        circuit = memory(code, rounds=rounds, basis=basis, extraction=extraction)
        assert circuit.detector_error_model().num_errors == 0
        fired = circuit.compile_detector_sampler(seed=1).sample(10)
        assert not fired.any()


def test_steane_extraction_of_golay_reaches_seven():
    """From above: no search finds less than 7 in a whole circuit, and no set of 4 errors does it there.

    From below: whatever faults the verifiers of an ancilla miss, it carries to the data no error of a
    weight above their number (all 4096 classes of errors), and every other fault puts at most one error
    on the data; less than 7 cannot be a logical operator.
    """
    found = circuit_distance(memory(golay(), rounds=1, extraction="steane", noise=UNIFORM))
    assert (found.lower, found.upper) == (5, 7)
    for letter in "XZ":
        variants = verified_variants(golay(), letter)
        weights = residual_weights(golay(), letter)
        assert weights.max() == 7
        assert (residual_faults(golay(), letter, variants) >= weights).all()
        assert (residual_faults(golay(), letter, variants[:2]) < weights).any()


@pytest.mark.parametrize("letter", ["X", "Z"])
@pytest.mark.parametrize("code", [steane(), golay(), rotated_surface(3)], ids=lambda code: code.name)
def test_single_faults_of_an_encoder_are_those_that_stim_sees(code, letter):
    made = encoder(code, letter, 1)
    other, reset = ("Z", "RX") if letter == "X" else ("X", "R")
    circuit = stim.Circuit()
    circuit.append(reset, made.pivots)
    circuit.append("R" if letter == "X" else "RX", [q for q in range(code.n) if q not in made.pivots])
    circuit.append("DEPOLARIZE1", range(code.n), 0.01)
    for layer in made.layers:
        pairs = [pair if letter == "X" else pair[::-1] for pair in layer]
        circuit.append("CX", [q for pair in pairs for q in pair])
        circuit.append("DEPOLARIZE2", [q for pair in pairs for q in pair], 0.01)
        circuit.append("DEPOLARIZE1", range(code.n), 0.01)
    circuit.append("M" if letter == "X" else "MX", range(code.n))
    seen = [check for check in code.checks if other in check]
    for string in [*seen, *(code.logical_z if letter == "X" else code.logical_x)]:
        circuit.append("DETECTOR", [stim.target_rec(q - code.n) for q, c in enumerate(string) if c != "I"])
    model = circuit.detector_error_model()
    classes = {sum(1 << t.val for t in error.targets_copy()) for error in model if error.type == "error"}
    single = residual_faults(code, letter, (1,)) == 1
    assert set(np.flatnonzero(single).tolist()) == classes


def test_only_the_observable_asked_for_counts():
    circuit = stim.Circuit("R 0 1\nX_ERROR(0.1) 0 1\nM 0 1\nOBSERVABLE_INCLUDE(0) rec[-1]\nDETECTOR rec[-1]")
    circuit += stim.Circuit("OBSERVABLE_INCLUDE(1) rec[-2]")
    assert circuit_distance(circuit, observable=1).upper == 1
    assert circuit_distance(circuit, observable=0) == CircuitDistance(
        lower=5, upper=None, method="enumeration"
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: circuit_distance(memory(steane(), rounds=1)), "circuit has no noise"),
        (lambda: circuit_distance(UNIFORM.apply(stim.Circuit("H 0\nM 0"))), "circuit has no observables"),
        (
            lambda: circuit_distance(memory(steane(), rounds=1, noise=UNIFORM), observable=1),
            "observable = 1: the circuit has 1",
        ),
        (lambda: memory(steane(), rounds=1, extraction="shor"), "extraction = 'shor'.*bare, flag, steane"),
        (lambda: bell_memory(five_qubit(), rounds=1, extraction="steane"), "five_qubit has mixed checks"),
        (
            lambda: memory(rotated_surface(7), rounds=1, extraction="steane"),
            "has 25 checks and logical operators",
        ),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def _product(string: str) -> str:
    return "*".join(f"{letter}{q}" for q, letter in enumerate(string) if letter != "I")
