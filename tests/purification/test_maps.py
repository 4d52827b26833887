"""The closed forms against density matrices of the circuits, and the reference values."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from support.exact import reduced
from support.purified import bell_diagonal, probability_and_weights

from circuits.library.bell import bell_measurement, bell_pair
from circuits.library.bell_diagonal import (
    Purified,
    bbpssw_map,
    dejmps_map,
    double_selection_map,
    pumping_map,
    swap_map,
    twirl_map,
    werner,
)
from circuits.library.pumping import entanglement_pumping
from circuits.library.purification import bbpssw, dejmps
from circuits.library.selection import double_selection
from circuits.library.twirling import bilateral_rotation


def random_weights(count, *, seed):
    return np.random.default_rng(seed).dirichlet([0.6] * 4, size=count)


def pairs(weights):
    return [bell_pair(weights=w) for w in weights]


def agrees(circuit, result: Purified):
    p, weights = probability_and_weights(circuit)
    assert p == pytest.approx(float(result.success_probability), abs=1e-10)
    np.testing.assert_allclose(weights, result.weights, atol=1e-10)


@pytest.mark.parametrize("seed", range(6))
def test_bbpssw_on_unequal_pairs(seed):
    w = random_weights(2, seed=seed)
    agrees(bbpssw(pair=pairs(w)), bbpssw_map(*w))


@pytest.mark.parametrize("seed", range(6))
def test_dejmps_on_unequal_pairs(seed):
    w = random_weights(2, seed=10 + seed)
    agrees(dejmps(pair=pairs(w)), dejmps_map(*w))


@pytest.mark.parametrize("seed", range(3))
def test_double_selection_on_unequal_pairs(seed):
    w = random_weights(3, seed=20 + seed)
    agrees(double_selection(pair=pairs(w)), double_selection_map(*w))


@pytest.mark.parametrize(("step", "seed"), [("dejmps", 30), ("dejmps", 31), ("bbpssw", 32), ("bbpssw", 33)])
def test_two_rounds_of_pumping_on_unequal_pairs(step, seed):
    w = random_weights(3, seed=seed)
    agrees(entanglement_pumping(2, step=step, pair=pairs(w)), pumping_map(list(w), step=step))


@pytest.mark.parametrize("step", ["dejmps", "bbpssw"])
def test_one_round_of_pumping_is_the_step(step):
    one = {"dejmps": dejmps, "bbpssw": bbpssw}[step]
    w = random_weights(2, seed=40)
    p, weights = probability_and_weights(entanglement_pumping(1, step=step, pair=pairs(w)))
    expected_p, expected = probability_and_weights(one(pair=pairs(w)))
    assert p == pytest.approx(expected_p, abs=1e-12)
    np.testing.assert_allclose(weights, expected, atol=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_the_map_of_dejmps_is_the_published_one(seed):
    (i, x, y, z), (j, u, v, w) = random_weights(2, seed=50 + seed)
    n = (i + y) * (j + v) + (x + z) * (u + w)
    result = dejmps_map((i, x, y, z), (j, u, v, w))
    assert result.success_probability == pytest.approx(n, abs=1e-12)
    expected = np.array([i * j + y * v, x * u + z * w, x * w + z * u, i * v + y * j]) / n
    np.testing.assert_allclose(result.weights, expected, atol=1e-12)
    swapped = dejmps_map((j, u, v, w), (i, x, y, z))
    np.testing.assert_allclose(result.weights, swapped.weights, atol=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_the_map_of_a_swap(seed):
    w = random_weights(2, seed=60 + seed)
    circuit = QuantumCircuit(4, 2)
    circuit.compose(bell_pair(weights=w[0]), [0, 1], inplace=True)
    circuit.compose(bell_pair(weights=w[1]), [2, 3], inplace=True)
    circuit.compose(bell_measurement(), [1, 2], [0, 1], inplace=True)
    with circuit.if_test((circuit.clbits[1], 1)):
        circuit.x(3)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.z(3)
    np.testing.assert_allclose(bell_diagonal(reduced(circuit, [0, 3])), swap_map(*w), atol=1e-12)


@pytest.mark.parametrize(
    ("fidelity", "p", "after"),
    [(0.6, 0.608889, 0.620438), (0.8, 0.768889, 0.838150), (0.98, 0.973689, 0.986398)],
)
def test_bbpssw_reference_values(fidelity, p, after):
    e = (1 - fidelity) / 3
    exact_p = fidelity**2 + 2 * fidelity * e + 5 * e**2
    exact_after = (fidelity**2 + e**2) / exact_p
    assert (round(exact_p, 6), round(exact_after, 6)) == (p, after)
    found_p, weights = probability_and_weights(bbpssw(pair=bell_pair(fidelity=fidelity)))
    assert found_p == pytest.approx(exact_p, abs=1e-10)
    assert weights[0] == pytest.approx(exact_after, abs=1e-10)


@pytest.mark.parametrize("twirl", [*range(12), (0, 5), (11, 2)])
def test_no_rotation_changes_what_bbpssw_makes_of_werner_pairs(twirl):
    pair = bell_pair(fidelity=0.8)
    plain_p, plain = probability_and_weights(bbpssw(pair=pair))
    p, weights = probability_and_weights(bbpssw(pair=pair, twirl=twirl))
    assert p == pytest.approx(plain_p, abs=1e-12)
    np.testing.assert_allclose(weights, plain, atol=1e-12)


def test_independent_twirls_make_any_pairs_werner_before_they_are_purified():
    first, second = [0.7, 0.2, 0.02, 0.08], [0.6, 0.05, 0.3, 0.05]
    total, joint = 0.0, np.zeros(4)
    cycles = (0, 4, 8)
    for k1 in cycles:
        for k2 in cycles:
            p, weights = probability_and_weights(bbpssw(pair=pairs([first, second]), twirl=(k1, k2)))
            total, joint = total + p / 9, joint + p * weights / 9
    expected = bbpssw_map(twirl_map(first), twirl_map(second))
    assert total == pytest.approx(float(expected.success_probability), abs=1e-10)
    np.testing.assert_allclose(joint / total, expected.weights, atol=1e-10)


def test_the_whole_twirl_of_a_pair_that_is_not_even_bell_diagonal():
    odd = QuantumCircuit(2)
    odd.ry(0.7, 0)
    odd.cx(0, 1)
    odd.rx(0.4, 1)
    odd.t(0)
    fidelity = bell_diagonal(reduced(odd, [0, 1]))[0]
    total, joint = 0.0, np.zeros(4)
    for k in range(12):
        twirled = odd.compose(bilateral_rotation(k))
        p, weights = probability_and_weights(bbpssw(pair=[twirled, bell_pair(fidelity=0.9)]))
        total, joint = total + p / 12, joint + p * weights / 12
    expected = bbpssw_map(werner(fidelity), werner(0.9))
    assert total == pytest.approx(float(expected.success_probability), abs=1e-10)
    np.testing.assert_allclose(joint / total, expected.weights, atol=1e-10)


def test_the_compound_reference_from_swaps_to_dejmps():
    long = swap_map(werner(0.95), werner(0.95))
    assert long[0] == pytest.approx(0.903333, abs=1e-6)
    p, weights = probability_and_weights(bbpssw(pair=bell_pair(weights=long)))
    assert p == pytest.approx(0.879417, abs=1e-6)
    np.testing.assert_allclose(weights, [0.929080, 0.002361, 0.002361, 0.066197], atol=1e-6)
    fresh = bell_pair(fidelity=0.95)
    better = bell_pair(weights=weights)
    for order in ([better, fresh], [fresh, better]):
        p, after = probability_and_weights(dejmps(pair=order))
        assert p == pytest.approx(0.902679, abs=1e-6)
        assert after[0] == pytest.approx(0.977829, abs=1e-6)
    assert probability_and_weights(bbpssw(pair=[better, fresh]))[1][0] == pytest.approx(0.918391, abs=1e-6)
    assert dejmps_map(twirl_map(weights), werner(0.95)).fidelity == pytest.approx(0.957163, abs=1e-6)


def test_the_maps_broadcast_over_arrays():
    w = random_weights(8, seed=70).reshape(2, 4, 4)
    together = dejmps_map(w, werner(0.9))
    assert together.success_probability.shape == (2, 4)
    assert together.fidelity.shape == (2, 4)
    for k in np.ndindex(2, 4):
        np.testing.assert_allclose(together.weights[k], dejmps_map(w[k], werner(0.9)).weights, atol=1e-15)


def test_what_is_never_accepted_has_no_weights():
    result = dejmps_map([1, 0, 0, 0], [0, 1, 0, 0])
    assert result.success_probability == 0
    assert np.isnan(result.weights).all()


@pytest.mark.parametrize("bad", [[0.5, 0.5], [0.5, 0.5, 0.5, -0.5], [0.5, 0.1, 0.1, 0.1], 1.0])
def test_other_weights_are_refused(bad):
    with pytest.raises(ValueError, match=r"kept=.* are no weights of Bell states; give four probabilities"):
        dejmps_map(bad, werner(0.9))


@pytest.mark.parametrize("bad", [-0.1, 1.1, float("nan")])
def test_other_fidelities_are_refused(bad):
    with pytest.raises(ValueError, match=r"fidelity=.* is no fidelity; give numbers from 0 to 1"):
        werner(bad)


def test_pumping_needs_a_known_step_and_two_pairs():
    with pytest.raises(
        ValueError, match=r"step='none' is no purification step; choose one of dejmps, bbpssw"
    ):
        pumping_map([werner(0.9)] * 2, step="none")
    with pytest.raises(ValueError, match=r"pairs holds 1 pairs; give the kept pair and at least one fresh"):
        pumping_map([werner(0.9)])
