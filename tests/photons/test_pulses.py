"""The model that draws only clicks beside one that draws every photon; memory; seeds; bad input."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from support.quantum_layers import end

from qnet.devices import Detector, PairSource
from qnet.qkd.eavesdroppers import InterceptResend
from qnet.qkd.link import QkdLink
from qnet.qkd.photons import count_clicks, drawn_choices, photon_channel
from qnet.qkd.quantum import Batch, Choices, QuantumChannel

DETECTOR = Detector(
    efficiency=0.7,
    dark_count_probability=0.01,
    misalignment=0.05,
    afterpulse_probability=0.2,
    dead_time_pulses=2,
)
LINK = QkdLink(transmittance=0.6, detector=DETECTOR)
ALICE = end("ZX", sends=True, intensities=(0.8, 0.2))
BOB = end("ZX")


def ends_of_pairs(pulses: int, mean: float, seed: int) -> np.ndarray:
    """Every photon of every pulse, both ends measuring Z: what each end saw, 0 nothing, else 1 + its bit."""
    rng = np.random.default_rng(seed)
    half = mean / 2
    numbers = rng.geometric(1 / (1 + half), size=(pulses, 2)) - 1
    seen = rng.binomial(numbers[:, None, :], DETECTOR.efficiency * 0.6**0.5, size=(pulses, 2, 2)) > 0
    seen |= rng.random((pulses, 2, 2)) < DETECTOR.dark_count_probability
    again = rng.random((pulses, 2, 2)) < DETECTOR.afterpulse_probability
    found = np.zeros((pulses, 2), np.uint8)
    for side in range(2):
        before, dead = np.zeros(2, bool), 0
        for i in range(pulses):
            if dead:
                dead -= 1
                continue
            clicks = seen[i, side] | (before & again[i, side])
            before = clicks
            if clicks.any():
                dead = DETECTOR.dead_time_pulses
                found[i, side] = 1 + (rng.random() < 0.5 if clicks.all() else clicks[1])
    flip = (rng.random(pulses) < DETECTOR.misalignment) & (found[:, 1] > 0)
    found[flip, 1] = 3 - found[flip, 1]
    return found


def test_two_ends_that_remember_beside_every_photon() -> None:
    """Coincidences, singles, and clicks soon after clicks, where the ends' memories mix."""
    pulses, both = 120_000, end("Z")
    source = PairSource(mean_pairs=0.5)
    ours = np.zeros((20 * pulses, 2), np.uint8)
    channel = photon_channel(both, both, pulses=len(ours), link=LINK, source=source, seed=1)
    while (batch := channel.propose()) is not None:
        nothing = Choices(bases=np.zeros(len(batch), np.uint8))
        told = channel.detect(batch, nothing, nothing)
        for side, clicks in enumerate((told.alice, told.bob)):
            ours[batch.numbers[clicks.clicked], side] = 1 + clicks.bits
    theirs = ends_of_pairs(pulses, 0.5, seed=2)

    def shares(found: np.ndarray) -> np.ndarray:
        kinds = np.bincount(found[:, 0] * 3 + found[:, 1], minlength=9) / len(found)
        later = [
            np.mean((found[:-k, a] > 0) & (found[k:, b] > 0))
            for k in (1, 2, 3, 4)
            for a in (0, 1)
            for b in (0, 1)
        ]
        return np.array([*kinds, *later])

    want, got = shares(theirs), shares(ours)
    spread = np.sqrt(np.maximum(want, 1e-5) * (1 / pulses + 1 / len(ours)) * 1.5)
    assert np.all(abs(want - got) < 5 * spread)
    assert got[[9, 12, 13, 16]].max() == 0, "clicks of one end in its own dead time"


def test_memory_is_flat_in_the_pulses_and_time_goes_with_clicks() -> None:
    far = QkdLink(length_km=350, detector=Detector(efficiency=0.2, dark_count_probability=1e-10))
    peaks = []
    for pulses in (10**10, 10**15):
        channel = photon_channel(ALICE, BOB, pulses=pulses, link=far, seed=1, batch=2**12)
        tracemalloc.start()
        for _ in range(40):
            batch = channel.propose()
            if batch is None:
                break
            rng = np.random.default_rng(1)
            channel.detect(batch, drawn_choices(ALICE, batch, rng), drawn_choices(BOB, batch, rng))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert max(peaks) < 2_000_000
    counted = count_clicks(photon_channel(ALICE, BOB, pulses=10**12, link=far, seed=3), ALICE, BOB, seed=4)
    assert 10_000 < counted.proposed < 40_000


def test_eves_notes_are_kept_only_if_asked_for() -> None:
    eve = InterceptResend(share=0.5, bases=("X",))
    for kept in (False, True):
        channel = photon_channel(ALICE, BOB, pulses=20_000, link=LINK, eve=eve, seed=1, keep_notes=kept)
        clicks = count_clicks(channel, ALICE, BOB, seed=2).singles[1]
        assert channel.overheard.names == ("X",)
        assert abs(len(channel.overheard.numbers) - kept * clicks / 2) <= kept * 5 * np.sqrt(clicks / 4)
        assert len(channel.overheard.bits) == len(channel.overheard.bases) == len(channel.overheard.numbers)


def test_numbers_rise_and_cover_what_clicks() -> None:
    """Without light, only dark counts and their afterpulses are proposed, each pulse once."""
    dark = end("Z", sends=True, intensities=(0.0,))
    detector = Detector(
        efficiency=0.5, dark_count_probability=1e-3, afterpulse_probability=0.3, dead_time_pulses=7
    )
    channel = photon_channel(
        dark,
        end("Z"),
        pulses=2_000_000,
        link=QkdLink(transmittance=1.0, detector=detector),
        seed=1,
        batch=100,
    )
    numbers, clicked, rng = [], [], np.random.default_rng(1)
    while (batch := channel.propose()) is not None:
        told = channel.detect(
            batch, drawn_choices(dark, batch, rng), Choices(bases=np.zeros(len(batch), np.uint8))
        )
        numbers.append(batch.numbers)
        clicked.append(batch.numbers[told.bob.clicked])
        assert told.alice is None
    all_numbers, clicks = np.concatenate(numbers), np.concatenate(clicked)
    assert np.all(np.diff(all_numbers) > 0)
    assert all_numbers[0] >= 0
    assert all_numbers[-1] < 2_000_000
    gaps = np.diff(clicks)
    assert gaps.min() == 8
    share = np.mean(gaps == 8)
    assert abs(share - (1 - 0.7 * 0.998)) < 5 * np.sqrt(0.3 * 0.7 / len(gaps)) + 1e-3


@pytest.mark.parametrize("eve", [None, InterceptResend(share=0.4)])
def test_equal_seeds_give_equal_clicks_and_others_do_not(eve: InterceptResend | None) -> None:
    def run(seed: int | None) -> np.ndarray:
        channel = photon_channel(ALICE, BOB, pulses=20_000, link=LINK, eve=eve, seed=seed)
        return count_clicks(channel, ALICE, BOB, seed=1).clicks

    assert np.array_equal(run(1), run(1))
    assert not np.array_equal(run(1), run(2))
    assert not np.array_equal(run(None), run(None))


def test_it_is_a_quantum_channel() -> None:
    channel = photon_channel(ALICE, BOB, pulses=10, link=LINK)
    assert isinstance(channel, QuantumChannel)
    assert channel.simulated
    assert channel.pulses == 10
    assert channel.ceiling == pytest.approx(1 - np.exp(-0.8 * 0.42) * 0.99**2)


def test_no_light_and_no_dark_counts_end_at_once() -> None:
    dark = end("Z", sends=True, intensities=(0.0,))
    link = QkdLink(transmittance=1.0, detector=Detector(efficiency=1.0))
    assert photon_channel(dark, end("Z"), pulses=10**6, link=link).propose() is None


def test_a_sure_click_in_every_pulse() -> None:
    sure = QkdLink(transmittance=1.0, detector=Detector(efficiency=1.0))
    alice, bob = end("ZXY", sends=True), end("ZXY")
    counted = count_clicks(photon_channel(alice, bob, pulses=5_000, link=sure, seed=1), alice, bob, seed=2)
    assert counted.clicks.sum() == 5_000
    assert all(counted.error_rate(k, k) == 0 for k in range(3))
    assert 0.4 < counted.error_rate(0, 1) < 0.6


def test_counts_add() -> None:
    one, two = (
        count_clicks(photon_channel(ALICE, BOB, pulses=10_000, link=LINK, seed=s), ALICE, BOB, seed=s)
        for s in (1, 2)
    )
    assert (one + two).pulses == 20_000
    assert np.array_equal((one + two).clicks, one.clicks + two.clicks)
    assert (one + two).singles[1] == one.singles[1] + two.singles[1]


FOUR = QkdLink(transmittance=0.5, detector=Detector(efficiency=0.5, count=4))
CURVE = QkdLink(length_km=[1, 2], detector=DETECTOR)
PAIRS = PairSource(mean_pairs=0.1)


@pytest.mark.parametrize(
    ("ends", "options", "told"),
    [
        ((ALICE, BOB), {"pulses": 0}, r"^pulses=0 must be a whole number from 1"),
        ((ALICE, BOB), {"pulses": 1.5}, r"^pulses=1.5 must be a whole number"),
        ((ALICE, BOB), {"batch": 2**21}, r"^batch=2097152 must be a whole number from 1 to 1048576$"),
        ((ALICE, BOB), {"seed": -1}, r"^seed=-1 must be a whole number from 0, or None$"),
        ((ALICE, BOB), {"link": CURVE}, r"^link holds 2 channels; give one$"),
        ((ALICE, BOB), {"link": 5}, r"^link=5 is no QkdLink"),
        ((ALICE, BOB), {"source": PAIRS}, r"is none that an end sends from"),
        (
            (end("ZXY", sends=True), end("ZXY")),
            {"link": FOUR},
            r"^bob has the bases Z, X, Y, and four detectors",
        ),
        ((end("ZQ", sends=True), BOB), {}, r"^basis 'Q' is unknown"),
        ((BOB, ALICE), {}, r"^bob sends and alice does not"),
        ((BOB, BOB), {}, r"^source=None, but both ends measure"),
        ((BOB, BOB), {"source": PAIRS, "source_position": 2}, r"^source_position=2.0 is out of range"),
        ((ALICE, BOB), {"eve": InterceptResend(bases=("Q",))}, r"^basis 'Q' is unknown"),
    ],
)
def test_what_does_not_fit_is_refused(ends, options, told) -> None:
    with pytest.raises(ValueError, match=told):
        photon_channel(*ends, **{"pulses": 10, "link": LINK, **options})


def test_choices_must_fit_the_batch() -> None:
    channel = photon_channel(ALICE, BOB, pulses=1000, link=LINK, seed=1)
    batch = channel.propose()
    rng = np.random.default_rng(1)
    alice, bob = drawn_choices(ALICE, batch, rng), drawn_choices(BOB, batch, rng)
    for wrong, told in (
        (
            (alice, replace(bob, bases=bob.bases[1:])),
            r"^bob.bases are uint8 of shape .* one a pulse of the last",
        ),
        ((alice, replace(bob, bases=bob.bases.astype(int))), r"^bob.bases are int64 of shape"),
        ((alice, replace(bob, bases=bob.bases + np.uint8(1))), r"^bob.bases hold 2; .* numbers from 0 to 1$"),
        ((replace(alice, bits=None), bob), r"^alice.bits=None, but this end chooses them"),
        ((replace(alice, bits=alice.bits * np.uint8(3)), bob), r"^alice.bits hold 3; "),
        ((replace(alice, intensities=None), bob), r"^alice.intensities=None, but this end chooses them"),
        ((replace(alice, intensities=alice.bits + np.uint8(7)), bob), r"^alice.intensities hold 8; "),
    ):
        with pytest.raises(ValueError, match=told):
            channel.detect(batch, *wrong)
    channel.detect(batch, alice, bob)
    with pytest.raises(ValueError, match=r"^batch holds \d+ pulses, but 0 were proposed last"):
        channel.detect(Batch(numbers=batch.numbers), alice, bob)
