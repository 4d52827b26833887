"""`plot_key_rates`: secret key against distance, beside the bounds that nothing passes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from math import floor, isfinite, log10
from typing import TYPE_CHECKING, Any, TypeAlias

from qnet.plotting.style import COLOURS, new_axes, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from qnet.results import Result

__all__ = ["plot_key_rates"]

Curve: TypeAlias = "list[tuple[float, float]]"
_DASHES = ((0, (6, 2)), (0, (1.5, 2)), (0, (6, 2, 1.5, 2)), (0, (3, 1.5)))
_LOWEST = 1e-12


def plot_key_rates(
    result: Result, *, mark: Mapping[str, tuple[float, float]] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw rates against distance on a logarithmic axis: protocols in colour, bounds in grey dashes.

    Where a curve's key ends between two points, the line falls to the lower edge.

    Args:
        result: What `qnet.qkd.key_rates` or `qnet.qkd.compare` returned: rows with `curve`, `kind`
            (`protocol` or `bound`), `rate`, and `length_km` or, for all of them, `loss_db`.
        mark: Points to mark on the curves, by the curve's name.
        ax: Axes to draw on; those of a new figure if not given.

    Returns:
        The axes.

    Raises:
        ValueError: If no row holds a rate.

    Example:
        >>> from qnet.results import Result
        >>> rows = [{"curve": "bb84", "kind": "protocol", "length_km": x, "rate": 10 ** (-x / 50)}
        ...         for x in (0, 50, 100)]
        >>> made = Result(experiment="bb84", figures={}, parameters={}, seed=None, shots=0, sampler="",
        ...               rows=rows, versions={}, elapsed_s=0.0)
        >>> axes = plot_key_rates(made)
        >>> axes.get_yscale(), axes.get_xlabel(), [line.get_label() for line in axes.get_lines()]
        ('log', 'length of the fibre (km)', ['bb84'])
    """
    place = "length_km" if all(row.get("length_km") is not None for row in result.rows) else "loss_db"
    protocols = _curves(result.rows, "protocol", place)
    bounds = _curves(result.rows, "bound", place)
    if not protocols and not bounds:
        raise ValueError(f"the result of {result.experiment!r} has no rows with rates; draw a curve of them")
    low, high = _limits(protocols, bounds)
    with styled():
        axes = new_axes(width=7.2, height=4.4) if ax is None else ax
        for (name, points), dashes in zip(bounds.items(), cycle(_DASHES), strict=False):
            x, y = zip(*points, strict=True)
            axes.plot(x, y, label=name, color="#777777", linewidth=1.1, linestyle=dashes, zorder=1.5)
        for k, (name, points) in enumerate(protocols.items()):
            _draw(axes, name, points, low, k)
            if mark and name in mark and mark[name][1] > 0:
                axes.plot(*mark[name], marker="o", color=COLOURS[k % len(COLOURS)], label=None)
        _frame(axes, place, (low, high))
    return axes


def _curves(rows: Sequence[Mapping[str, Any]], kind: str, place: str) -> dict[str, Curve]:
    """Points by curve, in the order of their places; what is infinite or unknown is left out."""
    found: dict[str, Curve] = {}
    for row in rows:
        if row.get("kind") == kind and row.get("rate") is not None and isfinite(row["rate"]):
            found.setdefault(str(row["curve"]), []).append((float(row[place]), float(row["rate"])))
    return {name: sorted(points) for name, points in found.items()}


def _limits(protocols: Mapping[str, Curve], bounds: Mapping[str, Curve]) -> tuple[float, float]:
    """Powers of ten below the lowest rate of a protocol and above the highest of all."""
    rates = [y for points in (protocols or bounds).values() for _, y in points if y > 0]
    every = [y for points in (*protocols.values(), *bounds.values()) for _, y in points if y > 0]
    low = max(min(rates, default=1e-6), _LOWEST)
    high = max(max(every, default=1.0), 10 * low)
    return 10.0 ** floor(log10(low)), min(10.0 ** (floor(log10(high)) + 1), 10.0)


def _draw(axes: Axes, name: str, points: Curve, low: float, k: int) -> None:
    """The line of a protocol, down to the edge where its key ends."""
    kept = [(x, y) for x, y in points if y > 0]
    ended = [x for x, y in points if y <= 0 and kept and x > kept[-1][0]]
    drawn = [*kept, (min(ended), low / 10)] if ended else kept
    style = "-" if k < len(COLOURS) else "--"
    label = name if kept else f"{name}: no key"
    x, y = zip(*drawn, strict=True) if drawn else ((), ())
    marker = "o" if len(points) == 1 else None
    axes.plot(
        x, y, label=label, color=COLOURS[k % len(COLOURS)], linewidth=1.6, linestyle=style, marker=marker
    )


def _frame(axes: Axes, place: str, limits: tuple[float, float]) -> None:
    names = {"length_km": "length of the fibre (km)", "loss_db": "loss of the channel (dB)"}
    axes.set_yscale("log")
    axes.set_ylim(*limits)
    axes.set_xlabel(names[place])
    axes.set_ylabel("secret bits per pulse")
    axes.margins(x=0.01)
    if len(axes.get_lines()) > 4:
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.02), fontsize=9)
    else:
        axes.legend(loc="best", fontsize=9)
