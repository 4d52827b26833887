"""`qnet qkd rate`: how much of a key is secret, at one place or along a curve."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import Debug, Json, Plot
from qnet.cli.commands.qkd._options import (
    DEFAULT_PRESET,
    Csv,
    PresetName,
    RateSettings,
    curve_lengths,
    number,
)

if TYPE_CHECKING:
    from qnet.cli._face import Face
    from qnet.cli.commands.qkd._asked import Asked
    from qnet.qkd.rates.shape import Block
    from qnet.results import Result

__all__ = ["rate"]


def rate(
    context: typer.Context,
    protocol: Annotated[
        str, typer.Argument(metavar="PROTOCOL", help="See 'qnet qkd protocols'.", show_default=False)
    ],
    length: Annotated[
        float | None,
        typer.Option(
            "--length", parser=number, metavar="KM", help="Length of the fibre.", show_default=False
        ),
    ] = None,
    curve: Annotated[
        str | None,
        typer.Option(
            "--curve", metavar="START:STOP:STEP", help="Lengths of a curve, in km.", show_default=False
        ),
    ] = None,
    preset: PresetName = DEFAULT_PRESET,
    finite: Annotated[
        float | None,
        typer.Option(
            "--finite",
            parser=number,
            metavar="N",
            help="A key from N sifted bits of the key's basis, in place of an endless one.",
            show_default=False,
        ),
    ] = None,
    pulses: Annotated[
        float | None,
        typer.Option(
            "--pulses", parser=number, metavar="N", help="A key from N pulses instead.", show_default=False
        ),
    ] = None,
    settings: RateSettings = None,
    json: Json = False,
    csv: Csv = None,
    plot: Plot = None,
    debug: Debug = False,
) -> None:
    """Tell how many bits of a key are secret per pulse, and every figure on the way.

    What is not set is chosen at its best, at every length anew. --set takes
    the parameters of the protocol ('qnet qkd protocols PROTOCOL' lists them),
    those of the detector, loss_db_per_km, and for finite keys epsilon or its
    parts.
    """
    face: Face = context.obj
    if (length is None) == (curve is None):
        given = "both were given" if curve is not None else "neither was given"
        raise ValueError(f"--length KM or --curve START:STOP:STEP: {given}; give one of the two")
    _check_files(csv, plot)
    from qnet.cli.commands.qkd._asked import asked_for, blocks_of
    from qnet.qkd.comparison import key_rates
    from qnet.qkd.registry import rate_protocol

    asked = asked_for([rate_protocol(protocol)], preset, settings)
    block = blocks_of(asked.epsilon, finite=None if finite is None else [finite], pulses=pulses)[0]
    where: Any = length if curve is None else curve_lengths(curve)
    result = key_rates(asked.protocols[0], asked.preset.link(where), block)
    distance = {"length_km": where} if asked.preset.loss_db_per_km is None else {}
    told = {"preset": asked.preset.name, **result.parameters, **distance}
    result = replace(result, parameters=told)
    face.give(result.as_dict())
    if not face.json:
        _tell(face, result, length)
    if csv is not None:
        from qnet.cli.commands.qkd._telling import point_row, write_csv

        write_csv(result.rows or [point_row(result)], csv)
        face.show(f"table: {csv}")
    if plot is not None:
        _draw(asked, block, result, length, plot)
        face.show(f"picture: {plot}")


def _check_files(csv: Path | None, plot: Path | None) -> None:
    from qnet.plotting import check_writable

    if plot is not None:
        check_writable(plot)
    if csv is not None:
        check_writable(csv, suffixes=None)


def _tell(face: Face, result: Result, length: float | None) -> None:
    from qnet.cli.commands.qkd._telling import curve_table, point_table

    asked = result.parameters["block"]
    size = "endless key" if asked is None else ", ".join(f"{k} {asked[k]:g}" for k in asked if k in _SIZES)
    at = "" if length is None else f" at {length:g} km"
    face.show(f"{result.experiment}{at}, preset {result.parameters['preset']}, {size}")
    if length is None:
        face.show(curve_table(result))
        reach = next(iter(result.figures.values()))
        face.show(f"reaches {reach}" if reach.value == reach.value else "no key at any of these lengths")
        return
    face.show(point_table(result))
    if asked is not None:
        total = asked["epsilon"]
        each = " per bit of key" if total["per_bit"] else ""
        parts = ", ".join(
            f"{name} {value:.3g}" for name, value in total.items() if name != "per_bit" and value
        )
        face.show(f"proof: {asked['proof']}; bound: {asked['bound']}; epsilon{each}: {parts}")
    elif not result.figures["rate"].value > 0:
        face.show("no key at this length")


_SIZES = ("bits", "pulses")


def _draw(asked: Asked, block: Block | None, result: Result, length: float | None, plot: Path) -> None:
    """The curve with the bounds; round a single place, with the place marked."""
    import numpy as np

    from qnet.plotting import save
    from qnet.plotting.key_rates import plot_key_rates
    from qnet.qkd.comparison import bound_rows, key_rates

    protocol = asked.protocols[0]
    mark = None
    rows: list[Any]
    if length is not None:
        first = 0.0 if asked.preset.loss_db_per_km is not None else length / 4
        link = asked.preset.link(np.linspace(first, max(1.6 * length, 20.0), 65))
        rows = list(key_rates(protocol, link, block).rows)
        x = length if "length_km" in rows[0] else -10 * np.log10(result.parameters["transmittance"])
        mark = {protocol.name: (float(x), result.figures["rate"].value)}
    else:
        rows = list(result.rows)
        link = asked.preset.link(result.parameters["length_km"])
    bounds = bound_rows(link, [0, 1] if protocol.name == "twin-field" else [0])
    axes = plot_key_rates(replace(result, rows=rows + bounds), mark=mark)
    axes.set_title(f"{protocol.name}, preset {asked.preset.name}", loc="left")
    save(axes, plot)
