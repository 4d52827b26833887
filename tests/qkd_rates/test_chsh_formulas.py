"""Device-independent rates against Bell-diagonal attacks, enumeration and the published thresholds."""

import numpy as np
import pytest
from scipy.optimize import brentq

from qnet.qkd.rates._chsh_formulas import chsh_information, device_independent_fraction, no_click_statistics


def entropy(*weights):
    return -sum(w * np.log2(w) for w in weights if w > 0)


def test_the_threshold():
    def fraction(qber):
        return float(device_independent_fraction(2 * np.sqrt(2) * (1 - 2 * qber), qber))

    threshold = brentq(fraction, 0.01, 0.14)
    assert threshold == pytest.approx(0.07149, abs=1e-5)
    assert 2 * np.sqrt(2) * (1 - 2 * threshold) == pytest.approx(2.424, abs=5e-4)


def test_no_bell_diagonal_attack_learns_more_and_one_learns_as_much():
    rng = np.random.default_rng(1)
    margins = []
    for phi_plus, psi_plus, psi_minus, phi_minus in rng.dirichlet([4, 0.3, 0.3, 0.3], size=20_000):
        along_z = phi_plus + phi_minus - psi_plus - psi_minus
        along_x = phi_plus - phi_minus + psi_plus - psi_minus
        chsh = 2 * np.hypot(along_z, along_x)
        learnt = entropy(phi_plus, psi_plus, psi_minus, phi_minus) - entropy(
            (1 + along_z) / 2, (1 - along_z) / 2
        )
        margins.append(float(chsh_information(chsh)) - learnt)
    assert min(margins) >= -1e-9
    assert min(margins) < 1e-3


@pytest.mark.parametrize("eta", [0.93, 0.8])
@pytest.mark.parametrize("visibility", [1.0, 0.97])
@pytest.mark.parametrize("dark", [0.0, 0.05])
def test_statistics_without_clicks_are_those_of_an_enumeration(eta, visibility, dark):
    """Every detector of either side clicks or not; two clicks are settled by a coin, none counts as +1."""

    def mean(correlation):
        total = 0.0
        for a in (1, -1):
            for b in (1, -1):
                p = (1 + a * b * correlation) / 4
                total += p * (eta**2 * a * b + (1 - eta) ** 2 * (1 - dark) ** 4)
        return total

    chsh, qber = no_click_statistics(eta, visibility=visibility, dark_count_probability=dark)
    assert float(chsh) == pytest.approx(
        3 * mean(visibility / np.sqrt(2)) - mean(-visibility / np.sqrt(2)), rel=1e-12
    )
    assert float(qber) == pytest.approx((1 - mean(visibility)) / 2, rel=1e-12)


def test_the_published_threshold_of_the_efficiency():
    threshold = brentq(lambda eta: float(device_independent_fraction(*no_click_statistics(eta))), 0.85, 0.99)
    assert threshold == pytest.approx(0.924, abs=1e-3)
