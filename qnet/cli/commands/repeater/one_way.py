"""`qnet repeater one-way`: codes that are mended every few kilometres."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import Debug, Json, Plot, Seed, settled_seed, whole_number
from qnet.cli._shots import Precision, fraction
from qnet.cli._workers import Cluster, SaveResume, Workers, executor_for
from qnet.cli.commands.repeater._options import AttenuationLength, answer, check_plot, figure_rows, number

if TYPE_CHECKING:
    from qnet.cli._face import Face
    from qnet.repeaters.one_way.line import OneWayLine
    from qnet.results import Figure

__all__ = ["one_way"]

MOST_SHOTS = 10_000_000

Error = Annotated[float, typer.Option(parser=fraction, metavar="P")]


def one_way(
    context: typer.Context,
    length: Annotated[float, typer.Option(parser=number, metavar="KM", help="Length of the whole line.")],
    code: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help="parity:n,m or tree:b0,b1,…; a family alone, or nothing, is optimised.",
            show_default=False,
        ),
    ] = None,
    spacing: Annotated[
        float | None,
        typer.Option(
            parser=number,
            metavar="KM",
            help="From one station to the next; optimised if not given.",
            show_default=False,
        ),
    ] = None,
    attenuation_length: AttenuationLength = 20.0,
    coupling: Annotated[
        float,
        typer.Option(
            parser=number, metavar="SHARE", help="What is left of a photon besides the fibre's loss."
        ),
    ] = 1.0,
    gate_error: Annotated[
        float, typer.Option(parser=fraction, metavar="P", help="Of the CX with which a photon is measured.")
    ] = 0.0,
    measurement_error: Annotated[
        float, typer.Option(parser=fraction, metavar="P", help="An outcome is wrong.")
    ] = 0.0,
    preparation_error: Annotated[
        float, typer.Option(parser=fraction, metavar="P", help="Of each qubit of a fresh block.")
    ] = 0.0,
    optimise: Annotated[
        str,
        typer.Option(
            metavar="GOAL",
            help="photons (fewest per secret bit), qubits (fewest in all) or secret-bits (most a block).",
        ),
    ] = "photons",
    largest: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Photons that an optimised block may take.")
    ] = 300,
    target_success: Annotated[
        float | None,
        typer.Option(
            parser=fraction,
            metavar="P",
            help="Success that an optimised line must reach.",
            show_default=False,
        ),
    ] = None,
    target_fidelity: Annotated[
        float | None,
        typer.Option(
            parser=fraction,
            metavar="F",
            help="Fidelity that an optimised line must reach.",
            show_default=False,
        ),
    ] = None,
    shots: Annotated[
        int | None,
        typer.Option(
            parser=whole_number,
            metavar="N",
            help="Also send N blocks over one hop in Stim, decode them, and compare.",
            show_default=False,
        ),
    ] = None,
    precision: Precision = None,
    seed: Seed = None,
    workers: Workers = 1,
    cluster: Cluster = None,
    save_resume: SaveResume = None,
    json: Json = False,
    plot: Plot = None,
    debug: Debug = False,
) -> None:
    """Tell what arrives over a one-way repeater; without --code and --spacing, over the best one.

    Figures: success (no station has to give the block up), e_x, e_z and fidelity of what arrives then, and
    secret bits a block.
    """
    face: Face = context.obj
    check_plot(plot)
    chosen, drawn = settled_seed(seed)
    from qnet.repeaters.one_way.hop import StationErrors

    errors = StationErrors(gate=gate_error, measurement=measurement_error, preparation=preparation_error)
    asked: dict[str, Any] = {
        "code": code,
        "spacing_km": spacing,
        "length_km": length,
        "attenuation_length_km": attenuation_length,
        "coupling": coupling,
        "gate_error": gate_error,
        "measurement_error": measurement_error,
        "preparation_error": preparation_error,
        "optimise": optimise,
        "largest": largest,
        "target_success": target_success,
        "target_fidelity": target_fidelity,
        "shots": shots,
        "precision": precision,
    }
    line = _line(asked, errors)
    figures = _figures(line)
    if shots is not None or precision is not None:
        with executor_for(workers, cluster) as executor:
            figures |= _simulated(line, shots, precision, chosen, executor, save_resume)
    described = {"code": line.code.name, "spacing_km": line.spacing_km}
    simulated = shots is not None or precision is not None
    given = answer("repeater one-way", {**asked, "chosen": described}, figures, elapsed_s=face.elapsed_s)
    face.give({**given, "seed": chosen if simulated else None})
    if not face.json:
        _tell(face, line, figures, f"seed {chosen}{' (drawn)' if drawn else ''}" if simulated else "")
    if plot is not None:
        _draw(line, plot)
        face.show(f"picture: {plot}")


def _line(asked: dict[str, Any], errors: Any) -> OneWayLine:
    from qnet.repeaters.one_way.line import OneWayLine
    from qnet.repeaters.one_way.naming import FAMILIES, one_way_code
    from qnet.repeaters.one_way.optimisation import GOALS, OneWaySearch

    if asked["optimise"] not in GOALS:
        raise ValueError(f"--optimise {asked['optimise']!r} is no goal; choose from {', '.join(GOALS)}")
    family = (asked["code"] or "parity").strip().lower()
    whole_code = None if family in FAMILIES else one_way_code(asked["code"])
    shared: dict[str, Any] = {
        "length_km": asked["length_km"],
        "attenuation_length_km": asked["attenuation_length_km"],
        "coupling": asked["coupling"],
        "errors": errors,
    }
    if whole_code is not None and asked["spacing_km"] is not None:
        for name in ("target_success", "target_fidelity"):
            if asked[name] is not None:
                raise ValueError(
                    f"--{name.replace('_', '-')} is for optimised lines; leave out --code or --spacing"
                )
        return OneWayLine(code=whole_code, spacing_km=asked["spacing_km"], **shared)
    least = asked["target_success"]
    if least is None:
        least = 0.9 if asked["optimise"] == "qubits" and asked["target_fidelity"] is None else 0.0
    return OneWaySearch(
        family=family if whole_code is None else whole_code.name.partition(":")[0],
        code=whole_code,
        spacing_km=asked["spacing_km"],
        goal=asked["optimise"],
        largest=asked["largest"],
        least_success=least,
        least_fidelity=asked["target_fidelity"] or 0.0,
        **shared,
    ).best()


def _figures(line: OneWayLine) -> dict[str, Figure]:
    from qnet.repeaters.one_way.tree import TreeCode
    from qnet.results import Figure

    more = {}
    if isinstance(line.code, TreeCode):
        every = float(line.code.correctable(line.transmission)) ** line.hops
        more = {"success_of_bell_measurements": Figure(every)}
    return {
        "success": Figure(line.success),
        **more,
        "station_success": Figure(float(line.hop.success)),
        "e_x": Figure(line.e_x),
        "e_z": Figure(line.e_z),
        "fidelity": Figure(line.fidelity),
        "secret_bits_per_block": Figure(line.secret_bits),
        "transmission": Figure(line.transmission),
        "stations": Figure(line.hops),
        "photons_per_block": Figure(line.code.photons),
        "photons": Figure(line.photons),
        "qubits": Figure(line.qubits),
    }


def _simulated(
    line: OneWayLine, shots: int | None, precision: float | None, seed: int, executor: Any, save: str | None
) -> dict[str, Figure]:
    from dataclasses import replace

    from qnet.cli._shots import settled_shots
    from qnet.repeaters.one_way.simulation import simulated_hops
    from qnet.repeaters.one_way.tree import TreeCode

    limits = settled_shots(shots, None, precision)
    found = simulated_hops(
        line.code,
        transmission=line.transmission,
        errors=line.errors,
        shots=limits.shots,
        precision=limits.precision,
        seed=seed,
        executor=executor,
        save_resume=save,
    )
    ideal = line.hop.success
    if isinstance(line.code, TreeCode):
        ideal = line.code.correctable(line.transmission)
    return {
        "simulated_station_success": replace(found.success, ideal=float(ideal)),
        "simulated_station_e_x": replace(found.e_x, ideal=float(line.hop.e_x)),
        "simulated_station_e_z": replace(found.e_z, ideal=float(line.hop.e_z)),
    }


def _tell(face: Face, line: OneWayLine, figures: dict[str, Figure], footer: str) -> None:
    face.show(
        f"{line.code.name} every {line.spacing_km:.4g} km over {line.length_km:g} km, "
        f"attenuation length {line.attenuation_length_km:g} km, coupling {line.coupling:g}",
        figure_rows(figures),
    )
    if footer:
        face.show(footer)


def _draw(line: OneWayLine, plot: Path) -> None:
    from qnet.plotting import save
    from qnet.plotting.repeaters import plot_one_way

    save(plot_one_way(line), plot)
