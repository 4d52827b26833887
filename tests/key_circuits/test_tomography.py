"""Fidelities from correlators, populations and parities, against the states themselves."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import DensityMatrix, Operator, random_density_matrix
from support.exact import branches
from support.purified import bell_diagonal

from circuits.library.bell import BELL_STATES, bell_pair
from circuits.library.tomography import (
    GHZ_SETTINGS,
    PAIR_CORRELATORS,
    bell_tomography,
    bell_weights,
    ghz_fidelity,
    ghz_fidelity_estimate,
    ghz_parity_weights,
)


def outcomes(circuit, rho):
    return {bits: float(np.real(part.trace())) for bits, part in branches(circuit, rho).items()}


def parity(circuit, rho):
    return sum((-1) ** sum(bits) * p for bits, p in outcomes(circuit, rho).items())


def measured_weights(rho):
    return bell_weights(*(parity(circuit, rho) for circuit in bell_tomography()))


def measured_ghz(n, rho, settings):
    populations, *parities = ghz_fidelity(n, settings=settings)
    found = outcomes(populations, rho)
    population = found.get((0,) * n, 0) + found.get((1,) * n, 0)
    return float(
        ghz_fidelity_estimate(population, [parity(circuit, rho) for circuit in parities], settings=settings)
    )


def ghz_vector(n, phase=0.0):
    vector = np.zeros(2**n, dtype=complex)
    vector[0], vector[-1] = 1 / np.sqrt(2), np.exp(1j * phase) / np.sqrt(2)
    return vector


@pytest.mark.parametrize("seed", range(6))
def test_the_three_correlators_give_all_four_fidelities_of_any_state(seed):
    rho = random_density_matrix(4, rank=1 + seed % 4, seed=seed)
    np.testing.assert_allclose(measured_weights(rho), bell_diagonal(rho), atol=1e-12)


@pytest.mark.parametrize("k", range(4))
def test_each_bell_state_has_its_own_weight(k):
    rho = DensityMatrix(bell_pair(BELL_STATES[k]))
    np.testing.assert_allclose(measured_weights(rho), np.eye(4)[k], atol=1e-12)


@pytest.mark.parametrize("k", range(3))
def test_each_measurement_is_the_correlator_of_its_name(k):
    rho = random_density_matrix(4, seed=31 + k)
    circuit, name = bell_tomography()[k], PAIR_CORRELATORS[k]
    assert circuit.name == name
    expected = float(
        np.real(rho.expectation_value(Operator.from_label(name[0]) ^ Operator.from_label(name[1])))
    )
    assert parity(circuit, rho) == pytest.approx(expected, abs=1e-12)


def test_weights_broadcast():
    weights = bell_weights(np.array([1.0, 0.5]), -0.5, np.array([[0.2], [0.4], [0.6]]))
    assert weights.shape == (3, 2, 4)
    np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=1e-15)


@pytest.mark.parametrize("settings", GHZ_SETTINGS)
@pytest.mark.parametrize("n", [2, 3, 4, 5])
@pytest.mark.parametrize("seed", range(3))
def test_the_ghz_estimate_is_the_fidelity_of_any_state(n, seed, settings):
    rho = random_density_matrix(2**n, rank=2, seed=100 * n + seed)
    vector = ghz_vector(n)
    expected = float(np.real(vector.conj() @ rho.data @ vector))
    assert measured_ghz(n, rho, settings) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("settings", GHZ_SETTINGS)
@pytest.mark.parametrize("n", [2, 3, 4])
def test_the_ghz_estimate_of_states_with_the_largest_other_coherences(n, settings):
    for target in range(1, 2**n - 1):
        vector = np.zeros(2**n, dtype=complex)
        vector[0] = vector[target] = 1 / np.sqrt(2)
        assert measured_ghz(n, DensityMatrix(vector), settings) == pytest.approx(0.25, abs=1e-10)


@pytest.mark.parametrize("n", [2, 3, 4])
@pytest.mark.parametrize("phase", [0.0, 0.3, np.pi / 2, np.pi])
@pytest.mark.parametrize("settings", GHZ_SETTINGS)
def test_the_ghz_estimate_follows_the_phase(n, phase, settings):
    rho = DensityMatrix(ghz_vector(n, phase))
    assert measured_ghz(n, rho, settings) == pytest.approx((1 + np.cos(phase)) / 2, abs=1e-10)


@pytest.mark.parametrize("n", [2, 3, 6, 11])
def test_the_weights_pass_the_highest_frequency_and_stop_all_others(n):
    k = np.arange(n + 1)
    weights = ghz_parity_weights(n)
    for frequency in range(-n, n + 1, 2):
        passed = np.sum(weights * np.exp(1j * frequency * k * np.pi / (n + 1)))
        assert passed.real == pytest.approx(0.5 if abs(frequency) == n else 0, abs=1e-12)


@pytest.mark.parametrize("n", [2, 3, 7])
def test_there_are_the_populations_and_n_plus_one_parities(n):
    circuits = ghz_fidelity(n)
    assert [c.name for c in circuits] == ["populations", *(f"parity_{k}" for k in range(n + 1))]
    assert all(isinstance(c, QuantumCircuit) and c.num_qubits == c.num_clbits == n for c in circuits)


@pytest.mark.parametrize("n", [2, 3, 6])
def test_the_pauli_settings_are_clifford_and_named(n):
    _, *parities = ghz_fidelity(n, settings="paulis")
    assert len(parities) == 2 ** (n - 1) == len({c.name for c in parities})
    for circuit in parities:
        assert len(circuit.name) == n
        assert circuit.name.count("Y") % 2 == 0
        assert set(circuit.count_ops()) <= {"h", "sdg", "measure"}


@pytest.mark.parametrize("make", [ghz_fidelity, ghz_parity_weights])
@pytest.mark.parametrize("n", [1, 0, -2, 2.0, True, "3"])
def test_fewer_than_two_qubits_are_refused(make, n):
    with pytest.raises(ValueError, match=r"n=.*a GHZ state has at least two qubits; give a whole number"):
        make(n)


@pytest.mark.parametrize(
    "make",
    [
        ghz_fidelity,
        ghz_parity_weights,
        lambda n, settings: ghz_fidelity_estimate(1, [1] * n, settings=settings),
    ],
)
def test_other_settings_are_refused(make):
    with pytest.raises(ValueError, match=r"settings='all' is not offered; choose one of 'angles', 'paulis'"):
        make(4, settings="all")


@pytest.mark.parametrize(
    ("parities", "settings"),
    [(0.5, "angles"), ([1.0, 0.5], "angles"), (0.5, "paulis"), ([1.0], "paulis"), ([1.0] * 3, "paulis")],
)
def test_another_number_of_parities_is_refused(parities, settings):
    with pytest.raises(
        ValueError, match=r"parities=.* fit no number of qubits; give one value for each parity"
    ):
        ghz_fidelity_estimate(1.0, parities, settings=settings)
