"""Pairs that are purified, and pairs that wait, against enumerations and drawn times."""

from itertools import product

import numpy as np
import pytest

from circuits.codes.distillation import distillation, distilled
from circuits.codes.link import Link
from circuits.codes.named import five_qubit
from circuits.noise import CircuitNoise
from circuits.noise.channels import relaxation
from qnet.bounds import hashing_bound
from qnet.repeaters.physical_pairs import PURIFICATIONS, aged, prepared, werner_weights
from qnet.repeaters.waiting import Waiting

NOISE = CircuitNoise.uniform_depolarizing(0.002)
BITS = ((0, 0), (1, 0), (1, 1), (0, 1))
"""Flips of ⟨ZZ⟩ and of ⟨XX⟩ by the error of Φ+, Ψ+, Ψ−, Φ−."""


def _dejmps(weights):
    """Both pairs' errors enumerated: what turns exchange, what CNOTs carry, what the outcomes show."""
    turned = {(x, z): weights[k] for k, (x, z) in enumerate((a ^ b, b) for a, b in BITS)}
    kept = dict.fromkeys(BITS, 0.0)
    for (x1, z1), (x2, z2) in product(turned, repeat=2):
        if x1 ^ x2 == 0:
            kept[x1, z1 ^ z2] += turned[x1, z1] * turned[x2, z2]
    success = sum(kept.values())
    return success, [kept[one] / success for one in BITS]


@pytest.mark.parametrize(
    "weights", [werner_weights(0.9), (0.8, 0.1, 0.07, 0.03), (0.929080, 0.002361, 0.002361, 0.066198)]
)
def test_dejmps_is_what_its_errors_do(weights):
    found = prepared(weights, "dejmps")
    success, kept = _dejmps(weights)
    assert found.success == pytest.approx(success, abs=1e-12)
    assert found.weights == pytest.approx(kept, abs=1e-12)
    assert found.pairs == pytest.approx(2 / success)


def test_the_five_qubit_code_has_its_known_yields():
    pairs = werner_weights(0.9)
    corrected, detected = prepared(pairs, "five_qubit"), prepared(pairs, "five_qubit_detect")
    assert corrected.fidelity == pytest.approx(0.920492, abs=5e-7)
    assert (detected.success, detected.fidelity) == pytest.approx((0.591407, 0.998477), abs=5e-7)
    assert (corrected.pairs, detected.pairs) == pytest.approx((5, 5 / 0.591407), abs=2e-5)
    for fidelity in (0.8, 0.95, 0.99):
        exact = distilled(five_qubit(), fidelity)
        assert prepared(werner_weights(fidelity), "five_qubit").fidelity == pytest.approx(
            exact.fidelity, abs=1e-12
        )


def test_noisy_gates_purify_less_as_drawn_shots_say():
    link = Link.werner(0.9)
    circuit = distillation(five_qubit(), link=link, noise=NOISE)
    fired, flips = circuit.compile_detector_sampler(seed=3).sample(200_000, separate_observables=True)
    kept = ~fired.any(axis=1)
    found = prepared(werner_weights(0.9), "five_qubit_detect", NOISE)
    assert kept.mean() == pytest.approx(found.success, abs=5 * 0.5 / 200_000**0.5)
    right = 1 - flips[kept].any(axis=1).mean()
    assert right == pytest.approx(found.fidelity, abs=5 * (right * (1 - right) / kept.sum()) ** 0.5)
    for way in PURIFICATIONS:
        clean, noisy = prepared(werner_weights(0.9), way), prepared(werner_weights(0.9), way, NOISE)
        assert noisy.fidelity < clean.fidelity
        assert sum(noisy.weights) == pytest.approx(1)


def test_hashing_yields_nothing_below_its_threshold():
    low, high = 0.7, 0.9
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if hashing_bound(werner_weights(middle)) <= 0 else (low, middle)
    assert high == pytest.approx(0.81071, abs=5e-6)


def test_ageing_is_a_pauli_channel_on_both_halves():
    channel = dict(relaxation(0.3, 2.0, 1.0).items())
    single = [1 - sum(channel.values()), channel["X"], channel["Y"], channel["Z"]]
    weights, expected = (0.7, 0.15, 0.1, 0.05), np.zeros(4)
    for (i, a), (j, b), (k, c) in product(enumerate(weights), enumerate(single), enumerate(single)):
        flips = tuple(BITS[i][n] ^ BITS[j][n] ^ BITS[k][n] for n in (0, 1))
        expected[BITS.index(flips)] += a * b * c
    found = aged(weights, kept_x=np.exp(-2 * 0.3 / 1.0), kept_z=np.exp(-2 * 0.3 / 2.0))
    assert found == pytest.approx(expected, abs=1e-12)


def test_waits_are_averages_over_drawn_times():
    link, count = Waiting(rate_hz=50.0, t1_s=3.0, t2_s=0.5), 9
    times = np.random.default_rng(5).exponential(1 / 50, (40_000, count)).cumsum(axis=1)
    whole, ages = times[:, -1], times[:, -1:] - times
    assert link.seconds(count) == pytest.approx(whole.mean(), abs=5 * whole.std() / 200)
    idle = dict(link.idle(count).items())
    drawn_x = -np.expm1(-whole / 3.0).mean() / 4
    drawn_z = -np.expm1(-whole / 0.5).mean() / 2 - drawn_x
    assert idle["X"] == idle["Y"] == pytest.approx(drawn_x, rel=0.02)
    assert idle["Z"] == pytest.approx(drawn_z, rel=0.02)
    kept_x, kept_z = np.exp(-2 * ages / 0.5).mean(), np.exp(-2 * ages / 3.0).mean()
    expected = aged((0.9, 0.05, 0.03, 0.02), kept_x=kept_x, kept_z=kept_z)
    assert link.pairs((0.9, 0.05, 0.03, 0.02), count) == pytest.approx(expected, abs=2e-3)
    assert Waiting(rate_hz=50.0).pairs((0.9, 0.05, 0.03, 0.02), 9) == (0.9, 0.05, 0.03, 0.02)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: werner_weights(1.1), "fidelity=1.1 is out of range"),
        (
            lambda: prepared(werner_weights(0.9), "bbpssw"),
            "purify='bbpssw' is none; choose one of dejmps, five_qub",
        ),
        (lambda: Waiting(rate_hz=0.0), "pair_rate_hz=0.0 must be above 0 pairs a second"),
        (lambda: Waiting(t1_s=1.0, t2_s=2.5), "t2_s=2.5 is above twice t1_s=1.0"),
    ],
)
def test_what_is_no_pair_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
