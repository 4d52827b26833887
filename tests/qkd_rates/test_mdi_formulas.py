"""The station's announcements: closed forms against the optics they stand for."""

from itertools import combinations, product

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.stats import poisson

from qnet.qkd.rates._mdi_formulas import (
    pair_check,
    pair_errors_above,
    pair_key,
    pairs_below,
    pulse_check,
    pulse_key,
)

PHASES = np.arange(64) * 2 * np.pi / 64
STATES = {"key": ((1, 0), (0, 1)), "check": ((0.5**0.5, 0.5**0.5), (0.5**0.5, -(0.5**0.5)))}


def optics(basis, a, b, dark):
    """Gain and erroneous gain by the field amplitudes at the four detectors, averaged over the phase."""
    gain = wrong = 0.0
    for i, j in product((0, 1), repeat=2):
        left, right = np.array(STATES[basis][i]), np.array(STATES[basis][j])
        fields = [
            (np.sqrt(a) * left[p] + sign * np.sqrt(b) * right[p] * np.exp(1j * PHASES)) / np.sqrt(2)
            for sign in (1, -1)
            for p in (0, 1)
        ]
        silent = [(1 - dark) * np.exp(-(abs(field) ** 2)) for field in fields]
        for pair in combinations(range(4), 2):
            if pair[0] % 2 == pair[1] % 2:
                continue  # One horizontal and one vertical detector announce; equal polarisations do not.
            seen = np.prod([1 - silent[k] if k in pair else silent[k] for k in range(4)], axis=0).mean() / 4
            triplet = pair[0] // 2 == pair[1] // 2
            gain += seen
            wrong += seen * ((i == j) if basis == "key" else (i == j) != triplet)
    return gain, wrong


@pytest.mark.parametrize("dark", [0.0, 1e-6, 1e-2])
@pytest.mark.parametrize(("a", "b"), [(0.3, 0.3), (0.5, 0.02), (1e-3, 2e-3), (1.7, 0.9)])
@pytest.mark.parametrize(("basis", "formula"), [("key", pulse_key), ("check", pulse_check)])
def test_pulses_interfere_as_their_fields_do(basis, formula, a, b, dark):
    """Closed forms with Bessel functions equal the phase average of the detectors' probabilities."""
    assert formula(a, b, dark, 0.0) == pytest.approx(optics(basis, a, b, dark), rel=1e-8, abs=1e-16)


@pytest.mark.parametrize("formula", [pulse_key, pulse_check])
def test_misalignment_flips_bits(formula):
    """A misalignment e turns a share e of all announcements round."""
    gain, wrong = formula(0.3, 0.1, 1e-4, 0.0)
    _, flipped = formula(0.3, 0.1, 1e-4, 0.07)
    assert flipped == pytest.approx(0.93 * wrong + 0.07 * (gain - wrong), rel=1e-12)


@pytest.mark.parametrize(("left", "right", "dark"), [(0.2, 0.2, 1e-3), (0.03, 0.5, 0.0), (1.0, 1.0, 1e-2)])
@pytest.mark.parametrize(("pair", "pulse"), [(pair_key, pulse_key), (pair_check, pulse_check)])
def test_single_photons_are_what_faint_pulses_tend_to(pair, pulse, left, right, dark):
    """Y₁₁ is the mixed second difference of e^(μ+ν)·Q at vanishing intensities."""

    def difference(step, which):
        grid = {
            (i, j): pulse(i * step * left, j * step * right, dark, 0.02)[which]
            for i in (0, 1)
            for j in (0, 1)
        }
        return (
            grid[1, 1] * np.exp(2 * step) + grid[0, 0] - np.exp(step) * (grid[0, 1] + grid[1, 0])
        ) / step**2

    for which in (0, 1):
        limit = 2 * difference(5e-4, which) - difference(1e-3, which)
        assert pair(left, right, dark, 0.02)[which] == pytest.approx(limit, rel=1e-3, abs=1e-8)


def programme(gains, intensities, cutoff=8):
    """The smallest Y₁₁ that any yields in [0, 1] allow, beside these gains (a linear programme)."""
    weights = poisson.pmf(np.arange(cutoff + 1), np.asarray(intensities)[:, None])
    rows = np.array([np.outer(weights[i], weights[j]).ravel() for i in range(3) for j in range(3)])
    tail = 1 - rows.sum(axis=1)
    seen = np.asarray(gains).ravel()
    cost = np.zeros((cutoff + 1, cutoff + 1))
    cost[1, 1] = 1.0
    scale = seen.max()
    found = linprog(
        cost.ravel(),
        A_ub=np.concatenate([rows, -rows]) / scale,
        b_ub=np.concatenate([seen, tail - seen]) / scale,
        bounds=(0, 1),
        method="highs",
    )
    assert found.success
    return found.fun


@pytest.mark.parametrize("length_km", [0, 60])
@pytest.mark.parametrize("intensities", [(0.5, 0.1, 0.0), (0.4, 0.05, 0.001), (0.7, 0.25, 0.01)])
def test_bounds_lie_on_the_safe_side(intensities, length_km):
    """Closed form ≤ linear programme ≤ the channel's true Y₁₁; errors of pairs ≥ the true ones."""
    seen, dark = 0.5 * 10 ** (-0.2 * length_km / 20), 1e-5
    mean = np.array(intensities)
    key, _ = pulse_key(mean[:, None] * seen, mean[None, :] * seen, dark, 0.015)
    check, wrong = pulse_check(mean[:, None] * seen, mean[None, :] * seen, dark, 0.015)
    true, true_wrong = pair_check(seen, seen, dark, 0.015)
    for gains in (key, check):
        bound = float(pairs_below(gains, mean))
        assert bound <= programme(gains, mean) + 1e-9
        assert bound <= true * (1 + 1e-9)
    assert true_wrong * (1 - 1e-9) <= float(pair_errors_above(wrong, mean))
