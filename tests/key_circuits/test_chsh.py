"""The CHSH circuits against operators, and the value of S."""

from itertools import product

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import DensityMatrix, SparsePauliOp, random_density_matrix, random_statevector
from support.exact import branches, distribution

from circuits.library.bell import bell_pair
from circuits.library.bell_inequality import CHSH_SIGNS, chsh, chsh_alice, chsh_bob

Z, X = SparsePauliOp("Z"), SparsePauliOp("X")
ALICE = (Z, X)
BOB = ((Z + X) / np.sqrt(2), (Z - X) / np.sqrt(2))


def correlator(circuit: QuantumCircuit, initial: DensityMatrix | None = None) -> float:
    found = branches(circuit, initial)
    return sum((-1) ** sum(bits) * float(np.real(rho.trace())) for bits, rho in found.items())


def s_value(pair: QuantumCircuit | None) -> float:
    return sum(CHSH_SIGNS[i][j] * correlator(chsh(i, j, pair=pair)) for i, j in product((0, 1), repeat=2))


@pytest.mark.parametrize("i", [0, 1])
@pytest.mark.parametrize("j", [0, 1])
def test_the_settings_are_the_operators_they_are_said_to_be(i, j):
    for seed in range(3):
        rho = random_density_matrix(4, seed=seed)
        found = correlator(chsh(i, j, pair=QuantumCircuit(2)), rho)
        assert found == pytest.approx(float(np.real(rho.expectation_value(BOB[j] ^ ALICE[i]))), abs=1e-12)


def test_the_correlators_of_the_perfect_pair():
    root = 1 / np.sqrt(2)
    found = [[correlator(chsh(i, j)) for j in (0, 1)] for i in (0, 1)]
    np.testing.assert_allclose(found, [[root, root], [root, -root]], atol=1e-12)
    assert s_value(None) == pytest.approx(2 * np.sqrt(2), abs=1e-10)


@pytest.mark.parametrize("fidelity", [0.25, 0.5, 0.78, 0.9, 1.0])
def test_s_of_a_werner_pair(fidelity):
    visibility = (4 * fidelity - 1) / 3
    assert s_value(bell_pair(fidelity=fidelity)) == pytest.approx(2 * np.sqrt(2) * visibility, abs=1e-10)


@pytest.mark.parametrize("seed", range(5))
def test_product_states_respect_the_classical_bound(seed):
    pair = QuantumCircuit(2)
    for q in (0, 1):
        angles = np.random.default_rng(10 * seed + q).uniform(0, 2 * np.pi, 2)
        pair.ry(angles[0], q)
        pair.rz(angles[1], q)
    assert abs(s_value(pair)) <= 2 + 1e-12


@pytest.mark.parametrize("seed", range(3))
def test_each_side_alone_sees_its_own_operator(seed):
    state = random_statevector(2, seed=seed)
    rho = DensityMatrix(state)
    for setting in (0, 1):
        assert correlator(chsh_alice(setting), rho) == pytest.approx(
            float(np.real(state.expectation_value(ALICE[setting]))), abs=1e-12
        )
        assert correlator(chsh_bob(setting), rho) == pytest.approx(
            float(np.real(state.expectation_value(BOB[setting]))), abs=1e-12
        )


def test_the_outcomes_are_named_and_each_is_uniform():
    circuit = chsh(1, 1)
    assert [r.name for r in circuit.qregs + circuit.cregs] == ["alice", "bob", "alice_bit", "bob_bit"]
    found = distribution(circuit)
    for k in (0, 1):
        assert sum(p for bits, p in found.items() if bits[k]) == pytest.approx(0.5, abs=1e-12)


@pytest.mark.parametrize(("make", "name"), [(lambda s: chsh(s, 0), "alice"), (lambda s: chsh(0, s), "bob")])
@pytest.mark.parametrize("setting", [2, -1, "0", 0.5, None])
def test_other_settings_are_refused(make, name, setting):
    with pytest.raises(ValueError, match=rf"{name}_setting=.* is not offered; choose one of 0, 1"):
        make(setting)


def test_another_pair_is_refused():
    with pytest.raises(ValueError, match=r"pair has 3 qubits and 0 classical bits"):
        chsh(0, 0, pair=QuantumCircuit(3))
