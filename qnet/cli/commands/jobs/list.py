"""`qnet jobs list`: the job book."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from qnet.cli._options import Debug, Json, whole_number
from qnet.cli.commands.jobs._options import answer

if TYPE_CHECKING:
    from qnet.cli._face import Face
    from qnet.execution.jobs import Job

__all__ = ["list_jobs"]

_COLUMNS = ("id", "state", "experiment", "backend", "shots", "created")


def list_jobs(
    context: typer.Context,
    state: Annotated[
        list[str] | None,
        typer.Option(help="Only jobs in this state; may be given again.", show_default=False),
    ] = None,
    limit: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="At most so many, the newest.")
    ] = 50,
    all_: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """List the jobs of the book, newest first; nothing is asked of any service."""
    face: Face = context.obj
    from qnet.execution.jobs.book import JobBook
    from qnet.execution.jobs.job import STATES

    for name in state or ():
        if name not in STATES:
            raise ValueError(f"--state {name!r} is unknown; it may be {', '.join(STATES)}")
    if limit < 1:
        raise ValueError(f"--limit {limit} shows nothing; give a whole number of at least 1")
    book = JobBook.at()
    jobs, total = book.jobs(states=state or (), limit=None if all_ else limit), book.count()
    asked = {"state": state, "limit": None if all_ else limit, "book": str(book.path)}
    face.give(answer(face, "list", asked, jobs, total=total))
    if not face.json:
        sys.stdout.write("".join(f"{line}\n" for line in _lines(jobs, total, str(book.path))))


def _lines(jobs: list[Job], total: int, path: str) -> list[str]:
    """A plain table: rich takes seconds for ten thousand rows."""
    if not jobs:
        return [f"no jobs{' in these states' if total else ''} in {path}"]
    cells = [_COLUMNS, *(tuple(str(getattr(job, name)) for name in _COLUMNS) for job in jobs)]
    widths = [max(len(row[k]) for row in cells) for k in range(len(_COLUMNS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    more = [f"{len(jobs)} of {total} jobs; --all shows all"] if len(jobs) < total else []
    return [*lines, *more]
