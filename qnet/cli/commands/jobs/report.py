"""`qnet jobs report`: how far a device is from the models of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from qnet.cli._figures import places, result_title
from qnet.cli._options import Debug, Json, Plot
from qnet.cli.commands.jobs._options import JobId, Mitigate

if TYPE_CHECKING:
    from qnet.cli._face import Face
    from qnet.execution.jobs import Report

__all__ = ["report", "report_table"]


def report(
    context: typer.Context,
    job_id: JobId,
    mitigate: Mitigate = False,
    json: Json = False,
    plot: Plot = None,
    debug: Debug = False,
) -> None:
    """Fetch a job and set it beside the ideal and beside two models of the device, as it was then.

    The models are the device's own noise model on Aer, and its Pauli twirl (CircuitNoise.from_backend) on
    Stim; they run the circuits that were sent, with the calibration that was kept with the job.
    """
    face: Face = context.obj
    if plot is not None:
        from qnet.plotting import check_writable

        check_writable(plot)
    from qnet.execution.jobs import report as made

    with face.progress() as progress:
        progress.add_task(f"job {job_id} and its models", total=None)
        found = made(job_id, mitigate=mitigate)
    face.give({**found.measured.as_dict(), "command": "jobs report", "rows": found.rows()} | _notes(found))
    if not face.json:
        measured = found.measured
        face.show(
            f"{result_title(measured)} on {measured.sampler}",
            report_table(found),
            *places(measured),
            *found.notes,
        )
    if plot is not None:
        from qnet.plotting import save
        from qnet.plotting.hardware import plot_report

        save(plot_report(found.rows(), title=_title(found)), plot)
        face.show(f"picture: {plot}")


def _notes(found: Report) -> dict[str, Any]:
    return {"notes": list(found.notes)} if found.notes else {}


def _title(found: Report) -> str:
    measured = found.measured
    return f"{result_title(measured)}\n{measured.sampler}, {measured.shots} shots, against its models"


def report_table(found: Report) -> Any:
    """Each figure as measured, ideal, by the models, and the distances in standard errors."""
    from rich.table import Table

    from qnet.cli._numbers import measured, plain

    table = Table("figure", box=None, pad_edge=False)
    for heading in ("measured", "ideal", "Aer model", "σ off", "Stim twirl", "σ off"):
        table.add_column(heading, justify="right")
    for row in found.rows():
        table.add_row(
            row["name"],
            measured(row["value"], row["stderr"]),
            plain(row["ideal"]),
            measured(row["aer"], row["aer_stderr"]),
            plain(row["aer_sigmas"], digits=2),
            measured(row["stim"], row["stim_stderr"]),
            plain(row["stim_sigmas"], digits=2),
        )
    return table
