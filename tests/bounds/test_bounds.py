"""Entropies and capacities against sums, density matrices and limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qnet.bounds import (
    binary_entropy,
    coherent_information,
    hashing_bound,
    plob,
    repeater_capacity,
    shannon_entropy,
)

exactly = settings(derandomize=True, deadline=None, max_examples=60)
probability = st.floats(0, 1)


@exactly
@given(probability)
def test_the_binary_entropy_is_the_entropy_of_two_outcomes(p: float) -> None:
    assert binary_entropy(p) == pytest.approx(float(shannon_entropy([p, 1 - p])), abs=1e-12)
    assert binary_entropy(p) == pytest.approx(float(binary_entropy(1 - p)), abs=1e-12)


def test_the_binary_entropy_keeps_its_digits_near_zero_and_one() -> None:
    tiny = 1e-200
    assert binary_entropy(tiny) == pytest.approx(-tiny * np.log2(tiny) + tiny / np.log(2), rel=1e-12)
    assert binary_entropy([0.0, 1.0]).tolist() == [0.0, 0.0]
    assert np.isnan(binary_entropy(np.nan))


def test_a_count_is_no_probability() -> None:
    with pytest.raises(ValueError, match=r"probability=12\.0 is out of range; it must be from 0 to 1"):
        binary_entropy([0.1, 12.0])


def test_distributions_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match=r"probabilities add up to 0\.9; they must add up to 1"):
        shannon_entropy([0.5, 0.4])
    with pytest.raises(ValueError, match=r"probabilities hold -0\.1; they must be at least 0"):
        shannon_entropy([1.1, -0.1])
    with pytest.raises(ValueError, match="must hold four numbers"):
        coherent_information([0.5, 0.5])


@exactly
@given(st.lists(st.floats(0.001, 1), min_size=4, max_size=4))
def test_coherent_information_follows_from_the_density_matrix(raw: list[float]) -> None:
    weights = np.array(raw) / sum(raw)
    bells = np.array([[1, 0, 0, 1], [0, 1, 1, 0], [0, 1, -1, 0], [1, 0, 0, -1]]) / np.sqrt(2)
    rho = sum(w * np.outer(b, b) for w, b in zip(weights, bells, strict=True))
    half = rho.reshape(2, 2, 2, 2).trace(axis1=0, axis2=2)

    def entropy(matrix: np.ndarray) -> float:
        values = np.linalg.eigvalsh(matrix)
        values = values[values > 1e-15]
        return float(-(values * np.log2(values)).sum())

    assert coherent_information(weights) == pytest.approx(entropy(half) - entropy(rho), abs=1e-9)
    assert hashing_bound(weights) == pytest.approx(max(entropy(half) - entropy(rho), 0), abs=1e-9)


def test_plob_at_10_20_and_30_db() -> None:
    assert plob([1e-1, 1e-2, 1e-3]).tolist() == pytest.approx([0.15200, 0.0144996, 1.44342e-3], rel=3e-5)


def test_plob_keeps_its_digits_at_high_loss() -> None:
    assert plob(1e-18) == pytest.approx(1e-18 / np.log(2), rel=1e-12)
    assert plob(1.0) == np.inf
    assert plob(0.0) == 0.0


@exactly
@given(st.floats(1e-12, 0.99), st.integers(0, 30))
def test_repeaters_cut_the_channel_into_equal_pieces(eta: float, count: int) -> None:
    piece = eta ** (1 / (count + 1))
    assert repeater_capacity(eta, count) == pytest.approx(-np.log2(1 - piece), rel=1e-9, abs=1e-15)
    assert repeater_capacity(eta, count + 1) >= repeater_capacity(eta, count)


def test_impossible_channels_are_refused() -> None:
    with pytest.raises(ValueError, match=r"transmittance=1\.5 is out of range; it must be from 0 to 1"):
        plob(1.5)
    with pytest.raises(ValueError, match=r"repeaters=1\.5 must be a whole number of at least 0"):
        repeater_capacity(0.1, 1.5)
