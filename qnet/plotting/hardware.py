"""A device's figures beside the ideal and beside the models of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from qnet.plotting.style import COLOURS, new_axes, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_report"]

_SERIES = (("value", "stderr", "device", "o"), ("aer", "aer_stderr", "its noise model (Aer)", "s"),
           ("stim", "stim_stderr", "its Pauli twirl (Stim)", "D"))  # fmt: skip


def plot_report(rows: Sequence[Mapping[str, Any]], *, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw what a device gave beside its models, one line for each figure.

    Args:
        rows: The rows of a `Report`.
        title: Title of the picture.
        ax: Axes to draw on; those of a new figure if not given.

    Returns:
        The axes.

    Example:
        >>> row = {"name": "fidelity", "value": 0.93, "stderr": 0.01, "ideal": 1.0,
        ...        "aer": 0.94, "aer_stderr": 0.01, "stim": None, "stim_stderr": None}
        >>> [text.get_text() for text in plot_report([row]).get_yticklabels()]
        ['fidelity']
    """
    with styled():
        axes = new_axes(height=1.6 + 0.6 * max(len(rows), 1)) if ax is None else ax
        for k, (value, error, label, marker) in enumerate(_SERIES):
            _series(
                rows,
                axes,
                (value, error),
                place=0.22 * (k - 1),
                label=label,
                colour=COLOURS[k],
                marker=marker,
            )
        ideals = [(row["ideal"], place) for place, row in enumerate(rows) if row.get("ideal") is not None]
        if ideals:
            values, places = zip(*ideals, strict=True)
            axes.scatter(values, places, marker="|", s=300, color=COLOURS[6], label="ideal", zorder=1)
        axes.set_yticks(range(len(rows)), [str(row["name"]) for row in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.grid(visible=False, axis="y")
        axes.set_xlabel("value ± standard error")
        axes.set_title(title)
        if ax is None:
            axes.figure.legend(loc="outside lower center", ncols=2)
        else:
            axes.legend()
    return axes


def _series(
    rows: Sequence[Mapping[str, Any]],
    axes: Axes,
    names: tuple[str, str],
    *,
    place: float,
    label: str,
    colour: str,
    marker: str,
) -> None:
    value, error = names
    known = [
        (row[value], row[error] or 0.0, k + place)
        for k, row in enumerate(rows)
        if row.get(value) is not None and isfinite(row[value])
    ]
    if known:
        values, errors, places = zip(*known, strict=True)
        axes.errorbar(values, places, xerr=errors, fmt=marker, color=colour, capsize=3, label=label)
