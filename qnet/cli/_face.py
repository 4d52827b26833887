"""`Face`: how a command speaks. Results go to stdout, everything else to stderr."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

__all__ = ["Face", "json_line"]

WIDEST = 400


@dataclass(frozen=True, kw_only=True)
class Face:
    """What the user asked for about the output.

    Args:
        json: One JSON object on stdout and nothing else.
        debug: Tracebacks instead of one-line errors.
        started: When the command began, on `perf_counter`'s clock.
        beside: What is given beside an error, should there be one: the figures that are known by then.
    """

    json: bool = False
    debug: bool = False
    started: float = field(default_factory=perf_counter)
    beside: dict[str, Any] = field(default_factory=dict)

    @property
    def elapsed_s(self) -> float:
        """How long the command has taken so far."""
        return perf_counter() - self.started

    def show(self, *things: Any) -> None:
        """Print text or rich's tables on stdout, unless JSON is wanted."""
        if not self.json:
            for thing in things:
                console(fitting=thing).print(thing)

    def give(self, answer: Mapping[str, Any]) -> None:
        """Print the answer as JSON, if that is wanted."""
        if self.json:
            sys.stdout.write(json_line(answer) + "\n")

    def note(self, text: str) -> None:
        """One line on stderr."""
        print(text, file=sys.stderr)

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """A progress bar on stderr, which shows only when that is a terminal."""
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        err = console(stderr=True)
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
            yield progress


def console(*, stderr: bool = False, fitting: Any = None) -> Console:
    """A console on the stream of now, with neither markup nor guesses at what to colour.

    In a file or a pipe whose width nobody gives (COLUMNS) it is wide enough for the table that it is to show,
    so that all of its digits are there.
    """
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if made.is_terminal or "COLUMNS" in os.environ or not hasattr(fitting, "columns"):
        return made
    from rich.measure import Measurement

    needed = Measurement.get(made, made.options.update(max_width=WIDEST), fitting).maximum
    made.width = max(made.width, needed)
    return made


def json_line(answer: Mapping[str, Any]) -> str:
    r"""An object as one line of ASCII JSON; NaN and infinity become null.

    Example:
        >>> json_line({"qber": float("nan"), "state": "Φ+", "weights": (0.5, 0.5)})
        '{"qber": null, "state": "\\u03a6+", "weights": [0.5, 0.5]}'
    """
    return json.dumps(_plain(answer), allow_nan=False)


_AS_IT_IS = (str, int, bool, type(None))


def _plain(value: Any) -> Any:
    if type(value) in _AS_IT_IS or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return _plain(value.tolist()) if hasattr(value, "tolist") else str(value)
