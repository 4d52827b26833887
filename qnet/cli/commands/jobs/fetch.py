"""`qnet jobs fetch`: the result of a job."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from qnet.cli._figures import figure_table, places, result_title
from qnet.cli._options import Debug, Json, Plot
from qnet.cli.commands.jobs._options import JobId, Mitigate

if TYPE_CHECKING:
    from qnet.cli._face import Face
    from qnet.results import Result

__all__ = ["fetch", "wait_until_done"]

_PAUSE_S = 2.0


def fetch(
    context: typer.Context,
    job_id: JobId,
    wait: Annotated[
        float, typer.Option(metavar="S", help="Wait for it, but not longer than so many seconds.")
    ] = 0.0,
    mitigate: Mitigate = False,
    json: Json = False,
    plot: Plot = None,
    debug: Debug = False,
) -> None:
    """Fetch a job: the same figures, by the same names, as of a local run."""
    face: Face = context.obj
    if not wait >= 0:
        raise ValueError(f"--wait {wait:g} is negative; give a number from 0 up")
    if plot is not None:
        from qnet.plotting import check_writable

        check_writable(plot)
    from qnet.execution.jobs import fetch as fetched

    wait_until_done(face, job_id, wait)
    result = fetched(job_id, mitigate=mitigate)
    face.give(result.as_dict())
    if not face.json:
        face.show(result_title(result), figure_table(result), *places(result), _footer(result), *result.notes)
    if plot is not None:
        from qnet.plotting import plot as draw
        from qnet.plotting import save

        save(draw(result), plot)
        face.show(f"picture: {plot}")


def wait_until_done(face: Face, job_id: str, seconds: float) -> None:
    """Ask the service again and again until a job has ended, but not for longer."""
    from qnet.execution.jobs import JobBook, refresh

    limit, book = time.monotonic() + seconds, JobBook.at()
    if not seconds:
        return
    with face.progress() as progress:
        task = progress.add_task(f"job {job_id}", total=None)
        while time.monotonic() < limit:
            job = refresh(job_id, book=book)
            progress.update(task, description=f"job {job.id} is {job.state}")
            if job.state not in ("submitted", "unknown", "sending"):
                return
            time.sleep(min(_PAUSE_S, max(0.0, limit - time.monotonic())))


def _footer(result: Result) -> str:
    return f"{result.sampler}, {result.shots} shots, seed {result.seed}"
