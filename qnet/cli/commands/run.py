"""`qnet run`: run a protocol, and tell its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._figures import figure_table, places, result_title
from qnet.cli._options import Debug, Json, Plot, Protocol, Seed, Settings, settled_seed, whole_number

if TYPE_CHECKING:
    from qnet.cli._face import Face
    from qnet.results import Result

__all__ = ["run"]


def run(
    context: typer.Context,
    protocol: Protocol,
    sampler: Annotated[
        str | None,
        typer.Option(
            help="aer (default), stim, a fake_* device, an ibm_* one, or backend:package.module:function.",
            show_default=False,
        ),
    ] = None,
    shots: Annotated[
        int,
        typer.Option(parser=whole_number, metavar="N", help="Shots a circuit, or signals of a key protocol."),
    ] = 4096,
    noise: Annotated[
        str | None,
        typer.Option(
            help="uniform:P, si1000:P, or a fake_* device, to which the circuits are then transpiled.",
            show_default=False,
        ),
    ] = None,
    set_: Settings = None,
    seed: Seed = None,
    json: Json = False,
    plot: Plot = None,
    debug: Debug = False,
) -> None:
    """Run a protocol and tell its figures, each with its standard error."""
    face: Face = context.obj
    from qnet.cli._machines import Machine

    if shots < 1:
        raise ValueError(f"--shots {shots} leaves nothing to measure; give a whole number of at least 1")
    machine = Machine(sampler=sampler, noise=noise)
    if plot is not None:
        from qnet.plotting import check_writable

        check_writable(plot)
    experiment = _experiment(protocol, set_)
    seed, drawn = settled_seed(seed)
    from qnet.execution import run as execute

    with face.progress() as progress:
        progress.add_task(f"{experiment.name} on {machine}", total=None)
        result = execute(experiment, machine.open(seed), shots=shots, seed=seed)
    face.give(result.as_dict())
    if not face.json:
        face.show(
            result_title(result), figure_table(result), *places(result), _footer(result, str(machine), drawn)
        )
    if plot is not None:
        from qnet.plotting import plot as draw
        from qnet.plotting import save

        save(draw(result), plot)
        face.show(f"picture: {plot}")


def _experiment(name: str, settings: list[str] | None) -> Any:
    from qnet.cli._settings import configured
    from qnet.protocols import protocol

    return configured(protocol(name), settings)


def _footer(result: Result, machine: str, drawn: bool) -> str:
    seed = f"seed {result.seed}{' (drawn)' if drawn else ''}"
    which = "" if result.sampler in machine else f" ({result.sampler})"
    return f"{machine}{which}, {result.shots} shots, {seed}, {result.elapsed_s:.2f} s"
