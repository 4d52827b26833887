"""`qnet qkd settle`: what becomes of keys that were pending when a session broke."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from qnet.cli._options import Debug, Json
from qnet.cli.commands.qkd._sessions import Keys, PoolFile, Timeout, tell_port

if TYPE_CHECKING:
    from qnet.cli._face import Face

__all__ = ["settle"]


def settle(
    context: typer.Context,
    party: Annotated[str, typer.Argument(metavar="PARTY", help="alice or bob.", show_default=False)],
    pool: PoolFile,
    out: Keys,
    listen: Annotated[
        str | None,
        typer.Option(
            "--listen", metavar="HOST:PORT", help="Alice: where to wait for Bob.", show_default=False
        ),
    ] = None,
    alice: Annotated[
        str | None,
        typer.Option("--alice", metavar="HOST:PORT", help="Bob: where Alice waits.", show_default=False),
    ] = None,
    timeout: Timeout = 60.0,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Settle, with the other end, what becomes of pending keys after a crash.

    Both ends run it. A key that both have on disk is delivered, one that only one end has is deleted.
    """
    face: Face = context.obj
    if party not in ("alice", "bob"):
        raise ValueError(f"party {party!r} is unknown; give alice or bob")
    if party == "bob" and (alice is None or listen is not None):
        raise ValueError("bob connects to alice; give --alice HOST:PORT and no --listen")
    if party == "alice" and alice is not None:
        raise ValueError("alice waits for bob; give --listen HOST:PORT and no --alice")
    from qnet.cli._versions import all_versions
    from qnet.qkd.authentication import KeyPool
    from qnet.qkd.sessions.network import Address
    from qnet.qkd.sessions.settling import settle_alice, settle_bob
    from qnet.qkd.sessions.storage import FileVault

    held = KeyPool(pool)
    vault = FileVault(out, party, pool=held)
    if alice is None:
        where = Address.read(listen or "127.0.0.1:0")
        found = settle_alice(
            vault, listen=where, pool=held, timeout_s=timeout, on_listening=tell_port(face, where.host)
        )
    else:
        found = settle_bob(vault, alice=Address.read(alice), pool=held, timeout_s=timeout)
    face.give(
        {
            "command": "qkd settle",
            "parameters": {"party": party, "out": str(out)},
            "seed": None,
            "figures": {
                "promoted": {"value": len(found.promoted), "stderr": None, "unit": ""},
                "deleted": {"value": len(found.deleted), "stderr": None, "unit": ""},
            },
            "promoted": list(found.promoted),
            "deleted": list(found.deleted),
            "versions": all_versions(),
            "elapsed_s": face.elapsed_s,
        }
    )
    face.show(f"delivered now: {_told(found.promoted)}", f"deleted: {_told(found.deleted)}")


def _told(sessions: tuple[str, ...]) -> str:
    return ", ".join(sessions) or "none"
