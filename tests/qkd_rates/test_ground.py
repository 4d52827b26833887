"""The link, the presets, the budget and the statistical bounds that every protocol stands on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, hypergeom

from qnet.devices import Detector
from qnet.qkd.epsilon import EpsilonBudget
from qnet.qkd.errors import UnknownPreset, UnknownRate
from qnet.qkd.fluctuations import BOUNDS, chernoff_lower, chernoff_upper, hoeffding_gap, serfling_gap
from qnet.qkd.link import QkdLink
from qnet.qkd.presets import PRESETS, preset
from qnet.qkd.rates.shape import Block
from qnet.qkd.registry import RATES, rate_protocol

exactly = settings(derandomize=True, deadline=None, max_examples=50)
ideal = Detector(efficiency=0.5)


def test_a_length_and_its_transmittance_are_one_link() -> None:
    by_length = QkdLink(length_km=[10, 50], loss_db_per_km=0.2, detector=ideal)
    assert by_length.channel_transmittance == pytest.approx([1 - 0.36904266, 0.1])
    assert by_length.loss_db == pytest.approx([2, 10])
    assert by_length.efficiency == pytest.approx([0.5 * 0.63095734, 0.05])
    assert QkdLink(transmittance=0.1, detector=ideal).loss_db == pytest.approx(10)
    assert by_length.at(np.array([1])) == QkdLink(length_km=[50.0], detector=ideal)
    assert hash(by_length) == hash(QkdLink(length_km=[10, 50], detector=ideal))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"length_km": 10, "transmittance": 0.1}, r"length_km=10 and transmittance=0\.1: give exactly one"),
        ({}, r"length_km=None and transmittance=None: give exactly one of the two"),
        ({"length_km": [1.0, -2.0]}, r"length_km=-2\.0 is out of range; it must be at least 0"),
        ({"transmittance": 0.0}, r"transmittance=0\.0 is out of range; it must be above 0 and at most 1"),
        ({"length_km": 1, "loss_db_per_km": -0.1}, r"loss_db_per_km=-0\.1 is out of range"),
        ({"length_km": "far"}, r"length_km='far' is not a number; give a number or an array of them"),
    ],
)
def test_links_that_cannot_be_are_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        QkdLink(detector=ideal, **values)


def test_every_preset_has_a_source_and_a_link() -> None:
    assert list(PRESETS) == ["gys", "lim2014", "rusca2018", "micius2017", "snspd-metro", "ingaas"]
    for one in PRESETS.values():
        assert len(one.source) > 40
        assert one.link([100.0, 200.0]).loss_db[1] > one.link(100.0).loss_db
        assert one.settings["f_ec"] >= 1


def test_the_satellite_loses_with_the_square_of_its_distance() -> None:
    near, far = preset("micius").link([600.0, 1200.0]).loss_db
    assert far == pytest.approx(30.5)
    assert far - near == pytest.approx(20 * np.log10(2))
    with pytest.raises(ValueError, match=r"length_km=0\.0 is out of range; it must be above 0"):
        preset("micius2017").link(0.0)


def test_names_are_found_or_the_nearest_is_told() -> None:
    assert preset("Lim-2014") is PRESETS["lim2014"]
    with pytest.raises(UnknownPreset, match=r"there is no preset 'gyss'; did you mean gys\?"):
        preset("gyss")
    assert rate_protocol("six_state") is RATES["six-state"]
    with pytest.raises(UnknownRate, match=r"there is no key rate of 'bb85'; did you mean bb84"):
        rate_protocol("bb85")


@exactly
@given(st.floats(1e-30, 0.5))
def test_the_parts_of_a_budget_add_up_to_what_was_asked(total: float) -> None:
    budget = EpsilonBudget.of_total(total)
    parts = budget.secrecy + budget.smoothing + budget.correctness + budget.authentication
    assert parts == pytest.approx(total, rel=1e-12)
    assert budget.total == pytest.approx(total, rel=1e-12)
    assert budget.secret == budget.secrecy + budget.smoothing


def test_a_budget_per_bit_grows_with_the_key() -> None:
    budget = EpsilonBudget(secrecy=1e-15, correctness=1e-15, per_bit=True)
    assert budget.secret_for(np.array([0.0, 1e6])) == pytest.approx([1e-15, 1e-9])
    assert budget.for_length(1e6) == EpsilonBudget(secrecy=1e-9, correctness=1e-15)
    assert EpsilonBudget().secret_for(1e6) == EpsilonBudget().secret


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: EpsilonBudget(secrecy=0.0), r"secrecy=0\.0 is no failure probability; give one above 0"),
        (lambda: EpsilonBudget(correctness=-1e-9), r"correctness=-1e-09 is no failure probability"),
        (lambda: EpsilonBudget(authentication=-1.0), r"authentication=-1\.0 .* at least 0 and below 1"),
        (lambda: EpsilonBudget(secrecy=0.6, smoothing=0.6), r"add up to 1\.2.*; they must stay below 1"),
        (lambda: EpsilonBudget.of_total(0.0), r"epsilon=0\.0 is no failure probability"),
        (lambda: Block(), r"pulses=None and bits=None: give exactly one of the two"),
        (lambda: Block(pulses=1e6, bits=1e5), r"pulses=1000000\.0 and bits=100000\.0: give exactly one"),
        (lambda: Block(bits=0.5), r"bits=0\.5 is no size of a block; it must be at least 1"),
        (lambda: hoeffding_gap(10, 0.0), r"epsilon=0\.0 is no failure probability"),
    ],
)
def test_budgets_and_blocks_that_cannot_be_are_refused(make: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


@exactly
@given(st.integers(20, 3000), st.floats(0.01, 0.99), st.floats(1e-8, 0.2))
def test_bounds_on_sums_hold_for_binomials(n: int, p: float, epsilon: float) -> None:
    gap = float(hoeffding_gap(n, epsilon))
    assert binom.sf(np.ceil(n * p + gap - 1e-9) - 1, n, p) <= epsilon
    top, bottom = float(chernoff_upper(n * p, epsilon)), float(chernoff_lower(n * p, epsilon))
    assert binom.sf(np.ceil(top - 1e-9) - 1, n, p) <= epsilon
    assert bottom == 0 or binom.cdf(np.floor(bottom + 1e-9), n, p) <= epsilon


@exactly
@given(st.integers(20, 400), st.integers(20, 400), st.floats(0.0, 0.4), st.floats(1e-6, 0.2))
def test_serfling_holds_for_every_number_of_errors(kept: int, sampled: int, share: float, eps: float) -> None:
    wrong = int(share * (kept + sampled))
    gap = float(serfling_gap(kept, sampled, eps))
    seen = np.arange(sampled + 1)
    exceeds = (wrong - seen) / kept >= seen / sampled + gap
    chance = hypergeom.pmf(seen, kept + sampled, wrong, sampled)
    assert chance[exceeds & (wrong >= seen)].sum() <= eps


def test_every_bound_that_a_proof_names_is_known() -> None:
    for one in RATES.values():
        if one.proof is not None:
            assert one.bound
            assert set(one.bound.split(" + ")) <= set(BOUNDS)
