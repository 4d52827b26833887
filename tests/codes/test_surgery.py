"""Joint measurements across a link, and the product of checks that they stand on."""

import numpy as np
import pytest
import stim

from circuits.codes.distance import circuit_distance
from circuits.codes.link import Link
from circuits.codes.stability import closed_patch, stability
from circuits.codes.surgery import joint_measurement, logical_bell_pair, pairs_per_round
from circuits.noise import CircuitNoise, Override

UNIFORM = CircuitNoise.uniform_depolarizing(0.001)


@pytest.mark.parametrize("product", ["ZZ", "XX"])
@pytest.mark.parametrize("distance", [2, 3, 4, 5])
def test_joint_measurement_is_certain_and_reaches_its_distance(product, distance):
    clean = joint_measurement(distance, product)
    assert clean.detector_error_model().num_errors == 0
    assert clean.num_observables == 4
    noisy = joint_measurement(distance, product, link=Link.werner(0.95, erasure=0.01), noise=UNIFORM)
    assert [circuit_distance(noisy, observable=k).upper for k in range(4)] == [distance] * 4
    assert circuit_distance(noisy).exact


@pytest.mark.parametrize("product", ["ZZ", "XX"])
@pytest.mark.parametrize("rounds", [1, 2, 4])
def test_outcome_is_protected_by_the_rounds_alone(product, rounds):
    noisy = joint_measurement(3, product, rounds=rounds, link=Link.werner(0.9), noise=UNIFORM)
    assert circuit_distance(noisy, observable=0).upper == min(3, rounds)
    assert circuit_distance(noisy, observable=2).upper == 3


@pytest.mark.parametrize("product", ["ZZ", "XX"])
def test_joint_measurement_measures_the_product(product):
    """X, Y, Z on one logical qubit before the patches meet: its outcome flips by the Paulis' algebra."""
    circuit = joint_measurement(3, product, rounds=2)
    start = next(k for k, op in enumerate(circuit) if op.name == "R")
    width = 6 if product == "ZZ" else 3
    row, column = [0, 1, 2], [0, width, 2 * width]
    for letter, qubits in (("X", row), ("Z", column)):
        flipped = circuit[:start] + stim.Circuit(f"{letter} {' '.join(map(str, qubits))}") + circuit[start:]
        converter = circuit.compile_m2d_converter()
        records = flipped.compile_sampler(seed=4).sample(20)
        fired, seen = converter.convert(measurements=records, separate_observables=True)
        measured = letter != product[0]
        assert not fired.any()
        assert (seen == [measured, not measured, measured, False]).all()


@pytest.mark.parametrize("product", ["ZZ", "XX"])
def test_every_gate_across_the_seam_has_a_herald(product):
    circuit = joint_measurement(3, product, link=Link(erasure=0.1))
    tags = [op.tag for op in circuit.flattened() if op.name == "DETECTOR"]
    assert tags.count("herald") == 3 * pairs_per_round(3)


@pytest.mark.parametrize(
    ("form", "distance", "lengths"),
    [("bell", 2, (2, 2)), ("bell", 3, (2, 3)), ("bell", 5, (3, 5))]
    + [("mixed", d, (d, d)) for d in (2, 3, 4, 5)],
)
def test_bell_measurements_across_the_seam(form, distance, lengths):
    """Certain without noise; phase errors of pairs act on two qubits along a pure Bell seam."""
    assert logical_bell_pair(distance, form=form).detector_error_model().num_errors == 0
    noisy = logical_bell_pair(distance, form=form, link=Link.werner(0.95), noise=UNIFORM)
    assert tuple(circuit_distance(noisy, observable=k).upper for k in (0, 1)) == lengths


@pytest.mark.parametrize("product", ["ZZ", "XX"])
@pytest.mark.parametrize("form", ["bell", "mixed"])
@pytest.mark.parametrize("distance", [2, 3, 4])
def test_joint_measurement_over_bell_measurements(product, form, distance):
    clean = joint_measurement(distance, product, form=form)
    assert clean.detector_error_model().num_errors == 0
    noisy = joint_measurement(distance, product, form=form, link=Link.werner(0.95), noise=UNIFORM)
    found = [circuit_distance(noisy, observable=k).upper for k in range(4)]
    assert [found[k] for k in (0, 2, 3)] == [distance] * 3
    assert found[1] == distance if form == "mixed" else distance // 2 <= found[1] < distance + (distance == 2)


@pytest.mark.parametrize("form", ["direct", "bell", "mixed"])
@pytest.mark.parametrize("distance", [2, 3, 4, 5, 6, 7])
def test_pairs_of_a_round(form, distance):
    """2d − 1, d and (3d − 1)/2 for odd d, 2d, d + 1 and 3d/2 for even; each is one herald of a round."""
    odd = {"direct": 2 * distance - 1, "bell": distance, "mixed": (3 * distance - 1) // 2}
    even = {"direct": 2 * distance, "bell": distance + 1, "mixed": 3 * distance // 2}
    pairs = (odd if distance % 2 else even)[form]
    circuit = logical_bell_pair(distance, rounds=2, form=form, link=Link(erasure=0.1))
    tags = [op.tag for op in circuit.flattened() if op.name == "DETECTOR"]
    assert pairs_per_round(distance, form=form) == pairs
    assert tags.count("herald") == 2 * pairs


def test_noise_is_overridden_on_one_qubit():
    better = CircuitNoise(after_2q=0.0, overrides=(Override(gate="measure", qubits=(18,), error=0.25),))
    circuit = joint_measurement(3, noise=better)
    model = circuit.detector_error_model()
    assert {error.args_copy()[0] for error in model.flattened() if error.type == "error"} == {0.25}


@pytest.mark.parametrize("basis", ["X", "Z"])
@pytest.mark.parametrize(("width", "height"), [(2, 2), (4, 4), (2, 4), (6, 4)])
@pytest.mark.parametrize("rounds", [1, 2, 5])
def test_stability_is_protected_by_the_rounds(basis, width, height, rounds):
    clean = stability(width, height, rounds=rounds, basis=basis)
    assert clean.detector_error_model().num_errors == 0
    found = circuit_distance(stability(width, height, rounds=rounds, basis=basis, noise=UNIFORM))
    assert found.lower == found.upper == rounds


@pytest.mark.parametrize("basis", ["X", "Z"])
def test_closed_patch_encodes_nothing_and_its_checks_multiply_to_one(basis):
    code = closed_patch(4, 6, basis=basis)
    whole = stim.PauliString(code.n)
    for check in code.checks:
        if basis in check:
            whole *= stim.PauliString(check)
    assert code.k == 0
    assert whole == stim.PauliString(code.n)
    assert np.sum([basis in check for check in code.checks]) == 2 * 4 * 6 // 4 + 1 + (4 + 6) // 2 - 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: joint_measurement(3, "YY"), "product = 'YY'"),
        (lambda: logical_bell_pair(3, form="photon"), "form = 'photon': choose one of direct, bell, mixed"),
        (lambda: pairs_per_round(1), "distance = 1: patches that are joined"),
        (lambda: pairs_per_round(3, form="photon"), "form = 'photon': choose one of direct, bell, mixed"),
        (lambda: joint_measurement(1), "a rotated surface code has distances"),
        (lambda: joint_measurement(3, rounds=0), "rounds = 0"),
        (lambda: stability(3, rounds=1), "width = 3.*even"),
        (lambda: stability(4, 5, rounds=1), "height = 5.*even"),
        (lambda: stability(4, rounds=0), "rounds = 0"),
        (lambda: closed_patch(2, 2, basis="Y"), "basis = 'Y'"),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
