"""`qnet qkd channel`: the quantum channel of one session, in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import Debug, Json
from qnet.cli.commands.qkd._options import DEFAULT_PRESET, PresetName, number
from qnet.cli.commands.qkd._sessions import (
    Length,
    Listen,
    PartySeed,
    Pulses,
    SessionProtocol,
    SessionSettings,
    Timeout,
    plan_of,
    tell_port,
)

if TYPE_CHECKING:
    from qnet.cli._face import Face

__all__ = ["channel"]


def channel(
    context: typer.Context,
    protocol: SessionProtocol,
    pulses: Pulses,
    length: Length = None,
    preset: PresetName = DEFAULT_PRESET,
    flip: Annotated[
        float | None,
        typer.Option(
            "--flip",
            parser=number,
            metavar="P",
            help="In place of a fibre: every pulse arrives, a bit is flipped with this probability.",
            show_default=False,
        ),
    ] = None,
    eve: Annotated[
        str | None,
        typer.Option("--eve", metavar="NAME[:SHARE]", help="Who sits on the channel.", show_default=False),
    ] = None,
    settings: SessionSettings = None,
    listen: Listen = "127.0.0.1:0",
    seed: PartySeed = None,
    timeout: Timeout = 60.0,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Be the quantum channel of one session: source, loss, Eve and detectors.

    It asks Alice and Bob how they prepare and measure the pulses that may arrive, tells Bob what he saw, and
    ends. All three get the same protocol, --pulses and --set.
    """
    face: Face = context.obj
    if (length is None) == (flip is None):
        given = "both were given" if flip is not None else "neither was given"
        raise ValueError(f"--length KM or --flip P: {given}; give one of the two")
    if eve is not None and flip is not None:
        raise ValueError("--eve sits on a fibre; give --length KM in place of --flip")
    from qnet.cli._versions import all_versions
    from qnet.qkd.sessions.network import Address, run_channel

    where = Address.read(listen)
    plan, devices = plan_of(protocol, pulses, settings, preset=preset, length=length)
    ends = plan.scheme.alice, plan.scheme.bob
    quantum: Any
    if flip is not None:
        from qnet.qkd.sessions.reference import FlipChannel

        quantum = FlipChannel(*ends, pulses=pulses, flip=flip, seed=seed)
    else:
        from qnet.qkd.sessions._photons import photons_of

        quantum = photons_of(plan, devices.link(length), eve=eve, seed=seed)
    run_channel(plan, quantum, listen=where, timeout_s=timeout, on_listening=tell_port(face, where.host))
    face.give(
        {
            "command": "qkd channel",
            "parameters": {
                **plan.parameters,
                "length_km": length,
                "preset": preset,
                "flip": flip,
                "eve": eve,
            },
            "seed": seed,
            "figures": {},
            "versions": all_versions(),
            "elapsed_s": face.elapsed_s,
        }
    )
    face.show(f"{plan.name}: {pulses} pulses were sent")
