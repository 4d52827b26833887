"""Figures of keys as a table: counts whole, the rest with its standard error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qnet.results import Figure

__all__ = ["figure_rows"]


def figure_rows(figures: Mapping[str, Figure]) -> Any:
    """A table of figures by name."""
    from rich.table import Table

    from qnet.cli._numbers import measured

    table = Table("figure", box=None, pad_edge=False)
    table.add_column("measured", justify="right")
    table.add_column("unit")
    for name, figure in figures.items():
        whole = name.endswith(("_bits", "round_trips", "verified"))
        shown = f"{figure.value:.0f}" if whole else measured(figure.value, figure.stderr)
        table.add_row(name, shown, figure.unit)
    return table
