"""Standard errors: against the spread of many repetitions, and never zero."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from circuits import pauli_frame
from qnet.execution import Outcomes, run
from qnet.protocols import (
    BB84,
    CHSH,
    DEJMPS,
    EntanglementSwapping,
    GHZDistribution,
    NothingKept,
    RemoteCX,
    Teledata,
    Teleportation,
)
from qnet.protocols._estimates import Estimate, average, mean


@pytest.mark.parametrize("p", [0.5, 0.1, 0.02])
def test_the_error_of_a_mean_is_its_spread(p: float) -> None:
    rng = np.random.default_rng(1)
    found = [mean((rng.random(400) < p).astype(float), np.ones(400), low=0, high=1) for _ in range(2000)]
    spread = np.std([one.value for one in found])
    told = np.sqrt(np.mean([one.variance for one in found]))
    expected = np.sqrt(p * (1 - p) / 400)
    assert spread == pytest.approx(expected, rel=0.08)
    assert expected * 0.98 < told < expected * 1.1 + 1 / 400


def test_the_error_of_a_weighted_mean_is_its_spread() -> None:
    rng = np.random.default_rng(2)
    found = []
    for _ in range(2000):
        weights = rng.exponential(size=300)
        found.append(mean((rng.random(300) < 0.3).astype(float), weights, low=0, high=1))
    told = np.sqrt(np.mean([one.variance for one in found]))
    assert told == pytest.approx(np.std([one.value for one in found]), rel=0.1)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-1, 1), (-7, 7)])
def test_shots_that_all_agree_have_an_error_of_about_one_shot(low: float, high: float) -> None:
    one = mean(np.full(250, float(high)), np.ones(250), low=low, high=high)
    assert one.value == pytest.approx(high)
    assert np.sqrt(one.variance) == pytest.approx((high - low) / 250)


def test_equal_weights_do_not_matter() -> None:
    values = np.array([0.0, 1.0, 1.0, 0.0, 1.0])
    one = mean(values, np.ones(5), low=0, high=1)
    other = mean(values, np.full(5, 0.02), low=0, high=1)
    assert (one.value, one.variance) == pytest.approx((other.value, other.variance))
    assert one.value == pytest.approx(0.6)
    assert one.variance == pytest.approx(0.6 * 0.4 / 5 + (0.6**2 + 0.4**2) / 25)


def test_sums_and_multiples_of_estimates() -> None:
    one, two = Estimate(value=1.0, variance=0.04), Estimate(value=3.0, variance=0.09)
    assert one + two == Estimate(value=4.0, variance=0.13)
    assert two.linear(-2, 1) == Estimate(value=-5.0, variance=0.36)
    half = average([one, two])
    assert (half.value, half.variance) == pytest.approx((2.0, 0.0325))
    figure = two.figure(ideal=2.5, bound=4.0)
    assert (figure.value, figure.stderr, figure.ideal, figure.bound) == pytest.approx((3.0, 0.3, 2.5, 4.0))


@pytest.mark.parametrize(
    "experiment",
    [
        kind(corrections="postselect")
        for kind in (Teleportation, EntanglementSwapping, GHZDistribution, RemoteCX, Teledata)
    ],
    ids=lambda experiment: experiment.name,
)
def test_the_error_of_the_kept_share_counts_every_shot_once(experiment: Any) -> None:
    kept = run(experiment, "stim", shots=500, seed=1).figures["kept"]
    shares = np.array([0.5 ** len(pauli_frame(circuit).keep) for circuit in experiment.circuits()])
    spread = np.sqrt((shares * (1 - shares)).mean() / (500 * len(shares)))
    assert kept.ideal == pytest.approx(shares.mean())
    assert kept.stderr == pytest.approx(spread, rel=0.05)


def test_no_shot_has_no_mean() -> None:
    with pytest.raises(NothingKept, match="no shot was kept, so that there is no figure"):
        mean(np.zeros(0), np.zeros(0), low=0, high=1)


@pytest.mark.parametrize(
    ("experiment", "figure"),
    [
        (Teleportation(corrections="postselect"), "fidelity"),
        (DEJMPS(), "fidelity"),
        (DEJMPS(), "yield"),
        (CHSH(), "chsh_s"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_the_error_of_a_figure_is_its_spread(experiment: object, figure: str) -> None:
    """On outcomes drawn uniformly, so that conditional shares vary as well."""
    rng = np.random.default_rng(3)
    circuits = experiment.circuits()  # type: ignore[attr-defined]
    found = []
    for _ in range(120):
        drawn = [rng.integers(2, size=(400, c.num_clbits), dtype=np.uint8) for c in circuits]
        outcomes = [Outcomes(bits=bits) for bits in drawn]
        found.append(experiment.interpret(outcomes)[figure])  # type: ignore[attr-defined]
    told = np.sqrt(np.mean([one.stderr**2 for one in found]))
    assert told == pytest.approx(np.std([one.value for one in found]), rel=0.33)


def test_no_error_of_perfect_signals_is_not_certain() -> None:
    circuits = BB84().circuits()
    figures = BB84().interpret([Outcomes(bits=np.full((50, 1), k // 4)) for k in range(len(circuits))])
    assert figures["qber"].value == 0
    assert figures["qber"].stderr == pytest.approx(1 / 200)
