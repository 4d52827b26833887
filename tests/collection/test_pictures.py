"""Error rates as the field draws them: what is on the axes."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest
import sinter
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg

from decoders import Suppression, Threshold, error_rate
from qnet.plotting import plot_error_rates


def stats(errors: int, d: int, p: float, shots: int = 10_000, decoder: str = "a") -> sinter.TaskStats:
    return sinter.TaskStats(
        strong_id=f"{d} {p}",
        decoder=decoder,
        json_metadata={"d": d, "p": p, "r": 3},
        shots=shots,
        errors=errors,
    )


def some() -> list[sinter.TaskStats]:
    counts = [(900, 5, 0.02), (100, 3, 0.01), (300, 3, 0.02), (0, 5, 0.01), (200, 3, 0.02)]
    return [stats(*count) for count in counts]


def lines(axes: Axes) -> dict[str, list[tuple[float, float]]]:
    return {str(line.get_label()): list(zip(*line.get_data(), strict=True)) for line in axes.get_lines()}


def test_points_of_a_curve_in_order_on_logarithmic_axes() -> None:
    axes = plot_error_rates(some())
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert lines(axes) == {"d = 3": [(0.01, 0.01), (0.02, 0.025)], "d = 5": [(0.02, 0.09)]}
    assert axes.get_xlabel() == "physical error rate p"
    assert axes.get_ylabel() == "logical error rate per shot"
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["d = 3", "d = 5"]


def test_bands_are_likelihood_intervals() -> None:
    axes = plot_error_rates(some(), max_likelihood_factor=20)
    corners = axes.collections[0].get_paths()[0].vertices
    fit = error_rate(stats(100, 3, 0.01), max_likelihood_factor=20)
    at_one = np.sort(np.unique(corners[np.isclose(corners[:, 0], 0.01)][:, 1]))
    assert at_one == pytest.approx([fit.low, fit.high])


def test_a_point_without_errors_shows_its_upper_end() -> None:
    (mark,) = [
        c for c in plot_error_rates(some()).collections if len(c.get_offsets()) == 1 and c.get_paths()
    ][-1:]
    assert mark.get_offsets().tolist() == [[0.01, pytest.approx(error_rate(stats(0, 5, 0.01)).high)]]


def test_rates_per_round() -> None:
    axes = plot_error_rates([stats(100, 3, 0.01)], rounds="r")
    ((_, rate),) = lines(axes)["d = 3"]
    assert (1 - (1 - 2 * rate) ** 3) / 2 == pytest.approx(0.01)
    assert axes.get_ylabel() == "logical error rate per round"


def test_over_distances_with_the_law_of_lambda() -> None:
    law = Suppression(value=4, stderr=0.1, prefactor=0.16, prefactor_stderr=0.01, chi2=1, dof=1)
    axes = plot_error_rates([stats(100, 3, 0.01), stats(25, 5, 0.01)], x="d", curve="p", suppression=law)
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")
    drawn = lines(axes)
    assert drawn["p = 0.01"] == [(3, 0.01), (5, 0.0025)]
    assert drawn["Λ = 4.00 ± 0.10"] == [(3, pytest.approx(0.01)), (5, pytest.approx(0.0025))]


def test_curves_by_decoder_and_the_threshold() -> None:
    crossing = Threshold(
        value=0.0103, stderr=0.0002, exponent=1, exponent_stderr=0.1, error_rate=0.1, chi2=1, dof=1
    )
    points = [stats(10, 3, 0.01), stats(20, 3, 0.01, decoder="b")]
    axes = plot_error_rates(points, curve="decoder", threshold=crossing)
    assert list(lines(axes)) == ["a", "b", "threshold 0.01030 ± 0.00020"]
    (span,) = axes.patches
    low, high = span.get_extents().transformed(axes.transData.inverted()).intervalx
    assert (low, high) == (pytest.approx(0.0101), pytest.approx(0.0105))


def test_given_axes_are_used_and_the_style_ends() -> None:
    from qnet.plotting import new_axes

    before, axes = dict(matplotlib.rcParams), new_axes()
    assert plot_error_rates(some(), ax=axes) is axes
    assert dict(matplotlib.rcParams) == before
    canvas = axes.figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    canvas.draw()


def test_a_key_that_is_missing() -> None:
    with pytest.raises(
        ValueError, match=r"^x='q' is not in the metadata \{'d': 3, .*\}; name a key that every"
    ):
        plot_error_rates([stats(1, 3, 0.1)], x="q")
