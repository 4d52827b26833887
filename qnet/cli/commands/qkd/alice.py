"""`qnet qkd alice`: one end of a session, in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from qnet.cli._options import Debug, Json
from qnet.cli.commands.qkd._options import DEFAULT_PRESET, PresetName
from qnet.cli.commands.qkd._sessions import (
    Keys,
    Length,
    Listen,
    PartySeed,
    PoolFile,
    Pulses,
    SessionProtocol,
    SessionSettings,
    Timeout,
    TranscriptFile,
    give_session,
    plan_of,
    tell_port,
)

if TYPE_CHECKING:
    from qnet.cli._face import Face

__all__ = ["alice"]


def alice(
    context: typer.Context,
    protocol: SessionProtocol,
    pulses: Pulses,
    channel: Annotated[
        str,
        typer.Option(
            "--channel", metavar="HOST:PORT", help="Where the quantum channel is.", show_default=False
        ),
    ],
    pool: PoolFile,
    out: Keys,
    length: Length = None,
    preset: PresetName = DEFAULT_PRESET,
    settings: SessionSettings = None,
    listen: Listen = "127.0.0.1:0",
    seed: PartySeed = None,
    timeout: Timeout = 60.0,
    transcript: TranscriptFile = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Be Alice: prepare, wait for Bob, and make a key with him.

    The key is written to --out, pending until Bob has it too, and never shown. If the session breaks in
    between, run 'qnet qkd settle' at both ends.
    """
    face: Face = context.obj
    from qnet.qkd.authentication import KeyPool
    from qnet.qkd.sessions.network import Address, run_alice
    from qnet.qkd.sessions.storage import FileVault
    from qnet.qkd.sessions.transcript import Transcript

    where, there = Address.read(listen), Address.read(channel)
    plan, _ = plan_of(protocol, pulses, settings, preset=preset, length=length)
    held, put_down = KeyPool(pool), Transcript()
    vault = FileVault(out, "alice", pool=held)
    result = run_alice(
        plan,
        channel=there,
        listen=where,
        pool=held,
        vault=vault,
        seed=seed,
        timeout_s=timeout,
        on_listening=tell_port(face, where.host),
        transcript=put_down,
    )
    give_session(face, result, vault=vault, put_down=put_down, transcript=transcript, seed=seed)
