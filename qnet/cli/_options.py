"""The arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["Debug", "Json", "Plot", "Protocol", "Seed", "Settings"]

Protocol = Annotated[
    str, typer.Argument(help="Name of a protocol, or a word of it that no other has.", show_default=False)
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Set a parameter of the protocol; may be given again. 'qnet list PROTOCOL' shows them.",
        show_default=False,
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        min=0, help="Seed of all that is drawn; one is drawn, and printed, if not given.", show_default=False
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout and nothing else.")]
Plot = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Draw the figures: a PNG, SVG or PDF by its suffix.", show_default=False
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
