"""`qnet qkd pool`: the pre-shared key that authenticates the messages of sessions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qnet.cli._options import Debug, Json

if TYPE_CHECKING:
    from qnet.cli._face import Face
    from qnet.qkd.authentication import KeyPool

__all__ = ["pool"]


def pool(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The pool.", show_default=False)],
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            metavar="FILE",
            help="Put in the bytes of this file, the same at both ends, never to be used again.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Make a pool of pre-shared key, put more into it, or tell how much is left.

    Each message of a session takes 32 bytes. Both ends make a pool of the same bytes, each its own file.
    """
    face: Face = context.obj
    from qnet.cli._versions import all_versions
    from qnet.qkd.authentication import KeyPool as Pool

    held = Pool(file) if key is None else _filled(file, key)
    left = {lane: held.remaining(lane) for lane in ("alice", "bob")}
    used = {lane: held.used(lane) for lane in ("alice", "bob")}
    face.give(
        {
            "command": "qkd pool",
            "parameters": {"file": str(file), "key": None if key is None else str(key)},
            "seed": None,
            "figures": {
                f"{what}_{lane}": {"value": count, "stderr": None, "unit": "byte"}
                for what, lanes in (("left", left), ("used", used))
                for lane, count in lanes.items()
            },
            "versions": all_versions(),
            "elapsed_s": face.elapsed_s,
        }
    )
    for lane in left:
        face.show(f"{lane}: {left[lane]} bytes left ({left[lane] // 32} messages), {used[lane]} used")


def _filled(file: Path, key: Path) -> KeyPool:
    from qnet.qkd.authentication import KeyPool as Pool

    try:
        data = key.read_bytes()
    except OSError as error:
        raise ValueError(
            f"--key {str(key)!r} cannot be read ({error.strerror}); give a file of random bytes"
        ) from None
    if not file.exists():
        return Pool.create(file, data)
    held = Pool(file)
    held.replenish(data)
    return held
