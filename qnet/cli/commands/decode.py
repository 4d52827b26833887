"""`qnet decode`: sample a Stim circuit, decode, and tell how often an observable comes out wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qnet.cli._options import Debug, Json, Plot, Seed, settled_seed
from qnet.cli._shots import (
    Decoder,
    LowConfidence,
    MaxErrors,
    Precision,
    Shots,
    settled_shots,
    tell_rates,
)
from qnet.cli._workers import Cluster, SaveResume, Workers, executor_for

if TYPE_CHECKING:
    import stim

    from qnet.cli._face import Face

__all__ = ["decode"]


def decode(
    context: typer.Context,
    circuit: Annotated[
        Path,
        typer.Argument(
            metavar="CIRCUIT",
            help="A .stim file, or a .dem file, which is sampled itself.",
            show_default=False,
        ),
    ],
    decoder: Decoder = "pymatching",
    dem: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.dem",
            help="The decoder's error model, instead of the circuit's.",
            show_default=False,
        ),
    ] = None,
    shots: Shots = None,
    max_errors: MaxErrors = None,
    precision: Precision = None,
    low_confidence: LowConfidence = None,
    workers: Workers = 1,
    cluster: Cluster = None,
    save_resume: SaveResume = None,
    seed: Seed = None,
    json: Json = False,
    plot: Plot = None,
    debug: Debug = False,
) -> None:
    """Sample a circuit with detectors, decode the shots, and tell the logical error rate per shot.

    With --decoder erasure the error model is made from the circuit's heralds, which are detectors with the
    tag herald. Shots that the decoder discards, and those that it only guesses, are told apart.
    """
    face: Face = context.obj
    if plot is not None:
        from qnet.plotting import check_writable

        check_writable(plot)
    limits = settled_shots(shots, max_errors, precision)
    sampled, model = _read(circuit, dem)
    seed, drawn = settled_seed(seed)
    from qnet.studies import decode as decoded

    with executor_for(workers, cluster) as executor:
        result = decoded(
            sampled,
            decoder,
            model=model,
            max_shots=limits.shots,
            max_errors=limits.max_errors,
            precision=limits.precision,
            low_confidence=low_confidence,
            executor=executor,
            seed=seed,
            save_resume=save_resume,
            name=circuit.name,
        )
    tell_rates(face, result, circuit.name, drawn=drawn, plot=plot)


def _read(circuit: Path, dem: Path | None) -> tuple[stim.Circuit, stim.DetectorErrorModel | None]:
    import stim

    model = None if dem is None else stim.DetectorErrorModel(_checked(dem, stim.DetectorErrorModel))
    if circuit.suffix == ".dem":
        from qnet.studies import circuit_of_model

        own = stim.DetectorErrorModel(_checked(circuit, stim.DetectorErrorModel))
        return circuit_of_model(own), own if model is None else model
    return stim.Circuit(_checked(circuit, stim.Circuit)), model


def _checked(path: Path, kind: type) -> str:
    """The text of a file that Stim can read."""
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "is not there"
        raise ValueError(f"{str(path)!r} {what}; give a .stim or .dem file")
    try:
        text = path.read_bytes().decode()
        kind(text)
    except (ValueError, IndexError) as error:
        what = "circuit" if kind.__name__ == "Circuit" else "detector error model"
        reason = " ".join(str(error).split())
        raise ValueError(f"{str(path)!r} is no {what} of Stim's: {reason}") from error
    return text
