"""`qnet repeater link`: a logical Bell pair over a link, with its errors by their kind."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Annotated

import typer

from qnet.cli._options import Debug, Json, Plot, Seed, settled_seed, whole_number
from qnet.cli._shots import MaxErrors, Precision, Shots, fraction, settled_shots
from qnet.cli._workers import Cluster, SaveResume, Workers, executor_for
from qnet.cli.commands.repeater._options import check_plot, figure_rows, number

if TYPE_CHECKING:
    from pathlib import Path

    from qnet.cli._face import Face
    from qnet.repeaters import EncodedLink, LogicalPair
    from qnet.results import Result

__all__ = ["link"]


def link(
    context: typer.Context,
    scheme: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="surgery, mixed_surgery, bell_surgery, steane, golay, or transversal:CODE.",
        ),
    ] = "surgery",
    distance: Annotated[
        int | None,
        typer.Option(
            parser=whole_number,
            metavar="D",
            help="Of surgery, 3 if not given; blocks have their own.",
            show_default=False,
        ),
    ] = None,
    seam_noise: Annotated[
        float,
        typer.Option(
            parser=fraction, metavar="P", help="Depolarising error of both qubits of each remote gate."
        ),
    ] = 0.0,
    fidelity: Annotated[
        float, typer.Option(parser=fraction, metavar="F", help="Of the Werner pairs of the link.")
    ] = 1.0,
    heralded_loss: Annotated[
        float,
        typer.Option(
            parser=fraction, metavar="E", help="Share of pairs that are lost, of which heralds tell."
        ),
    ] = 0.0,
    gate_loss: Annotated[
        float,
        typer.Option(
            parser=fraction,
            metavar="E",
            help="Heralded loss of each qubit of a remote gate, harsher than a pair's.",
        ),
    ] = 0.0,
    noise: Annotated[
        str, typer.Option(metavar="MODEL:P", help="Of all local operations: uniform:P or si1000:P.")
    ] = "uniform:0.001",
    purify: Annotated[
        str | None,
        typer.Option(
            metavar="WAY",
            help="Purify pairs first: dejmps, five_qubit or five_qubit_detect.",
            show_default=False,
        ),
    ] = None,
    pair_rate: Annotated[
        float | None,
        typer.Option(
            parser=number,
            metavar="HZ",
            help="Raw pairs in a second: tells the time, and lets memories wait.",
            show_default=False,
        ),
    ] = None,
    t1: Annotated[
        float | None,
        typer.Option(parser=number, metavar="S", help="T1 of the memories.", show_default=False),
    ] = None,
    t2: Annotated[
        float | None,
        typer.Option(parser=number, metavar="S", help="T2 of the memories.", show_default=False),
    ] = None,
    round_time: Annotated[
        float, typer.Option(parser=number, metavar="S", help="How long a round of checks lasts.")
    ] = 0.0,
    rounds: Annotated[
        int | None,
        typer.Option(
            parser=whole_number,
            metavar="R",
            help="Of the joined patches (d if not given), or before transversal gates (1).",
            show_default=False,
        ),
    ] = None,
    extraction: Annotated[
        str | None,
        typer.Option(metavar="WAY", help="Of transversal blocks: bare or flag.", show_default=False),
    ] = None,
    decoder: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The scheme's own if not given: pymatching, erasure where pairs are lost …",
            show_default=False,
        ),
    ] = None,
    target: Annotated[
        float | None,
        typer.Option(
            parser=fraction,
            metavar="P",
            help="Find the smallest distance with 1 − F of at most P.",
            show_default=False,
        ),
    ] = None,
    max_distance: Annotated[
        int, typer.Option(parser=whole_number, metavar="D", help="How far --target looks.")
    ] = 21,
    extrapolate: Annotated[
        bool, typer.Option("--extrapolate", help="By Λ of d = 3, 5 and 7, beyond what can be sampled.")
    ] = False,
    shots: Shots = None,
    max_errors: MaxErrors = None,
    precision: Precision = None,
    workers: Workers = 1,
    cluster: Cluster = None,
    save_resume: SaveResume = None,
    seed: Seed = None,
    json: Json = False,
    plot: Plot = None,
    debug: Debug = False,
) -> None:
    """Make a logical Bell pair over a noisy, lossy link: 1 − F, its X, Y and Z parts, and the pairs spent.

    It is simulated with everything that goes wrong, and decoded with everything that is known: lost pairs by
    their heralds. A link below its threshold is told so, with what would help.
    """
    face: Face = context.obj
    check_plot(plot)
    from qnet.repeaters import EncodedLink, measured_link

    asked = EncodedLink(
        scheme=scheme,
        distance=distance,
        fidelity=fidelity,
        seam_noise=seam_noise,
        heralded_loss=heralded_loss,
        gate_loss=gate_loss,
        noise=noise,
        purify=purify,
        pair_rate_hz=pair_rate,
        t1_s=inf if t1 is None else t1,
        t2_s=t2,
        round_s=round_time,
        rounds=rounds,
        extraction=extraction,
        decoder=decoder,
    )
    limits = settled_shots(shots, max_errors, precision)
    seed, drawn = settled_seed(seed)
    with executor_for(workers, cluster) as executor:
        result = measured_link(
            asked,
            max_shots=limits.shots,
            max_errors=limits.max_errors,
            precision=limits.precision,
            target=target,
            distances=_distances(max_distance, distance),
            extrapolate=extrapolate,
            executor=executor,
            seed=seed,
            save_resume=save_resume,
            progress=True,
        )
    _tell(face, asked, result, drawn=drawn, plot=plot)


def _distances(largest: int, own: int | None) -> list[int]:
    """Odd ones; even ones for a link of even distance."""
    first = 4 if own is not None and own % 2 == 0 else 3
    if largest < first + 2:
        raise ValueError(
            f"--max-distance {largest} leaves fewer than two distances; give at least {first + 2}"
        )
    return list(range(first, largest + 1, 2))


def _tell(face: Face, asked: EncodedLink, result: Result, *, drawn: bool, plot: Path | None) -> None:
    (row,) = result.rows
    face.give(result.as_dict())
    face.show(
        f"{row['scheme']}, {row['source']}, decoded by {row['decoder']}", figure_rows(dict(result.figures))
    )
    seed = f"seed {result.seed}{' (drawn)' if drawn else ''}"
    face.show(f"{result.shots} shots, {seed}, {result.elapsed_s:.2f} s")
    warning = _warning(asked, result)
    if warning is not None:
        face.note(f"qnet: {warning}")
    if plot is not None:
        from qnet.plotting import save
        from qnet.plotting.encoded_links import plot_link

        save(plot_link(result), plot)
        face.show(f"picture: {plot}")


def _warning(asked: EncodedLink, result: Result) -> str | None:
    """One line where a code makes pairs worse than they are."""
    if result.rows[0]["source"] != "measured" or result.parameters["target"] is not None:
        return None
    from qnet.repeaters.thresholds import verdict

    return verdict(asked, _pair(result))


def _pair(result: Result) -> LogicalPair:
    from qnet.repeaters import LogicalPair

    x, y, z = (result.figures[name].value for name in ("e_x", "e_y", "e_z"))
    return LogicalPair(e_x=x, e_y=y, e_z=z, stderr_x=0.0, source="measured", shots=result.shots)
