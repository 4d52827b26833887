"""`qnet code memory`: keep a logical qubit, and tell how often it is lost."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from qnet.cli._options import Debug, Json, Plot, Seed, settled_seed, whole_number
from qnet.cli._shots import (
    Limits,
    LowConfidence,
    MaxErrors,
    Precision,
    Shots,
    fraction,
    settled_rounds,
    settled_shots,
    tell_rates,
)
from qnet.cli._workers import Cluster, SaveResume, Workers, executor_for

if TYPE_CHECKING:
    from qnet.cli._face import Face
    from qnet.results import Figure
    from qnet.studies import CodePoint, CodeStudy

__all__ = ["memory"]


def memory(
    context: typer.Context,
    code: Annotated[
        str, typer.Option(metavar="CODE", help="Name of a code; 'qnet code list' shows them.")
    ] = "rotated_surface",
    distance: Annotated[
        int | None,
        typer.Option(
            parser=whole_number, metavar="D", help="Distance, for a code without numbers.", show_default=False
        ),
    ] = None,
    rounds: Annotated[
        str, typer.Option(metavar="R", help="Rounds: a number, or d, 2d … for the distance.")
    ] = "d",
    noise: Annotated[
        str, typer.Option(metavar="MODEL:P", help="uniform:P (Stim's four error rates at P) or si1000:P.")
    ] = "uniform:0.005",
    basis: Annotated[
        str | None,
        typer.Option(
            metavar="BASIS",
            help="Z, X, or both at once through a noiseless reference; Z if the code allows.",
            show_default=False,
        ),
    ] = None,
    extraction: Annotated[
        str, typer.Option(metavar="WAY", help="How syndromes are extracted: bare, flag or steane.")
    ] = "bare",
    circuit_distance: Annotated[
        bool, typer.Option("--circuit-distance", help="Tell, too, how few errors are never seen.")
    ] = False,
    loss: Annotated[
        float,
        typer.Option(
            parser=fraction, metavar="E", help="Heralded loss of each data qubit before each round."
        ),
    ] = 0.0,
    gate_loss: Annotated[
        float,
        typer.Option(parser=fraction, metavar="E", help="Heralded loss of each qubit of a two-qubit gate."),
    ] = 0.0,
    decoder: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="pymatching, or erasure where qubits are lost; any other by name."),
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
    """Keep a logical qubit for some rounds under noise, decode, and tell its error rate per shot."""
    face: Face = context.obj
    if plot is not None:
        from qnet.plotting import check_writable

        check_writable(plot)
    study = _study(
        code=code,
        distance=distance,
        rounds=rounds,
        noise=noise + "".join(f"+{n}:{e!r}" for n, e in (("loss", loss), ("gate_loss", gate_loss)) if e),
        basis=basis,
        extraction=extraction,
        decoder=decoder,
        limits=settled_shots(shots, max_errors, precision),
        low_confidence=low_confidence,
    )
    seed, drawn = settled_seed(seed)
    from qnet.studies import run_study

    with executor_for(workers, cluster) as executor:
        result = run_study(
            study, executor=executor, seed=seed, save_resume=save_resume, command="code memory"
        )
    (point,) = study.points()
    result = replace(
        result,
        experiment="memory",
        figures={**result.figures, **(_circuit_distance(point) if circuit_distance else {})},
        parameters={
            **asdict(point),
            "noise": str(point.noise),
            "shots": study.max_shots,
            "max_errors": study.max_errors,
            "precision": study.precision,
        },
    )
    tell_rates(face, result, point.code, drawn=drawn, plot=plot)


def _circuit_distance(point: CodePoint) -> dict[str, Figure]:
    """The fewest errors that make an unseen logical error: a lower bound, and the upper one beside it."""
    from circuits.codes.distance import circuit_distance
    from qnet.results import Figure

    found = circuit_distance(point.circuit())
    return {"circuit_distance": Figure(found.lower, bound=None if found.exact else found.upper)}


def _study(
    *,
    code: str,
    distance: int | None,
    rounds: str,
    noise: str,
    basis: str | None,
    extraction: str,
    decoder: str | None,
    limits: Limits,
    low_confidence: float | None,
) -> CodeStudy:
    from qnet.studies import CodeStudy, named_noise
    from qnet.studies.points import code_at

    code_at(code, distance)
    if decoder is None:
        decoder = "erasure" if named_noise(noise).is_heralded else "pymatching"
    return CodeStudy(
        codes=(code,),
        distances=() if distance is None else (distance,),
        noises=(noise,),
        decoders=(decoder,),
        rounds=settled_rounds(rounds),
        basis=basis,
        extraction=extraction,
        max_shots=limits.shots,
        max_errors=limits.max_errors,
        precision=limits.precision,
        low_confidence=low_confidence,
    )
