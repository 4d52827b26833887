"""`plot`: the figures of a result, with their errors and ideals."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING

from qnet.plotting.style import COLOURS, new_axes, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from qnet.results import Figure, Result

__all__ = ["plot"]


def plot(result: Result, *, ax: Axes | None = None) -> Axes:
    """Draw the figures of a result: each value with its standard error, and its ideal beside it.

    Below them, behind a line, the rows that they are made of, where these have a name and a value.

    Args:
        result: What `qnet.execution.run` returned.
        ax: Axes to draw on; those of a new figure if not given.

    Returns:
        The axes.

    Example:
        >>> from qnet.results import Figure, Result
        >>> made = Result(experiment="chsh", figures={"chsh_s": Figure(2.79, stderr=0.02, ideal=2.8284)},
        ...               parameters={}, seed=1, shots=1000, sampler="aer", versions={}, elapsed_s=0.1)
        >>> [label.get_text() for label in plot(made).get_yticklabels()]
        ['chsh_s']
    """
    with styled():
        lines = _lines(result)
        axes = new_axes(height=1.3 + 0.42 * max(len(lines), 1)) if ax is None else ax
        _draw(lines, axes)
        if len(lines) > len(result.figures):
            axes.axhline(_finite(result.figures) - 0.5, color="#999999", linewidth=0.8)
        axes.set_title(_title(result))
        if ax is None:
            axes.figure.legend(loc="outside lower center", ncols=3)
        else:
            axes.legend()
    return axes


def _lines(result: Result) -> dict[str, Figure]:
    """The figures, and those rows of the table that are like figures."""
    from qnet.results import Figure

    rows = [row for row in result.rows if {"name", "value"} <= row.keys()]
    made = {
        str(row["name"]): Figure(row["value"], stderr=row.get("stderr"), ideal=row.get("ideal"))
        for row in rows
    }
    return {**result.figures, **made}


def _finite(figures: Mapping[str, Figure]) -> int:
    return sum(isfinite(figure.value) for figure in figures.values())


def _draw(figures: Mapping[str, Figure], axes: Axes) -> None:
    shown = {name: figure for name, figure in figures.items() if isfinite(figure.value)}
    places = range(len(shown))
    axes.errorbar(
        [figure.value for figure in shown.values()],
        places,
        xerr=[figure.stderr or 0.0 for figure in shown.values()],
        fmt="o",
        color=COLOURS[0],
        capsize=4,
        label="measured ± standard error",
    )
    _references(shown, axes, "ideal", COLOURS[1], "|")
    _references(shown, axes, "bound", COLOURS[2], "x")
    axes.set_yticks(list(places), list(shown))
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    units = {figure.unit for figure in shown.values() if figure.unit}
    axes.set_xlabel("value" + (f" ({', '.join(sorted(units))})" if units else ""))


def _references(figures: Mapping[str, Figure], axes: Axes, what: str, colour: str, marker: str) -> None:
    marks = [(getattr(figure, what), place) for place, figure in enumerate(figures.values())]
    known = [(value, place) for value, place in marks if value is not None]
    if known:
        values, places = zip(*known, strict=True)
        axes.scatter(values, places, marker=marker, s=160, linewidths=2, color=colour, label=what, zorder=3)


def _title(result: Result) -> str:
    chosen = ", ".join(f"{name}={value}" for name, value in result.parameters.items() if value is not None)
    head = f"{result.experiment} on {result.sampler}, {result.shots} shots"
    return f"{head}\n{chosen}" if chosen else head
