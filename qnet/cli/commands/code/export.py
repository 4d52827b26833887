"""`qnet code export`: a code as JSON, or its memory experiment as a circuit or an error model."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qnet.cli._options import Debug, Json
from qnet.cli._shots import GateLoss, Loss, settled_rounds, with_losses
from qnet.cli.commands.code._distance import distance_figure, distance_text, told_distance
from qnet.cli.commands.code._options import Code, answer

if TYPE_CHECKING:
    from circuits.codes import StabilizerCode
    from circuits.codes.distance import CircuitDistance
    from qnet.cli._face import Face
    from qnet.studies import CodePoint

__all__ = ["Format", "export"]


class Format(StrEnum):
    """What is written."""

    JSON = "json"
    STIM = "stim"
    DEM = "dem"
    QASM3 = "qasm3"


def export(
    context: typer.Context,
    code: Code,
    format_: Annotated[
        Format,
        typer.Option(
            "--format", help="The code as json; its memory as a stim or qasm3 circuit, or as its dem."
        ),
    ] = Format.JSON,
    rounds: Annotated[
        str, typer.Option(metavar="R", help="Rounds of the memory: a number, or d, 2d …")
    ] = "d",
    noise: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL:P",
            help="Noise of the memory: uniform:P (Stim's four error rates at P) or si1000:P.",
            show_default=False,
        ),
    ] = None,
    loss: Loss = 0.0,
    gate_loss: GateLoss = 0.0,
    basis: Annotated[
        str | None,
        typer.Option(metavar="BASIS", help="Z, X or both; Z if the code allows.", show_default=False),
    ] = None,
    extraction: Annotated[
        str, typer.Option(metavar="WAY", help="How syndromes are extracted: bare, flag or steane.")
    ] = "bare",
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File to write, instead of stdout.", show_default=False),
    ] = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Write a code as JSON, or its memory experiment as a Stim circuit, an error model or OpenQASM 3.

    The circuit distance of the memory stands in its first line, a comment.
    """
    face: Face = context.obj
    if output is not None:
        from qnet.plotting import check_writable

        check_writable(output, suffixes=None)
    settled = with_losses(noise or "uniform:0", loss, gate_loss) if noise or loss or gate_loss else None
    if format_ is Format.DEM and settled is None:
        raise ValueError("--format dem needs noise, or its error model is empty; give --noise uniform:0.001")
    asked = {"code": code, "format": format_.value, "rounds": rounds, "noise": settled, "basis": basis}
    point = None if format_ is Format.JSON else _point(code, rounds, settled, basis, extraction)
    found = None if point is None else told_distance(point)
    text = _code(code) if point is None else f"{_comment(format_, found)}\n{_written(point, format_)}"
    if output is not None:
        from qnet.plotting import write_file

        write_file(text.encode(), output)
    answered = answer(
        "code export",
        {**asked, "extraction": extraction},
        figures=None if point is None else distance_figure(found),
        text=text if output is None else None,
        output=None if output is None else str(output),
    )
    face.give(answered)
    if not face.json:
        told = "" if point is None else f", {distance_text(found)}"
        sys.stdout.write(text if output is None else f"{format_.value}: {output}{told}\n")


def _comment(format_: Format, found: CircuitDistance | None) -> str:
    return f"{'//' if format_ is Format.QASM3 else '#'} {distance_text(found)}"


def _written(point: CodePoint, format_: Format) -> str:
    circuit = point.circuit()
    if format_ is Format.STIM:
        return f"{circuit}\n"
    if format_ is Format.DEM:
        from qnet.studies import error_model

        return f"{error_model(circuit, 'pymatching', what=point.code)}\n"
    from qiskit import qasm3

    from circuits.bridge import to_qiskit
    from circuits.noise import CircuitNoise

    return str(qasm3.dumps(CircuitNoise.strip(to_qiskit(CircuitNoise.strip(circuit)))))


def _point(code: str, rounds: str, noise: str | None, basis: str | None, extraction: str) -> CodePoint:
    from qnet.studies import CodeStudy

    (point,) = CodeStudy(
        codes=(code,),
        noises=(noise or "uniform:0",),
        rounds=settled_rounds(rounds),
        basis=basis,
        extraction=extraction,
    ).points()
    return point


def _code(name: str) -> str:
    from circuits.codes.naming import named_code

    return _as_json(named_code(name)) + "\n"


def _as_json(code: StabilizerCode) -> str:
    import json

    n, k, d = code.parameters
    return json.dumps(
        {
            "name": code.name,
            "n": n,
            "k": k,
            "d": d,
            "checks": code.checks,
            "logical_x": code.logical_x,
            "logical_z": code.logical_z,
            "coordinates": code.coordinates,
            "source": code.source,
        }
    )
