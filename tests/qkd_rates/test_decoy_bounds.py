"""Bounds from decoys, against true yields and against linear programmes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.stats import poisson

from qnet.qkd.rates._finite_decoys import Tally, key_of_counts
from qnet.qkd.rates.decoy_bounds import (
    photon_share,
    scaled,
    single_photon_errors_above,
    single_photons_below_one_decoy,
    single_photons_below_two_decoys,
    vacuum_above_one_decoy,
    vacuum_below,
)

PHOTONS = np.arange(60)


class Channel:
    """Yields and erroneous yields, photon number by photon number, and what intensities show of them."""

    def __init__(self, efficiency, background, misalignment):
        seen = 1 - (1 - efficiency) ** PHOTONS
        self.yields = background + seen * (1 - background)
        self.errors = background / 2 + (misalignment - background / 2) * seen

    def show(self, intensities):
        weights = poisson.pmf(PHOTONS, np.asarray(intensities)[:, None])
        return weights @ self.yields, weights @ self.errors


def programme(channel, intensities, *, minimise=(), maximise=(), cutoff=12):
    """The extreme of yields (or of erroneous ones, numbered from 100) that what is seen allows."""
    count = cutoff + 1
    weights = poisson.pmf(np.arange(count), np.asarray(intensities)[:, None])
    tail = 1 - weights.sum(axis=1)
    gains, wrong = channel.show(intensities)
    nought = np.zeros_like(weights)
    rows = np.concatenate(
        [
            np.hstack([weights, nought]),
            np.hstack([-weights, nought]),
            np.hstack([nought, weights]),
            np.hstack([nought, -weights]),
            np.hstack([-np.eye(count), np.eye(count)]),
        ]
    )
    limits = np.concatenate([gains, tail - gains, wrong, tail - wrong, np.zeros(count)])
    half = np.zeros((1, 2 * count))
    half[0, [0, count]] = 0.5, -1.0
    cost = np.zeros(2 * count)
    for one in minimise or maximise:
        cost[one if one < 100 else one - 100 + count] = 1.0 if minimise else -1.0
    scale = gains.max()
    found = linprog(cost, rows / scale, limits / scale, half, [0.0], bounds=(0, 1), method="highs")
    assert found.success
    return abs(found.fun)


def bounds(channel, intensities):
    """The closed forms as yields: vacuum, its ceiling, singles, their errors."""
    gains, wrong = channel.show(intensities)
    ones = np.ones(len(intensities))
    exact, exact_wrong = scaled(gains, 0.0, intensities, ones), scaled(wrong, 0.0, intensities, ones)
    vacuum = vacuum_below(exact, exact, intensities, 1.0)
    ceiling = vacuum_above_one_decoy(exact_wrong, 1.0, 0.0)
    if len(intensities) == 3:
        singles = single_photons_below_two_decoys(exact, exact, intensities, 1.0, 1.0, vacuum)
    else:
        singles = single_photons_below_one_decoy(exact, exact, intensities, 1.0, 1.0, ceiling)
    return vacuum, ceiling, singles, single_photon_errors_above(exact_wrong, exact_wrong, intensities, 1.0)


CHANNELS = [
    Channel(0.045, 1.7e-6, 0.033),
    Channel(1e-3, 1.2e-6, 0.005),
    Channel(0.5, 1e-3, 0.01),
    Channel(1e-5, 1e-6, 0.02),
]
SETS = [(0.48, 0.05, 0.0), (0.5, 0.2, 2e-4), (0.8, 0.3, 0.05), (0.48, 0.1), (0.7, 0.3)]


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("intensities", SETS)
def test_closed_forms_promise_no_more_than_a_linear_programme(channel, intensities):
    """Lower bounds lie below the programme's minimum, upper ones above its maximum."""
    vacuum, ceiling, singles, errors = bounds(channel, np.array(intensities))
    slack = 1e-9
    assert vacuum <= programme(channel, intensities, minimise=(0,)) + slack
    assert ceiling >= programme(channel, intensities, maximise=(0,)) - slack
    assert singles <= programme(channel, intensities, minimise=(1,)) + slack
    assert errors >= programme(channel, intensities, maximise=(101,)) - slack


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    efficiency=st.floats(1e-6, 0.9),
    background=st.floats(1e-9, 1e-2),
    misalignment=st.floats(0, 0.2),
    strong=st.floats(0.1, 1.5),
    share=st.floats(0.02, 0.45),
    rest=st.floats(0, 0.9),
)
def test_bounds_lie_on_the_safe_side_of_the_truth(efficiency, background, misalignment, strong, share, rest):
    """Whatever the channel, no bound contradicts its true yields."""
    channel = Channel(efficiency, background, misalignment)
    for intensities in ((strong, share * strong, rest * share * strong), (strong, share * strong)):
        vacuum, ceiling, singles, errors = bounds(channel, np.array(intensities))
        near = 1e-9 * channel.yields[1] + 1e-13
        assert vacuum <= channel.yields[0] + near
        assert ceiling >= channel.yields[0] - near
        assert singles <= channel.yields[1] + near
        assert errors >= channel.errors[1] - near


def test_two_decoys_are_nearly_exact_where_the_decoy_is_weak():
    """The bounds are worth something: at a weak decoy they come close to the truth."""
    channel = Channel(0.045, 1.7e-6, 0.033)
    vacuum, _, singles, errors = bounds(channel, np.array([0.48, 0.01, 0.0]))
    assert vacuum == pytest.approx(channel.yields[0], rel=1e-6)
    assert singles == pytest.approx(channel.yields[1], rel=0.01)
    assert errors == pytest.approx(channel.errors[1], rel=0.02)


def test_photon_shares_are_poissonian_mixtures():
    """τ_n is the mixture of the Poisson laws of the intensities."""
    mean, chosen = np.array([0.5, 0.2, 0.01]), np.array([0.6, 0.3, 0.1])
    for photons in (0, 1):
        assert photon_share(photons, mean, chosen) == pytest.approx(
            chosen @ poisson.pmf(photons, mean), rel=1e-12
        )


def tally(channel, intensities, probabilities, pulses, basis=0.5):
    """What a channel is expected to show in a block of pulses, with both bases alike but for their share."""
    mean, chosen = np.array(intensities), np.array(probabilities)
    gains, wrong = channel.show(mean)
    key, check = pulses * basis**2 * chosen, pulses * (1 - basis) ** 2 * chosen
    return Tally(mean, chosen, key * gains, key * wrong, check * gains, check * wrong)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(
    efficiency=st.floats(1e-4, 0.5),
    background=st.floats(1e-9, 1e-4),
    pulses=st.floats(1e8, 1e13),
    strong=st.floats(0.2, 1.0),
    share=st.floats(0.05, 0.45),
    decoys=st.sampled_from([1, 2]),
)
def test_a_finite_block_promises_less_than_the_truth(efficiency, background, pulses, strong, share, decoys):
    """Singles, their errors and the key are worse than the truth, and than without fluctuations."""
    channel = Channel(efficiency, background, 0.01)
    intensities = (strong, share * strong, 1e-3)[: decoys + 1]
    probabilities = (0.6, 0.3, 0.1) if decoys == 2 else (0.7, 0.3)
    counted = tally(channel, intensities, probabilities, pulses)
    made = key_of_counts(counted, np.asarray(0.0), np.asarray(1e-10), 1e-15)
    endless = key_of_counts(counted, np.asarray(0.0), np.asarray(1e-10), 1e-15, finite=False)
    share1 = float(photon_share(1, counted.intensities, counted.probabilities))
    true = pulses / 4 * share1 * channel.yields[1]
    assert made.singles <= endless.singles * (1 + 1e-12) <= true * (1 + 1e-8)
    assert made.phase_error >= endless.phase_error >= channel.errors[1] / channel.yields[1] * (1 - 1e-8)
    assert made.length <= endless.length


def test_the_price_of_failure_probabilities():
    """6·log₂(21/ε_sec) + log₂(2/ε_cor) with two decoys, 19 in place of 21 with one."""
    channel = CHANNELS[0]
    two = key_of_counts(
        tally(channel, SETS[1], (0.6, 0.3, 0.1), 1e9), np.asarray(0.0), np.asarray(1e-9), 1e-15
    )
    one = key_of_counts(tally(channel, SETS[3], (0.6, 0.4), 1e9), np.asarray(0.0), np.asarray(1e-9), 1e-15)
    assert two.overhead == pytest.approx(6 * np.log2(21e9) + np.log2(2e15), rel=1e-12)
    assert one.overhead == pytest.approx(6 * np.log2(19e9) + np.log2(2e15), rel=1e-12)
