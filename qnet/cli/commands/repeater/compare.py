"""`qnet repeater compare`: which generation of repeaters is the cheapest, where."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import Debug, Json, Plot, Seed, settled_seed, whole_number
from qnet.cli._shots import Precision
from qnet.cli._workers import Cluster, SaveResume, Workers, executor_for
from qnet.cli.commands.repeater._options import AttenuationLength, check_plot, number, numbers

if TYPE_CHECKING:
    from qnet.cli._face import Face
    from qnet.results import Result

__all__ = ["compare"]


def compare(
    context: typer.Context,
    length: Annotated[
        str, typer.Option(metavar="KM[:KM]", help="Distance, or an axis of distances (logarithmic).")
    ] = "1000",
    gate_error: Annotated[
        str, typer.Option(metavar="P[:P]", help="ε_G, or an axis of gate errors (logarithmic).")
    ] = "1e-5:0.05",
    coupling: Annotated[
        str, typer.Option(metavar="SHARE[:SHARE]", help="η_c, or an axis of coupling efficiencies.")
    ] = "0.1:1",
    points: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Points along each axis.")
    ] = 12,
    gate_time: Annotated[
        float, typer.Option(parser=number, metavar="S", help="t₀, of a gate or an outcome.")
    ] = 1e-6,
    attenuation_length: AttenuationLength = 20.0,
    simulated: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SCHEME",
            help="Also links simulated at every gate error: surgery:5, steane …; may be given again.",
            show_default=False,
        ),
    ] = None,
    precision: Precision = 0.1,
    seed: Seed = None,
    workers: Workers = 1,
    cluster: Cluster = None,
    save_resume: SaveResume = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write the table as CSV.", show_default=False)
    ] = None,
    json: Json = False,
    plot: Plot = None,
    debug: Debug = False,
) -> None:
    """Compare three generations of repeaters by cost coefficient, at a point, along an axis or on a map.

    First: purified and swapped. Second: swapped, as they are or encoded. Third: one way. Each is
    optimised at every point. With --simulated, links are simulated once and kept by --save-resume.
    """
    face: Face = context.obj
    check_plot(plot)
    if csv is not None:
        from qnet.plotting import check_writable

        check_writable(csv, suffixes=None)
    if points < 2:
        raise ValueError(f"--points {points} makes no axis; give at least 2")
    axes: dict[str, Any] = {
        "lengths_km": numbers("--length", length, points, logarithmic=True),
        "gate_errors": numbers("--gate-error", gate_error, points, logarithmic=True),
        "couplings": numbers("--coupling", coupling, points, logarithmic=False),
    }
    long = [name for name, values in axes.items() if len(values) > 1]
    if len(long) == 3:
        raise ValueError("--length, --gate-error and --coupling are all axes; give a number for one of them")
    from qnet.repeaters.comparison.grid import compare_generations
    from qnet.repeaters.conditions import Conditions

    here = Conditions(
        length_km=axes["lengths_km"][0],
        gate_error=axes["gate_errors"][0],
        coupling=axes["couplings"][0],
        gate_time_s=gate_time,
        attenuation_length_km=attenuation_length,
    )
    chosen, drawn = settled_seed(seed)
    with executor_for(workers, cluster) as executor, face.progress() as bar:
        task = bar.add_task("comparing", total=1.0)
        result = compare_generations(
            here,
            **axes,
            candidates=_candidates(simulated, axes["gate_errors"], precision, chosen, executor, save_resume),
            executor=executor,
            progress=lambda share: bar.update(task, completed=share),
        )
    more = {"simulated": list(simulated or ()), "precision": precision, "points": points}
    result = replace(result, parameters={**result.parameters, **more}, seed=chosen if simulated else None)
    face.give(result.as_dict())
    if not face.json:
        _tell(face, result, long)
        if simulated:
            face.show(f"seed {chosen}{' (drawn)' if drawn else ''}")
    if csv is not None:
        from qnet.cli.commands.qkd._telling import write_csv

        write_csv([{k: "" if v is None else v for k, v in row.items()} for row in result.rows], csv)
        face.show(f"table: {csv}")
    if plot is not None:
        from qnet.plotting import save
        from qnet.plotting.repeaters import plot_comparison

        save(plot_comparison(result), plot)
        face.show(f"picture: {plot}")


def _candidates(
    simulated: list[str] | None,
    gate_errors: list[float],
    precision: float | None,
    seed: int,
    executor: Any,
    save: str | None,
) -> Any:
    from qnet.repeaters.comparison.candidates import Candidates

    plain = Candidates()
    if not simulated:
        return plain
    from qnet.repeaters.comparison.simulated import simulated_source

    more = tuple(
        simulated_source(
            scheme, gate_errors, precision=precision, seed=seed, executor=executor, save_resume=save
        )
        for scheme in dict.fromkeys(simulated)
    )
    return replace(plain, sources=(*plain.sources, *more))


def _tell(face: Face, result: Result, axes: list[str]) -> None:
    from qnet.cli.commands.repeater._options import figure_rows

    if len(axes) == 2:
        face.show(*_map(result))
    else:
        face.show(_table(result))
    face.show("", figure_rows(dict(result.figures)), f"{result.elapsed_s:.2f} s")


def _table(result: Result) -> Any:
    from rich.table import Table

    from qnet.cli._numbers import brief, plain

    table = Table(box=None, pad_edge=False)
    for title in (
        "km",
        "ε_G",
        "η_c",
        "generation",
        "scheme",
        "spacing km",
        "sbit/s",
        "qubits",
        "cost coefficient",
    ):
        table.add_column(title, justify="left" if title in ("generation", "scheme") else "right")
    for row in result.rows:
        place = [plain(row[name], 4) for name in ("length_km", "gate_error", "coupling")]
        if row["generation"] == "none":
            table.add_row(*place, "no key")
            continue
        name = f"{row['generation']}{' *' if row['cheapest'] else ''}"
        cost = brief(row["cost_coefficient"], row["cost_coefficient_stderr"])
        rest = [
            plain(row["spacing_km"], 4),
            plain(row["secret_bits_per_s"], 4),
            plain(row["qubits_per_station"]),
        ]
        table.add_row(*place, name, row["scheme"], *rest, cost)
    return table


def _map(result: Result) -> list[str]:
    """The map in letters: columns and rows are the two axes."""
    letters = {
        "first": "1",
        "second": "2",
        "second encoded": "E",
        "second simulated": "S",
        "third": "3",
        "none": "·",
    }
    x, y = (name for name in ("gate_error", "coupling", "length_km") if len(result.parameters[name]) > 1)
    best = {(row[x], row[y]): letters[row["generation"]] for row in result.rows if row["cheapest"]}
    lines = [f"{y:>10} | the cheapest over {x}: 1 first, 2 second, E encoded, S simulated, 3 third, · no key"]
    for value in reversed(result.parameters[y]):
        lines.append(f"{value:>10.4g} | " + " ".join(best[at, value] for at in result.parameters[x]))
    ends = result.parameters[x]
    lines.append(f"{'':>10}   {ends[0]:.3g} … {ends[-1]:.3g}")
    return lines
