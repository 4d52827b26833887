"""Sending-or-not-sending: yields against an average over phases, rates against the reference values."""

import numpy as np
import pytest
from scipy.optimize import brentq, minimize

from qnet.qkd.rates._twin_field_formulas import sending_or_not_sending

FIXED = {"dark_count_probability": 1e-9, "misalignment": 0.03, "f_ec": 1.15}


def best(length_km):
    arm = 0.5 * 10 ** (-0.2 * length_km / 20)

    def loss(x):
        made = sending_or_not_sending(arm, intensity=np.exp(x[0]), sending_probability=np.exp(x[1]), **FIXED)
        return -float(made.rate) / arm

    return -minimize(loss, [-0.8, -3.2], method="Nelder-Mead", options={"fatol": 1e-13}).fun * arm


def test_the_rate_at_300_km():
    assert best(300) == pytest.approx(3.8587e-6, rel=1e-4)


def test_it_passes_the_bound_of_the_fibre_at_257_km():
    crossing = brentq(lambda length: np.log(-best(length) / np.log2(1 - 10 ** (-0.02 * length))), 230, 290)
    assert crossing == pytest.approx(257.2, abs=0.1)


@pytest.mark.parametrize("eta", [0.3, 1e-3])
@pytest.mark.parametrize("mu", [0.1, 0.9])
@pytest.mark.parametrize("dark", [0.0, 1e-4])
def test_yields_are_averages_over_the_phases(eta, mu, dark):
    phase = np.arange(4000) * 2 * np.pi / 4000
    one_clicks = lambda a, b: np.mean(  # noqa: E731
        (1 - dark) * np.exp(-a) * (1 - (1 - dark) * np.exp(-b))
        + (1 - dark) * np.exp(-b) * (1 - (1 - dark) * np.exp(-a))
    )
    found = sending_or_not_sending(
        eta,
        intensity=mu,
        sending_probability=0.1,
        dark_count_probability=dark,
        misalignment=0,
        f_ec=1,
    )
    both = one_clicks(mu * eta * (1 + np.cos(phase)), mu * eta * (1 - np.cos(phase)))
    assert float(found.both_sent) == pytest.approx(both, rel=1e-9)
    assert float(found.one_sent) == pytest.approx(one_clicks(mu * eta / 2, mu * eta / 2), rel=1e-9)
    assert float(found.none_sent) == pytest.approx(2 * dark * (1 - dark))
    gain = 0.81 * found.none_sent + 0.18 * found.one_sent + 0.01 * found.both_sent
    assert float(found.gain) == pytest.approx(float(gain))


def test_one_photon_is_counted_by_hand():
    found = sending_or_not_sending(
        0.2,
        intensity=1,
        sending_probability=0.1,
        dark_count_probability=0.01,
        misalignment=0.1,
        f_ec=1,
    )
    right = 0.2 * 0.9 * 0.99 + 0.8 * 0.01 * 0.99
    wrong = 0.2 * 0.1 * 0.99 + 0.8 * 0.01 * 0.99
    assert float(found.single_photon_yield) == pytest.approx(right + wrong)
    assert float(found.phase_error_rate) == pytest.approx(wrong / (right + wrong))


def test_nothing_arrives_nothing_is_secret():
    found = sending_or_not_sending(
        0.0,
        intensity=0.4,
        sending_probability=0.1,
        dark_count_probability=0.0,
        misalignment=0,
        f_ec=1,
    )
    assert float(found.rate) == 0
