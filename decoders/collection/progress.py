"""How far a collection is: a value for callbacks, and a bar for terminals."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sinter

__all__ = ["Progress", "reporter"]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What a callback is told whenever a task has more shots.

    Args:
        stats: The totals of that task.
        finished_tasks: How many tasks have all their shots.
        tasks: How many tasks there are.
        fraction: Share of the work that is done, from 0 to 1, every task weighing the same.
    """

    stats: sinter.TaskStats
    finished_tasks: int
    tasks: int
    fraction: float


Report = Callable[[Progress], None]


@contextmanager
def reporter(progress: bool | Report | None) -> Iterator[Report | None]:
    """Who is told: a callback, a bar on stderr where that is a terminal, or nobody.

    Raises:
        ValueError: If `progress` is neither a bool nor None nor callable.
    """
    if not isinstance(progress, bool | None) and not callable(progress):
        raise ValueError(f"progress={progress!r} is no way to report; give True, False or a function")
    if callable(progress):
        yield progress
    elif progress and sys.stderr.isatty():
        with _bar() as report:
            yield report
    else:
        yield None


@contextmanager
def _bar() -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    with Bar(*columns, console=console, transient=True, refresh_per_second=4) as bar:
        line = bar.add_task("collecting", total=1.0)

        def report(progress: Progress) -> None:
            stats = progress.stats
            head = f"{progress.finished_tasks}/{progress.tasks} tasks"
            text = f"{head}, {stats.decoder}: {stats.shots} shots, {stats.errors} errors"
            bar.update(line, completed=progress.fraction, description=text)

        yield report
