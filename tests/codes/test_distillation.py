"""Distillation by a code against a table of syndromes, closed forms and published break-even points."""

from itertools import product as words

import numpy as np
import pytest
import stim

from circuits.codes import bivariate_bicycle, five_qubit, four_two_two, repetition, steane
from circuits.codes.distillation import break_even, distillation, distilled
from circuits.codes.link import Link
from circuits.noise import CircuitNoise

CODES = [five_qubit(), steane(), four_two_two()]


@pytest.mark.parametrize("extraction", ["bare", "flag"])
@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_is_certain_without_noise(code, extraction):
    circuit = distillation(code, extraction=extraction)
    assert circuit.detector_error_model().num_errors == 0
    flags = sum(op.tag == "flag" for op in circuit)
    assert circuit.num_detectors == len(code.checks) + flags
    assert circuit.num_observables == 2 * code.k


@pytest.mark.parametrize("weights", [(0.9, 0.1 / 3, 0.1 / 3, 0.1 / 3), (0.8, 0.02, 0.05, 0.13)])
@pytest.mark.parametrize("code", [five_qubit(), four_two_two()], ids=lambda code: code.name)
def test_the_circuit_yields_what_all_errors_by_hand_do(code, weights):
    """Every Pauli error on the pairs, its syndrome by Stim's strings; sampled by the circuit, 5 σ."""
    joint: dict[tuple[bool, ...], float] = {}
    pairs = zip(code.logical_x, code.logical_z, strict=True)
    ours = [*code.checks, *(string for pair in pairs for string in pair)]
    for word in words("IXYZ", repeat=code.n):
        error = stim.PauliString("".join(word))
        seen = tuple(not stim.PauliString(string).commutes(error) for string in ours)
        chance = np.prod([weights["IXYZ".index(letter)] for letter in word])
        joint[seen] = joint.get(seen, 0.0) + float(chance)
    shots = 40_000
    fired, flipped = (
        distillation(code, link=Link(weights=weights))
        .compile_detector_sampler(seed=3)
        .sample(shots, separate_observables=True)
    )
    rows, counts = np.unique(np.hstack([fired, flipped]), axis=0, return_counts=True)
    counted = {tuple(row.tolist()): int(count) for row, count in zip(rows, counts, strict=True)}
    assert sum(joint.values()) == pytest.approx(1)
    assert set(counted) <= set(joint)
    for seen, chance in joint.items():
        sigma = np.sqrt(shots * chance * (1 - chance))
        assert abs(counted.get(seen, 0) - shots * chance) < 5 * sigma + 1e-9


def test_five_qubit_code_on_werner_pairs():
    assert distilled(five_qubit(), 0.95).fidelity == pytest.approx(0.977668, abs=5e-7)
    assert break_even(five_qubit()) == pytest.approx(0.8623724, abs=5e-8)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
@pytest.mark.parametrize("detect", [True, False])
def test_break_even_is_where_the_gain_changes_sign(code, detect):
    point = break_even(code, detect=detect)
    if point is None:
        assert (code.name, detect) == ("four_two_two", False)
        assert distilled(code, 0.999).fidelity < 0.999**2
    else:
        gains = [distilled(code, f, detect=detect).fidelity - f**code.k for f in (point - 1e-6, point + 1e-6)]
        assert gains[0] < 0 < gains[1]


@pytest.mark.parametrize("fidelity", [0.8, 0.97])
def test_repetition_code_detects_by_the_closed_form(fidelity):
    """Two pairs, ZZ compared: accepted (F + q)² + (2q)², kept as Φ+ if F² + q² (Z on both is no error)."""
    q = (1 - fidelity) / 3
    kept = distilled(repetition(2), fidelity, detect=True)
    accepted = (fidelity + q) ** 2 + 4 * q * q
    assert kept.accepted == pytest.approx(accepted)
    assert kept.fidelity == pytest.approx((fidelity**2 + q**2) / accepted)


def test_lost_pairs_are_heralded_and_local_noise_counts():
    link, noise = Link.werner(0.99, erasure=0.2), CircuitNoise.uniform_depolarizing(0.01)
    circuit = distillation(five_qubit(), link=link)
    heralds = [k for k, op in enumerate(o for o in circuit if o.name == "DETECTOR") if op.tag == "herald"]
    assert len(heralds) == 5
    assert circuit.compile_detector_sampler(seed=2).sample(5000)[:, heralds].mean() == pytest.approx(
        0.2, abs=5 * np.sqrt(0.16 / 25_000)
    )
    noisy = distillation(five_qubit(), noise=noise).detector_error_model()
    assert noisy.num_errors > 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: distilled(five_qubit(), 1.2), "fidelity = 1.2"),
        (lambda: distilled(bivariate_bicycle(), 0.9), "bivariate_bicycle:6,6 has 72 qubits"),
        (lambda: distillation(five_qubit(), extraction="steane"), "several blocks know 'bare' and 'flag'"),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
