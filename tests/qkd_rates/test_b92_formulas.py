"""B92: the closed form of the phase error against density matrices, a scan, and the published threshold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.eavesdropping import after, channel, filtered, secrecy

from qnet.qkd.rates._b92_formulas import b92_conclusive, b92_phase_error


def entropy(p):
    p = np.clip(p, 1e-300, 1 - 1e-16)
    return -p * np.log2(p) - (1 - p) * np.log2(1 - p)


def parts(c):
    """Alice's states, and Bob's filter whose outcome 0 excludes her state 1."""
    beta, alpha = np.sqrt((1 + c) / 2), np.sqrt((1 - c) / 2)
    states = [np.array([beta, alpha]), np.array([beta, -alpha])]
    excluded = [np.array([alpha, beta]), np.array([alpha, -beta])]
    return states, np.array(excluded) / np.sqrt(2)


@pytest.mark.parametrize("seed", range(60))
def test_no_channel_has_more_phase_errors_or_tells_eve_more_than_the_bound(seed):
    rng = np.random.default_rng(seed)
    c = rng.uniform(0.1, 0.95)
    states, bob = parts(c)
    kraus = channel(rng, 2, ideal=np.eye(2), noise=10 ** rng.uniform(-3, -0.3), loss=seed % 2 == 1)
    rho = after(kraus, states)
    kept = filtered(rho, bob)
    conclusive, errors = np.trace(kept).real, (kept[1, 1] + kept[2, 2]).real
    hadamard = np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]]) / 2
    turned = (hadamard @ kept @ hadamard).real
    phase = (turned[1, 1] + turned[2, 2]) / conclusive
    bound = b92_phase_error(np.trace(rho).real, conclusive, errors, c)
    assert phase <= bound + 1e-9 or bound == 0.5
    assert secrecy(kept) >= conclusive * (1 - entropy(bound)) - 1e-9


@pytest.mark.parametrize("eta", [1.0, 0.95, 0.6])
@pytest.mark.parametrize("c", [0.4, 0.7, 0.93])
@pytest.mark.parametrize("wrong", [0.001, 0.01])
def test_some_channel_reaches_the_bound(eta, c, wrong):
    seen = eta
    kept, errors = (float(x) for x in b92_conclusive(eta, eta * wrong, c))
    beta2, alpha2 = (1 + c) / 2, (1 - c) / 2
    u, v = (beta2 * seen - kept) / c, (kept - alpha2 * seen) / c
    x, y = np.linspace(0, u, 2001)[:, None], np.linspace(0, v, 2001)[None, :]
    straight = np.sqrt(alpha2 * (u - x)) - np.sqrt(beta2 * (v - y))
    crossed = np.sqrt(beta2 * y) - np.sqrt(alpha2 * x)
    step = u / 2000
    possible = (straight**2 + crossed**2) / 2 <= errors
    possible &= (u - x + y <= beta2 + step) & (x + v - y <= alpha2 + step)
    reached = np.where(possible, beta2 * y + alpha2 * x, 0.0).max() / kept
    assert min(reached, 0.5) == pytest.approx(float(b92_phase_error(seen, kept, errors, c)), abs=4e-3)


def fraction(depolarised, c):
    kept, errors = b92_conclusive(1.0, 2 * depolarised / 3, c)
    return kept * (1 - entropy(b92_phase_error(1.0, kept, errors, c)) - entropy(errors / kept))


def test_the_threshold_of_tamaki_koashi_and_imoto():
    """ρ → (1−p)ρ + p/3 ΣσρΣ leaves a key up to p = 0.034 at the best overlap."""
    c = np.linspace(0.001, 0.999, 4000)
    assert fraction(0.0335, c).max() > 0 > fraction(0.0345, c).max()


def test_without_noise_or_loss_everything_conclusive_is_secret():
    c = np.linspace(0.05, 0.95, 19)
    assert fraction(0.0, c) == pytest.approx((1 - c**2) / 2, abs=1e-6)


@given(c=st.floats(0.01, 0.99), share=st.floats(0.01, 1.0))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_unambiguous_discrimination_takes_all_where_enough_is_lost(c, share):
    seen = share * (1 - c)
    kept, errors = b92_conclusive(seen, 0.0, c)
    assert float(b92_phase_error(seen, kept, errors, c)) == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize("wrong", [0.0, 0.01, 0.2])
def test_what_is_conclusive_is_what_the_states_say(wrong):
    states, bob = parts(0.6)
    depolarised = [np.sqrt(1 - 1.5 * wrong) * np.eye(2), *(np.sqrt(wrong / 2) * p for p in PAULIS)]
    kept = filtered(after(depolarised, states), bob)
    found = [float(x) for x in b92_conclusive(1.0, wrong, 0.6)]
    assert found == pytest.approx([np.trace(kept).real, (kept[1, 1] + kept[2, 2]).real], abs=1e-12)


PAULIS = [np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1.0, -1.0])]


def test_arrays_broadcast_and_impossible_observations_leave_nothing():
    found = b92_phase_error(np.full((3, 1), 0.9), np.array([0.1, 0.2]), 0.001, 0.7)
    assert found.shape == (3, 2)
    assert b92_phase_error(0.0, 0.0, 0.0, 0.7) == 0.5
