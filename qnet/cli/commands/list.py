"""`qnet list`: the protocols, or the parameters of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import Debug, Json

if TYPE_CHECKING:
    from qnet.cli._face import Face

__all__ = ["list_"]


def list_(
    context: typer.Context,
    protocol: Annotated[
        str | None, typer.Argument(help="Show the parameters of this one.", show_default=False)
    ] = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """List the protocols, or the parameters of one."""
    face: Face = context.obj
    if protocol is None:
        rows = _protocols()
        face.give(_answer(face, {}, rows))
        if not face.json:
            face.show(_protocol_table(rows), "qnet list PROTOCOL shows what --set can set.")
        return
    from qnet.protocols import protocol as named

    experiment = named(protocol)
    rows = _parameters(experiment)
    face.give(_answer(face, {"protocol": experiment.name}, rows))
    if not face.json:
        parts = _parameter_table(rows) if rows else "It has no parameters."
        face.show(f"{experiment.name}: {experiment.summary}", parts)


def _answer(face: Face, asked: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    from qnet.cli._versions import all_versions

    return {
        "command": "list",
        "parameters": asked,
        "seed": None,
        "figures": {},
        "versions": all_versions(),
        "elapsed_s": face.elapsed_s,
        "rows": rows,
    }


def _protocols() -> list[dict[str, Any]]:
    from qnet.protocols import PROTOCOLS

    return [
        {"name": name, "summary": experiment.summary, "parameters": _parameters(experiment)}
        for name, experiment in PROTOCOLS.items()
    ]


def _parameters(experiment: type) -> list[dict[str, Any]]:
    from qnet.cli._settings import parameters

    return parameters(experiment)


def _protocol_table(rows: list[dict[str, Any]]) -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("protocol", no_wrap=True, min_width=max(len(row["name"]) for row in rows))
    table.add_column("what it does")
    for row in rows:
        table.add_row(row["name"], row["summary"])
    return table


def _parameter_table(rows: list[dict[str, Any]]) -> Any:
    from rich.table import Table

    table = Table("parameter", "default", "type", box=None, pad_edge=False)
    for row in rows:
        table.add_row(row["name"], str(row["default"]), row["type"])
    return table
