"""`qnet jobs list`: the job book."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import Debug, Json, whole_number
from qnet.cli.commands.jobs._options import answer

if TYPE_CHECKING:
    from qnet.cli._face import Face

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
    chosen: dict[str, Any] = {"states": state or (), "limit": None if all_ else limit}
    if face.json:
        asked = {"state": state, "limit": chosen["limit"], "book": str(book.path)}
        face.give(answer(face, "list", asked, book.jobs(**chosen), total=book.count()))
    else:
        rows = book.table(_COLUMNS, **chosen)
        sys.stdout.write("".join(f"{line}\n" for line in _lines(rows, book.count(), str(book.path))))


def _lines(rows: Sequence[Sequence[Any]], total: int, path: str) -> list[str]:
    """A plain table: rich takes seconds for ten thousand rows."""
    if not rows:
        return [f"no jobs{' in these states' if total else ''} in {path}"]
    cells = [_COLUMNS, *rows]
    widths = [max(map(len, map(str, column))) for column in zip(*cells, strict=True)]
    line = "  ".join(f"{{:<{width}}}" for width in widths)
    more = [f"{len(rows)} of {total} jobs; --all shows all"] if len(rows) < total else []
    return [*(line.format(*row).rstrip() for row in cells), *more]
