"""BB84, six-state, BBM92 and weak pulses without decoys: known answers, density matrices, orders of rates."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qnet.bounds import plob
from qnet.devices import Detector
from qnet.qkd.epsilon import EpsilonBudget
from qnet.qkd.errors import FiniteKeyError, NoFiniteKeyProof
from qnet.qkd.link import QkdLink
from qnet.qkd.presets import PRESETS, preset
from qnet.qkd.rates._six_state_bound import least_entropy
from qnet.qkd.rates.bb84 import BB84
from qnet.qkd.rates.bbm92 import BBM92
from qnet.qkd.rates.counts import BasisCounts
from qnet.qkd.rates.gllp import BB84WithoutDecoys
from qnet.qkd.rates.shape import Block, RateProtocol
from qnet.qkd.rates.shortest import require_key
from qnet.qkd.rates.six_state import SixState
from qnet.qkd.rates.thresholds import bb84_fraction, qber_threshold, six_state_fraction

exactly = settings(derandomize=True, deadline=None, max_examples=25)
sought = settings(derandomize=True, deadline=None, max_examples=8)
FINITE = [BB84, SixState, BBM92]
ALL = [*FINITE, BB84WithoutDecoys]


def eves_entropy(weights: np.ndarray) -> float:
    """S(X|E) of a bit measured in Z on a Bell-diagonal pair whose purification Eve holds."""
    bells = np.array([[1, 0, 0, 1], [0, 1, 1, 0], [0, 1, -1, 0], [1, 0, 0, -1]]) / np.sqrt(2)
    psi = sum(
        np.sqrt(w) * np.einsum("i,k->ik", b, np.eye(4)[k])
        for k, (w, b) in enumerate(zip(weights, bells, strict=True))
    ).reshape(2, 2, 4)
    parts = [np.einsum("bk,bl->kl", psi[a], psi[a].conj()) for a in (0, 1)]

    def entropy(*matrices: np.ndarray) -> float:
        values = np.concatenate([np.linalg.eigvalsh(m) for m in matrices])
        values = values[values > 1e-15]
        return float(-(values * np.log2(values)).sum())

    return entropy(*parts) - entropy(parts[0] + parts[1])


def bell_weights(z: float, x: float, y: float) -> np.ndarray:
    return np.array([1 - (x + y + z) / 2, (z + y - x) / 2, (z + x - y) / 2, (x + y - z) / 2])


def test_thresholds() -> None:
    assert qber_threshold(bb84_fraction) == pytest.approx(0.11003, abs=5e-6)
    assert qber_threshold(six_state_fraction) == pytest.approx(0.12619, abs=5e-6)


def test_thresholds_by_the_whole_protocols() -> None:
    link = QkdLink(length_km=0, detector=Detector(efficiency=1.0))
    for protocol, limit in ((BB84, 0.11003), (SixState, 0.12619), (BBM92, 0.11003)):
        below, above = (
            protocol(f_ec=1.0, qber=q).asymptotic_rate(link).rate for q in (limit - 2e-5, limit + 2e-5)
        )
        assert below > 0
        assert above == 0


@exactly
@given(st.floats(0.001, 0.3), st.floats(0.01, 0.99))
def test_six_state_entropy_is_that_of_the_purified_pair(e: float, part: float) -> None:
    """Exact where X and Y err equally, and never above Eve's true entropy elsewhere."""
    z = 2 * e * part if 2 * e * part < 0.5 else e
    assert least_entropy(z, e, e) == pytest.approx(eves_entropy(bell_weights(z, e, e)), abs=1e-9)
    x, y = e + z / 4, e - z / 4
    assert least_entropy(z, x, y) <= eves_entropy(bell_weights(z, x, y)) + 1e-9


@exactly
@given(st.floats(0.005, 0.24))
def test_bb84_fraction_is_the_worst_over_what_y_may_be(e: float) -> None:
    worst = min(eves_entropy(np.clip(bell_weights(e, e, y), 0, 1)) for y in np.linspace(0, 2 * e, 101))
    fraction = float(bb84_fraction(e))
    entropy = (1 - fraction) / 2
    assert fraction == pytest.approx(worst - entropy, abs=1e-3)


@exactly
@given(st.floats(0.0, 0.3), st.floats(0.0, 0.1), st.floats(0.0, 0.3), st.floats(0.0, 0.3))
def test_least_entropy_over_an_interval_is_below_every_point_of_it(
    z: float, wide: float, x: float, y: float
) -> None:
    least = float(least_entropy(z, x, y, z_above=z + wide))
    points = np.linspace(z, min(z + wide, x + y), 50) if z <= x + y else np.array([z])
    assert least <= least_entropy(points, x, y).min() + 1e-9


def test_tomamichel_2012() -> None:
    counts = BasisCounts(pulses=4e6, key_bits=1e6, test_bits=1e5, test_errors=2000)
    budget = EpsilonBudget(secrecy=1e-10, correctness=1e-10)
    found = BB84(f_ec=1.1).finite_key_length(counts, epsilon=budget)
    assert found.length == 618_840
    assert found.rate == pytest.approx(618_840 / 4e6)
    assert (found.bound, found.epsilon) == ("serfling", budget)
    measured = BB84().finite_key_length(counts, epsilon=budget, leakage_bits=found.leakage_bits + 1000)
    assert measured.length == 617_840
    assert BBM92(f_ec=1.1).finite_key_length(counts, epsilon=budget).length == 618_840


def test_weak_pulses_without_decoys_end_at_40_km() -> None:
    gys = preset("gys")
    protocol = BB84WithoutDecoys(**gys.settings_of(BB84WithoutDecoys))
    rate = protocol.asymptotic_rate(gys.link([0.0, 40.1, 40.3])).rate
    assert rate[0] > 1e-5
    assert rate[1] > 0
    assert rate[2] == 0


def test_without_decoys_the_best_intensity_is_a_few_parts_of_a_fine_scan() -> None:
    gys = preset("gys")
    link = gys.link(20.0)
    best = BB84WithoutDecoys(f_ec=1.22).asymptotic_rate(link)
    scan = BB84WithoutDecoys(f_ec=1.22, signal_intensity=np.geomspace(1e-5, 1, 4000))
    assert best.rate >= 0.9999 * scan.asymptotic_rate(link).rate.max()


def test_a_trace_of_two_photons_is_given_to_eve() -> None:
    link = QkdLink(length_km=10, detector=Detector(efficiency=0.5, misalignment=0.01))
    clean, traced = (BB84(mean_photon_number=0.5, g2=g).asymptotic_rate(link) for g in (0.0, 0.05))
    tagged = 0.05 * 0.25 / 2 / traced.figures["gain"]
    assert traced.figures["tagged_share"] == pytest.approx(tagged)
    e = traced.figures["qber"]

    def h(x: float) -> float:
        return float(-x * np.log2(x) - (1 - x) * np.log2(1 - x))

    by_hand = traced.figures["gain"] * ((1 - tagged) * (1 - h(e / (1 - tagged))) - 1.16 * h(e))
    assert traced.rate == pytest.approx(by_hand)
    assert traced.rate < clean.rate


def test_two_photons_in_a_finite_key_need_the_bases() -> None:
    counts = BasisCounts(pulses=1e8, key_bits=1e6, test_bits=1e5, test_errors=1000)
    with pytest.raises(ValueError, match=r"test_probability=None beside g2=0\.01.*give the probability"):
        BB84(mean_photon_number=0.5, g2=0.01).finite_key_length(counts, epsilon=EpsilonBudget())
    with pytest.raises(ValueError, match=r"g2=0\.01: the finite six-state key here needs single photons"):
        SixState(mean_photon_number=0.5, g2=0.01).finite_key_length(counts, epsilon=EpsilonBudget())
    with pytest.raises(ValueError, match=r"other_test_bits=None: six-state needs the counts"):
        SixState().finite_key_length(counts, epsilon=EpsilonBudget())


links = st.builds(
    lambda loss, eff, dark, wrong, after, dead: QkdLink(
        transmittance=10 ** (-loss / 10),
        detector=Detector(
            efficiency=eff,
            dark_count_probability=dark,
            misalignment=wrong,
            afterpulse_probability=after,
            dead_time_pulses=dead,
        ),
    ),
    st.floats(0, 40),
    st.floats(0.05, 1.0),
    st.floats(0, 1e-5),
    st.floats(0, 0.12),
    st.sampled_from([0.0, 0.03]),
    st.sampled_from([0, 20]),
)


@pytest.mark.parametrize("protocol", ALL)
@exactly
@given(link=links, f_ec=st.floats(1.0, 1.5), bases=st.sampled_from(["biased", "symmetric"]))
def test_no_rate_is_above_the_channels_capacity(
    protocol: type[RateProtocol], link: QkdLink, f_ec: float, bases: str
) -> None:
    rate = protocol(f_ec=f_ec, bases=bases).asymptotic_rate(link).rate
    assert 0 <= rate <= plob(link.channel_transmittance) * (1 + 1e-9) + 1e-15


@pytest.mark.parametrize("protocol", FINITE)
@sought
@given(
    link=links,
    bits=st.floats(2, 10),
    f_ec=st.floats(1.0, 1.5),
    epsilon=st.floats(-30, -3),
    bases=st.sampled_from(["biased", "symmetric"]),
)
def test_finite_keys_are_below_endless_ones(
    protocol: type[RateProtocol], link: QkdLink, bits: float, f_ec: float, epsilon: float, bases: str
) -> None:
    block = Block(bits=10**bits, epsilon=EpsilonBudget.of_total(10**epsilon))
    made = protocol(f_ec=f_ec, bases=bases)
    finite = made.finite_rate(link, block)
    assert finite.rate <= made.asymptotic_rate(link).rate + 1e-15
    assert finite.length == np.floor(finite.length)
    assert finite.epsilon.total == pytest.approx(10**epsilon)


@pytest.mark.parametrize("protocol", FINITE)
def test_finite_keys_rise_to_endless_ones(protocol: type[RateProtocol]) -> None:
    link = QkdLink(length_km=25, detector=Detector(efficiency=0.8, misalignment=0.02))
    endless = protocol().asymptotic_rate(link).rate
    rates = [protocol().finite_rate(link, Block(bits=10**k)).rate for k in (4, 6, 8, 10, 14)]
    assert rates == sorted(rates)
    assert 0.97 * endless < rates[-1] < endless


@pytest.mark.parametrize("protocol", ALL)
@pytest.mark.parametrize("name", list(PRESETS))
def test_rates_fall_with_the_distance(protocol: type[RateProtocol], name: str) -> None:
    chosen = preset(name)
    if chosen.detector.count == 4 and protocol is SixState:
        chosen = replace(chosen, detector=replace(chosen.detector, count=2))
    lengths = np.linspace(400, 2000, 30) if chosen.loss_db_per_km is None else np.linspace(0, 300, 31)
    made = protocol(**chosen.settings_of(protocol))
    rate = made.asymptotic_rate(chosen.link(lengths)).rate
    assert np.all(np.diff(rate) <= 1e-3 * rate[:-1])
    if protocol.proof is not None:
        rate = made.finite_rate(chosen.link(lengths), Block(bits=1e6)).rate
        assert np.all(np.diff(rate) <= 1e-3 * rate[:-1] + 1e-12)


@pytest.mark.parametrize("protocol", FINITE)
def test_the_best_bases_are_those_of_a_fine_scan(protocol: type[RateProtocol]) -> None:
    link = QkdLink(length_km=30, detector=Detector(efficiency=0.6, misalignment=0.015))
    block = Block(bits=3e6)
    best = protocol().finite_rate(link, block)
    fixed = {name: value for name, value in best.parameters.items() if name != "test_probability"}
    scan = protocol(**fixed, test_probability=np.geomspace(1e-4, 0.6, 4000)).finite_rate(link, block)
    assert best.signed_rate >= 0.9999 * scan.signed_rate.max()
    assert protocol(test_probability=0.3).finite_rate(link, block).parameters["test_probability"] == 0.3


@pytest.mark.parametrize("protocol", FINITE)
def test_a_block_too_short_names_the_shortest_that_works(protocol: type[RateProtocol]) -> None:
    link = QkdLink(length_km=30, detector=Detector(efficiency=0.6, misalignment=0.015))
    made = (
        protocol(test_probability=0.3)
        if protocol is not BBM92
        else protocol(test_probability=0.3, mean_pairs=0.1)
    )
    budget = EpsilonBudget()
    counts = made.expected_counts(link, Block(bits=100))
    with pytest.raises(FiniteKeyError, match=r"give no key; the shortest block that does has") as caught:
        require_key(made, counts, epsilon=budget)
    shortest = float(str(caught.value).split("(")[1].split(" ")[0])
    assert made.finite_key_length(counts.scaled(shortest * 1.01 / 100), epsilon=budget).length >= 1
    assert made.finite_key_length(counts.scaled(shortest * 0.98 / 100), epsilon=budget).length == 0
    long = made.expected_counts(link, Block(bits=1e7))
    assert require_key(made, long, epsilon=budget).length > 1e5


def test_errors_beyond_every_key_are_told() -> None:
    counts = BasisCounts(pulses=1e6, key_bits=1e5, test_bits=1e4, test_errors=2000)
    with pytest.raises(FiniteKeyError, match=r"QBER of 20\.000% give no key, nor does any longer block"):
        require_key(BB84(), counts, epsilon=EpsilonBudget())


def test_a_secrecy_per_bit_is_at_rest_with_its_key() -> None:
    counts = BasisCounts(pulses=4e6, key_bits=1e6, test_bits=1e5, test_errors=2000)
    per_bit = BB84().finite_key_length(counts, epsilon=EpsilonBudget(secrecy=1e-15, per_bit=True))
    absolute = EpsilonBudget(secrecy=1e-15 * per_bit.length)
    assert abs(BB84().finite_key_length(counts, epsilon=absolute).length - per_bit.length) <= 1


def test_what_has_no_proof_says_so() -> None:
    link = QkdLink(length_km=10, detector=Detector(efficiency=0.5))
    with pytest.raises(NoFiniteKeyProof, match=r"bb84-no-decoy has no finite-key proof here"):
        BB84WithoutDecoys().finite_rate(link, Block(bits=1e6))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: BB84(f_ec=0.9), r"f_ec=0\.9 is out of range; it must be at least 1"),
        (lambda: BB84(qber=0.6), r"qber=0\.6 is out of range; it must be from 0 to 0\.5"),
        (lambda: SixState(qber=-0.1), r"qber=-0\.1 is out of range"),
        (lambda: bb84_fraction(0.51), r"qber=0\.51 is out of range"),
        (lambda: BB84(bases="all"), r"bases='all' is unknown; give one of biased, symmetric"),
        (lambda: BB84(test_probability=1.0), r"test_probability=1\.0 is out of range"),
        (lambda: BB84(bases="symmetric", test_probability=0.1), r"beside symmetric bases.*leave it out"),
        (lambda: SixState(bases="symmetric", test_probability=0.1), r"where it is 2/3; leave it out"),
        (lambda: BBM92(mean_pairs=0.0), r"mean_pairs=0\.0 is out of range; it must be above 0"),
        (lambda: BBM92(source_position=2), r"source_position=2\.0 is out of range; it must be from 0 to 1"),
        (lambda: BB84WithoutDecoys(signal_intensity=-1.0), r"signal_intensity=-1\.0 is out of range"),
        (
            lambda: BasisCounts(pulses=10, key_bits=5, test_bits=3, test_errors=4),
            r"test_errors=4\.0 exceed test_bits=3\.0; there cannot be more errors",
        ),
        (lambda: BasisCounts(pulses=-1, key_bits=5, test_bits=3, test_errors=1), r"pulses=-1 is no count"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(make: object, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_curves_are_their_points() -> None:
    gys = preset("gys")
    lengths = [5.0, 30.0]
    for protocol in ALL:
        made = protocol(f_ec=1.2)
        curve = made.asymptotic_rate(gys.link(lengths))
        points = [made.asymptotic_rate(gys.link(one)).rate for one in lengths]
        assert curve.rate == pytest.approx(points, rel=1e-4)


@pytest.mark.parametrize("protocol", ALL)
def test_values_compare_and_their_text_makes_them_again(protocol: type[RateProtocol]) -> None:
    assert eval(repr(protocol(f_ec=1.3))) == protocol(f_ec=1.3)


def test_four_detectors_read_both_bases() -> None:
    """With little light a passive receiver counts what an active one does, dark counts aside."""
    two, four = (
        BB84(test_probability=0.2).expected_counts(
            QkdLink(transmittance=1e-3, detector=Detector(efficiency=0.5, misalignment=0.02, count=count)),
            Block(pulses=1e9),
        )
        for count in (2, 4)
    )
    for name in ("key_bits", "test_bits", "key_errors", "test_errors"):
        assert getattr(four, name) == pytest.approx(getattr(two, name), rel=1e-3)
