"""Eve's known answers from both quantum layers; photon-number splitting and decoys; blinded detectors."""

import itertools
import math
from functools import partial

import numpy as np
import pytest
from support.exact import distribution
from support.quantum_layers import deviations, end, intercepted, joint, prepared, projector, shared

from circuits.library import E91_CHSH_SIGNS, b92_key, mdi, mdi_key, sarg04_key
from qnet.devices import Detector, PairSource, SinglePhotonSource
from qnet.qkd.circuit_layer import circuit_channel
from qnet.qkd.eavesdroppers import (
    EAVESDROPPERS,
    DetectorBlinding,
    Eavesdropper,
    InterceptResend,
    PhotonNumberSplitting,
    eavesdropper,
)
from qnet.qkd.epsilon import EpsilonBudget
from qnet.qkd.errors import UnknownEavesdropper
from qnet.qkd.gains import coherent, detection
from qnet.qkd.link import QkdLink
from qnet.qkd.photons import count_clicks, drawn_choices, photon_channel
from qnet.qkd.rates.decoy_bb84 import DecoyBB84
from qnet.qkd.rates.decoy_counts import DecoyCounts
from qnet.qkd.rates.gllp import BB84WithoutDecoys

IDEAL = QkdLink(transmittance=1.0, detector=Detector(efficiency=1.0))
ATTACKS = [
    InterceptResend(),
    InterceptResend(share=0.3),
    InterceptResend(bases=("Z",)),
    InterceptResend(bases=("Z", "X")),
    InterceptResend(share=0.7, bases=("Y", "X")),
    InterceptResend(share=0.0),
]


def by_circuits(alice, bob, eve, seed: int = 1, sampler: str = "stim", pulses: int = 40_000) -> np.ndarray:
    channel = circuit_channel(alice, bob, pulses=pulses, sampler=sampler, eve=eve, seed=seed)
    return joint(channel, alice, bob, seed=seed + 50)


def by_photons(alice, bob, eve, seed: int = 1, **options) -> np.ndarray:
    settings = {"pulses": 60_000, "link": IDEAL, **options}
    return joint(photon_channel(alice, bob, eve=eve, seed=seed, **settings), alice, bob, seed=seed + 50)


def error_rates(table: np.ndarray) -> list[float]:
    """In each basis, when both ends use it."""
    each = [table[k, :, k, :] for k in range(len(table))]
    return [float((one[0, 1] + one[1, 0]) / one.sum()) for one in each]


@pytest.mark.parametrize("eve", ATTACKS, ids=str)
@pytest.mark.parametrize("names", ["ZX", "ZXY"])
def test_intercept_resend_on_prepared_states(names: str, eve: InterceptResend) -> None:
    alice, bob = end(names, sends=True), end(names)
    want = prepared(names, names, eve.bases or names, eve.share)
    weak = QkdLink(length_km=40, detector=Detector(efficiency=0.3, dead_time_pulses=3))
    laser = end(names, sends=True, intensities=(0.4,))
    for counts in (
        by_circuits(alice, bob, eve),
        by_photons(alice, bob, eve),
        by_photons(alice, bob, eve, link=weak, pulses=1_000_000),
        joint(photon_channel(laser, bob, eve=eve, pulses=10**6, link=weak, seed=3), laser, bob, seed=4),
    ):
        matched = counts[[0, 1], :, [0, 1], :]
        assert abs(deviations(matched, want[[0, 1], :, [0, 1], :], (2,))).max() < 5
        if counts.sum() > 35_000:
            assert abs(deviations(counts, want, (3,))).max() < 5


def test_the_figures_that_everybody_quotes() -> None:
    """25 % in each basis of BB84, a third in each of six states; always Z; Z or X on six states."""
    two, three = ("ZX", "ZXY")
    for names, eve, rates in (
        (two, InterceptResend(), [0.25, 0.25]),
        (two, InterceptResend(bases=("Z",)), [0, 0.5]),
        (two, InterceptResend(share=0.2), [0.05, 0.05]),
        (three, InterceptResend(), [1 / 3, 1 / 3, 1 / 3]),
        (three, InterceptResend(bases=("Z", "X")), [0.25, 0.25, 0.5]),
    ):
        alice, bob = end(names, sends=True), end(names)
        for counts in (by_circuits(alice, bob, eve, 7), by_photons(alice, bob, eve, 7)):
            assert error_rates(counts) == pytest.approx(rates, abs=0.025)


@pytest.mark.parametrize("eve", ATTACKS[:4], ids=str)
def test_intercept_resend_on_pairs(eve: InterceptResend) -> None:
    both = end("ZX")
    want = shared("ZX", "ZX", eve.bases or "ZX", eve.share)
    source = PairSource(mean_pairs=1e-4)
    for counts in (
        by_circuits(both, both, eve),
        by_photons(both, both, eve, source=source, pulses=400_000_000),
    ):
        assert counts.sum() > 30_000
        assert abs(deviations(counts, want, (1, 3))).max() < 5


@pytest.mark.parametrize("eve", [InterceptResend(), InterceptResend(share=0.5, bases=("1",))], ids=str)
def test_intercept_resend_on_e91(eve: InterceptResend) -> None:
    both = end("012")
    want = shared("012", "012", eve.bases or "012", eve.share)
    source = PairSource(mean_pairs=1e-4)
    tables = (
        by_circuits(both, both, eve, sampler="aer"),
        by_photons(both, both, eve, source=source, pulses=400_000_000),
    )
    for counts in tables:
        assert abs(deviations(counts, want, (1, 3))).max() < 5
        means = [
            sign
            * sum((-1) ** (x + y) * counts[i, x, j, y] for x in (0, 1) for y in (0, 1))
            / counts[i, :, j, :].sum()
            for (i, j), sign in E91_CHSH_SIGNS.items()
        ]
        assert sum(means) < (1.6 if eve.share == 1 else 2.6)
    assert want[1, 0, 0, 0] + want[1, 1, 0, 1] == pytest.approx(0.25 if eve.share == 1 else 0.125)


def sifted(counts: np.ndarray, key) -> tuple[float, float]:
    """Sifted share and error rate, `key(a, x, b, y)` telling the two bits or None."""
    kept = wrong = 0.0
    for place, count in np.ndenumerate(counts):
        bits = key(*place)
        if bits is not None:
            kept += count
            wrong += count * (bits.alice != bits.bob)
    return kept / counts.sum(), wrong / kept


@pytest.mark.parametrize("share", [1.0, 0.4])
def test_b92(share: float) -> None:
    """All bases: 3/8 are conclusive, a third of them wrong."""
    eve = InterceptResend(share=share)
    alice, bob = end("ZX", sends=True), end("ZX")

    def key(a: int, x: int, b: int, y: int):
        return b92_key(a, "ZX"[b], [y]) if x == 0 else None

    want = prepared("ZX", "ZX", "ZX", share) / 8
    want[:, 1] = 0
    kept, wrong = sifted(want, key)
    if share == 1:
        assert (kept * want.sum() * 2, wrong) == (pytest.approx(3 / 8), pytest.approx(1 / 3))
    for counts in (by_circuits(alice, bob, eve), by_photons(alice, bob, eve)):
        counts[:, 1] = 0
        got, errors = sifted(counts, key)
        total = counts.sum()
        assert abs(got - kept) < 5 * math.sqrt(kept * (1 - kept) / total)
        assert abs(errors - wrong) < 5 * math.sqrt(wrong * (1 - wrong) / (total * kept))


def test_sarg04() -> None:
    """Partners drawn at random: the error rate from the density matrix, a third of the sifted bits."""
    alice, bob, eve = end("ZX", sends=True), end("ZX"), InterceptResend()
    states = {(0, 0): "0", (0, 1): "1", (1, 0): "+", (1, 1): "-"}

    def keys(partner: int, a: int, x: int, b: int, y: int):
        return sarg04_key(states[a, x], states[1 - a, partner], "ZX"[b], [y])

    for partner in (0, 1):
        kept, wrong = sifted(prepared("ZX", "ZX", "ZX") / 8, partial(keys, partner))
        for counts in (by_circuits(alice, bob, eve), by_photons(alice, bob, eve)):
            got, errors = sifted(counts, partial(keys, partner))
            total = counts.sum()
            assert abs(got - kept) < 5 * math.sqrt(kept * (1 - kept) / total)
            assert abs(errors - wrong) < 5 * math.sqrt(wrong * (1 - wrong) / (total * kept))
        assert (kept, wrong) == (pytest.approx(3 / 8), pytest.approx(1 / 3))


@pytest.mark.parametrize("eve", ATTACKS[:3], ids=str)
def test_mdi(eve: InterceptResend) -> None:
    both = end("ZX", sends=True)
    chances = np.zeros((2, 2, 2, 2, 4))
    for i, x, j, y in itertools.product(range(2), repeat=4):
        sent = intercepted(projector("ZX"[i], x), eve.bases or "ZX", eve.share)
        for k, z in itertools.product(
            range(2), repeat=2
        ):  # The state that arrives, as a mixture over Z and X.
            for bits, chance in distribution(mdi(z, "ZX"[k], y, "ZX"[j])).items():
                chances[i, x, j, y, bits[0] + 2 * bits[1]] += _weight(sent, "ZX"[k], z) * chance
    counts = by_circuits(both, both, eve)
    assert abs(deviations(counts, chances, (4,))).max() < 5
    light = by_photons(both, both, eve, pulses=100_000)
    for basis in range(2):
        rates = []
        for table in (chances, light):
            kept = wrong = 0.0
            for x, y, code in itertools.product(range(2), range(2), (2, 3)):
                bits = mdi_key(x, "ZX"[basis], y, "ZX"[basis], [code & 1, code >> 1])
                kept += table[basis, x, basis, y, code]
                wrong += table[basis, x, basis, y, code] * (bits.alice != bits.bob)
            rates.append((wrong / kept, kept))
        spread = math.sqrt(max(rates[0][0] * (1 - rates[0][0]), 1e-12) / rates[1][1])
        assert abs(rates[0][0] - rates[1][0]) <= 5 * spread + 1e-9


def _weight(state: np.ndarray, basis: str, bit: int) -> float:
    """Weights of Z and X eigenstates whose mixture is a state of that plane."""
    z, x = (np.trace(state @ (2 * projector(one, 0) - np.eye(2))).real for one in "ZX")
    rest = (1 - abs(z) - abs(x)) / 4
    along = z if basis == "Z" else x
    return max(0.0, (-1) ** bit * along) + rest


@pytest.mark.parametrize("count", [2, 4])
def test_intercepted_errors_on_a_real_link(count: int) -> None:
    """E' = (1 − s/2)·E + s/4 of all clicks, in the presence of dark counts and misalignment; gains stay."""
    detector = Detector(efficiency=0.4, dark_count_probability=1e-3, misalignment=0.03, count=count)
    link, share = QkdLink(length_km=10, detector=detector), 0.5
    alice, bob = end("ZX", sends=True, intensities=(0.5, 0.1)), end("ZX")
    channel = photon_channel(
        alice, bob, pulses=4_000_000, link=link, eve=InterceptResend(share=share), seed=1
    )
    counted = count_clicks(channel, alice, bob, seed=2)
    for kind, mean in enumerate((0.5, 0.1)):
        seen = detection(coherent(mean), link.efficiency, detector)
        errors = (1 - share / 2) * seen.errors + share / 2 * seen.gain / 2
        sent = counted.pulses * 0.125
        for basis in (0, 1):
            assert abs(counted.clicks[kind, basis, basis] - sent * seen.gain) < 5 * math.sqrt(
                sent * seen.gain
            )
            assert abs(counted.errors[kind, basis, basis] - sent * errors) < 5 * math.sqrt(sent * errors)


LEVELS, CHANCES = (0.5, 0.15, 2e-4), (0.5, 0.3, 0.2)
FAR = QkdLink(length_km=60, detector=Detector(efficiency=0.2, dark_count_probability=1e-6, misalignment=0.01))


def split(eve: Eavesdropper | None, link: QkdLink = FAR, pulses: int = 500_000_000):
    alice = end("ZX", sends=True, chances=(0.75, 0.25), intensities=LEVELS, intensity_chances=CHANCES)
    bob = end("ZX", chances=(0.75, 0.25))
    channel = photon_channel(alice, bob, pulses=pulses, link=link, eve=eve, seed=5)
    return count_clicks(channel, alice, bob, seed=6)


def finite_key(counted):
    """The secret length and the bound on single photons, by the finite two-decoy proof."""
    protocol = DecoyBB84(
        signal_intensity=LEVELS[0],
        decoy_intensity=LEVELS[1],
        vacuum_intensity=LEVELS[2],
        signal_probability=CHANCES[0],
        decoy_probability=CHANCES[1],
        test_probability=0.25,
    )
    counts = DecoyCounts(
        pulses=counted.pulses,
        key_bits=counted.clicks[:, 0, 0],
        key_errors=counted.errors[:, 0, 0],
        test_bits=counted.clicks[:, 1, 1],
        test_errors=counted.errors[:, 1, 1],
    )
    found = protocol.finite_key_length(counts, epsilon=EpsilonBudget())
    return found.length, found.figures["single_photon_bits"]


def test_decoys_catch_photon_number_splitting() -> None:
    """The signal tells nothing; the decoys' gains fall, and the bound on single photons collapses."""
    honest, spied = split(None), split(PhotonNumberSplitting())
    for basis in (0, 1):
        a, b = honest.clicks[0, basis, basis], spied.clicks[0, basis, basis]
        assert abs(int(a) - int(b)) < 5 * math.sqrt(a + b)
    assert spied.error_rate(0, 0) == pytest.approx(honest.error_rate(0, 0), abs=0.002)
    assert spied.clicks[1, 0, 0] < 0.4 * honest.clicks[1, 0, 0]
    length, singles = finite_key(honest)
    assert length > 0.1 * honest.clicks[:, 0, 0].sum()
    none, caught = finite_key(spied)
    assert none == 0
    assert caught < 0.05 * singles
    assert PhotonNumberSplitting().splitting(LEVELS[0], FAR).known == 1


def test_without_decoys_nothing_betrays_photon_number_splitting() -> None:
    """Gain and errors stay, and she knows all; only a bound that gives her every doubtful photon says so."""
    alice, bob = end("ZX", sends=True, intensities=(0.5,)), end("ZX")

    def counted(eve: Eavesdropper | None):
        channel = photon_channel(alice, bob, pulses=50_000_000, link=FAR, eve=eve, seed=1)
        return count_clicks(channel, alice, bob, seed=2)

    honest, spied = counted(None), counted(PhotonNumberSplitting())
    for basis in (0, 1):
        for name in ("clicks", "errors"):
            a, b = (int(getattr(one, name)[0, basis, basis]) for one in (honest, spied))
            assert abs(a - b) < 5 * math.sqrt(a + b)
    assert spied.error_rate(0, 0) < 0.02
    rate = BB84WithoutDecoys(signal_intensity=0.5).asymptotic_rate(FAR)
    assert (PhotonNumberSplitting().splitting(0.5, FAR).known, rate.figures["tagged_share"]) == (1, 1)
    assert rate.rate == 0


@pytest.mark.parametrize(("share", "km"), [(1.0, 60), (0.5, 60), (1.0, 5)])
def test_splitting_photon_number_by_photon_number(share: float, km: float) -> None:
    """Every intensity's gain from a sum over the photons that pass; the signal's is the honest one."""
    link = QkdLink(length_km=km, detector=Detector(efficiency=0.2, dark_count_probability=1e-5))
    eve = PhotonNumberSplitting(share=share)
    plan = eve.splitting(LEVELS[0], link)
    counted = split(eve, link, 20_000_000 if km < 20 else 100_000_000)
    dark = (1 - 1e-5) ** 2
    for kind, mean in enumerate(LEVELS):
        weights = [math.exp(-mean) * mean**n / math.factorial(n) for n in range(25)]
        seen = weights[1] * plan.single * 0.2
        seen += sum(w * plan.multiple * (1 - 0.8 ** (n - 1)) for n, w in enumerate(weights) if n > 1)
        free = 1 - math.exp(-mean * link.efficiency)
        light = share * seen + (1 - share) * free
        gain = 1 - (1 - light) * dark
        if kind == 0:
            assert light == pytest.approx(free)
        for basis in (0, 1):
            sent = counted.pulses * counted.chances[kind, basis, basis]
            assert abs(counted.clicks[kind, basis, basis] - sent * gain) < 5 * math.sqrt(sent * gain)
    assert 0 < plan.known <= 1
    assert (plan.single > 0) == (km == 5)


def test_single_photons_leave_nothing_to_split() -> None:
    link = QkdLink(length_km=50, detector=Detector(efficiency=0.5))
    alice, bob = end("ZX", sends=True), end("ZX")

    def clicks(eve: Eavesdropper | None, source: SinglePhotonSource | None) -> int:
        channel = photon_channel(alice, bob, pulses=1_000_000, link=link, eve=eve, source=source, seed=1)
        return int(count_clicks(channel, alice, bob, seed=2).clicks.sum())

    for source in (None, SinglePhotonSource(mean_photon_number=0.5, g2=0.1)):
        a, b = clicks(None, source), clicks(PhotonNumberSplitting(), source)
        assert abs(a - b) < 5 * math.sqrt(a + b)


@pytest.mark.parametrize("count", [2, 4])
def test_blinded_detectors_betray_nothing_and_eve_has_the_key(count: int) -> None:
    link = QkdLink(length_km=40, detector=Detector(efficiency=0.2, misalignment=0.02, count=count))
    alice = end("ZX", sends=True, intensities=LEVELS, intensity_chances=CHANCES)
    bob = end("ZX")
    channel = photon_channel(
        alice, bob, pulses=60_000_000, link=link, eve=DetectorBlinding(), seed=5, keep_notes=True
    )
    rng = np.random.default_rng(6)
    numbers, bits, errors, clicks = [], [], 0, np.zeros(3)
    while (batch := channel.propose()) is not None:
        hers, his = drawn_choices(alice, batch, rng), drawn_choices(bob, batch, rng)
        told = channel.detect(batch, hers, his).bob
        bases = his.bases[told.clicked] if told.bases is None else told.bases
        kept = bases == hers.bases[told.clicked]
        numbers.append(batch.numbers[told.clicked][kept])
        bits.append(told.bits[kept])
        errors += int((told.bits[kept] != hers.bits[told.clicked][kept]).sum())
        clicks += np.bincount(hers.intensities[told.clicked][kept], minlength=3)
    assert errors == 0
    hers = dict(zip(channel.overheard.numbers.tolist(), channel.overheard.bits.tolist(), strict=True))
    key = np.concatenate(bits)
    assert [hers[n] for n in np.concatenate(numbers).tolist()] == key.tolist()
    for mean, chance, got in zip(LEVELS, CHANCES, clicks, strict=True):
        want = 60_000_000 * chance / 2 * (1 - math.exp(-mean * link.efficiency))
        assert abs(got - want) < 5 * math.sqrt(want)


def test_blinding_among_three_bases_keeps_the_gain_too() -> None:
    link = QkdLink(length_km=30, detector=Detector(efficiency=0.3))
    alice, bob = end("ZXY", sends=True), end("ZXY")
    channel = photon_channel(alice, bob, pulses=2_000_000, link=link, eve=DetectorBlinding(), seed=5)
    counted = count_clicks(channel, alice, bob, seed=6)
    want = 2_000_000 / 9 * link.efficiency
    for basis in range(3):
        assert abs(counted.clicks[0, basis, basis] - want) < 5 * math.sqrt(want)
        assert counted.errors[0, basis, basis] == 0


def test_blinding_finds_a_key_where_there_is_none() -> None:
    length, _ = finite_key(split(DetectorBlinding()))
    assert length > 0


@pytest.mark.parametrize(
    ("text", "eve"),
    [
        ("intercept-resend", InterceptResend()),
        ("Intercept_Resend:0.25", InterceptResend(share=0.25)),
        ("intercept-resend::z", InterceptResend(bases=("Z",))),
        ("intercept-resend:1:12", InterceptResend(bases=("1", "2"))),
        ("photon-number-splitting:0.5", PhotonNumberSplitting(share=0.5)),
        ("pns", PhotonNumberSplitting()),
        ("blinding", DetectorBlinding()),
    ],
)
def test_eve_by_name(text: str, eve: Eavesdropper) -> None:
    assert eavesdropper(text) == eve
    assert eval(repr(eve)) == eve


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("intercept", r"^there is no eavesdropper 'intercept'; did you mean intercept-resend\?$"),
        ("mallory", r"^there is no eavesdropper 'mallory'; choose one of intercept-resend, "),
        ("intercept-resend:x", r"share='x' must be a number from 0 to 1$"),
        ("intercept-resend:1.5", r"^share=1.5 must be a number from 0 to 1$"),
        ("intercept-resend:nan", r"^share=nan must be a number from 0 to 1$"),
        ("blinding:1", r"has too many parts; give blinding$"),
        ("pns:1:2", r"give photon-number-splitting\[:SHARE\]$"),
        ("intercept-resend:1:ZZ", r"^bases=\('Z', 'Z'\) must be different names"),
    ],
)
def test_bad_texts(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        eavesdropper(text)
    with pytest.raises((UnknownEavesdropper, ValueError), match=told):
        eavesdropper(text)


def test_pairs_and_stations_have_no_photon_numbers_for_her() -> None:
    both, sending = end("ZX"), end("ZX", sends=True)
    with pytest.raises(ValueError, match=r"has nothing to act on here; on pairs there is InterceptResend$"):
        photon_channel(
            both, both, pulses=1, link=IDEAL, source=PairSource(mean_pairs=0.1), eve=PhotonNumberSplitting()
        )
    with pytest.raises(ValueError, match=r"has nothing to act on here; with a station"):
        photon_channel(sending, sending, pulses=1, link=IDEAL, eve=DetectorBlinding())
    assert set(EAVESDROPPERS) == {"intercept-resend", "photon-number-splitting", "blinding"}
