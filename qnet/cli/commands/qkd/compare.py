"""`qnet qkd compare`: several protocols and the bounds along one curve."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from qnet.cli._options import Debug, Json, Plot
from qnet.cli.commands.qkd._options import (
    DEFAULT_PRESET,
    Csv,
    Finite,
    PresetName,
    RateSettings,
    curve_lengths,
)
from qnet.cli.commands.qkd.rate import _check_files

if TYPE_CHECKING:
    from qnet.cli._face import Face

__all__ = ["compare"]


def compare(
    context: typer.Context,
    protocols: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PROTOCOL]...",
            help="All that can do with the detectors if not given; with --finite, all that have a proof.",
            show_default=False,
        ),
    ] = None,
    curve: Annotated[
        str, typer.Option("--curve", metavar="START:STOP:STEP", help="Lengths in km.")
    ] = "0:400:5",
    preset: PresetName = DEFAULT_PRESET,
    finite: Finite = None,
    endless: Annotated[bool, typer.Option("--endless", help="With --finite, the endless key, too.")] = False,
    repeaters: Annotated[
        str,
        typer.Option(
            metavar="N,N…",
            help="Bounds to draw, by numbers of ideal repeaters: 0 is the PLOB bound; 'none' draws none.",
        ),
    ] = "0,1",
    settings: RateSettings = None,
    json: Json = False,
    csv: Csv = None,
    plot: Plot = None,
    debug: Debug = False,
) -> None:
    """Compare protocols with each other, and with what no protocol can pass.

    --finite may be given several times: a curve for each size of a block.
    --set goes to all protocols that have such a parameter.
    """
    face: Face = context.obj
    _check_files(csv, plot)
    from qnet.cli.commands.qkd._asked import asked_for, blocks_of, detector_count
    from qnet.qkd import comparison
    from qnet.qkd.registry import RATES, rate_protocol

    chosen = [rate_protocol(name) for name in protocols or ()]
    left_out: list[str] = []
    if not chosen:
        count = detector_count(preset, settings)
        able = [one for one in RATES.values() if one.proof is not None or not finite]
        chosen = [one for one in able if count in one.detector_counts]
        left_out = [one.name for one in able if one not in chosen]
    chosen = list(dict.fromkeys(chosen))
    asked = asked_for(chosen, preset, settings)
    blocks = blocks_of(asked.epsilon, finite=finite)
    if endless and finite:
        blocks = [None, *blocks]
    link = asked.preset.link(curve_lengths(curve))
    counts = _repeaters(repeaters)
    result = comparison.compare(asked.protocols, link, blocks=blocks, repeaters=counts)
    result = replace(
        result,
        parameters={"preset": asked.preset.name, **result.parameters, "finite": list(finite or ())},
    )
    face.give(result.as_dict())
    if not face.json:
        from qnet.cli.commands.qkd._telling import reach_table

        face.show(f"preset {asked.preset.name}, secret bits per pulse", reach_table(result))
        if left_out:
            face.show(f"left out, for they cannot do with these detectors: {', '.join(left_out)}")
    if csv is not None:
        from qnet.cli.commands.qkd._telling import write_csv

        write_csv(result.rows, csv)
        face.show(f"table: {csv}")
    if plot is not None:
        from qnet.plotting import save
        from qnet.plotting.key_rates import plot_key_rates

        axes = plot_key_rates(result)
        axes.set_title(f"preset {asked.preset.name}", loc="left")
        save(axes, plot)
        face.show(f"picture: {plot}")


def _repeaters(text: str) -> list[int]:
    """Numbers of repeaters from text.

    Example:
        >>> _repeaters("0,1,3"), _repeaters("none")
        ([0, 1, 3], [])
    """
    if text.strip().lower() in ("none", ""):
        return []
    try:
        counts = [int(part) for part in text.split(",")]
    except ValueError:
        counts = [-1]
    if min(counts) < 0:
        raise ValueError(f"--repeaters {text!r} does not read; give whole numbers from 0 up, such as 0,1,3")
    return list(dict.fromkeys(counts))
