"""`qnet qkd run`: a whole session in one process, from photons or circuits to a key at both ends."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import Debug, Json, Plot
from qnet.cli.commands.qkd._options import number
from qnet.cli.commands.qkd._scenes import EVES, Scene, Watched, circuits, eve_named, photons
from qnet.cli.commands.qkd._sessions import PartySeed, SessionProtocol, SessionSettings
from qnet.cli.commands.qkd._shown import figure_rows

if TYPE_CHECKING:
    from qnet.cli._face import Face
    from qnet.qkd.sessions.ledger import Ledger
    from qnet.qkd.sessions.memory import SessionOutcome
    from qnet.results import Result

__all__ = ["count", "run"]

_SHOTS, _DEVICE_SHOTS, _PULSES = 500_000, 20_000, 10_000_000


def count(text: str) -> int:
    """A whole number, which may be written with an exponent, for typer.

    Example:
        >>> count("1e7"), count("4096")
        (10000000, 4096)
    """
    value = number(text)
    if value != int(value) or value < 1:
        raise typer.BadParameter(f"{text!r} is no whole number of at least 1")
    return int(text) if text.strip().isdecimal() else int(value)


def run(
    context: typer.Context,
    protocol: SessionProtocol,
    sampler: Annotated[
        str | None,
        typer.Option(
            help="Circuits on aer, stim, a fake_* device, an ibm_* one, or backend:package.module:function.",
            show_default=False,
        ),
    ] = None,
    noise: Annotated[
        str | None,
        typer.Option(help="Of circuits: uniform:P, si1000:P, or a fake_* device.", show_default=False),
    ] = None,
    light: Annotated[bool, typer.Option("--photons", help="Photons over the link of --preset.")] = False,
    preset: Annotated[
        str | None,
        typer.Option(
            "--preset",
            metavar="NAME",
            help="Of photons: link and devices (snspd-metro); 'qnet qkd presets' lists them.",
            show_default=False,
        ),
    ] = None,
    length: Annotated[
        float | None,
        typer.Option(
            "--length",
            parser=number,
            metavar="KM",
            help="Of photons: length of the link; what the protocol leaves open is chosen at its best.",
            show_default=False,
        ),
    ] = None,
    signals: Annotated[
        int | None,
        typer.Option(
            "--signals",
            parser=count,
            metavar="N",
            help="Pulses, pairs or shots in all; 1e7 pulses, 5e5 shots, 2e4 of a device if not given.",
            show_default=False,
        ),
    ] = None,
    eve: Annotated[
        str | None,
        typer.Option(metavar="NAME", help=f"Who sits on the channel: {', '.join(EVES)}.", show_default=False),
    ] = None,
    set_: SessionSettings = None,
    seed: PartySeed = None,
    show_keys: Annotated[bool, typer.Option("--show-keys", help="Tell the keys, too.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write both keys, the transcript and the ledger into this new folder.",
            show_default=False,
        ),
    ] = None,
    plot: Plot = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Run a whole session: Alice, Bob and the channel between them, from pulses to a key.

    Sifting, estimation, reconciliation, verification and privacy amplification over an authenticated channel;
    the key is as long as the finite-key bound allows with what was measured. An aborted session has exit code
    1, one line with its reason, no key, and the figures that are known by then. Simulated keys are marked.
    """
    face: Face = context.obj
    _check_options(sampler, noise, light, preset, length)
    listener, meddler = eve_named(eve)
    _check_outputs(seed, out, plot)
    number_of = _usual(light, sampler, noise) if signals is None else signals
    if light:
        scene = photons(protocol, number_of, set_, preset=preset, length=length, eve=listener)
    else:
        assert sampler is not None or noise is not None
        scene = circuits(protocol, number_of, set_, sampler=sampler, noise=noise, eve=listener)
    outcome = _run(face, scene, seed, meddler, eve, plot)
    files = {}
    if out is not None:
        from qnet.qkd.sessions.saving import save_session

        files = {name: str(path) for name, path in save_session(outcome, out).items()}
    result = _result(face, scene, outcome.ledger, seed, eve)
    face.give(_answer(result, outcome.ledger, outcome.bob.session, files, outcome if show_keys else None))
    _tell(face, scene, result, outcome.ledger)
    _tell_key(face, outcome, files, show_keys)
    _draw(face, result, plot)


def _usual(light: bool, sampler: str | None, noise: str | None) -> int:
    """So many signals that most protocols have a key within seconds."""
    device = sampler not in ("aer", "stim") or (noise is not None and ":" not in noise)
    return _PULSES if light else _DEVICE_SHOTS if device else _SHOTS


def _check_options(
    sampler: str | None, noise: str | None, light: bool, preset: str | None, length: float | None
) -> None:
    on_circuits = "--sampler" if sampler is not None else "--noise" if noise is not None else None
    if on_circuits and light:
        raise ValueError(f"{on_circuits} runs circuits and --photons a link; give one of the two")
    if not on_circuits and not light:
        raise ValueError("--sampler NAME or --photons --length KM: neither was given; give one of the two")
    for option, value in (("--preset", preset), ("--length", length)):
        if on_circuits and value is not None:
            raise ValueError(f"{option} is a link's, and circuits have none; give --photons, or leave it out")


def _check_outputs(seed: int | None, out: Path | None, plot: Path | None) -> None:
    if seed is not None and seed < 0:
        raise ValueError(f"--seed {seed} is negative; give a whole number from 0 up")
    if plot is not None:
        from qnet.plotting import check_writable

        check_writable(plot)
    if out is not None:
        from qnet.qkd.sessions.saving import check_folder

        check_folder(out)


def _run(
    face: Face, scene: Scene, seed: int | None, meddler: Any, eve: str | None, plot: Path | None
) -> SessionOutcome:
    """The session; of one that is aborted the figures are told before the error goes on its way."""
    from qnet.qkd.errors import KeyDistributionError
    from qnet.qkd.sessions.memory import run_session

    with face.progress() as progress:
        task = progress.add_task(f"{scene.plan.name}, {scene.told}", total=scene.plan.pulses)

        def tell(over: int) -> None:
            done = over >= scene.plan.pulses
            told = f"{scene.plan.name}, from clicks to a key" if done else None
            progress.update(task, completed=None if done else over, total=None if done else scene.plan.pulses)
            if told:
                progress.update(task, description=told)

        try:
            return run_session(
                scene.plan,
                Watched(scene.open(seed), tell),
                alice_seed=seed,
                bob_seed=seed,
                meddler=meddler,
            )
        except KeyDistributionError as error:
            if error.ledger is None:
                raise
            aborted, ledger = error, error.ledger
    result = _result(face, scene, ledger, seed, eve)
    face.beside.update(_answer(result, ledger, None, {}, None))
    _tell(face, scene, result, ledger)
    _draw(face, result, plot)
    raise aborted


def _result(face: Face, scene: Scene, ledger: Ledger, seed: int | None, eve: str | None) -> Result:
    from qnet.cli._versions import all_versions
    from qnet.qkd.sessions.figures import session_figures, session_funnel
    from qnet.results import Result

    return Result(
        command="qkd run",
        experiment=ledger.protocol,
        figures=session_figures(ledger),
        parameters={**ledger.parameters, **scene.parameters, "eve": eve},
        seed=seed,
        shots=ledger.pulses,
        sampler=str(scene.parameters.get("sampler") or "photons"),
        versions=all_versions(),
        elapsed_s=face.elapsed_s,
        rows=session_funnel(ledger),
    )


def _answer(
    result: Result,
    ledger: Ledger,
    session: str | None,
    files: dict[str, str],
    shown: SessionOutcome | None,
) -> dict[str, Any]:
    made = {
        **result.as_dict(),
        "session": session,
        "stopped": ledger.stopped or None,
        "simulated": ledger.simulated,
        "ledger": ledger.as_dict(),
        "files": files,
    }
    if shown is not None:
        made["keys"] = {
            end.party: None
            if end.key is None
            else {"bits": len(end.key), "hex": end.key.to_bytes().hex(), "simulated": end.key.simulated}
            for end in (shown.alice, shown.bob)
        }
    return made


def _tell(face: Face, scene: Scene, result: Result, ledger: Ledger) -> None:
    """The figures, and what was disclosed."""
    if face.json:
        return
    spied = "" if result.parameters["eve"] is None else f", Eve: {result.parameters['eve']}"
    seeded = "no seed: the operating system's randomness" if result.seed is None else f"seed {result.seed}"
    face.show(f"{result.experiment}, {scene.told}, {result.shots} signals{spied}, {seeded}")
    face.show(figure_rows(result.figures))
    face.show(" → ".join(f"{row['bits']} {row['stage']}" for row in result.rows))
    told = ", ".join(f"{kind} {bits}" for kind, bits in ledger.disclosed.items())
    how = f"; reconciled by {ledger.method}" if ledger.method else ""
    face.show(f"disclosed bits: {told}{how}; {result.elapsed_s:.2f} s")


def _tell_key(face: Face, outcome: SessionOutcome, files: dict[str, str], show_keys: bool) -> None:
    key = outcome.key
    if key is None:
        face.show(f"no key: {outcome.ledger.stopped}")
    else:
        mark = ", simulated: never use it to keep anything secret" if key.simulated else ""
        face.show(f"key: {len(key)} bits at both ends{mark}")
    for end in (outcome.alice, outcome.bob) if show_keys and not face.json else ():
        if end.key is not None:
            typer.echo(f"{end.party}: {end.key.to_bytes().hex()}")
    if files:
        face.show(f"files: {', '.join(files.values())}")


def _draw(face: Face, result: Result, plot: Path | None) -> None:
    if plot is None:
        return
    from qnet.plotting import save
    from qnet.plotting.funnel import plot_funnel

    save(plot_funnel(result), plot)
    face.show(f"picture: {plot}")
