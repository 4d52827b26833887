"""Error rates of codes in the field's form: log–log, with the band of likely rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from qnet.plotting.style import COLOURS, new_axes, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from qnet.results import Result

__all__ = ["draw_failure", "plot_study"]

_MARKERS = "osD^vP*X"
_LINES = ("-", "--", ":", "-.")


def plot_study(result: Result, *, ax: Axes | None = None) -> Axes:
    """Draw logical error rates against the strength of the noise, one line for every code and decoder.

    The band of a line holds the rates whose likelihood is at least a thousandth of the largest. Where all
    points have one strength, the rates are drawn against the distance.

    Args:
        result: What `qnet.studies.run_study` returned.
        ax: Axes to draw on; those of a new figure if not given.

    Returns:
        The axes.

    Example:
        >>> from qnet.studies import CodeStudy, run_study
        >>> study = CodeStudy(codes=("rotated_surface",), distances=(3, 5), max_shots=500,
        ...                   noises=("uniform:0.01", "uniform:0.02"))
        >>> axes = plot_study(run_study(study, seed=1))
        >>> axes.get_xscale(), axes.get_yscale(), len(axes.get_lines())
        ('log', 'log', 2)
    """
    rows = [row for row in result.rows if row["shots"]]
    across = "p" if len({row["p"] for row in rows}) > 1 else "distance"
    with styled():
        axes = new_axes(7.0, 4.4) if ax is None else ax
        for number, (label, line) in enumerate(_lines(rows, across).items()):
            _draw_line(axes, number, label, sorted(line, key=lambda row: row[across]), across)
        axes.set_yscale("log")
        if across == "p":
            axes.set_xscale("log")
        axes.set_xlabel("physical error rate p" if across == "p" else "distance d")
        axes.set_ylabel("logical error rate per shot")
        axes.set_title(result.experiment)
        if across == "p":
            _mark_thresholds(axes, result)
        axes.grid(visible=True, which="both", alpha=0.4)
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return axes


def draw_failure(
    p: Sequence[float],
    curves: Mapping[str, Sequence[float]],
    *,
    mark: tuple[float, Sequence[float]],
    title: str,
) -> Axes:
    """Draw exact curves against p, log–log, beside the line of a bare qubit.

    Args:
        p: The places.
        curves: The values of each curve by its name.
        mark: The place that was asked for, and the values there.
        title: What is drawn.

    Returns:
        The axes.
    """
    with styled():
        axes = new_axes(6.0, 4.2)
        for colour, (name, values) in zip(COLOURS, curves.items(), strict=False):
            axes.loglog(p, values, color=colour, label=name.replace("_", " "))
        axes.loglog(p, p, color="#888888", linestyle=":", label="bare qubit")
        axes.scatter([mark[0]] * len(mark[1]), list(mark[1]), color=COLOURS[1], zorder=3)
        axes.set_xlabel("p of each qubit")
        axes.set_ylabel("probability")
        axes.set_title(title)
        axes.legend()
    return axes


def _lines(rows: Sequence[Mapping[str, Any]], across: str) -> dict[str, list[Mapping[str, Any]]]:
    """Rows by the label of their line, which names what differs between lines."""
    keys = ["code", "noise", "decoder", "basis"]
    if across == "distance":
        rows = [{**row, "code": str(row["code"]).partition(":")[0]} for row in rows]
    varying = [key for key in keys if len({row[key] for row in rows}) > 1]
    lines: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        label = ", ".join(str(row[key]) for key in varying) or str(row["code"])
        lines.setdefault(label, []).append(row)
    return lines


def _draw_line(axes: Axes, number: int, label: str, line: Sequence[Mapping[str, Any]], across: str) -> None:
    colour = COLOURS[number % len(COLOURS)]
    style = _LINES[number // len(COLOURS) % len(_LINES)]
    seen = [row for row in line if row["errors"]]
    axes.plot(
        [row[across] for row in seen],
        [row["logical_error_rate"] for row in seen],
        marker=_MARKERS[number % len(_MARKERS)],
        linestyle=style,
        color=colour,
        label=label,
        markersize=4,
    )
    floor = min((row["lower"] for row in line if row["lower"]), default=1e-12)
    axes.fill_between(
        [row[across] for row in line],
        [row["lower"] or floor for row in line],
        [row["upper"] for row in line],
        color=colour,
        alpha=0.2,
        linewidth=0,
    )


def _mark_thresholds(axes: Axes, result: Result) -> None:
    for name, figure in result.figures.items():
        if name.startswith("threshold") and isfinite(figure.value):
            axes.axvline(
                figure.value, color="#555555", linestyle=":", linewidth=1, label=f"{name}: {figure.value:.3g}"
            )
