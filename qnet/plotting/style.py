"""One style sheet for all pictures, used as a context."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["COLOURS", "STYLE", "new_axes", "styled"]

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Colours that the colour-blind tell apart (M. Okabe and K. Ito, 2008), in the order of use."""

STYLE: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.labelsize": 10,
    "figure.dpi": 150,
    "figure.facecolor": "white",
    "font.size": 10,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "lines.markersize": 6,
    "savefig.bbox": "tight",
    "svg.hashsalt": "qnet",
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
}


@contextmanager
def styled() -> Iterator[None]:
    """The style sheet, for as long as the context lasts.

    Example:
        >>> import matplotlib
        >>> with styled():
        ...     matplotlib.rcParams["legend.frameon"]
        False
    """
    import matplotlib
    from cycler import cycler

    sheet: Any = {**STYLE, "axes.prop_cycle": cycler(color=list(COLOURS))}
    with matplotlib.rc_context(sheet):
        yield


def new_axes(width: float = 6.4, height: float = 3.6) -> Axes:
    """The axes of a new figure on the Agg canvas, outside of pyplot's state; sizes in inches."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure.add_subplot()
