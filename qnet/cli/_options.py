"""The arguments and options that several commands share."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "Debug",
    "Json",
    "Plot",
    "Protocol",
    "Seed",
    "Settings",
    "examples",
    "settled_seed",
    "whole_number",
]


def examples(*lines: str) -> str:
    """The end of a help page."""
    return "\n\n".join(["Examples:", *lines])


def whole_number(text: str) -> int:
    """A whole number, for typer; what is none is refused by its value.

    Example:
        >>> whole_number("4096")
        4096
    """
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no whole number") from None


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
        parser=whole_number,
        metavar="N",
        help="Seed of all that is drawn; one is drawn, and printed, if not given.",
        show_default=False,
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


def settled_seed(seed: int | None) -> tuple[int, bool]:
    """The seed to use, and whether it was drawn because none was given.

    Raises:
        ValueError: If the seed is negative.

    Example:
        >>> settled_seed(7)
        (7, False)
    """
    if seed is not None and seed < 0:
        raise ValueError(f"--seed {seed} is negative; give a whole number from 0 up")
    return (secrets.randbits(32), True) if seed is None else (seed, False)
