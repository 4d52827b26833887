"""The optimiser: on landscapes whose summits are known."""

import numpy as np
import pytest

from qnet.qkd.optimisation import Optimum, Range, maximise


def test_a_narrow_bent_ridge_is_climbed_to_its_top():
    """Rosenbrock's valley upside down, at other places for every point of the curve."""
    a = np.linspace(0.3, 1.2, 7)

    def score(values, points):
        return 1 - (a[points] - values["x"]) ** 2 - 100 * (values["y"] - values["x"] ** 2) ** 2

    best = maximise(
        score, {"x": Range(low=-2.0, high=2.0), "y": Range(low=-1.0, high=3.0)}, points=7, precision=1e-9
    )
    assert best.parameters["x"] == pytest.approx(a, abs=2e-3)
    assert best.parameters["y"] == pytest.approx(a**2, abs=4e-3)
    assert best.score == pytest.approx(np.ones(7), abs=1e-6)


def test_the_higher_of_many_summits_is_found():
    """Eggs in a box, one of which is higher: local summits do not hold the search."""

    def score(values, points):
        x, y = values["x"], values["y"]
        return np.cos(20 * (x - 0.63)) * np.cos(20 * (y - 0.31)) - 3 * (x - 0.63) ** 2 - 3 * (y - 0.31) ** 2

    best = maximise(score, {"x": Range(low=0.0, high=1.0), "y": Range(low=0.0, high=1.0)}, points=1, starts=8)
    assert best.score[0] == pytest.approx(1.0, abs=1e-3)


def test_neighbours_lend_each_other_what_they_found():
    """A summit too narrow to be hit by the scatter is reached along the curve, from where it is broad."""
    width = np.geomspace(0.3, 1e-3, 40)

    def score(values, points):
        distance = np.abs(values["x"] - 0.777 - 0.0005 * points) + np.abs(values["y"] - 0.111)
        return np.where(distance < width[points], 1 - distance, -1.0)

    ranges = {"x": Range(low=0.0, high=1.0), "y": Range(low=0.0, high=1.0)}
    best = maximise(score, ranges, points=40, scatter=16, starts=2)
    assert (best.score > 0.99).all()


def test_what_cannot_be_is_avoided():
    """NaN counts as the worst, and the search ends at the edge of what can be."""
    best = maximise(
        lambda values, points: np.where(values["x"] < 0.25, values["x"], np.nan),
        {"x": Range(low=0.0, high=1.0)},
        points=1,
        precision=1e-7,
    )
    assert best.parameters["x"][0] == pytest.approx(0.25, abs=1e-3)


def test_equal_questions_get_equal_answers():
    """Nothing is drawn at random."""

    def score(values, points):
        return -((values["x"] - 0.1 * points) ** 2)

    first, second = (maximise(score, {"x": Range(low=0.0, high=1.0)}, points=5) for _ in range(2))
    assert np.array_equal(first.parameters["x"], second.parameters["x"])
    assert first.evaluations == second.evaluations


def test_guesses_count_as_starts():
    """A needle that only the guess hits."""
    best = maximise(
        lambda values, points: 1.0 * (np.abs(values["x"] - 0.123456) < 1e-6),
        {"x": Range(low=0.0, high=1.0)},
        points=1,
        guesses=({"x": 0.123456},),
    )
    assert best.score[0] == 1.0


def test_nothing_free_is_evaluated_as_it_is():
    """Without a free parameter the score is that of each point."""
    found = maximise(lambda values, points: points * 1.0, {}, points=3)
    assert isinstance(found, Optimum)
    assert found.score.tolist() == [0.0, 1.0, 2.0]


@pytest.mark.parametrize("span", [Range(low=0.01, high=2.0), Range(low=0.01, high=2.0, logarithmic=True)])
def test_shares_and_values_are_inverse(span):
    """From a share to a value and back."""
    shares = np.linspace(0, 1, 11)
    assert span.share(span.at(shares)) == pytest.approx(shares, abs=1e-12)
    assert (span.at(0.0), span.at(1.0)) == pytest.approx((0.01, 2.0))


def test_bad_questions_are_refused():
    """One line for each."""
    with pytest.raises(ValueError, match=r"^low must be below high = 1.0, got 2.0$"):
        Range(low=2.0, high=1.0)
    with pytest.raises(ValueError, match=r"^low must be above 0 in a logarithmic range, got 0.0$"):
        Range(low=0.0, high=1.0, logarithmic=True)
    for name in ("points", "starts", "scatter"):
        with pytest.raises(ValueError, match=f"^{name} must be at least 1, got 0$"):
            maximise(lambda values, points: points * 1.0, {}, **{"points": 1, name: 0})
