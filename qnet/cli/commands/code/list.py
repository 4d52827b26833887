"""`qnet code list`: the codes by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from qnet.cli._options import Debug, Json
from qnet.cli.commands.code._options import answer

if TYPE_CHECKING:
    from qnet.cli._face import Face

__all__ = ["list_codes"]


def list_codes(context: typer.Context, json: Json = False, debug: Debug = False) -> None:
    """List the codes, and how their names are written."""
    face: Face = context.obj
    from circuits.codes.naming import CODES, named_code

    rows = []
    for family in CODES.values():
        example = named_code(family.example or family.name)
        n, k, d = example.parameters
        rows.append(
            {
                "name": family.name,
                "form": family.form,
                "summary": family.summary,
                "example": example.name,
                "n": n,
                "k": k,
                "d": d,
                "css": example.is_css,
            }
        )
    face.give(answer("code list", {}, rows=rows))
    if face.json:
        return
    from rich.table import Table

    table = Table("code", "for example", "n", "k", "d", "what it is", box=None, pad_edge=False)
    for row in rows:
        cells = [str(row[key]) for key in ("form", "example", "n", "k", "d")]
        table.add_row(*cells, str(row["summary"]))
    face.show(table, "qnet code show CODE shows its checks.")
