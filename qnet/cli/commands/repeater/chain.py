"""`qnet repeater chain`: logical pairs swapped along a line of stations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import Debug, Json, Plot, Seed, settled_seed, whole_number
from qnet.cli._shots import Precision, fraction
from qnet.cli._workers import Cluster, SaveResume, Workers, executor_for
from qnet.cli.commands.repeater._options import AttenuationLength, answer, check_plot, figure_rows, number

if TYPE_CHECKING:
    from qnet.cli._face import Face
    from qnet.repeaters.chains import Chain
    from qnet.repeaters.logical_pair import LogicalPair
    from qnet.results import Figure

__all__ = ["chain"]

Error = Annotated[
    float | None, typer.Option(parser=fraction, metavar="P", help="Of every link's pair.", show_default=False)
]


def chain(
    context: typer.Context,
    stations: Annotated[
        int,
        typer.Option(
            parser=whole_number,
            metavar="N",
            help="Stations between the two ends; N stations join N + 1 links.",
        ),
    ],
    e_x: Error = None,
    e_y: Error = None,
    e_z: Error = None,
    fidelity: Annotated[
        float | None,
        typer.Option(
            parser=fraction, metavar="F", help="Of the Werner pairs of every link.", show_default=False
        ),
    ] = None,
    scheme: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Simulate the link's logical pair: surgery, steane … (see 'qnet repeater link').",
            show_default=False,
        ),
    ] = None,
    distance: Annotated[
        int | None,
        typer.Option(parser=whole_number, metavar="D", help="Of --scheme surgery.", show_default=False),
    ] = None,
    seam_noise: Annotated[
        float, typer.Option(parser=fraction, metavar="P", help="Of each remote gate of --scheme.")
    ] = 0.0,
    heralded_loss: Annotated[
        float, typer.Option(parser=fraction, metavar="P", help="Of each pair of --scheme.")
    ] = 0.0,
    noise: Annotated[
        str, typer.Option(metavar="MODEL:P", help="Of all local operations of --scheme.")
    ] = "uniform:0.001",
    swap_error: Annotated[
        float,
        typer.Option(
            parser=fraction, metavar="P", help="Of each station's logical swap, X, Y, Z with P/3 each."
        ),
    ] = 0.0,
    length: Annotated[
        float | None,
        typer.Option(
            parser=number,
            metavar="KM",
            help="Of the whole line: tells a rate, and bounds.",
            show_default=False,
        ),
    ] = None,
    attenuation_length: AttenuationLength = 20.0,
    coupling: Annotated[
        float, typer.Option(parser=number, metavar="SHARE", help="Of a photon, from qubit to detector.")
    ] = 1.0,
    gate_time: Annotated[
        float, typer.Option(parser=number, metavar="S", help="Added to every attempt at a pair.")
    ] = 1e-6,
    precision: Precision = 0.1,
    seed: Seed = None,
    workers: Workers = 1,
    cluster: Cluster = None,
    save_resume: SaveResume = None,
    json: Json = False,
    plot: Plot = None,
    debug: Debug = False,
) -> None:
    """Tell the state at the ends of a chain of logical pairs, in closed form, with the error that they bring.

    The link's pair is given by --e-x, --e-y, --e-z, by --fidelity, or simulated by --scheme; --save-resume
    keeps what was simulated, so that the next chain of such links comes at once.
    """
    face: Face = context.obj
    check_plot(plot)
    if stations < 0:
        raise ValueError(f"--stations {stations} makes a chain of no links; give 0 for one link, or more")
    if stations > MOST_STATIONS:
        raise ValueError(f"--stations {stations} is above {MOST_STATIONS}; give fewer")
    chosen, drawn = settled_seed(seed)
    errors = {"e_x": e_x, "e_y": e_y, "e_z": e_z}
    asked: dict[str, Any] = {
        "stations": stations,
        **errors,
        "fidelity": fidelity,
        "scheme": scheme,
        "distance": distance,
        "seam_noise": seam_noise,
        "heralded_loss": heralded_loss,
        "noise": noise,
        "swap_error": swap_error,
        "length_km": length,
        "attenuation_length_km": attenuation_length,
        "coupling": coupling,
        "gate_time_s": gate_time,
        "precision": precision,
    }
    with executor_for(workers, cluster) as executor:
        pair = _pair(asked, chosen, executor, save_resume)
    from qnet.repeaters.chains import Chain

    made = Chain.of(pair, stations + 1, swap=(swap_error / 3,) * 3)
    figures = {**_figures(made), **_rates(made, asked)}
    given = answer("repeater chain", asked, figures, elapsed_s=face.elapsed_s)
    source = {"source": pair.source, "link": pair.scheme}
    face.give({**given, "seed": chosen if scheme else None, **source})
    if not face.json:
        face.show(f"{stations} stations, {stations + 1} links, pairs {pair.source}", figure_rows(figures))
        if scheme:
            face.show(f"seed {chosen}{' (drawn)' if drawn else ''}")
    if plot is not None:
        from qnet.plotting import save
        from qnet.plotting.repeaters import plot_chain

        save(plot_chain(made), plot)
        face.show(f"picture: {plot}")


MOST_STATIONS = 1_000_000


def _pair(asked: dict[str, Any], seed: int, executor: Any, save: str | None) -> LogicalPair:
    from qnet.repeaters.logical_pair import LogicalPair

    errors = {name: asked[name] for name in ("e_x", "e_y", "e_z") if asked[name] is not None}
    given = [
        name for name, there in (("--e-x, --e-y, --e-z", errors), ("--scheme", asked["scheme"])) if there
    ]
    if asked["fidelity"] is not None and asked["scheme"] is None:
        given.append("--fidelity")
    if len(given) != 1:
        what = " and ".join(given) or "nothing"
        raise ValueError(
            f"{what} says what the links' pairs are; give errors, --fidelity or --scheme, one of them"
        )
    if errors:
        filled: dict[str, float] = {"e_x": 0.0, "e_y": 0.0, "e_z": 0.0, **errors}
        return LogicalPair(**filled, scheme="given")  # type: ignore[arg-type]
    if asked["scheme"] is None:
        rest = (1 - asked["fidelity"]) / 3
        return LogicalPair(e_x=rest, e_y=rest, e_z=rest, scheme="werner")
    from qnet.repeaters.encoded_link import EncodedLink
    from qnet.repeaters.simulation import simulated_pairs

    link = EncodedLink(
        scheme=asked["scheme"],
        distance=asked["distance"],
        fidelity=asked["fidelity"],
        seam_noise=asked["seam_noise"],
        heralded_loss=asked["heralded_loss"],
        noise=asked["noise"],
    )
    (pair,) = simulated_pairs(
        [link], precision=asked["precision"], seed=seed, executor=executor, save_resume=save
    )
    return pair


def _figures(made: Chain) -> dict[str, Figure]:
    from qnet.results import Figure

    x, y, z = made.errors
    return {
        "fidelity": made.fidelity,
        "infidelity": Figure(1 - made.fidelity.value, stderr=made.fidelity.stderr),
        "e_x": x,
        "e_y": y,
        "e_z": z,
        "qber_z": made.qber_z,
        "qber_x": made.qber_x,
        "secret_fraction": made.secret_fraction,
        "pairs": Figure(made.physical_pairs),
        "memories": Figure(made.memories),
    }


def _rates(made: Chain, asked: dict[str, Any]) -> dict[str, Figure]:
    """How fast pairs come over a line of a length, with the bounds."""
    if asked["length_km"] is None:
        return {}
    from qnet.repeaters.chains import waiting_s
    from qnet.repeaters.comparison.limits import bound_bits_per_s
    from qnet.repeaters.conditions import Conditions
    from qnet.results import Figure

    here = Conditions(
        length_km=asked["length_km"],
        gate_error=0.0,
        coupling=asked["coupling"],
        gate_time_s=asked["gate_time_s"],
        attenuation_length_km=asked["attenuation_length_km"],
    )
    time = waiting_s(here, made.pairs[0], made.links)
    bits = made.secret_fraction
    bound = bound_bits_per_s(here, made.links - 1)
    stderr = None if bits.stderr is None else bits.stderr / time
    return {
        "time": Figure(time, unit="s"),
        "pairs_per_s": Figure(1 / time, unit="1/s"),
        "secret_bits_per_s": Figure(bits.value / time, stderr=stderr, unit="sbit/s", bound=bound),
        "plob_bits_per_s": Figure(bound_bits_per_s(here), unit="sbit/s"),
    }
