"""`qnet jobs show`: one job, as the service tells it now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from qnet.cli._options import Debug, Json
from qnet.cli.commands.jobs._options import JobId, answer, job_lines

if TYPE_CHECKING:
    from qnet.cli._face import Face

__all__ = ["show"]


def show(
    context: typer.Context,
    job_id: JobId,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no service; tell what is known.")] = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Show a job, after asking the service how it is.

    A job whose submission was not answered is looked for by its tag.
    """
    face: Face = context.obj
    from qnet.execution.jobs import JobBook, refresh

    book = JobBook.at()
    job = book.job(job_id) if offline else refresh(job_id, book=book)
    face.give(answer(face, "show", {"job_id": job.id, "offline": offline}, [job], details=dict(job.details)))
    face.show(*job_lines(job))
