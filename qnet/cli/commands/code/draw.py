"""`qnet code draw`: a code as text, or as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qnet.cli._options import Debug, Json
from qnet.cli.commands.code._options import Code, answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circuits.codes import StabilizerCode
    from qnet.cli._face import Face

__all__ = ["as_text", "draw"]


def draw(
    context: typer.Context,
    code: Code,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "--plot",
            metavar="FILE",
            help="A PNG, SVG or PDF by its suffix; text if not given.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Draw a code: its qubits, its checks and its logical operators."""
    face: Face = context.obj
    if output is not None:
        from qnet.plotting import check_writable

        check_writable(output)
    from circuits.codes.naming import named_code

    found = named_code(code)
    text = as_text(found) if output is None else None
    if output is not None:
        from circuits.codes.picture import draw_code
        from qnet.plotting import save

        save(draw_code(found), output)
    asked = {"code": found.name}
    face.give(answer("code draw", asked, text=text, output=None if output is None else str(output)))
    if not face.json:
        print(text if text is not None else f"picture: {output}")


def as_text(code: StabilizerCode) -> str:
    """Where the qubits lie, and on which of them every check and logical operator acts.

    Example:
        >>> from circuits.codes import rotated_surface
        >>> print(as_text(rotated_surface(2)))
        rotated_surface:2 [[4,1,2]]
        0 1
        2 3
        check 0    X0 X2
        check 1    Z0 Z1 Z2 Z3
        check 2    X1 X3
        logical X  X0 X1
        logical Z  Z0 Z2
    """
    n, k, d = code.parameters
    lines = [f"{code.name} [[{n},{k}{'' if d is None else f',{d}'}]]", *_places(code.coordinates)]
    lines += [_acting(f"check {number}", check) for number, check in enumerate(code.checks)]
    for letter, strings in (("X", code.logical_x), ("Z", code.logical_z)):
        several = len(strings) > 1
        lines += [
            _acting(f"logical {letter}{number if several else ''}", string)
            for number, string in enumerate(strings)
        ]
    return "\n".join(lines)


def _acting(what: str, string: str) -> str:
    return f"{what:10} " + " ".join(f"{letter}{q}" for q, letter in enumerate(string) if letter != "I")


def _places(coordinates: Sequence[tuple[float, float]]) -> list[str]:
    """The qubits' numbers row by row, where no two share a place; nothing without coordinates."""
    rows, columns = (sorted({place[axis] for place in coordinates}) for axis in (1, 0))
    if not coordinates or len(columns) > 20:
        return []
    width = len(str(len(coordinates) - 1))
    cells = [["" for _ in columns] for _ in rows]
    for qubit, (x, y) in enumerate(coordinates):
        cells[rows.index(y)][columns.index(x)] = str(qubit)
    return [" ".join(f"{cell:>{width}}" for cell in row).rstrip() for row in cells]
