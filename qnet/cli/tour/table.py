"""The table of the tour, for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qnet.cli._numbers import brief, plain, rate
from qnet.cli.tour.measurement import Measurement, label
from qnet.cli.tour.stops import SAMPLERS

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["tour_table"]


def tour_table(found: Sequence[Measurement]) -> Table:
    """Figure ± error per sampler with its ideal, and below each experiment how many shots ran in a second."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("experiment", style="bold", no_wrap=True)
    for heading in ("ideal", *SAMPLERS):
        table.add_column(heading, justify="right", no_wrap=True)
    for stop in dict.fromkeys(one.stop for one in found):
        _add(table, stop, [one for one in found if one.stop == stop])
    return table


def _add(table: Table, stop: str, found: Sequence[Measurement]) -> None:
    table.add_row(stop)
    for figure in dict.fromkeys(one.figure for one in found):
        here = {one.sampler: one for one in found if one.figure == figure}
        ideal = next((one.ideal for one in here.values() if one.ideal is not None), None)
        cells = [brief(here[s].value, here[s].stderr) if s in here else "–" for s in SAMPLERS]
        table.add_row(f"  {label(figure)}", plain(ideal, digits=4), *cells, style="not bold")
    rates = {one.sampler: one.shots_per_s for one in found}
    speeds = [rate(rates.get(sampler)) for sampler in SAMPLERS]
    table.add_row("  shots/s", "", *speeds, style="dim not bold", end_section=True)
