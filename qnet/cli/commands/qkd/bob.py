"""`qnet qkd bob`: one end of a session, in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from qnet.cli._options import Debug, Json
from qnet.cli.commands.qkd._options import DEFAULT_PRESET, PresetName
from qnet.cli.commands.qkd._sessions import (
    Keys,
    Length,
    PartySeed,
    PoolFile,
    Pulses,
    SessionProtocol,
    SessionSettings,
    Timeout,
    TranscriptFile,
    give_session,
    plan_of,
)

if TYPE_CHECKING:
    from qnet.cli._face import Face

__all__ = ["bob"]


def bob(
    context: typer.Context,
    protocol: SessionProtocol,
    pulses: Pulses,
    channel: Annotated[
        str,
        typer.Option(
            "--channel", metavar="HOST:PORT", help="Where the quantum channel is.", show_default=False
        ),
    ],
    alice: Annotated[
        str, typer.Option("--alice", metavar="HOST:PORT", help="Where Alice waits.", show_default=False)
    ],
    pool: PoolFile,
    out: Keys,
    length: Length = None,
    preset: PresetName = DEFAULT_PRESET,
    settings: SessionSettings = None,
    seed: PartySeed = None,
    timeout: Timeout = 60.0,
    transcript: TranscriptFile = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Be Bob: measure, connect to Alice, and make a key with her.

    The key is written to --out, pending until Alice has it too, and never shown. If the session breaks in
    between, run 'qnet qkd settle' at both ends.
    """
    face: Face = context.obj
    from qnet.qkd.authentication import KeyPool
    from qnet.qkd.sessions.network import Address, run_bob
    from qnet.qkd.sessions.storage import FileVault
    from qnet.qkd.sessions.transcript import Transcript

    peer, there = Address.read(alice), Address.read(channel)
    plan, _ = plan_of(protocol, pulses, settings, preset=preset, length=length)
    held, put_down = KeyPool(pool), Transcript()
    vault = FileVault(out, "bob", pool=held)
    result = run_bob(
        plan,
        channel=there,
        alice=peer,
        pool=held,
        vault=vault,
        seed=seed,
        timeout_s=timeout,
        transcript=put_down,
    )
    give_session(face, result, vault=vault, put_down=put_down, transcript=transcript, seed=seed)
