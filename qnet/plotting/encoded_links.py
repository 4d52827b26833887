"""Pictures of encoded links: the errors of one logical pair, and 1 − F of many against their noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from qnet.plotting.style import COLOURS, new_axes, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from qnet.repeaters.logical_pair import LogicalPair
    from qnet.results import Result

__all__ = ["plot_link", "plot_links"]


def plot_link(result: Result, *, ax: Axes | None = None) -> Axes:
    """Draw the errors of a logical pair, beside that of a bare one.

    Args:
        result: Of `qnet.repeaters.measured_link`.
        ax: Axes to draw on; those of a new figure if not given.

    Example:
        >>> from qnet.repeaters.asking import link_result
        >>> from qnet.repeaters import EncodedLink, LogicalPair
        >>> pair = LogicalPair(e_x=1e-3, e_y=1e-5, e_z=2e-3, scheme="surgery:5", pairs=45)
        >>> axes = plot_link(link_result(EncodedLink(distance=5, fidelity=0.97), pair, seed=1, elapsed_s=0.1))
        >>> axes.get_title(loc="left")
        'surgery:5, 45 pairs, measured'
    """
    (row,) = result.rows
    names = ("infidelity", "e_x", "e_y", "e_z")
    figures = [result.figures[name] for name in names]
    with styled():
        axes = new_axes(height=3.6) if ax is None else ax
        values = [figure.value for figure in figures]
        spread = [figure.stderr or 0.0 for figure in figures]
        hatch = "//" if row["source"] == "extrapolated" else None
        axes.bar(range(4), values, yerr=spread, capsize=4, color=COLOURS[0], width=0.6, hatch=hatch)
        bare = result.figures["bare_infidelity"].value
        axes.axhline(bare, color="#777777", linestyle="--", linewidth=1.0)
        axes.text(3.45, bare, "a bare pair", fontsize=8, color="#555555", ha="right", va="bottom")
        axes.set_xticks(range(4), ["1 − F", "X", "Y", "Z"])
        if any(value > 0 for value in values):
            axes.set_yscale("log")
        axes.set(ylabel="probability", xlabel="logical error")
        pairs = result.figures["pairs"].value
        source = "measured" if row["source"] == "exact" else row["source"]
        axes.set_title(f"{row['scheme']}, {pairs:g} pairs, {source}", loc="left")
    return axes


def plot_links(
    series: Mapping[str, Sequence[tuple[float, LogicalPair]]], *, xlabel: str, ax: Axes | None = None
) -> Axes:
    """Draw 1 − F of logical pairs; extrapolated ones are hollow, and never joined to measured ones.

    Args:
        series: By the label of a curve its points (noise, pair).
        xlabel: What the noise is.
        ax: Axes to draw on; those of a new figure if not given.

    Example:
        >>> from qnet.repeaters import LogicalPair
        >>> pair = LogicalPair(e_x=0.01, e_y=0, e_z=0.01, stderr_x=0.001, stderr_z=0.001, source="measured")
        >>> axes = plot_links({"d = 3": [(0.1, pair)]}, xlabel="heralded loss of a pair")
        >>> axes.get_yscale()
        'log'
    """
    with styled():
        axes = new_axes(height=4.0) if ax is None else ax
        for k, (label, points) in enumerate(series.items()):
            colour = COLOURS[k % len(COLOURS)]
            for kind, marker, face in (("measured", "o-", colour), ("extrapolated", "s--", "none")):
                mine = [
                    (x, pair.infidelity)
                    for x, pair in points
                    if (pair.source == "extrapolated") == (face == "none")
                ]
                if mine:
                    axes.errorbar(
                        [x for x, _ in mine],
                        [figure.value for _, figure in mine],
                        yerr=[figure.stderr or 0.0 for _, figure in mine],
                        fmt=marker,
                        color=colour,
                        markerfacecolor=face,
                        markersize=4,
                        linewidth=1.4,
                        capsize=2,
                        label=label if kind == "measured" else f"{label}, extrapolated",
                    )
        axes.set(yscale="log", xlabel=xlabel, ylabel="1 − F of the logical Bell pair")
        axes.legend(fontsize=9)
    return axes
