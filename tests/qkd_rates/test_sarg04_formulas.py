"""SARG04: one and two photons against density matrices and the published thresholds."""

import numpy as np
import pytest
from scipy.optimize import brentq
from support.eavesdropping import after, channel, filtered, secrecy

from qnet.qkd.rates._sarg04_formulas import (
    one_photon_fraction,
    sarg04_conclusive,
    two_photon_fraction,
    two_photon_phase_error,
)


def entropy(p):
    return float(-p * np.log2(p) - (1 - p) * np.log2(1 - p)) if 0 < p < 1 else 0.0


ANGLES = np.arange(4) * np.pi / 2
QUBITS = [np.array([np.cos(a / 2), np.sin(a / 2)]) for a in ANGLES]
PERPENDICULAR = [np.array([-np.sin(a / 2), np.cos(a / 2)]) for a in ANGLES]


def symmetric_pair(state):
    """|φφ⟩ in the basis |00⟩, (|01⟩+|10⟩)/√2, |11⟩."""
    return np.array([state[0] ** 2, np.sqrt(2) * state[0] * state[1], state[1] ** 2])


def eavesdropped(kraus, states):
    """Error rate, and H(bit | Eve), averaged over the conclusive events of all four announcements."""
    kept, errors, secret = 0.0, 0.0, 0.0
    for k in range(4):
        pair = (k, (k + 1) % 4)
        bob = np.array([PERPENDICULAR[pair[1]], PERPENDICULAR[pair[0]]]) / np.sqrt(2)
        rho = filtered(after(kraus, [states[j] for j in pair]), bob)
        kept += np.trace(rho).real
        errors += (rho[1, 1] + rho[2, 2]).real
        secret += secrecy(rho)
    return errors / kept, secret / kept


@pytest.mark.parametrize("seed", range(60))
def test_no_channel_tells_more_of_one_photon_than_the_bound(seed):
    rng = np.random.default_rng(seed)
    kraus = channel(rng, 2, ideal=np.eye(2), noise=10 ** rng.uniform(-2.5, -0.5), loss=False)
    error, secret = eavesdropped(kraus, QUBITS)
    assert secret >= float(one_photon_fraction(error)) - 1e-9


@pytest.mark.parametrize("seed", range(60))
def test_no_channel_tells_more_of_two_photons_than_the_bound(seed):
    rng = np.random.default_rng(seed)
    keep_one = np.array([[1, 0, 0], [0, 1 / np.sqrt(2), 0]]), np.array([[0, 1 / np.sqrt(2), 0], [0, 0, 1]])
    noise = 10 ** rng.uniform(-3, -0.5)
    kraus = channel(rng, 3, ideal=keep_one[0], noise=noise, loss=False)
    kraus = [*kraus, keep_one[1]]
    total = sum(k.conj().T @ k for k in kraus)
    values, vectors = np.linalg.eigh(total)
    kraus = [k @ vectors @ np.diag(values**-0.5) @ vectors.conj().T for k in kraus]
    error, secret = eavesdropped(kraus, [symmetric_pair(s) for s in QUBITS])
    assert secret >= float(two_photon_fraction(error)) - 1e-9


def test_eve_may_keep_one_of_two_photons_and_still_not_know_the_bit():
    keep_one = [np.array([[1, 0, 0], [0, 1 / np.sqrt(2), 0]]), np.array([[0, 1 / np.sqrt(2), 0], [0, 0, 1]])]
    error, secret = eavesdropped(keep_one, [symmetric_pair(s) for s in QUBITS])
    assert error == pytest.approx(0, abs=1e-12)
    assert secret == pytest.approx(1 - entropy(np.sin(np.pi / 8) ** 2), abs=1e-9)
    assert float(two_photon_fraction(0.0)) == pytest.approx(secret, abs=1e-9)


def test_the_published_thresholds():
    one = brentq(lambda e: float(one_photon_fraction(e)) - entropy(e), 1e-4, 0.2)
    two = brentq(lambda e: float(two_photon_fraction(e)) - entropy(e), 1e-4, 0.1)
    assert one == pytest.approx(0.0968, abs=1e-4)
    assert two == pytest.approx(0.0271, abs=1e-4)


@pytest.mark.parametrize("error", [0.001, 0.0271, 0.1, 0.3])
def test_the_bound_for_two_photons_is_the_least_of_the_published_family(error):
    x = np.linspace(0, 100, 1_000_001)
    family = x * error + (3 - 2 * x + np.sqrt(6 - 6 * np.sqrt(2) * x + 4 * x**2)) / 6
    assert float(two_photon_phase_error(error)) == pytest.approx(min(family.min(), 0.5), abs=1e-7)


@pytest.mark.parametrize("wrong", [0.0, 0.01, 0.1])
def test_what_is_conclusive_is_what_the_states_say(wrong):
    kept, errors = 0.0, 0.0
    for k in range(4):
        pair = (k, (k + 1) % 4)
        bob = np.array([PERPENDICULAR[pair[1]], PERPENDICULAR[pair[0]]]) / np.sqrt(2)
        depolarised = [np.sqrt(1 - 1.5 * wrong) * np.eye(2), *(np.sqrt(wrong / 2) * p for p in PAULIS)]
        rho = filtered(after(depolarised, [QUBITS[j] for j in pair]), bob)
        kept += np.trace(rho).real / 4
        errors += (rho[1, 1] + rho[2, 2]).real / 4
    found = sarg04_conclusive(1.0, wrong)
    assert [float(x) for x in found] == pytest.approx([kept, errors], abs=1e-12)


PAULIS = [np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1.0, -1.0])]
