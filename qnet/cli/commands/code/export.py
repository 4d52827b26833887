"""`qnet code export`: a code as JSON, or its memory experiment as a circuit or an error model."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qnet.cli._options import Debug, Json
from qnet.cli._shots import settled_rounds
from qnet.cli.commands.code._options import Code, answer

if TYPE_CHECKING:
    from circuits.codes import StabilizerCode
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
            help="Noise of the memory: uniform:P or si1000:P, with heralded loss uniform:P+loss:E.",
            show_default=False,
        ),
    ] = None,
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
    """Write a code as JSON, or its memory experiment as a Stim circuit, an error model or OpenQASM 3."""
    face: Face = context.obj
    if output is not None:
        from qnet.plotting import check_writable

        check_writable(output, suffixes=None)
    if format_ is Format.DEM and noise is None:
        raise ValueError("--format dem needs noise, or its error model is empty; give --noise uniform:0.001")
    asked = {"code": code, "format": format_.value, "rounds": rounds, "noise": noise, "basis": basis}
    text = _written(code, format_, rounds, noise, basis, extraction)
    if output is not None:
        from qnet.plotting import write_file

        write_file(text.encode(), output)
    answered = answer(
        "code export",
        {**asked, "extraction": extraction},
        text=text if output is None else None,
        output=None if output is None else str(output),
    )
    face.give(answered)
    if not face.json:
        sys.stdout.write(text if output is None else f"{format_.value}: {output}\n")


def _written(
    code: str, format_: Format, rounds: str, noise: str | None, basis: str | None, extraction: str
) -> str:
    from circuits.codes.naming import named_code

    if format_ is Format.JSON:
        return _as_json(named_code(code)) + "\n"
    point = _point(code, rounds, noise, basis, extraction)
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
