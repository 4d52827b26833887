"""Orders between rates, and optima against scans, for every protocol of the registry."""

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from qnet.bounds import repeater_capacity
from qnet.devices import Detector
from qnet.qkd import RATES, Block, EpsilonBudget, FiniteKeyError, QkdLink, key_rates
from qnet.qkd._shortest_block import shortest_block
from qnet.qkd.gains import coherent, detection, fock
from qnet.qkd.presets import preset

VARIANTS = {
    "bb84": [{}, {"bases": "symmetric"}, {"mean_photon_number": 0.6, "g2": 0.05}],
    "six-state": [{}, {"bases": "symmetric"}],
    "bb84-decoy": [{}, {"bases": "symmetric"}, {"vacuum_bits": False}, {"vacuum_intensity": 0.0}],
    "bb84-one-decoy": [{}, {"bases": "symmetric"}, {"vacuum_bits": False}],
    "bbm92": [{}, {"source_position": 0.0}, {"bases": "symmetric"}],
    "mdi": [{}, {"decoys": "infinite"}, {"source": "single-photons"}],
    "di": [{}, {"heralded": True}],
    "b92": [{}, {"source": "single"}],
    "sarg04": [{}, {"source": "single"}],
}
CASES = [(name, values) for name in RATES for values in VARIANTS.get(name, [{}])]
FINITE = [
    (name, values)
    for name, values in CASES
    if RATES[name].proof is not None and ("decoy" not in name or values == {"vacuum_bits": False})
]  # Of decoys the other cases are in test_decoy_protocols.py.


def named(case):
    return "-".join([case[0], *(f"{key}={value}" for key, value in case[1].items())])


detectors = st.builds(
    Detector,
    efficiency=st.floats(0.03, 1.0),
    dark_count_probability=st.sampled_from([0.0, 1e-9, 1e-7, 1e-5]),
    misalignment=st.sampled_from([0.0, 0.004, 0.03]),
    afterpulse_probability=st.sampled_from([0.0, 0.03]),
    dead_time_pulses=st.sampled_from([0, 0, 20]),
    count=st.sampled_from([2, 4]),
)


def fitted(detector, name):
    """The same receiver with as many detectors as the protocol can do with."""
    counts = RATES[name].detector_counts
    values = {**vars(detector), "count": detector.count if detector.count in counts else counts[0]}
    return Detector(**values)


@pytest.mark.parametrize("case", CASES, ids=named)
@given(detector=detectors, loss=st.floats(0.16, 0.3), f_ec=st.floats(1.0, 1.4), first=st.floats(0.0, 60.0))
@settings(derandomize=True, deadline=None, max_examples=3, phases=[Phase.generate])
def test_no_endless_rate_passes_its_bound_or_rises_with_distance(case, detector, loss, f_ec, first):
    name, values = case
    link = QkdLink(
        length_km=np.linspace(first, first + 240, 9), loss_db_per_km=loss, detector=fitted(detector, name)
    )
    found = RATES[name](f_ec=f_ec, **values).asymptotic_rate(link)
    bound = repeater_capacity(link.channel_transmittance, 1 if name == "twin-field" else 0)
    assert (found.rate <= bound).all()
    assert (np.diff(found.rate) <= 1e-3 * found.rate[:-1] + 1e-12).all()
    for key, figure in found.figures.items():
        assert np.isfinite(figure).all(), key


@pytest.mark.parametrize("case", FINITE, ids=named)
@given(detector=detectors, f_ec=st.floats(1.0, 1.4), bits=st.floats(3, 11), epsilon=st.floats(-25, -4))
@settings(derandomize=True, deadline=None, max_examples=2, phases=[Phase.generate])
def test_no_finite_rate_passes_the_endless_one_or_a_longer_block_s(case, detector, f_ec, bits, epsilon):
    name, values = case
    link = QkdLink(length_km=np.array([0.0, 30.0, 90.0]), detector=fitted(detector, name))
    protocol, budget = RATES[name](f_ec=f_ec, **values), EpsilonBudget.of_total(10**epsilon)
    endless = protocol.asymptotic_rate(link).rate
    short, long = (protocol.finite_rate(link, Block(bits=10**n, epsilon=budget)) for n in (bits, bits + 1))
    assert (short.rate <= long.rate * (1 + 1e-4)).all()
    assert (long.rate <= endless * (1 + 1e-4)).all()
    assert (np.diff(long.rate) <= 1e-3 * long.rate[:-1]).all()


@pytest.mark.parametrize("finite", [False, True], ids=["endless", "finite"])
@pytest.mark.parametrize("case", CASES, ids=named)
def test_no_choice_of_a_scan_is_better(case, finite):
    """All over the box of what may be chosen, and ever nearer to the optimum."""
    name, values = case
    protocol = RATES[name](**values)
    block = Block(bits=2e5) if finite and protocol.proof is not None else None
    length = 2.0 if name == "b92" else 40.0
    detector = Detector(efficiency=0.6, dark_count_probability=1e-8, misalignment=0.002)
    link = QkdLink(length_km=length, detector=detector)
    best = protocol.optimised(link, block)
    rate = best.asymptotic_rate(link) if block is None else best.finite_rate(link, block)
    ranges, rng = protocol.sought_over(link, finite=block is not None), np.random.default_rng(8)
    many = QkdLink(length_km=np.full(4000, length), detector=detector)
    for width in (1.0, 0.2, 0.05):
        tried = {
            n: span.at(np.clip(span.share(getattr(best, n)) + width * rng.uniform(-1, 1, 4000), 0, 1))
            for n, span in ranges.items()
        }
        with np.errstate(all="ignore"):
            scanned = np.nanmax(protocol._score(many, tried, block)) if tried else rate.signed_rate
        assert scanned <= 0 or scanned <= 1.001 * rate.signed_rate


@pytest.mark.parametrize(
    ("name", "bits", "known"),
    [("bb84-decoy", 5e3, 4.542), ("bb84-decoy", 8e3, 10.752), ("bb84-one-decoy", 3e3, 0.747)],
)
def test_short_blocks_find_their_far_optimum(name, bits, known):
    """Most pulses are decoys there; the keys' lengths (before rounding) by differential evolution."""
    link = preset("snspd-metro").link(20.0)
    found = RATES[name]().finite_rate(link, Block(bits=bits))
    share = found.figures["key_bits"] / found.pulses
    assert found.signed_rate / share * bits >= 0.98 * known


@pytest.mark.parametrize(
    ("name", "unit"),
    [("bb84", "pulses"), ("six-state", "bits"), ("bbm92", "bits"), ("bb84-one-decoy", "bits")],
)
def test_the_shortest_block_is_named_to_the_last_bit(name, unit):
    chosen = preset("gys")
    protocol, link = RATES[name](**chosen.settings_of(RATES[name])), chosen.link(10.0)
    found = shortest_block(protocol, link, Block(**{unit: 100}))
    size = getattr(found, unit)
    assert size == int(size)
    assert protocol.finite_rate(link, found).length >= 1
    with pytest.raises(FiniteKeyError, match=rf"the shortest that does has {size:.0f} "):
        key_rates(protocol, link, Block(**{unit: size - 1}))


@pytest.mark.parametrize("name", ["bb84", "bbm92", "bb84-no-decoy", "bb84-decoy", "bb84-one-decoy"])
def test_four_detectors_hardly_change_an_endless_key(name):
    """The beam splitter's share of the test is chosen; dark counts would drown a vanishing one."""
    two, four = (
        RATES[name]().asymptotic_rate(
            QkdLink(
                length_km=20.0,
                detector=Detector(
                    efficiency=0.8, dark_count_probability=1e-8, misalignment=0.01, count=count
                ),
            )
        )
        for count in (2, 4)
    )
    assert 0.9 * two.rate < four.rate <= two.rate * (1 + 1e-3)
    assert 0 < four.parameters["test_probability"] < 0.2


def test_what_leaves_no_room_is_told_and_what_leaves_little_is_used():
    link = QkdLink(length_km=20.0, detector=Detector(efficiency=0.6, misalignment=0.01))
    faint = RATES["bb84-decoy"](signal_intensity=0.005).asymptotic_rate(link)
    assert faint.rate > 0
    assert faint.parameters["decoy_intensity"] < 0.005
    bright = RATES["bb84-decoy"](decoy_intensity=2.0).asymptotic_rate(link)
    assert bright.rate == 0
    assert bright.parameters["signal_intensity"] > 2.0
    for name in ("bb84-decoy", "mdi"):
        with pytest.raises(ValueError, match=r"^signal_intensity=0\.0003 leaves no decoy_intensity above"):
            RATES[name](signal_intensity=3e-4)


def test_the_preset_of_gys_is_that_of_its_paper():
    """Without the bits of empty pulses, by the formulas of Ma et al. one by one."""
    chosen, eta = preset("gys"), 0.045 * 10 ** (-0.21 * 60 / 10)

    def h(x):
        return -x * np.log2(x) - (1 - x) * np.log2(1 - x)

    gain = 1.7e-6 + 1 - np.exp(-0.48 * eta)
    qber = (0.85e-6 + 0.033 * (1 - np.exp(-0.48 * eta))) / gain
    single, phase = 1.7e-6 + eta, (0.85e-6 + 0.033 * eta) / (1.7e-6 + eta)
    rate = 0.5 * (0.48 * np.exp(-0.48) * single * (1 - h(phase)) - 1.22 * gain * h(qber))
    kind = RATES["bb84-decoy"]
    made = kind(decoys="infinite", signal_intensity=0.48, **chosen.settings_of(kind))
    assert made.asymptotic_rate(chosen.link(60.0)).rate == pytest.approx(rate, rel=1e-4)
    both = [kind(vacuum_bits=kept).finite_rate(chosen.link(5.0), Block(bits=1e7)) for kept in (True, False)]
    assert both[1].rate <= both[0].rate


@given(
    detector=detectors,
    efficiency=st.floats(1e-9, 1.0),
    means=st.tuples(st.floats(1e-3, 2.0), st.floats(1e-3, 2.0)),
    share=st.floats(0.05, 0.95),
)
@settings(derandomize=True, deadline=None, max_examples=200)
def test_gains_are_probabilities_that_rise_with_the_light(detector, efficiency, means, share):
    less, more = (
        detection(coherent(mean), efficiency, detector, basis_share=share) for mean in sorted(means)
    )
    scale = 1.0 if detector.count == 2 else share
    assert 0 <= less.gain <= more.gain * (1 + 1e-12)
    assert more.gain * scale <= 1 + 1e-12
    for seen in (less, more):
        assert 0 <= seen.errors <= seen.gain / 2 + 1e-15
    yields = [detection(fock(n), efficiency, detector, basis_share=share).gain for n in range(40)]
    poisson = np.cumprod([np.exp(-means[0]), *(means[0] / n for n in range(1, 40))])
    assert poisson @ yields == pytest.approx(
        detection(coherent(means[0]), efficiency, detector, basis_share=share).gain, rel=1e-6, abs=1e-14
    )
