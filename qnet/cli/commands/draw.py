"""`qnet draw`: the circuit of a protocol, as text or as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import Debug, Json, Protocol, Settings

if TYPE_CHECKING:
    from qnet.cli._face import Face

__all__ = ["draw"]


def draw(
    context: typer.Context,
    protocol: Protocol,
    set_: Settings = None,
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A PNG, SVG or PDF by its suffix.", show_default=False),
    ] = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Draw the circuit of a protocol."""
    face: Face = context.obj
    if output is not None:
        from qnet.plotting import check_writable

        check_writable(output)
    from qnet.cli._answers import answer, bare_circuit

    experiment, circuit = bare_circuit(protocol, set_)
    text = None if output else _text(circuit)
    if output is not None:
        _picture(circuit, output)
    face.give(answer("draw", experiment, text=text, output=output, elapsed_s=face.elapsed_s))
    if not face.json:
        print(text if text is not None else f"picture: {output}")


def _text(circuit: Any) -> str:
    from shutil import get_terminal_size

    drawing = circuit.draw("text", fold=get_terminal_size().columns)
    drawing.encoding = "utf-8"
    return str(drawing)


def _picture(circuit: Any, output: Path) -> None:
    from qnet.plotting import draw_circuit, save

    save(draw_circuit(circuit), output)
