"""`qnet code memory`: keep a logical qubit, and tell how often it is lost."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from qnet.cli._options import Debug, Json, Plot, Seed, settled_seed, whole_number
from qnet.cli._shots import (
    GateLoss,
    Limits,
    Loss,
    LowConfidence,
    MaxErrors,
    Precision,
    Shots,
    settled_rounds,
    settled_shots,
    tell_rates,
    with_losses,
)
from qnet.cli._workers import Cluster, SaveResume, Workers, executor_for
from qnet.cli.commands.code._distance import distance_figure, distance_text, told_distance

if TYPE_CHECKING:
    from qnet.cli._face import Face
    from qnet.studies import CodeStudy

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
        bool,
        typer.Option(
            "--circuit-distance", help="Seek the circuit distance longer where it is not known at once."
        ),
    ] = False,
    loss: Loss = 0.0,
    gate_loss: GateLoss = 0.0,
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
    """Keep a logical qubit for some rounds under noise, decode, and tell its error rate per shot.

    The circuit distance is told beside it: the fewest errors of the circuit that flip a logical bit and no
    detector, or bounds on that number.
    """
    face: Face = context.obj
    if plot is not None:
        from qnet.plotting import check_writable

        check_writable(plot)
    study = _study(
        code=code,
        distance=distance,
        rounds=rounds,
        noise=with_losses(noise, loss, gate_loss),
        basis=basis,
        extraction=extraction,
        decoder=decoder,
        limits=settled_shots(shots, max_errors, precision),
        low_confidence=low_confidence,
    )
    seed, drawn = settled_seed(seed)
    from qnet.studies import run_study

    (point,) = study.points()
    distance_found = told_distance(point, thorough=circuit_distance)
    with executor_for(workers, cluster) as executor:
        result = run_study(
            study, executor=executor, seed=seed, save_resume=save_resume, command="code memory"
        )
    result = replace(
        result,
        experiment="memory",
        parameters={
            **asdict(point),
            "noise": str(point.noise),
            "shots": study.max_shots,
            "max_errors": study.max_errors,
            "precision": study.precision,
        },
    )
    exact, told = distance_figure(distance_found), distance_text(distance_found)
    tell_rates(face, result, point.code, drawn=drawn, plot=plot, exact=exact, told=told)


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
