"""`qnet qkd protocols` and `qnet qkd presets`: what there is to reckon with."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import Debug, Json

if TYPE_CHECKING:
    from qnet.cli._face import Face

__all__ = ["presets", "protocols"]


def protocols(
    context: typer.Context,
    protocol: Annotated[
        str | None, typer.Argument(metavar="[PROTOCOL]", help="One of them.", show_default=False)
    ] = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """List the protocols whose key rates are known, and which have finite keys; or the parameters of one."""
    face: Face = context.obj
    from qnet.qkd.catalogue import rate_table
    from qnet.qkd.registry import rate_protocol

    rows = rate_table()
    if protocol is not None:
        from qnet.cli._settings import parameters

        one = rate_protocol(protocol)
        rows = [{**row, "parameters": parameters(one)} for row in rows if row["name"] == one.name]
    face.give(_answer("qkd protocols", {"protocol": protocol}, rows))
    if not face.json:
        _show(face, rows, alone=protocol is not None)


def _show(face: Face, rows: list[dict[str, Any]], *, alone: bool) -> None:
    from rich.table import Table

    if not alone:
        table = Table("protocol", "finite key", "what it is", box=None, pad_edge=False)
        for row in rows:
            table.add_row(row["name"], _first(row["proof"]), row["summary"])
        face.show(
            table,
            "",
            "Every protocol has an endless key's rate. Where a proof is named, --finite N is reckoned by it.",
        )
        return
    row = rows[0]
    table = Table("parameter", "default", "type", box=None, pad_edge=False)
    sought = {*row["optimised"], *row["optimised_if_finite"]}
    for one in row["parameters"]:
        default = "chosen at its best" if one["name"] in sought else str(one["default"])
        table.add_row(one["name"], default, one["type"].replace(" | None", ""))
    proof = (
        f"finite keys: {row['proof']}; bound: {row['bound']}" if row["finite"] else "no finite-key proof here"
    )
    face.show(f"{row['name']}: {row['summary']}", proof, "", table)


def _first(proof: str | None) -> str:
    """The authors and the year of a source, which is short enough for a table.

    Example:
        >>> _first("Lim, Curty, Walenta, Xu, Zbinden, Phys. Rev. A 89, 022307 (2014)"), _first(None)
        ('Lim et al. 2014', '–')
    """
    if proof is None:
        return "–"
    year = proof.rpartition("(")[2].partition(")")[0]
    first = proof.partition(",")[0]
    return f"{first}{'' if ' and ' in first else ' et al.'} {year}"


def presets(context: typer.Context, json: Json = False, debug: Debug = False) -> None:
    """List the links and devices that --preset names, with their sources."""
    face: Face = context.obj
    from qnet.qkd.presets import PRESETS

    rows = [
        {
            "name": one.name,
            "summary": one.summary,
            "source": one.source,
            "loss_db_per_km": one.loss_db_per_km,
            "detector": asdict(one.detector),
            "settings": dict(one.settings),
        }
        for one in PRESETS.values()
    ]
    face.give(_answer("qkd presets", {}, rows))
    if not face.json:
        from rich.table import Table

        table = Table("preset", "what it is", box=None, pad_edge=False)
        for column in ("efficiency", "dark counts", "error"):
            table.add_column(column, justify="right")
        for one in PRESETS.values():
            seen = one.detector
            dark = f"{seen.dark_count_probability:.2g}"
            table.add_row(one.name, one.summary, f"{seen.efficiency:g}", dark, f"{seen.misalignment:.1%}")
        face.show(table)


def _answer(command: str, parameters: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    from qnet.cli._versions import all_versions

    return {
        "command": command,
        "parameters": parameters,
        "seed": None,
        "figures": {},
        "rows": rows,
        "versions": all_versions(),
        "elapsed_s": 0.0,
    }
