"""The twelve bilateral rotations are a group, leave Φ+ alone and make a Werner state of any state."""

import numpy as np
import pytest
from qiskit.quantum_info import DensityMatrix, Operator, Statevector, random_density_matrix
from support.purified import BELL_VECTORS, bell_diagonal

from circuits.library.bell import bell_pair
from circuits.library.bell_diagonal import werner
from circuits.library.twirling import BILATERAL_ROTATIONS, bilateral_rotation

ALL = [Operator(bilateral_rotation(k)) for k in range(BILATERAL_ROTATIONS)]


def werner_state(fidelity):
    return np.einsum("k,ki,kj->ij", werner(fidelity), BELL_VECTORS, BELL_VECTORS)


@pytest.mark.parametrize("k", range(12))
def test_each_leaves_the_perfect_pair_as_it_is(k):
    rotated = bell_pair().compose(bilateral_rotation(k))
    assert Statevector(rotated).equiv(Statevector(bell_pair()))


@pytest.mark.parametrize("k", range(12))
def test_the_two_sides_are_conjugate_and_local(k):
    circuit = bilateral_rotation(k)
    assert circuit.num_nonlocal_gates() == 0
    u = ALL[k].data.reshape(2, 2, 2, 2)
    alice = np.einsum("bibj->ij", u) / 2
    scale = np.sqrt(2 / np.real(np.vdot(alice, alice))) if np.vdot(alice, alice).real > 1e-9 else None
    if scale is not None:
        alice = alice * scale
        assert Operator(np.kron(alice.conj(), alice)).equiv(ALL[k])
    else:
        assert abs(np.trace(ALL[k].data)) < 1e-9


def test_they_are_twelve_and_close_under_products():
    distinct = [a for i, a in enumerate(ALL) if not any(a.equiv(b) for b in ALL[:i])]
    assert len(distinct) == 12
    for a in ALL:
        assert all(any(a.compose(b).equiv(c) for c in ALL) for b in ALL)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rank", [1, 2, 4])
def test_the_average_over_the_twelve_is_the_werner_state_of_equal_fidelity(seed, rank):
    rho = random_density_matrix(4, rank=rank, seed=100 * rank + seed)
    average = sum(rho.evolve(u).data for u in ALL) / 12
    fidelity = bell_diagonal(rho)[0]
    np.testing.assert_allclose(average, werner_state(fidelity), atol=1e-12)


def test_fewer_rotations_would_not_do():
    rho = DensityMatrix(np.diag([0.1, 0.2, 0.3, 0.4]).astype(complex))
    fidelity = bell_diagonal(rho)[0]
    for left_out in range(12):
        average = sum(rho.evolve(u).data for k, u in enumerate(ALL) if k != left_out) / 11
        assert np.abs(average - werner_state(fidelity)).max() > 1e-3


@pytest.mark.parametrize("index", [-1, 12, 1.0, "1", True, None])
def test_another_index_is_refused(index):
    with pytest.raises(ValueError, match=r"index=.* is none of the twelve bilateral rotations; give a whole"):
        bilateral_rotation(index)
