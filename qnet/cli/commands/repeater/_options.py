"""What the commands about repeaters share."""

from __future__ import annotations

from math import isfinite
from typing import Annotated, Any

import typer

__all__ = ["AttenuationLength", "answer", "check_plot", "figure_rows", "number", "numbers"]


def number(text: str) -> float:
    """A finite number, for typer; what is none is refused by its value.

    Example:
        >>> number("1e3")
        1000.0
    """
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise typer.BadParameter(f"{text!r} is no number")
    return value


def numbers(option: str, text: str, points: int, *, logarithmic: bool) -> list[float]:
    """One number, or the points of an axis START:STOP, its ends included.

    Raises:
        ValueError: If the text does not read, or is no axis; a logarithmic one starts above 0.

    Example:
        >>> numbers("--coupling", "0.2:1", 3, logarithmic=False)
        [0.2, 0.6, 1.0]
    """
    parts = text.split(":")
    try:
        values = [float(part) for part in parts]
    except ValueError:
        values = []
    if len(values) not in (1, 2) or not all(map(isfinite, values)):
        raise ValueError(f"{option} {text!r} does not read; give a number, or START:STOP")
    if len(values) == 1:
        return values
    start, stop = values
    if not start < stop or (logarithmic and start <= 0):
        least = "0 < START < STOP" if logarithmic else "START < STOP"
        raise ValueError(f"{option} {text!r} is no axis; give {least}")
    import numpy as np

    made = np.geomspace(start, stop, points) if logarithmic else np.linspace(start, stop, points)
    return [float(f"{value:.12g}") for value in made]


AttenuationLength = Annotated[
    float,
    typer.Option(
        parser=number,
        metavar="KM",
        help="Where e⁻¹ of the photons are left: 20 km is 0.217 dB/km.",
    ),
]


def check_plot(plot: Any) -> None:
    """Refuse a picture that could not be written in the end."""
    if plot is not None:
        from qnet.plotting import check_writable

        check_writable(plot)


def answer(command: str, parameters: dict[str, Any], figures: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The JSON object of a command."""
    from qnet.cli._versions import all_versions

    return {
        "command": command,
        "parameters": parameters,
        "seed": None,
        "figures": {name: figure.as_dict() for name, figure in figures.items()},
        "versions": all_versions(),
        **more,
    }


def figure_rows(figures: dict[str, Any]) -> Any:
    """Figures as a table."""
    from rich.table import Table

    from qnet.cli._numbers import measured, plain

    table = Table("figure", box=None, pad_edge=False)
    table.add_column("value", justify="right")
    table.add_column("unit")
    for name, figure in figures.items():
        text = plain(figure.value, 7) if figure.stderr is None else measured(figure.value, figure.stderr)
        table.add_row(name, text, figure.unit)
        if figure.bound is not None:
            table.add_row("  at most", plain(figure.bound), figure.unit)
    return table
