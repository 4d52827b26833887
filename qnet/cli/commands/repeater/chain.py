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
            parser=fraction,
            metavar="F",
            help="Of the Werner pairs of every link; given alone, they are swapped as they are.",
            show_default=False,
        ),
    ] = None,
    scheme: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Of the links' simulated logical pair, surgery if not given (see 'qnet repeater link').",
            show_default=False,
        ),
    ] = None,
    distance: Annotated[
        int | None,
        typer.Option(
            parser=whole_number, metavar="D", help="Of surgery, 3 if not given.", show_default=False
        ),
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
    purify: Annotated[
        str | None,
        typer.Option(metavar="WAY", help="As in 'qnet repeater link'.", show_default=False),
    ] = None,
    pair_rate: Annotated[
        float | None,
        typer.Option(
            parser=number, metavar="HZ", help="Raw pairs of a link in a second.", show_default=False
        ),
    ] = None,
    decoder: Annotated[
        str | None, typer.Option(metavar="NAME", help="The scheme's own if not given.", show_default=False)
    ] = None,
    target_fidelity: Annotated[
        float | None,
        typer.Option(
            parser=fraction,
            metavar="F",
            help="Of the chain: the smallest distance of surgery that reaches it is found.",
            show_default=False,
        ),
    ] = None,
    extrapolate: Annotated[
        bool, typer.Option("--extrapolate", help="The link by Λ of d = 3, 5 and 7; it is marked as such.")
    ] = False,
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

    The links' pair is given by --e-x, --e-y, --e-z, is bare with --fidelity alone, or is simulated like
    that of 'qnet repeater link'; --save-resume keeps what was drawn, so that the next chain comes at once.
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
        "purify": purify,
        "pair_rate_hz": pair_rate,
        "decoder": decoder,
        "target_fidelity": target_fidelity,
        "extrapolate": extrapolate,
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
    face.give({**given, "seed": None if pair.exact else chosen, **source})
    if not face.json:
        face.show(f"{stations} stations, {stations + 1} links, pairs {pair.source}", figure_rows(figures))
        if not pair.exact:
            face.show(f"{pair.scheme}, seed {chosen}{' (drawn)' if drawn else ''}")
    if plot is not None:
        from qnet.plotting import save
        from qnet.plotting.repeaters import plot_chain

        save(plot_chain(made), plot)
        face.show(f"picture: {plot}")


MOST_STATIONS = 1_000_000


SIMULATED = ("scheme", "distance", "purify", "pair_rate_hz", "decoder", "target_fidelity")


def _pair(asked: dict[str, Any], seed: int, executor: Any, save: str | None) -> LogicalPair:
    from qnet.repeaters.logical_pair import LogicalPair

    errors = {name: asked[name] for name in ("e_x", "e_y", "e_z") if asked[name] is not None}
    simulated = [name for name in SIMULATED if asked[name] is not None]
    simulated += [name for name in ("seam_noise", "heralded_loss", "extrapolate") if asked[name]]
    if errors:
        others = [name for name in ("fidelity", *simulated) if name in simulated or asked[name] is not None]
        if others:
            told = others[0].removesuffix("_hz").replace("_", "-")
            raise ValueError(
                f"--e-x, --e-y, --e-z and --{told}: give the pair's errors, or what it is made of"
            )
        filled: dict[str, float] = {"e_x": 0.0, "e_y": 0.0, "e_z": 0.0, **errors}
        return LogicalPair(**filled, scheme="given")  # type: ignore[arg-type]
    if asked["fidelity"] is not None and not simulated:
        rest = (1 - asked["fidelity"]) / 3
        return LogicalPair(e_x=rest, e_y=rest, e_z=rest, scheme="werner")
    return _simulated(asked, seed, executor, save)


def _simulated(asked: dict[str, Any], seed: int, executor: Any, save: str | None) -> LogicalPair:
    from qnet.repeaters.encoded_link import EncodedLink
    from qnet.repeaters.extrapolation import distance_for, extrapolated
    from qnet.repeaters.simulation import simulated_pairs
    from qnet.repeaters.thresholds import check_threshold

    taken = (
        "distance",
        "fidelity",
        "seam_noise",
        "heralded_loss",
        "noise",
        "purify",
        "pair_rate_hz",
        "decoder",
    )
    link = EncodedLink(scheme=asked["scheme"] or "surgery", **{name: asked[name] for name in taken})
    collecting = {"seed": seed, "executor": executor, "save_resume": save}
    if asked["target_fidelity"] is not None:
        each = _error_of_a_link(asked["target_fidelity"], asked["stations"] + 1, asked["swap_error"])
        return distance_for(link, each, **collecting)
    if asked["extrapolate"]:
        return extrapolated(link, link.way.distance, **collecting)
    (pair,) = simulated_pairs([link], precision=asked["precision"], **collecting)
    check_threshold(link, pair)
    return pair


def _error_of_a_link(target: float, links: int, swap_error: float) -> float:
    """How large 1 − F of each link may be, its errors alike, so that the chain reaches a fidelity."""
    least = 1 / 4
    kept = (1 - 4 * swap_error / 3) ** (links - 1)
    if not least < target < 1 or (4 * target - 1) / 3 >= kept:
        raise ValueError(
            f"--target-fidelity {target:g} is out of reach of any link; give one between 0.25 and "
            f"{(1 + 3 * kept) / 4:.6g}"
        )
    return float(0.75 * (1 - ((4 * target - 1) / 3 / kept) ** (1 / links)))


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
    """How fast pairs come: by the links' own rate of pairs, or over a line of a length, with the bounds."""
    if asked["length_km"] is None:
        return {} if made.time_s != made.time_s else _timed(made, made.time_s)
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
    bound = bound_bits_per_s(here, made.links - 1)
    plob = Figure(bound_bits_per_s(here), unit="sbit/s")
    return {**_timed(made, time, bound), "plob_bits_per_s": plob}


def _timed(made: Chain, time: float, bound: float | None = None) -> dict[str, Figure]:
    from qnet.results import Figure

    bits = made.secret_fraction
    stderr = None if bits.stderr is None else bits.stderr / time
    return {
        "time": Figure(time, unit="s"),
        "pairs_per_s": Figure(1 / time, unit="1/s"),
        "secret_bits_per_s": Figure(bits.value / time, stderr=stderr, unit="sbit/s", bound=bound),
    }
