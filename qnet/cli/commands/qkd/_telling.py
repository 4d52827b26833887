"""How key rates are shown: tables on the terminal, CSV in files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qnet.results import Result

__all__ = ["curve_table", "point_row", "point_table", "reach_table", "write_csv"]

_PLACES = ("length_km", "loss_db")


def point_table(result: Result) -> Any:
    """The figures of one place, and what was chosen."""
    from rich.table import Table

    from qnet.cli._numbers import plain

    table = Table("figure", box=None, pad_edge=False)
    table.add_column("value", justify="right")
    table.add_column("unit")
    for name, figure in result.figures.items():
        exact = name in ("length", "pulses")
        table.add_row(name, f"{figure.value:.0f}" if exact else plain(figure.value), figure.unit)
        if figure.bound is not None:
            table.add_row("  at most", plain(figure.bound), figure.unit)
    for name, value in result.parameters["optimised"].items():
        table.add_row(name, plain(float(value)), "chosen at its best")
    return table


def curve_table(result: Result) -> Any:
    """One row a place, up to the first without a key."""
    from rich.table import Table

    from qnet.cli._numbers import plain

    rows = list(result.rows)
    last = max((k for k, row in enumerate(rows) if row["rate"] > 0), default=-1)
    named = {"rate": "rate", "length": "length", "qber": "QBER"}
    chosen = [key for key in result.parameters["optimised"] if key in rows[0]]
    keys = [key for key in _PLACES if key in rows[0]] + [key for key in named if key in rows[0]] + chosen
    table = Table(box=None, pad_edge=False)
    for key in keys:
        title = {"length_km": "km", "loss_db": "dB", **named}.get(key, key.replace("_", " "))
        table.add_column(title, justify="right")
    for row in rows[: last + 2]:
        table.add_row(*(plain(row[key], digits=6 if key in _PLACES else 4) for key in keys))
    return table


def reach_table(result: Result) -> Any:
    """For every curve its rate at some places, and how far it reaches."""
    from rich.table import Table

    from qnet.cli._numbers import plain

    rows = result.rows
    place = "length_km" if all("length_km" in row for row in rows) else "loss_db"
    unit = {"length_km": "km", "loss_db": "dB"}[place]
    every = sorted({row[place] for row in rows})
    shown = [every[round(k * (len(every) - 1) / 4)] for k in range(1, 4)]
    shown = list(dict.fromkeys(shown))
    table = Table("curve", box=None, pad_edge=False)
    for one in shown:
        table.add_column(f"{one:g} {unit}", justify="right")
    table.add_column("reaches", justify="right")
    for name in dict.fromkeys(row["curve"] for row in rows):
        curve = {row[place]: row for row in rows if row["curve"] == name}
        rates = [curve[one]["rate"] if one in curve else None for one in shown]
        reached = [x for x, row in curve.items() if row["rate"] > 0]
        kind = next(iter(curve.values()))["kind"]
        last = "" if kind == "bound" else f"{max(reached):g} {unit}" if reached else "no key"
        table.add_row(name, *(plain(rate, digits=3) if rate else "–" for rate in rates), last)
    return table


def point_row(result: Result) -> dict[str, Any]:
    """The one row of a table that holds a single place."""
    place = {
        key: result.parameters[key] for key in ("length_km", "transmittance") if key in result.parameters
    }
    figures = {name: figure.value for name, figure in result.figures.items()}
    return {
        "curve": result.experiment,
        "kind": "protocol",
        **place,
        **figures,
        **result.parameters["optimised"],
    }


def write_csv(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Write rows with all columns that any of them has; what is missing or no number stays empty."""
    import csv
    from io import StringIO

    from qnet.plotting import write_file

    columns = list(dict.fromkeys(key for row in rows for key in row))
    buffer = StringIO()
    writer = csv.DictWriter(buffer, columns, restval="", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: "" if value != value else value for key, value in row.items()})
    write_file(buffer.getvalue().encode(), path)
