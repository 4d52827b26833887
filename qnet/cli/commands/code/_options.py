"""What the commands about codes share."""

from __future__ import annotations

from typing import Annotated, Any

import typer

__all__ = ["Code", "answer", "probability"]

Code = Annotated[
    str,
    typer.Argument(
        metavar="CODE",
        help="Name of a code with its numbers, such as steane, rotated_surface:3 or parity:4,3.",
        show_default=False,
    ),
]


def answer(
    command: str,
    parameters: dict[str, Any],
    *,
    figures: dict[str, Any] | None = None,
    elapsed_s: float = 0.0,
    **more: Any,
) -> dict[str, Any]:
    """The JSON object of a command that draws nothing at random."""
    from qnet.cli._versions import all_versions

    return {
        "command": command,
        "parameters": parameters,
        "seed": None,
        "figures": {name: figure.as_dict() for name, figure in (figures or {}).items()},
        **more,
        "versions": all_versions(),
        "elapsed_s": elapsed_s,
    }


def probability(text: str) -> float:
    """A probability, for typer; what is none is refused by its value.

    Example:
        >>> probability("0.05")
        0.05
    """
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise typer.BadParameter(f"{text!r} is no probability; give one from 0 to 1")
    return value
