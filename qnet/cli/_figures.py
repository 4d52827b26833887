"""How a result's figures look on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qnet.results import Result

__all__ = ["figure_table", "places", "result_title"]


def figure_table(result: Result) -> Any:
    """The figures, each with its standard error and its ideal."""
    from rich.table import Table

    from qnet.cli._numbers import measured, plain

    table = Table("figure", box=None, pad_edge=False)
    for heading in ("measured", "ideal", "unit"):
        table.add_column(heading, justify="left" if heading == "unit" else "right")
    for name, figure in result.figures.items():
        table.add_row(name, measured(figure.value, figure.stderr), plain(figure.ideal), figure.unit)
    return table


def result_title(result: Result) -> str:
    """The experiment with the parameters that are set."""
    chosen = ", ".join(f"{name}={value}" for name, value in result.parameters.items() if value is not None)
    return f"{result.experiment}{f' ({chosen})' if chosen else ''}"


def places(result: Result) -> list[str]:
    """Which qubits of a device were used, one line for each choice."""
    found = dict.fromkeys(tuple(each) for each in result.qubits if each)
    return [f"on qubits {', '.join(map(str, each))}" for each in found]
