"""BB84 with decoys, and MDI: known answers, orders, and what is refused."""

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from qnet.devices import Detector
from qnet.qkd.epsilon import EpsilonBudget
from qnet.qkd.errors import FiniteKeyError, NoFiniteKeyProof
from qnet.qkd.gains import detection, fock
from qnet.qkd.link import QkdLink
from qnet.qkd.rates.decoy_bb84 import DecoyBB84
from qnet.qkd.rates.decoy_counts import DecoyCounts
from qnet.qkd.rates.mdi import MDI
from qnet.qkd.rates.one_decoy_bb84 import OneDecoyBB84
from qnet.qkd.rates.shape import Block
from qnet.qkd.rates.shortest import require_key

GYS = Detector.from_background(1.7e-6, efficiency=0.045, misalignment=0.033)
MA = {"bases": "symmetric", "f_ec": 1.22, "vacuum_bits": False}
LIM = Detector(
    efficiency=0.1,
    dark_count_probability=6e-7,
    misalignment=5e-3,
    afterpulse_probability=0.04,
    afterpulse_law="same pulse",
)
PER_BIT = EpsilonBudget(secrecy=1e-15, correctness=1e-15, per_bit=True)


def end_km(protocol, low, high):
    """Where the last key is found on the GYS link, to 10 m."""
    lengths = np.linspace(low, high, round((high - low) * 100) + 1)
    rate = protocol.asymptotic_rate(QkdLink(length_km=lengths, loss_db_per_km=0.21, detector=GYS)).rate
    return lengths[np.flatnonzero(rate > 0)[-1]]


def test_gys_with_infinite_decoys():
    """2.5546e-3 at the start; the end at 142.01 km, and at 142.21 km with the best intensity."""
    fixed = DecoyBB84(decoys="infinite", signal_intensity=0.48, **MA)
    at_once = fixed.asymptotic_rate(QkdLink(length_km=0, detector=GYS))
    assert at_once.rate == pytest.approx(2.5546e-3, rel=5e-5)
    assert end_km(fixed, 140, 143) == pytest.approx(142.01, abs=0.011)
    assert end_km(DecoyBB84(decoys="infinite", **MA), 141, 143) == pytest.approx(142.21, abs=0.011)


def test_gys_with_vacuum_and_weak_decoy():
    """Ends within 0.2 km of 140.6 km."""
    protocol = DecoyBB84(signal_intensity=0.48, decoy_intensity=0.05, vacuum_intensity=0.0, **MA)
    assert end_km(protocol, 139, 142) == pytest.approx(140.6, abs=0.2)


@pytest.mark.parametrize(("length_km", "known"), [(50, 5.139e-4), (100, 4.766e-5)])
def test_lim_optimum(length_km, known):
    """The optimum for 10⁷ bits, within 2 % below and 0.5 % above."""
    link = QkdLink(length_km=length_km, detector=LIM)
    found = DecoyBB84().finite_rate(link, Block(bits=1e7, epsilon=PER_BIT))
    assert 0.98 * known <= found.rate <= 1.005 * known
    assert found.figures["epsilon_secrecy"] == pytest.approx(1e-15 * found.length, rel=1e-6)
    assert found.length == np.floor(found.signed_rate * found.pulses)


@pytest.mark.parametrize("protocol", [DecoyBB84(), OneDecoyBB84()])
def test_no_local_optimum(protocol):
    """Within 0.1 % of the best of 60 000 choices, over the whole box and round the optimum."""
    link = QkdLink(length_km=80, detector=LIM)
    block = Block(bits=1e6, epsilon=EpsilonBudget(secrecy=1e-9))
    found = protocol.finite_rate(link, block)
    rng = np.random.default_rng(5)
    best = 0.0
    ranges = protocol.sought(finite=True)
    optimum = protocol.optimised(link, block)
    many = QkdLink(length_km=np.full(15_000, 80.0), detector=LIM)
    for width in (1.0, 0.3, 0.1, 0.03):
        values = {}
        for name, span in ranges.items():
            centre = float(span.share(getattr(optimum, name)))
            share = np.clip(centre + width * rng.uniform(-1, 1, 15_000), 0, 1)
            values[name] = span.at(share)
        best = max(best, float(np.nanmax(protocol._score(many, values, block))))
    assert found.rate > 0
    assert best <= 1.001 * found.rate


EVERY = [
    DecoyBB84(),
    DecoyBB84(decoys="infinite"),
    OneDecoyBB84(),
    MDI(),
    MDI(decoys="infinite"),
    MDI(source="single-photons"),
]


@settings(derandomize=True, deadline=None, max_examples=5, phases=[Phase.generate])
@given(
    efficiency=st.floats(0.05, 1.0),
    dark=st.floats(-9, -5),
    misalignment=st.floats(0, 0.05),
    f_ec=st.floats(1.0, 1.4),
    afterpulse=st.sampled_from([0.0, 0.03]),
    dead=st.sampled_from([0, 20]),
)
@pytest.mark.parametrize(
    "protocol", EVERY, ids=lambda one: f"{one.name}-{one.decoys if hasattr(one, 'decoys') else ''}"
)
def test_endless_keys_stay_below_the_capacity_and_fall(
    protocol, efficiency, dark, misalignment, f_ec, afterpulse, dead
):
    """Rates never exceed −log₂(1−η), and do not rise with distance."""
    detector = Detector(
        efficiency=efficiency,
        dark_count_probability=10**dark,
        misalignment=misalignment,
        afterpulse_probability=afterpulse,
        dead_time_pulses=dead,
    )
    link = QkdLink(length_km=np.linspace(1, 250, 6), detector=detector)
    made = type(protocol)(**{**protocol.parameters, "f_ec": f_ec}).asymptotic_rate(link)
    assert (made.rate <= -np.log2(1 - link.channel_transmittance)).all()
    assert (np.diff(made.rate) <= 1e-3 * made.rate[1:]).all() or dead
    assert (made.figures["qber"] <= 0.5).all()


@settings(derandomize=True, deadline=None, max_examples=4, phases=[Phase.generate])
@given(
    efficiency=st.floats(0.05, 1.0),
    dark=st.floats(-8, -5),
    misalignment=st.floats(0, 0.04),
    bits=st.floats(4, 12),
    count=st.sampled_from([2, 4]),
    bases=st.sampled_from(["biased", "symmetric"]),
)
@pytest.mark.parametrize("kind", [DecoyBB84, OneDecoyBB84])
def test_finite_keys_stay_below_endless_ones(kind, efficiency, dark, misalignment, bits, count, bases):
    """A block gives at most the endless rate, a longer block more, a longer way less."""
    detector = Detector(
        efficiency=efficiency, dark_count_probability=10**dark, misalignment=misalignment, count=count
    )
    link = QkdLink(length_km=np.linspace(0, 150, 4), detector=detector)
    protocol = kind(bases=bases)
    endless = protocol.asymptotic_rate(link).rate
    short = protocol.finite_rate(link, Block(bits=10**bits)).rate
    long = protocol.finite_rate(link, Block(bits=10 ** (bits + 1))).rate
    assert (short <= long * (1 + 1e-4)).all()
    assert (long <= endless * (1 + 1e-4)).all()
    assert (np.diff(short) <= 1e-3 * short[1:] + 1e-12).all()


@pytest.mark.parametrize("length_km", [0, 60, 120])
@pytest.mark.parametrize("kind", [DecoyBB84, OneDecoyBB84])
def test_bounds_of_expected_counts_hold_for_the_channel(kind, length_km):
    """Single photons in the block are more, and their errors fewer, than the bounds say."""
    link = QkdLink(length_km=length_km, detector=LIM)
    block = Block(bits=1e8)
    protocol = kind().optimised(link, block)
    found = protocol.finite_key_length(protocol.expected_counts(link, block), epsilon=block.epsilon)
    photon = detection(fock(1), link.efficiency, LIM)
    mean, chosen = protocol._intensities(), protocol._probabilities()
    sent = found.pulses * (chosen * mean * np.exp(-mean)).sum()
    test = protocol.test_probability
    assert 0 < found.figures["single_photon_bits"] <= sent * (1 - test) ** 2 * photon.gain
    assert 0 < found.figures["test_single_photon_bits"] <= sent * test**2 * photon.gain
    assert found.figures["test_single_photon_errors"] >= sent * test**2 * photon.errors
    assert found.figures["phase_error_bound"] >= photon.error_rate


@pytest.mark.parametrize("kind", [DecoyBB84, OneDecoyBB84])
def test_measured_counts_and_leakage(kind):
    """Counts as a session brings them give the same key; what more is leaked is taken off bit by bit."""
    link, block = QkdLink(length_km=30, detector=LIM), Block(bits=1e6)
    protocol = kind().optimised(link, block)
    expected = protocol.expected_counts(link, block)
    measured = DecoyCounts(
        pulses=int(expected.pulses),
        **{n: np.rint(getattr(expected, n)) for n in ("key_bits", "key_errors", "test_bits", "test_errors")},
    )
    first = protocol.finite_key_length(expected, epsilon=block.epsilon)
    second = protocol.finite_key_length(measured, epsilon=block.epsilon)
    assert second.length == pytest.approx(first.length, rel=1e-3)
    leaked = float(np.ceil(first.leakage_bits))
    third = protocol.finite_key_length(measured, epsilon=block.epsilon, leakage_bits=leaked)
    more = protocol.finite_key_length(measured, epsilon=block.epsilon, leakage_bits=leaked + 1000)
    assert third.length - more.length == 1000
    assert third.leakage_bits == leaked


def test_points_of_a_curve_are_points():
    """A curve's fixed and sought values agree with those of its points one by one."""
    block = Block(bits=1e6)
    curve = DecoyBB84(vacuum_intensity=1e-3).finite_rate(QkdLink(length_km=[10.0, 70.0], detector=LIM), block)
    for k, length in enumerate((10.0, 70.0)):
        one = DecoyBB84(vacuum_intensity=1e-3).finite_rate(QkdLink(length_km=length, detector=LIM), block)
        assert one.rate == pytest.approx(curve.rate[k], rel=1e-3)
    fixed = DecoyBB84(signal_intensity=0.4, decoy_intensity=0.1)
    curve = fixed.asymptotic_rate(QkdLink(length_km=[10.0, 70.0, 90.0], detector=LIM)).rate
    assert curve[2] == pytest.approx(
        fixed.asymptotic_rate(QkdLink(length_km=90, detector=LIM)).rate, rel=1e-12
    )


def test_what_is_given_is_not_sought():
    """A fixed value stays, and costs."""
    link, block = QkdLink(length_km=50, detector=LIM), Block(bits=1e7)
    best, held = (
        DecoyBB84().finite_rate(link, block),
        DecoyBB84(signal_intensity=0.9).finite_rate(link, block),
    )
    assert held.parameters["signal_intensity"] == 0.9
    assert 0 < held.rate < best.rate


def test_a_block_too_short_names_the_shortest():
    """One line, with a block that then works."""
    link, block = QkdLink(length_km=100, detector=LIM), Block(bits=1000)
    protocol = DecoyBB84(
        signal_intensity=0.4,
        decoy_intensity=0.1,
        signal_probability=0.6,
        decoy_probability=0.3,
        test_probability=0.1,
    )
    counts = protocol.expected_counts(link, block)
    with pytest.raises(
        FiniteKeyError, match=r"give no key; the shortest block that does has .* sifted bits\)$"
    ) as told:
        require_key(protocol, counts, epsilon=block.epsilon)
    shortest = float(str(told.value).split("(")[-1].split()[0])
    assert protocol.finite_rate(link, Block(bits=1.01 * shortest)).length >= 1
    assert protocol.finite_rate(link, Block(bits=0.98 * shortest)).length == 0


BAD = [
    (
        DecoyBB84,
        {"signal_intensity": 0.1, "decoy_intensity": 0.2},
        r"^decoy_intensity=0.2 is not below signal_intensity=0.1; ",
    ),
    (DecoyBB84, {"decoy_intensity": 1e-4}, "^vacuum_intensity=0.0002 is not below decoy_intensity=0.0001; "),
    (
        DecoyBB84,
        {"signal_intensity": 0.3, "decoy_intensity": 0.29, "vacuum_intensity": 0.02},
        r"^decoy_intensity [+] vacuum_intensity=0.31 is not below signal_intensity=0.3; ",
    ),
    (
        DecoyBB84,
        {"signal_probability": 0.7, "decoy_probability": 0.3},
        "leave nothing for the weakest intensity",
    ),
    (DecoyBB84, {"signal_probability": 1.2}, "^signal_probability=1.2 is out of range; "),
    (DecoyBB84, {"f_ec": 0.9}, "^f_ec=0.9 is out of range; it must be at least 1$"),
    (DecoyBB84, {"decoys": "seven"}, "^decoys='seven' is unknown; give one of two, infinite$"),
    (DecoyBB84, {"bases": "crooked"}, "^bases='crooked' is unknown; "),
    (OneDecoyBB84, {"signal_intensity": 0.2, "decoy_intensity": 0.2}, "^decoy_intensity=0.2 is not below "),
    (OneDecoyBB84, {"signal_intensity": 0.0}, "^signal_intensity=0.0 is out of range; it must be above 0$"),
    (MDI, {"source": "lamps"}, "^source='lamps' is unknown; give one of pulses, single-photons$"),
    (MDI, {"signal_intensity": 0.1, "decoy_intensity": 0.2}, "^decoy_intensity=0.2 is not below "),
]


@pytest.mark.parametrize(("kind", "values", "told"), BAD)
def test_bad_settings_are_refused(kind, values, told):
    """One line each, with the value and what would be accepted."""
    with pytest.raises(ValueError, match=told) as caught:
        kind(**values)
    assert "\n" not in str(caught.value)


def test_what_has_no_proof_is_refused():
    """Infinitely many decoys, and MDI, have endless keys only."""
    link = QkdLink(length_km=10, detector=LIM)
    with pytest.raises(
        NoFiniteKeyProof, match=r"^bb84-decoy with decoys='infinite' has no finite-key proof; "
    ):
        DecoyBB84(decoys="infinite").finite_rate(link, Block(bits=1e6))
    with pytest.raises(NoFiniteKeyProof, match=r"^mdi has no finite-key proof here"):
        MDI().finite_rate(link, Block(bits=1e6))


def test_counts_are_checked():
    """Counts that cannot be, and counts of another number of intensities."""
    good = {
        "pulses": 100,
        "key_bits": [5, 2, 1],
        "key_errors": [1, 1, 0],
        "test_bits": [5, 2, 1],
        "test_errors": [0, 0, 0],
    }
    with pytest.raises(ValueError, match=r"^test_errors=.* exceed test_bits="):
        DecoyCounts(**{**good, "test_errors": [6, 0, 0]})
    with pytest.raises(ValueError, match=r"^key_bits=.* is no count; it must be at least 0$"):
        DecoyCounts(**{**good, "key_bits": [5, 2, -1]})
    with pytest.raises(
        ValueError, match=r"^the counts have the shapes .*; give one entry an intensity for each$"
    ):
        DecoyCounts(**{**good, "key_bits": [5, 2]})
    with pytest.raises(ValueError, match=r"^signal_intensity=None: counts need the intensities"):
        DecoyBB84().finite_key_length(DecoyCounts(**good), epsilon=EpsilonBudget())
    one = OneDecoyBB84(signal_intensity=0.5, decoy_intensity=0.1, signal_probability=0.5)
    with pytest.raises(
        ValueError, match=r"^counts of 3 intensities; bb84-one-decoy has 2, give one entry each$"
    ):
        one.finite_key_length(DecoyCounts(**good), epsilon=EpsilonBudget())
