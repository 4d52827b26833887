"""How long shots are drawn, and how their error rates are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import whole_number

if TYPE_CHECKING:
    from qnet.cli._face import Face
    from qnet.results import Figure, Result

__all__ = [
    "Decoder",
    "GateLoss",
    "Limits",
    "Loss",
    "LowConfidence",
    "MaxErrors",
    "Precision",
    "Shots",
    "settled_rounds",
    "settled_shots",
    "tell_rates",
    "with_losses",
]

DEFAULT_SHOTS = 100_000
MOST_SHOTS = 10_000_000


def fraction(text: str) -> float:
    """A number from 0 to 1, for typer; what is none is refused by its value.

    Example:
        >>> fraction("0.05")
        0.05
    """
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise typer.BadParameter(f"{text!r} is no share; give a number from 0 to 1")
    return value


Decoder = Annotated[
    str,
    typer.Option(metavar="NAME", help="vacuous, lookup, pymatching, pymatching_plain, erasure, peeling …"),
]
Shots = Annotated[
    int | None,
    typer.Option(
        parser=whole_number,
        metavar="N",
        help=f"Shots; {DEFAULT_SHOTS} if no limit is given, else at most {MOST_SHOTS}.",
        show_default=False,
    ),
]
MaxErrors = Annotated[
    int | None,
    typer.Option(
        parser=whole_number,
        metavar="N",
        help="Stop when so many errors have been counted.",
        show_default=False,
    ),
]


Precision = Annotated[
    float | None,
    typer.Option(
        parser=fraction,
        metavar="SHARE",
        help="Stop when the standard error is this share of the error rate: 0.05 for 5 %.",
        show_default=False,
    ),
]
LowConfidence = Annotated[
    float | None,
    typer.Option(
        parser=fraction,
        metavar="P",
        help="Tell apart the shots whose answer has at most this probability, such as 0.9.",
        show_default=False,
    ),
]


Loss = Annotated[
    float,
    typer.Option(parser=fraction, metavar="E", help="Heralded loss of each data qubit before each round."),
]
GateLoss = Annotated[
    float,
    typer.Option(parser=fraction, metavar="E", help="Heralded loss of each qubit of a two-qubit gate."),
]


def with_losses(noise: str, loss: float, gate_loss: float) -> str:
    """The name of a noise with heralded losses.

    Example:
        >>> with_losses("uniform:0.001", 0.02, 0.0)
        'uniform:0.001+loss:0.02'
    """
    return noise + "".join(f"+{name}:{e!r}" for name, e in (("loss", loss), ("gate_loss", gate_loss)) if e)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What ends a run.

    Args:
        shots: The most shots.
        max_errors: The errors that end it before.
        precision: The relative standard error that ends it before.
    """

    shots: int
    max_errors: int | None
    precision: float | None


def settled_shots(shots: int | None, max_errors: int | None, precision: float | None) -> Limits:
    """The limits to use.

    Raises:
        ValueError: If a number of them is below 1, or the precision is not above 0.

    Example:
        >>> settled_shots(None, None, None).shots, settled_shots(None, 100, None).shots
        (100000, 10000000)
    """
    for name, value in (("--shots", shots), ("--max-errors", max_errors)):
        if value is not None and value < 1:
            raise ValueError(f"{name} {value} leaves nothing to count; give a whole number of at least 1")
    if precision == 0:
        raise ValueError("--precision 0 would never be reached; give a share above 0, such as 0.05 for 5 %")
    if shots is None:
        shots = DEFAULT_SHOTS if max_errors is None and precision is None else MOST_SHOTS
    return Limits(shots=shots, max_errors=max_errors, precision=precision)


def settled_rounds(text: str) -> int | str:
    """Rounds as a number, or as the multiple of the distance that they were given as.

    Example:
        >>> settled_rounds("12"), settled_rounds("2d")
        (12, '2d')
    """
    return int(text) if text.strip().lstrip("+-").isdecimal() else text


def tell_rates(
    face: Face,
    result: Result,
    what: str,
    *,
    drawn: bool,
    plot: Path | None,
    exact: Mapping[str, Figure] | None = None,
    told: str = "",
) -> None:
    """Print a result of one task, and draw it where that is wanted.

    `exact` are figures beside the rates that no shot decides; in words they are the line `told`.
    """
    face.give(replace(result, figures={**result.figures, **(exact or {})}).as_dict())
    if not face.json:
        (row,) = result.rows
        lines = [told] if told else []
        face.show(_title(what, row), _table(result), *lines, _footer(result, row, drawn))
    if plot is not None:
        from qnet.plotting import plot as draw
        from qnet.plotting import save

        save(draw(result), plot)
        face.show(f"picture: {plot}")


def _title(what: str, row: Any) -> str:
    if "rounds" not in row:
        return f"{what}: {row['detectors']} detectors, {row['observables']} observables, by {row['decoder']}"
    basis = "both bases" if row["basis"] == "both" else f"basis {row['basis']}"
    return f"{what}, {row['rounds']} rounds, {basis}, {row['noise']}:{row['p']:g}, by {row['decoder']}"


def _table(result: Result) -> Any:
    from rich.table import Table

    from qnet.cli._numbers import measured

    table = Table("figure", box=None, pad_edge=False)
    table.add_column("measured", justify="right")
    for name, figure in result.figures.items():
        table.add_row(name, measured(figure.value, figure.stderr))
    return table


def _footer(result: Result, row: Any, drawn: bool) -> str:
    parts = [f"{row['shots']} shots", f"{row['errors']} errors"]
    if row["discards"]:
        parts.append(f"{row['discards']} discarded")
    if row["low_confidence"] is not None:
        parts.append(f"{row['low_confidence']} guessed, {row['low_confidence_errors']} of them wrong")
    seed = f"seed {result.seed}{' (drawn)' if drawn else ''}"
    return ", ".join([*parts, seed, f"{result.elapsed_s:.2f} s"])
