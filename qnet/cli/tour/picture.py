"""The picture of the tour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qnet.cli.tour import link
from qnet.cli.tour.measurement import Measurement, label
from qnet.cli.tour.memory import ERROR_RATE, TITLE
from qnet.cli.tour.stops import SAMPLERS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from qnet.plotting.comparison import Bar, Panel

__all__ = ["tour_picture"]

_CODES = (TITLE, link.TITLE)
_LIMITS = {"chsh_s": (2.0, "local hidden variables reach 2"), "qber": (0.11, "no key above 11 %")}


def tour_picture(found: Sequence[Measurement]) -> Figure:
    """Fidelities and probabilities, the CHSH value, the error rates of the key, the memory and the link."""
    from qnet.plotting.comparison import draw_panels

    memory = [one for one in found if one.stop == TITLE]
    pairs = [one for one in found if one.stop == link.TITLE]
    shares = [one for one in found if one.stop not in _CODES and one.figure not in _LIMITS]
    panels = [
        _panel("Fidelities and probabilities", shares, named=True),
        _panel("Bell test: CHSH value", [one for one in found if one.figure == "chsh_s"]),
        _panel("Key distribution: error rate of sifted bits", [one for one in found if one.figure == "qber"]),
        _panel(f"Surface code, p = {ERROR_RATE}: errors per shot", memory),
        _panel(f"Logical Bell pair, {link.LOSS:.0%} of the pairs lost: 1 − F", pairs),
    ]
    return draw_panels(panels, SAMPLERS, title="The same circuits on Aer, on Stim and on a fake IBM device")


def _panel(title: str, found: Sequence[Measurement], *, named: bool = False) -> Panel:
    from qnet.plotting.comparison import Panel

    lines: dict[str, list[Measurement]] = {}
    for one in found:
        lines.setdefault(f"{one.stop}:\n{label(one.figure)}" if named else label(one.figure), []).append(one)
    return Panel(
        title=title,
        label="",
        rows={name: _bars(line) for name, line in lines.items()},
        ideals={name: _ideal(line) for name, line in lines.items()},
        from_zero=any(one.stop in _CODES for one in found),
        limit=_LIMITS.get(found[0].figure) if found else None,
    )


def _bars(line: Sequence[Measurement]) -> dict[str, Bar]:
    from qnet.plotting.comparison import Bar

    return {
        one.sampler: Bar(value=one.value, stderr=one.stderr or 0.0) for one in line if one.value is not None
    }


def _ideal(line: Sequence[Measurement]) -> float | None:
    return next((one.ideal for one in line if one.ideal is not None), None)
