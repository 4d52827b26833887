"""The picture of the tour: figures side by side on several samplers, and an error-corrected memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qnet.plotting.style import COLOURS, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Bar", "Panel", "draw_panels"]

_MARKERS = ("o", "s", "D", "^")


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A value with its standard error."""

    value: float
    stderr: float


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Values of the same kind in one frame.

    Args:
        title: Title of the panel.
        label: What the horizontal axis shows.
        rows: For each line its values by series.
        ideals: For each line its ideal, None where there is none.
        limit: A value to mark by a line, with its name.
        from_zero: Whether the axis starts at zero.
    """

    title: str
    label: str
    rows: Mapping[str, Mapping[str, Bar]]
    ideals: Mapping[str, float | None]
    limit: tuple[float, str] | None = None
    from_zero: bool = False


def draw_panels(panels: Sequence[Panel], series: Sequence[str], *, title: str) -> Figure:
    """Draw one tall panel on the left and the others below each other on the right.

    Args:
        panels: The panels, the tall one first.
        series: Names of the series in the order of their colours.
        title: Title of the picture.

    Returns:
        The figure, outside of pyplot's state.

    Raises:
        ValueError: If there are fewer than two panels.

    Example:
        >>> rows = {"teleport": {"aer": Bar(value=0.95, stderr=0.01)}}
        >>> panel = Panel(title="Fidelity", label="", rows=rows, ideals={"teleport": 1.0})
        >>> [axes.get_title(loc="left") for axes in draw_panels([panel, panel], ["aer"], title="A").axes]
        ['Fidelity', 'Fidelity']
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if len(panels) < 2:
        raise ValueError(f"panels has {len(panels)} of them; give at least two")
    heights = [len(panel.rows) + 1.6 for panel in panels[1:]]
    with styled():
        figure = Figure(figsize=(10.0, 0.62 * sum(heights) + 0.9), layout="constrained")
        FigureCanvasAgg(figure)
        grid = figure.add_gridspec(len(heights), 2, height_ratios=heights, width_ratios=(1.15, 1.0))
        places = [grid[:, 0], *(grid[k, 1] for k in range(len(heights)))]
        for panel, place in zip(panels, places, strict=True):
            _draw(panel, series, figure.add_subplot(place))
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
        _legend(figure)
    return figure


def _legend(figure: Figure) -> None:
    """One legend for all panels."""
    known = [axes.get_legend_handles_labels() for axes in figure.axes]
    handles = {label: handle for made, labels in known for handle, label in zip(made, labels, strict=True)}
    figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=len(handles))


def _draw(panel: Panel, series: Sequence[str], axes: Axes) -> None:
    for k, name in enumerate(series):
        places = [(row, bars[name]) for row, bars in enumerate(panel.rows.values()) if name in bars]
        if places:
            axes.errorbar(
                [bar.value for _, bar in places],
                [row + 0.22 * (k - (len(series) - 1) / 2) for row, _ in places],
                xerr=[bar.stderr for _, bar in places],
                fmt=_MARKERS[k % len(_MARKERS)],
                color=COLOURS[k % len(COLOURS)],
                capsize=3,
                label=name,
            )
    known = [(ideal, row) for row, ideal in enumerate(panel.ideals.values()) if ideal is not None]
    if known:
        axes.vlines(
            [ideal for ideal, _ in known],
            [row - 0.4 for _, row in known],
            [row + 0.4 for _, row in known],
            color="black",
            linewidth=1.2,
            label="ideal",
            zorder=1,
        )
    _frame(panel, axes)


def _frame(panel: Panel, axes: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_yticks(range(len(panel.rows)), list(panel.rows))
    axes.set_ylim(len(panel.rows) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.set_title(panel.title)
    axes.set_xlabel(panel.label)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    if panel.from_zero:
        axes.set_xlim(left=0)
    if panel.limit is not None:
        value, name = panel.limit
        axes.axvline(value, color="#666666", linestyle="--", linewidth=1)
        middle = sum(axes.get_xlim()) / 2
        side, text = ("left", f" {name}") if value < middle else ("right", f"{name} ")
        axes.text(value, len(panel.rows) - 0.45, text, fontsize=8, color="#666666", ha=side, va="bottom")
