"""Intervals against sinter's and against their definition; fits against counts drawn from a known truth."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import sinter

from decoders import error_rate, fit_lambda, fit_threshold
from decoders.statistics import likelihood_interval


def stats(shots: int, errors: int, discards: int = 0, **metadata: float) -> sinter.TaskStats:
    return sinter.TaskStats(
        strong_id="x",
        decoder="",
        json_metadata=metadata or None,
        shots=shots,
        errors=errors,
        discards=discards,
    )


@pytest.mark.parametrize("factor", [9.0, 1000.0])
@pytest.mark.parametrize(("errors", "shots"), [(0, 50), (1, 50), (25, 50), (49, 50), (50, 50), (70, 90_000)])
def test_intervals_are_those_of_sinter(errors: int, shots: int, factor: float) -> None:
    ours = likelihood_interval(errors=errors, shots=shots, max_likelihood_factor=factor)
    theirs = sinter.fit_binomial(num_shots=shots, num_hits=errors, max_likelihood_factor=factor)
    step = 0.02 / shots  # sinter looks in steps of a hundredth of an error
    for name in ("low", "best", "high"):
        assert getattr(ours, name) == pytest.approx(getattr(theirs, name), abs=step, rel=1e-3)


@pytest.mark.parametrize("factor", [2.0, 1000.0])
@pytest.mark.parametrize(("errors", "shots"), [(1, 3), (5, 7), (10**4, 10**9), (10**7, 10**11), (1, 10**12)])
def test_both_ends_are_less_likely_by_the_factor(errors: int, shots: int, factor: float) -> None:
    fit = likelihood_interval(errors=errors, shots=shots, max_likelihood_factor=factor)
    for p in (fit.low, fit.high):
        shift = (p - fit.best) / fit.best
        loss = errors * math.log1p(shift) + (shots - errors) * math.log1p(-(p - fit.best) / (1 - fit.best))
        assert loss == pytest.approx(-math.log(factor), rel=1e-5)
    assert fit.low < fit.best < fit.high
    if errors > 10**6:
        sigmas = math.sqrt(2 * math.log(factor))
        assert fit.high - fit.best == pytest.approx(sigmas * math.sqrt(errors) / shots, rel=1e-2)


def test_without_errors_or_without_shots() -> None:
    none = likelihood_interval(errors=0, shots=200, max_likelihood_factor=100)
    assert (none.low, none.best) == (0, 0)
    assert (1 - none.high) ** 200 == pytest.approx(1 / 100)
    everything = likelihood_interval(errors=200, shots=200, max_likelihood_factor=100)
    assert (everything.best, everything.high) == (1, 1)
    assert everything.low == pytest.approx(1 - none.high)
    empty = likelihood_interval(errors=0, shots=0)
    assert (empty.low, empty.best, empty.high) == (0, 0.5, 1)
    one = likelihood_interval(errors=3, shots=10, max_likelihood_factor=1)
    assert one.low == pytest.approx(one.high) == pytest.approx(0.3)


def test_discards_are_left_out() -> None:
    assert error_rate(stats(1000, 30, 400)) == error_rate(stats(600, 30))


@pytest.mark.parametrize("errors", [0, 3, 499, 500, 700, 1000])
@pytest.mark.parametrize("rounds", [1, 3, 12])
def test_rates_per_round_are_those_of_sinter(errors: int, rounds: int) -> None:
    ours, per_shot = error_rate(stats(1000, errors), rounds=rounds), error_rate(stats(1000, errors))
    theirs = sinter.shot_error_rate_to_piece_error_rate(per_shot, pieces=rounds)
    for name in ("low", "best", "high"):
        assert getattr(ours, name) == pytest.approx(getattr(theirs, name), abs=1e-12)
    if errors < 500:
        assert (1 - (1 - 2 * ours.best) ** rounds) / 2 == pytest.approx(errors / 1000)


def test_wrong_arguments_of_intervals() -> None:
    with pytest.raises(ValueError, match=r"^max_likelihood_factor=0.5 is below 1; 1000 is usual$"):
        error_rate(stats(10, 1), max_likelihood_factor=0.5)
    with pytest.raises(ValueError, match=r"^rounds=0 is no number of rounds; give one above 0$"):
        error_rate(stats(10, 1), rounds=0)
    with pytest.raises(ValueError, match=r"^errors=11 does not lie between 0 and shots=10; give counts"):
        likelihood_interval(errors=11, shots=10)


def pulls(fit: Callable[[np.random.Generator], tuple[float, float]], truth: float, times: int) -> np.ndarray:
    """How many of its own standard errors each of many fits is off."""
    rng = np.random.default_rng(12)
    found = np.array([fit(rng) for _ in range(times)])
    return (found[:, 0] - truth) / found[:, 1]


def assert_honest(pulls: np.ndarray) -> None:
    """Mean 0 and standard deviation 1, within five standard errors (and the scale of a good χ²)."""
    times = len(pulls)
    assert abs(pulls.mean()) < 5 / math.sqrt(times)
    assert abs(pulls.std() - 1) < 5 / math.sqrt(2 * times)


def test_lambda_is_honest_about_its_error() -> None:
    def fit(rng: np.random.Generator) -> tuple[float, float]:
        points = []
        for d in (3, 5, 7, 9, 11):
            per_round = 0.1 * 2.5 ** (-(d + 1) / 2)
            p = (1 - (1 - 2 * per_round) ** d) / 2
            points.append(stats(20_000, int(rng.binomial(20_000, p)), d=d))
        found = fit_lambda(points, rounds="d")
        return found.value, found.stderr

    assert_honest(pulls(fit, 2.5, 100))


def test_lambda_counts_points_without_errors() -> None:
    known = [stats(10**5, 1_000, d=3), stats(10**5, 100, d=5)]
    without = fit_lambda(known)
    assert without.value == pytest.approx(10, rel=1e-6)
    assert without.prefactor == pytest.approx(1, rel=1e-4)
    assert without.error_rate(7) == pytest.approx(1e-4, rel=1e-4)
    # relative errors of 1/√1000 and 1/√100 of the two rates add in squares
    expected = 10 * math.sqrt((1 - 0.01) / 1_000 + (1 - 0.001) / 100)
    assert without.stderr == pytest.approx(expected, rel=1e-3)
    assert (without.dof, without.chi2) == (0, pytest.approx(0, abs=1e-6))
    assert fit_lambda([*known, stats(10**5, 0, d=7)]).value > without.value


def test_a_law_that_does_not_hold_has_a_larger_error() -> None:
    bent = [stats(10**6, errors, d=d) for d, errors in ((3, 40_000), (5, 9_000), (7, 4_000))]
    found = fit_lambda(bent)
    assert found.chi2 / found.dof > 50
    straight = [stats(10**6, errors, d=d) for d, errors in ((3, 40_000), (5, 12_649), (7, 4_000))]
    assert found.stderr > 5 * fit_lambda(straight).stderr


def test_thresholds_are_honest_about_their_error() -> None:
    def fit(rng: np.random.Generator) -> tuple[float, float]:
        points = []
        for d in (5, 7, 9, 11):
            for p in np.linspace(0.0065, 0.0085, 5):
                x = (p - 0.0074) * d ** (1 / 1.3)
                points.append(stats(20_000, int(rng.binomial(20_000, 0.12 + 9 * x + 150 * x**2)), d=d, p=p))
        found = fit_threshold(points)
        return found.value, found.stderr

    assert_honest(pulls(fit, 0.0074, 40))


def test_a_threshold_tells_its_exponent_and_rate() -> None:
    rng = np.random.default_rng(3)
    points = []
    for d in (5, 9, 13):
        for p in np.linspace(0.09, 0.115, 7):
            x = (p - 0.103) * d ** (1 / 1.5)
            points.append(stats(10**6, int(rng.binomial(10**6, 0.16 + 1.5 * x + x**2)), d=d, p=float(p)))
    found = fit_threshold(points)
    assert abs(found.value - 0.103) < 5 * found.stderr < 0.001
    assert abs(found.exponent - 1.5) < 5 * found.exponent_stderr < 0.5
    assert found.error_rate == pytest.approx(0.16, abs=1e-3)
    assert 0 < found.chi2 < 3 * found.dof


def test_equal_points_are_added_and_keys_may_be_functions() -> None:
    halves = [stats(5_000, 50, distance=3), stats(5_000, 50, distance=3), stats(10_000, 10, distance=5)]
    whole = [stats(10_000, 100, d=3), stats(10_000, 10, d=5)]
    assert fit_lambda(halves, distance=lambda s: s.json_metadata["distance"]) == fit_lambda(whole)


def test_what_cannot_be_fitted() -> None:
    with pytest.raises(
        ValueError, match=r"^distance='d' is no number in the metadata {'p': 1}; name a key th"
    ):
        fit_lambda([stats(10, 1, p=1)])
    with pytest.raises(ValueError, match=r"^stats hold 1 distance; Λ compares distances: give at least two$"):
        fit_lambda([stats(10, 1, d=3), stats(0, 0, d=5)])
    with pytest.raises(
        ValueError, match=r"^stats hold no error in 20 shots; take more shots, or more noise$"
    ):
        fit_lambda([stats(10, 0, d=3), stats(10, 0, d=5)])
    with pytest.raises(ValueError, match=r"^rounds=0 gives 0 for a point; they must be above 0$"):
        fit_lambda([stats(10, 1, d=3), stats(10, 0, d=5)], rounds=0)
    with pytest.raises(
        ValueError, match=r"^stats hold 2 points of 2 distances and 1 noises; a crossing needs"
    ):
        fit_threshold([stats(10, 1, d=3, p=0.1), stats(10, 0, d=5, p=0.1)])
    apart = [stats(10_000, int(10_000 * p * 9 / d), d=d, p=p) for d in (3, 5) for p in (0.01, 0.02, 0.03)]
    with pytest.raises(ValueError, match=r"^stats do not cross between the noises 0.01 and 0.03; add points"):
        fit_threshold(apart)
