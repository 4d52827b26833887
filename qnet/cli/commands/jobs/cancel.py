"""`qnet jobs cancel`, `forget` and `send`: what becomes of a job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from qnet.cli._options import Debug, Json
from qnet.cli.commands.jobs._options import JobId, answer

if TYPE_CHECKING:
    from qnet.cli._face import Face

__all__ = ["cancel", "forget", "send"]

_THERE = ("sending", "unknown", "submitted")


def cancel(context: typer.Context, job_id: JobId, json: Json = False, debug: Debug = False) -> None:
    """Cancel a job at the service: what bears its tag, and nothing else."""
    face: Face = context.obj
    from qnet.execution.jobs import cancel as cancelled

    job = cancelled(job_id)
    face.give(answer(face, "cancel", {"job_id": job.id}, [job]))
    face.show(f"{job.id} is {job.state}")


def forget(
    context: typer.Context,
    job_id: JobId,
    force: Annotated[
        bool, typer.Option("--force", help="Also a job that may still run at the service.")
    ] = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Strike a job out of the book, with its circuits and outcomes; nothing is done at the service."""
    face: Face = context.obj
    from qnet.execution.jobs.book import JobBook

    book = JobBook.at()
    job = book.job(job_id)
    if job.state in _THERE and not force:
        raise ValueError(
            f"job {job.id} is {job.state} and may run at {job.backend}; cancel it first, or give --force"
        )
    job = book.forget(job.id)
    face.give(answer(face, "forget", {"job_id": job.id, "force": force}, [job]))
    face.show(f"{job.id} is forgotten")


def send(context: typer.Context, job_id: JobId, json: Json = False, debug: Debug = False) -> None:
    """Send a job that is certainly not at the service: prepared, refused, or absent after the look-ups."""
    face: Face = context.obj
    from qnet.execution.jobs import JobBook
    from qnet.execution.jobs import send as sent

    book = JobBook.at()
    job = sent(book.job(job_id), book=book)
    face.give(answer(face, "send", {"job_id": job.id}, [job]))
    face.show(f"{job.id} is {job.state}{f' as {job.remote}' if job.remote else ''}")
    if job.state != "submitted":
        face.note(f"qnet: job {job.id} is {job.state}: {job.reason}")
        raise typer.Exit(1)
