"""`plot_funnel`: what is left of the pulses of a session, from the first to the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qnet.plotting.style import COLOURS, new_axes, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from qnet.results import Result

__all__ = ["plot_funnel"]

_LABELS = {
    "pulses": "pulses sent",
    "detected": "pulses detected",
    "sifted": "bits sifted",
    "key": "bits left after\nestimation",
    "reconciled": "bits reconciled",
    "verified": "bits verified",
    "secret": "secret bits",
}


def plot_funnel(result: Result, *, ax: Axes | None = None) -> Axes:
    """Draw a bar for each stage of a session, on a logarithmic axis, with its number and its share.

    Args:
        result: A result whose rows have `stage`, `bits` and `share` (of the stage before), as
            `qnet.qkd.sessions.session_funnel` makes them.
        ax: Axes to draw on; those of a new figure if not given.

    Returns:
        The axes.

    Raises:
        ValueError: If no row has a stage, or no pulse was sent.

    Example:
        >>> from qnet.results import Result
        >>> rows = [{"stage": "pulses", "bits": 1000, "share": 1.0},
        ...         {"stage": "detected", "bits": 90, "share": 0.09}]
        >>> made = Result(experiment="bb84", figures={}, parameters={}, seed=None, shots=1000, sampler="",
        ...               rows=rows, versions={}, elapsed_s=0.0)
        >>> axes = plot_funnel(made)
        >>> [label.get_text() for label in axes.get_yticklabels()], axes.get_xscale()
        (['pulses sent', 'pulses detected'], 'log')
    """
    rows = [row for row in result.rows if "stage" in row]
    if not rows or not max(row["bits"] for row in rows):
        raise ValueError(f"the result of {result.experiment!r} has no stages to draw; give that of a session")
    with styled():
        axes = new_axes(width=7.2, height=1.4 + 0.4 * len(rows)) if ax is None else ax
        _draw(rows, axes)
        axes.set_title(_title(result))
    return axes


def _draw(rows: Sequence[Mapping[str, Any]], axes: Axes) -> None:
    most = max(row["bits"] for row in rows)
    for place, row in enumerate(rows):
        bits = int(row["bits"])
        colour = COLOURS[2] if row["stage"] == "secret" else COLOURS[0]
        axes.barh(place, max(bits - 0.5, 0), left=0.5, color=colour, height=0.7)
        axes.annotate(
            _told(place, row),
            (max(bits, 0.5), place),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
        )
    axes.set_xscale("log")
    axes.set_xlim(0.5, most * (most / 0.5) ** 0.32)
    axes.set_yticks(range(len(rows)), [_LABELS.get(row["stage"], str(row["stage"])) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("number (and share of the stage before)")


def _told(place: int, row: Mapping[str, Any]) -> str:
    number, share = f"{int(row['bits']):,}".replace(",", " "), row.get("share")
    return f"{number}  ({share:.2%})" if place and share is not None else number


def _title(result: Result) -> str:
    head = ", ".join(one for one in (result.experiment, result.sampler) if one)
    qber, rate = (result.figures.get(name) for name in ("qber", "rate"))
    tail = [f"QBER {qber.value:.2%}"] if qber is not None and qber.value == qber.value else []
    tail += [f"{rate.value:.3g} secret bits a pulse"] if rate is not None and rate.value > 0 else []
    return "\n".join(one for one in (head, ", ".join(tail)) if one)
