"""Gains and error rates against sums over photons, enumeration and pulses that are drawn one by one."""

import itertools
import math

import numpy as np
import pytest

from qnet.devices import Detector, PairSource
from qnet.qkd._detector_memory import detector_memory, pair_memory
from qnet.qkd.gains import coherent, detection, fock, mixture, pair_detection


def enumerated(n: int, shares: list[float], dark: float) -> dict[tuple[int, ...], float]:
    """Probability of every pattern of clicks when n photons fall on detectors with these shares of them."""
    lost = 1 - sum(shares)
    light: dict[tuple[int, ...], float] = {}
    for way in itertools.product(range(len(shares) + 1), repeat=n):
        weight = math.prod([*shares, lost][one] for one in way)
        pattern = tuple(int(d in way) for d in range(len(shares)))
        light[pattern] = light.get(pattern, 0.0) + weight
    made: dict[tuple[int, ...], float] = {}
    for pattern, weight in light.items():
        for noise in itertools.product((0, 1), repeat=len(shares)):
            chance = math.prod(dark if one else 1 - dark for one in noise)
            both = tuple(a | b for a, b in zip(pattern, noise, strict=True))
            made[both] = made.get(both, 0.0) + weight * chance
    return made


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4])
def test_two_detectors_by_enumeration(n: int) -> None:
    eta, wrong, dark = 0.3, 0.07, 0.02
    patterns = enumerated(n, [eta * (1 - wrong), eta * wrong], dark)
    seen = detection(fock(n), eta, Detector(efficiency=1.0, misalignment=wrong, dark_count_probability=dark))
    assert seen.gain == pytest.approx(1 - patterns[0, 0])
    assert seen.errors == pytest.approx(patterns.get((0, 1), 0) + patterns.get((1, 1), 0) / 2)


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_four_detectors_by_enumeration(n: int) -> None:
    eta, wrong, dark, share = 0.4, 0.05, 0.03, 0.7
    shares = [eta * share * (1 - wrong), eta * share * wrong, *[eta * (1 - share) / 2] * 2]
    gain = errors = 0.0
    for (right, false, a, b), chance in enumerated(n, shares, dark).items():
        chosen = 0.0 if not right + false else 0.5 if a + b else 1.0
        gain += chance * chosen
        errors += chance * chosen * (0 if not false else 0.5 if right else 1.0)
    detector = Detector(efficiency=1.0, misalignment=wrong, dark_count_probability=dark, count=4)
    seen = detection(fock(n), eta, detector, basis_share=share)
    assert seen.gain * share == pytest.approx(gain)
    assert seen.errors * share == pytest.approx(errors)


@pytest.mark.parametrize("count", [2, 4])
def test_laser_light_is_its_sum_over_photon_numbers(count: int) -> None:
    detector = Detector(efficiency=1.0, misalignment=0.03, dark_count_probability=1e-3, count=count)
    eta = np.array([0.01, 0.2, 0.9])
    mean = 0.7
    weights = [math.exp(-mean) * mean**n / math.factorial(n) for n in range(30)]
    whole = detection(coherent(mean), eta, detector)
    parts = [detection(fock(n), eta, detector) for n in range(30)]
    assert whole.gain == pytest.approx(sum(w * p.gain for w, p in zip(weights, parts, strict=True)))
    assert whole.errors == pytest.approx(sum(w * p.errors for w, p in zip(weights, parts, strict=True)))
    assert detection(mixture(weights), eta, detector).errors == pytest.approx(whole.errors)


def test_the_papers_approximations_are_near() -> None:
    """Q = Y₀+1−exp(−ημ) and E·Q = Y₀/2 + e_d(1−exp(−ημ)), to third order in ημ and first in Y₀·ημ."""
    detector = Detector.from_background(1e-6, efficiency=1.0, misalignment=0.02)
    seen = detection(coherent(0.5), 0.01, detector)
    light = 1 - math.exp(-0.005)
    assert seen.gain == pytest.approx(1e-6 + light, rel=2e-6)
    assert seen.errors == pytest.approx(0.5e-6 + 0.02 * light, rel=2e-4)


def test_the_same_pulse_law_is_that_of_lim() -> None:
    plain = Detector(efficiency=0.1, misalignment=0.005, dark_count_probability=6e-7)
    after = Detector(
        efficiency=0.1,
        misalignment=0.005,
        dark_count_probability=6e-7,
        afterpulse_probability=0.04,
        afterpulse_law="same pulse",
    )
    without, seen = detection(coherent(0.5), 0.02, plain), detection(coherent(0.5), 0.02, after)
    assert seen.gain == pytest.approx(without.gain * 1.04)
    assert seen.errors == pytest.approx(without.errors + 0.02 * without.gain)


def drawn(
    detector: Detector, eta: float, means: list[float], chances: list[float], share: float, pulses: int
) -> dict[str, np.ndarray]:
    """Pulses one by one: what is sifted, by intensity, in the first basis."""
    rng = np.random.default_rng(20261124)
    kind = rng.choice(len(means), size=pulses, p=chances)
    alice_first, bit = rng.random(pulses) < share, rng.integers(0, 2, pulses)
    bob_first = rng.random(pulses) < share
    noise = rng.random((pulses, 4, 2))
    coin = rng.random((pulses, 2))
    mean = eta * np.array(means)[kind]
    part = np.empty((pulses, 4))
    for basis, is_first in ((0, True), (1, False)):
        same = alice_first == is_first
        if detector.count == 4:
            weight = np.full(pulses, share if is_first else 1 - share)
        else:
            weight = (bob_first == is_first).astype(float)
        for outcome in (0, 1):
            right = np.where(bit == outcome, 1 - detector.misalignment, detector.misalignment)
            part[:, 2 * basis + outcome] = weight * np.where(same, right, 0.5)
    quiet = np.exp(-mean[:, None] * part) * (1 - detector.dark_count_probability)
    if detector.count == 2:  # The same two detectors for both bases: keep them in the columns of Bob's.
        pick = np.where(bob_first, 0, 2)[:, None] + np.arange(2)
        quiet = np.take_along_axis(quiet, pick, axis=1)
    fires = noise[:, : detector.count, 0] > quiet
    again = noise[:, : detector.count, 1] < detector.afterpulse_probability
    gain, errors, sent = (np.zeros(len(means)) for _ in range(3))
    dead, before = 0, np.zeros(detector.count, dtype=bool)
    for i in range(pulses):
        sifting = alice_first[i] and (detector.count == 4 or bob_first[i])
        if sifting or (detector.count == 4 and alice_first[i]):
            sent[kind[i]] += 1
        if dead:
            dead -= 1
            continue
        clicks = fires[i] | (before & again[i])
        before = clicks
        if not clicks.any():
            continue
        dead = detector.dead_time_pulses
        if not sifting:
            continue
        if detector.count == 4:
            first, second = clicks[:2].any(), clicks[2:].any()
            if not first or (second and coin[i, 0] < 0.5):
                continue
        result = int(coin[i, 1] < 0.5) if clicks[0] and clicks[1] else int(clicks[1])
        gain[kind[i]] += 1
        errors[kind[i]] += result != bit[i]
    return {"gain": gain, "errors": errors, "sent": sent}


@pytest.mark.parametrize("count", [2, 4])
@pytest.mark.parametrize(("after", "dead"), [(0.0, 3), (0.25, 0), (0.25, 3)])
def test_dead_time_and_afterpulses_by_drawing_pulses(count: int, after: float, dead: int) -> None:
    detector = Detector(
        efficiency=1.0,
        misalignment=0.06,
        dark_count_probability=0.01,
        afterpulse_probability=after,
        dead_time_pulses=dead,
        count=count,
    )
    means, chances, share, eta = [0.9, 0.2, 0.0], [0.5, 0.3, 0.2], 0.7, 0.5
    counted = drawn(detector, eta, means, chances, share, 120_000)
    memory = detector_memory(
        [(c, coherent(m)) for c, m in zip(chances, means, strict=True)],
        eta,
        detector,
        matched=share**2 + (1 - share) ** 2,
        basis_share=share,
    )
    for i, mean in enumerate(means):
        seen = detection(coherent(mean), eta, detector, memory=memory, basis_share=share)
        scale = share if count == 4 else 1.0
        for name, value in (("gain", seen.gain * scale), ("errors", seen.errors * scale)):
            sent = counted["sent"][i]
            spread = 5 * math.sqrt(sent * value * (1 - value) * (2 if after else 1))
            assert abs(counted[name][i] - sent * value) < spread, (name, mean)


def pair_sums(
    mean_pairs: float, etas: tuple[float, float], dark: float, turned: float
) -> tuple[float, float]:
    """Gain and errors by summing over the pairs of both modes, and over patterns of clicks."""
    half = mean_pairs / 2
    gain = errors = 0.0
    for one, two in itertools.product(range(40), repeat=2):
        weight = half ** (one + two) / (1 + half) ** (one + two + 2)
        click = [
            [(1 - (1 - dark) * (1 - eta) ** n, (1 - dark) * (1 - eta) ** n) for n in (one, two)]
            for eta in etas
        ]
        ends = []
        for (a, not_a), (b, not_b) in click:
            ends.append((a * not_b + a * b / 2, not_a * b + a * b / 2))
        gain += weight * sum(ends[0]) * sum(ends[1])
        differ = ends[0][0] * ends[1][1] + ends[0][1] * ends[1][0]
        agree = ends[0][0] * ends[1][0] + ends[0][1] * ends[1][1]
        errors += weight * (differ * (1 - turned) + agree * turned)
    return gain, errors


@pytest.mark.parametrize(
    ("mean_pairs", "etas", "dark"),
    [(0.05, (0.1, 0.02), 1e-4), (0.5, (0.6, 0.3), 0.01), (0.2, (1.0, 1.0), 0.0)],
)
def test_pairs_by_photon_number_sums(mean_pairs: float, etas: tuple[float, float], dark: float) -> None:
    detector = Detector(efficiency=1.0, dark_count_probability=dark)
    seen = pair_detection(mean_pairs, etas, (detector, detector), 0.015)
    gain, errors = pair_sums(mean_pairs, etas, dark, 0.015)
    assert seen.gain == pytest.approx(gain, rel=1e-9)
    assert seen.errors == pytest.approx(errors, rel=1e-9)


def test_pairs_follow_ma_fung_and_lo() -> None:
    lam, a, b, y0, e_d = 0.053, 0.01, 0.02, 6e-6, 0.015
    detector = Detector.from_background(y0, efficiency=1.0)
    seen = pair_detection(2 * lam, (a, b), (detector, detector), e_d)
    both = 1 + lam * (a + b - a * b)
    gain = 1 - (1 - y0) / (1 + a * lam) ** 2 - (1 - y0) / (1 + b * lam) ** 2 + (1 - y0) ** 2 / both**2
    errors = gain / 2 - 2 * (0.5 - e_d) * a * b * lam * (1 + lam) / ((1 + a * lam) * (1 + b * lam) * both)
    assert seen.gain == pytest.approx(gain, rel=1e-6)
    assert seen.errors == pytest.approx(errors, rel=1e-3)


def test_pairs_keep_their_digits_at_high_loss() -> None:
    ideal = Detector(efficiency=1.0)
    seen = pair_detection(0.1, (1e-9, 1e-9), (ideal, ideal), 0.0)
    n = np.arange(100)
    coincidences = (PairSource(mean_pairs=0.1).pair_number(n) * n**2).sum() * 1e-18
    assert seen.gain == pytest.approx(coincidences, rel=1e-6)


def drawn_pairs(
    detector: Detector, eta: float, mean_pairs: float, share: float, pulses: int, seed: int
) -> dict[str, float]:
    """Passive receivers at both ends, one end alone kept for its clicks; photons one by one."""
    rng = np.random.default_rng(seed)
    half = mean_pairs / 2
    counted = {"gain": 0.0, "errors": 0.0, "clicks": 0.0}
    numbers = rng.geometric(1 / (1 + half), size=(pulses, 2)) - 1
    for one, two in numbers:
        results = []
        for _ in range(2):
            modes = [0] * one + [1] * two
            seen = [m for m in modes if rng.random() < eta]
            first = [m for m in seen if rng.random() < share]
            clicked = set(first) | {d for d in (0, 1) if rng.random() < detector.dark_count_probability}
            other = len(seen) > len(first) or rng.random() > (1 - detector.dark_count_probability) ** 2
            counted["clicks"] += bool(clicked or other) / 2
            if not clicked or (other and rng.random() < 0.5):
                break
            results.append(int(rng.random() < 0.5) if len(clicked) == 2 else clicked.pop())
        if len(results) == 2:
            counted["gain"] += 1
            counted["errors"] += results[0] != results[1]
    return counted


def test_pairs_and_passive_receivers_by_drawing_photons() -> None:
    detector = Detector(efficiency=1.0, dark_count_probability=0.02, count=4)
    seen = pair_detection(0.8, (0.7, 0.7), (detector, detector), 0.0, basis_share=0.6)
    counted = drawn_pairs(detector, 0.7, 0.8, 0.6, 40_000, 7)
    for name, value in (("gain", seen.gain * 0.36), ("errors", seen.errors * 0.36)):
        assert abs(counted[name] - 40_000 * value) < 5 * math.sqrt(40_000 * value * (1 - value)), name


def test_passive_receivers_of_all_light_are_active_ones() -> None:
    two, four = (Detector(efficiency=1.0, dark_count_probability=1e-4, count=n) for n in (2, 4))
    active = pair_detection(0.3, (0.2, 0.1), (two, two), 0.01)
    passive = pair_detection(0.3, (0.2, 0.1), (four, four), 0.01, basis_share=1 - 1e-12)
    assert passive.gain == pytest.approx(active.gain, rel=1e-3)
    assert passive.errors == pytest.approx(active.errors, rel=1e-2)


def thermal_silence(shares: np.ndarray, half: float) -> float:
    """No click of detectors that see two thermal modes with this efficiency matrix, by sums over photons.

    The modes in which the matrix is diagonal are thermal as well.
    """
    n = np.arange(400)
    return float(
        np.prod([(half**n / (1 + half) ** (n + 1) * (1 - s) ** n).sum() for s in np.linalg.eigvalsh(shares)])
    )


@pytest.mark.parametrize("after", [0.0, 0.3])
def test_a_pair_sources_end_remembers_its_clicks(after: float) -> None:
    """A chain of the live pulses of one end, over which detectors clicked, put up as a matrix."""
    dark, eta, share, half = 0.03, 0.6, 0.7, 0.2
    detector = Detector(
        efficiency=1.0, dark_count_probability=dark, afterpulse_probability=after, dead_time_pulses=4, count=4
    )
    looks = [np.array([[1, 0], [0, 0]]), np.array([[0, 0], [0, 1]]), np.full((2, 2), 0.5)]
    looks = [*looks, np.array([[0.5, -0.5], [-0.5, 0.5]])]
    weights = [share, share, 1 - share, 1 - share]
    patterns = list(itertools.product((0, 1), repeat=4))
    quiet = {}
    for chosen in patterns:
        m = sum(eta * w * look * c for w, look, c in zip(weights, looks, chosen, strict=True))
        quiet[chosen] = thermal_silence(np.asarray(m, dtype=float) * np.ones((2, 2)), half) * (
            1 - dark
        ) ** sum(chosen)
    step = np.zeros((16, 16))
    for i, before in enumerate(patterns):
        still = {
            c: quiet[c] * (1 - after) ** sum(a * b for a, b in zip(c, before, strict=True)) for c in patterns
        }
        for j, clicks in enumerate(patterns):
            free = [k for k in range(4) if clicks[k]]
            for extra in itertools.product((0, 1), repeat=len(free)):
                silent = [1 - c for c in clicks]
                for k, e in zip(free, extra, strict=True):
                    silent[k] = e
                step[i, j] += (-1) ** sum(extra) * still[tuple(silent)]
    values, vectors = np.linalg.eig(step.T)
    rest = np.real(vectors[:, np.argmax(np.real(values))])
    rest = rest / rest.sum()
    click = 1 - rest[0]
    memory = pair_memory(2 * half, eta, detector, basis_share=share)
    assert memory.live == pytest.approx(1 / (1 + 4 * click))
    if after:
        lone = sum(r * (1 - after) ** p[0] for r, p in zip(rest, patterns, strict=True))
        assert memory.silent(1, 0) == pytest.approx(lone)
        third = sum(r * (1 - after) ** (p[2] + p[3] + p[0]) for r, p in zip(rest, patterns, strict=True))
        assert memory.silent(1, 2) == pytest.approx(third)
        assert memory.turned().silent(2, 1) == pytest.approx(third)


def test_dead_time_of_one_end_of_a_pair_source() -> None:
    detector = Detector(efficiency=1.0, dead_time_pulses=9)
    n = np.arange(200)
    click = (PairSource(mean_pairs=0.4).pair_number(n) * (1 - 0.7**n)).sum()
    assert pair_memory(0.4, 0.3, detector).live == pytest.approx(1 / (1 + 9 * click))
