"""`qnet sweep`: run a study that a TOML file describes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import Debug, Json, Plot, Seed, settled_seed
from qnet.cli._studies import StudyKinds
from qnet.cli._workers import Cluster, SaveResume, Workers, executor_for

if TYPE_CHECKING:
    from qnet.cli._face import Face
    from qnet.results import Result

__all__ = ["sweep"]


def sweep(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE.toml", help="The study; see the example below.", show_default=False),
    ],
    workers: Workers = 1,
    cluster: Cluster = None,
    save_resume: SaveResume = None,
    seed: Seed = None,
    json: Json = False,
    plot: Plot = None,
    debug: Debug = False,
) -> None:
    """Run a study of codes, distances, noises and decoders; thresholds and Λ come out of it.

    The file is TOML and is only read. Memories are the study "codes": codes and noises (needed), distances,
    decoders, rounds, basis, extraction. Lattice surgery over a link is the study "seams": noises and
    distances (needed), seam_noises, pair_errors, losses, across, forms, experiments, decoders, rounds. The
    third is "stability": noises and distances (needed), width, basis, decoders. The fourth is "logical_pairs"
    of repeaters: noises and distances (needed), schemes, seam_noises, fidelities, losses, purifications,
    decoders, across. The fifth is "one_way_hops": codes such as "parity:13,6" and losses (needed), hops. All
    take max_shots, max_errors, precision, seed and title.
    """
    face: Face = context.obj
    if plot is not None:
        from qnet.plotting import check_writable

        check_writable(plot)
    from qnet.studies import read_study, run_study

    asked = read_study(file, StudyKinds())
    chosen, drawn = settled_seed(asked.seed if seed is None else seed)
    with executor_for(workers, cluster) as executor:
        result = run_study(asked.study, executor=executor, seed=chosen, save_resume=save_resume)
    face.give(result.as_dict())
    if not face.json:
        _tell(face, result, drawn)
    if plot is not None:
        from qnet.plotting import save
        from qnet.plotting.codes import plot_study

        save(plot_study(result), plot)
        face.show(f"picture: {plot}")


def _tell(face: Face, result: Result, drawn: bool) -> None:
    from qnet.cli._numbers import measured

    face.show(_points(result))
    if result.figures:
        from rich.table import Table

        table = Table("figure", box=None, pad_edge=False)
        table.add_column("fitted", justify="right")
        for name, figure in result.figures.items():
            table.add_row(name, measured(figure.value, figure.stderr))
        face.show("", table)
    seed = f"seed {result.seed}{' (drawn)' if drawn else ''}"
    face.show(f"{len(result.rows)} points, {result.shots} shots, {seed}, {result.elapsed_s:.2f} s")


def _points(result: Result) -> Any:
    """One row a point; what all points share is left to the title."""
    from rich.table import Table

    from qnet.cli._numbers import brief

    rows = [{**row, "p": f"{row['p']:g}", "rounds": str(row["rounds"])} for row in result.rows]
    keys = ("code", "basis", "noise", "p", "decoder", "rounds")
    varying = [key for key in keys if len({row[key] for row in rows}) > 1]
    shared = [f"{key} {rows[0][key]}" for key in keys if key not in varying]
    table = Table(title=", ".join(shared) or None, box=None, pad_edge=False, title_justify="left")
    for key in varying:
        table.add_column(key, no_wrap=True)
    for heading in ("shots", "errors", "errors per shot"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        rate = brief(row["logical_error_rate"], row["stderr"])
        table.add_row(*(row[key] for key in varying), str(row["shots"]), str(row["errors"]), rate)
    return table
