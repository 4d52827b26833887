"""`save_session`: a session in one folder, which is there whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

import msgspec

from qnet.qkd.sessions._disk import synchronise
from qnet.qkd.sessions.figures import session_figures
from qnet.qkd.sessions.ledger import SessionResult
from qnet.qkd.sessions.memory import SessionOutcome
from qnet.qkd.sessions.storage import KeyFile

__all__ = ["check_folder", "save_session"]

NOT_SECRET = "qnet verified bits 1 (not secret)"


def check_folder(folder: Path | str) -> None:
    """Refuse a folder that could not be made in the end.

    Raises:
        ValueError: If there is something of this name that is no empty folder, or no folder to make it in.
    """
    path = Path(folder)
    if path.is_symlink() or (path.exists() and not (path.is_dir() and not any(path.iterdir()))):
        raise ValueError(f"folder {str(path)!r} is there already; give a name that is free")
    if not path.absolute().parent.is_dir():
        raise ValueError(f"folder {str(path)!r}: there is no folder {str(path.parent)!r}; make it first")
    if not os.access(path.absolute().parent, os.W_OK):
        raise ValueError(f"folder {str(path)!r}: {str(path.parent)!r} may not be written to; choose another")


def save_session(outcome: SessionOutcome, folder: Path | str) -> dict[str, Path]:
    """Write both ends' keys, the transcript and the account into a new folder, by one renaming.

    The folder and its files may be read by their owner alone. Each key file says whether its key is
    `simulated`. Where there is no finite-key bound, the verified bits are written in place of keys, in files
    that `read_key` refuses.

    Args:
        outcome: A session that is over.
        folder: The folder to make.

    Returns:
        The files by name: `alice`, `bob`, `transcript`, `ledger`.

    Raises:
        ValueError: If the folder is there already, or cannot be made.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from qnet.qkd.rates import BB84
        >>> from qnet.qkd.sessions import FlipChannel, SessionPlan, read_key, run_session
        >>> plan = SessionPlan(protocol=BB84(test_probability=0.2), pulses=60_000)
        >>> channel = FlipChannel(plan.scheme.alice, plan.scheme.bob, pulses=plan.pulses, seed=3)
        >>> outcome = run_session(plan, channel, alice_seed=1, bob_seed=2)
        >>> with TemporaryDirectory() as place:
        ...     files = save_session(outcome, place + "/monday")
        ...     print(*sorted(path.name for path in files.values()))
        ...     read_key(files["alice"]) == outcome.key
        alice.key bob.key ledger.json transcript.jsonl
        True
    """
    path = Path(folder)
    check_folder(path)
    suffix = "verified" if outcome.key is None else "key"
    names = {"alice": f"alice.{suffix}", "bob": f"bob.{suffix}"}
    names |= {"transcript": "transcript.jsonl", "ledger": "ledger.json"}
    made = Path(tempfile.mkdtemp(dir=path.absolute().parent, prefix=".qnet-", suffix=".part"))
    try:
        for end in (outcome.alice, outcome.bob):
            _write(made / names[end.party], _key_file(end))
        outcome.transcript.save(made / names["transcript"])
        _write(made / names["ledger"], _account(outcome))
        _private(made / names["transcript"])
        synchronise(made)
        made.rename(path)
        synchronise(path.absolute().parent)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return {what: path / name for what, name in names.items()}


def _key_file(end: SessionResult) -> bytes:
    key = end.verified if end.key is None else end.key
    held = KeyFile(
        simulated=key.simulated,
        session=end.session,
        party=end.party,
        bits=len(key),
        key=key.to_bytes().hex(),
    )
    return msgspec.json.encode(held if key.secret else msgspec.structs.replace(held, format=NOT_SECRET))


def _account(outcome: SessionOutcome) -> bytes:
    ledger = outcome.ledger
    figures = {name: figure.as_dict() for name, figure in session_figures(ledger).items()}
    told = {"session": outcome.bob.session, "figures": figures, "ledger": ledger.as_dict()}
    return msgspec.json.encode(json.loads(json.dumps(told, default=repr), parse_constant=lambda _: None))


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _private(path: Path) -> None:
    path.chmod(0o600)
    synchronise(path)
