"""`qnet export`: the circuit of a protocol as OpenQASM 3, as a Stim circuit or as QPY."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import Debug, Json, Protocol, Settings

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.cli._face import Face

__all__ = ["Format", "export"]


class Format(StrEnum):
    """The languages that a circuit can be written in."""

    QASM3 = "qasm3"
    STIM = "stim"
    QPY = "qpy"


def export(
    context: typer.Context,
    protocol: Protocol,
    format_: Annotated[Format, typer.Option("--format", help="Language to write.", show_default=False)],
    set_: Settings = None,
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File to write, instead of stdout.", show_default=False),
    ] = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Write the circuit of a protocol as OpenQASM 3, as a Stim circuit or as QPY.

    OpenQASM 3 and QPY hold no noise: imperfect pairs are written as perfect ones.
    """
    face: Face = context.obj
    _check_target(face, format_, output)
    from qnet.cli._answers import answer, bare_circuit

    experiment, circuit = bare_circuit(protocol, set_)
    if format_ is not Format.STIM:
        circuit = _without_noise(face, circuit)
    content = _written(circuit, format_)
    if output is not None:
        from qnet.plotting import write_file

        write_file(content, output)
    text = None if output is not None or format_ is Format.QPY else content.decode()
    told = {"format": format_.value, "text": text}
    face.give(answer("export", experiment, output=output, elapsed_s=face.elapsed_s, **told))
    if not face.json and output is None:
        sys.stdout.flush()
        _stdout().write(content)
    elif not face.json:
        print(f"{format_.value}: {output}")


def _check_target(face: Face, format_: Format, output: Path | None) -> None:
    if output is not None:
        from qnet.plotting import check_writable

        check_writable(output, suffixes=None)
    elif format_ is Format.QPY and (face.json or sys.stdout.isatty()):
        raise ValueError("QPY is binary; give --output FILE, or a pipe")


def _without_noise(face: Face, circuit: QuantumCircuit) -> QuantumCircuit:
    from circuits.noise import CircuitNoise

    bare: QuantumCircuit = CircuitNoise.strip(circuit)
    if bare.size() != circuit.size():
        face.note("qnet: the imperfect pairs are written as perfect ones; this format holds no noise")
    return bare


def _written(circuit: QuantumCircuit, format_: Format) -> bytes:
    if format_ is Format.QASM3:
        from qiskit import qasm3

        return str(qasm3.dumps(circuit)).encode()
    if format_ is Format.STIM:
        from circuits.bridge import to_stim

        return f"{to_stim(circuit)}\n".encode()
    from io import BytesIO

    from qiskit import qpy

    buffer = BytesIO()
    qpy.dump(circuit, buffer)
    return buffer.getvalue()


def _stdout() -> Any:
    return getattr(sys.stdout, "buffer", None) or _Text()


class _Text:
    """Standard output that takes text only."""

    def write(self, content: bytes) -> None:
        sys.stdout.write(content.decode())
