"""`FileVault`: key files that are pending until both ends have them, and delivered then."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import numpy as np

from qnet.qkd.authentication import KeyPool
from qnet.qkd.sessions._disk import lock, synchronise
from qnet.qkd.sessions.errors import KeyLost, NotSettled, SessionError
from qnet.qkd.sessions.keys import Key

__all__ = ["FileVault", "KeyFile", "read_key"]

_PENDING, _DELIVERED, _BOOK, _LOCK, _NEW = ".key.pending", ".key", "delivered.txt", ".lock", ".new"
_FORMAT = "qnet key 1"
_NAME = re.compile("[0-9a-f]{32}")


class KeyFile(msgspec.Struct, frozen=True, kw_only=True):
    """What a key file holds, as JSON.

    Args:
        format: What it is.
        simulated: Whether the key is worth nothing, because its physics or its randomness was simulated.
        session: The session's name.
        party: Whose file it is.
        bits: Length of the key.
        key: The key in hexadecimal, filled up by zeros to whole bytes.
        replenish: In a pending file, what goes into the key pool when it is delivered, in hexadecimal.
        pool_made: How many bytes the pool had been given before.
    """

    format: str = _FORMAT
    simulated: bool
    session: str
    party: str
    bits: int
    key: str
    replenish: str = ""
    pool_made: int = 0

    def __repr__(self) -> str:
        told = f"session={self.session!r}, party={self.party!r}, bits={self.bits}"
        return f"KeyFile({told}, simulated={self.simulated})"


class FileVault:
    """A directory of one end's keys: `SESSION.key.pending` until both ends have them, `SESSION.key` then.

    Files are readable by their owner alone. Every step is on disk before the next one is taken.

    Args:
        folder: The directory, which is made if it is missing.
        party: Whose it is, `"alice"` or `"bob"`.
        pool: The key pool that a part of each key may replenish.
    """

    def __init__(self, folder: Path | str, party: str, *, pool: KeyPool | None = None) -> None:
        self.folder, self.party, self._pool = Path(folder), party, pool
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def __repr__(self) -> str:
        return f"FileVault({str(self.folder)!r}, {self.party!r})"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep everybody else out of the directory.

        Raises:
            SessionError: If somebody else is in it.
        """
        held = os.open(self.folder / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            try:
                lock(held)
            except OSError:
                raise SessionError(
                    f"{str(self.folder)!r} is in use by another session; "
                    "wait for its end, or give another folder"
                ) from None
            for half_written in self.folder.glob(f".*{_PENDING}{_NEW}"):
                _wipe(half_written)
            yield
        finally:
            os.close(held)

    def put(self, session: str, key: Key, replenish: bytes = b"") -> None:
        """Write a key, pending.

        Raises:
            SessionError: If the session has a key already.
        """
        if session in self.states():
            raise SessionError(
                f"session {session} has a key in {str(self.folder)!r} already; start a new one"
            )
        made = 0 if self._pool is None else _made(self._pool)
        held = KeyFile(
            simulated=key.simulated,
            session=session,
            party=self.party,
            bits=len(key),
            key=key.to_bytes().hex(),
            replenish=replenish.hex(),
            pool_made=made,
        )
        self._write(self._path(session, _PENDING), held)

    def deliver(self, session: str) -> None:
        """Make a pending key a delivered one, and put what is due into the pool; again after a crash, too.

        Raises:
            KeyLost: If there is no such key, or its file is damaged.
        """
        pending = self._path(session, _PENDING)
        if pending.exists():
            held = read_file(pending)
            if held.replenish and self._pool is not None and _made(self._pool) == held.pool_made:
                self._pool.replenish(bytes.fromhex(held.replenish))
            if held.replenish:
                self._write(pending, msgspec.structs.replace(held, replenish="", pool_made=0))
            pending.replace(self._path(session, _DELIVERED))
            self._synchronise()
        elif not self._path(session, _DELIVERED).exists() and session not in self._booked():
            raise KeyLost(f"session {session} has no key in {str(self.folder)!r}; start a new one")
        if session not in self._booked():
            self._book(session)

    def drop(self, session: str) -> None:
        """Delete a pending key, if there is one; its bytes are overwritten first."""
        _wipe(self._path(session, _PENDING))
        self._synchronise()

    def states(self) -> dict[str, str]:
        """What there is, by session: "pending" or "delivered" (also if the file was taken away)."""
        found = dict.fromkeys(self._booked(), "delivered")
        for path in self.folder.glob(f"*{_DELIVERED}"):
            found[path.name.removesuffix(_DELIVERED)] = "delivered"
        for path in self.folder.glob(f"*{_PENDING}"):
            found[path.name.removesuffix(_PENDING)] = "pending"
        return {name: state for name, state in found.items() if _NAME.fullmatch(name)}

    def require_settled(self) -> None:
        """Refuse to go on while a pending key is to replenish the pool, which the other end may have done.

        Raises:
            NotSettled: If there is such a key.
        """
        for path in sorted(self.folder.glob(f"*{_PENDING}")):
            if read_file(path).replenish:
                raise NotSettled(
                    f"{str(path)!r} is pending and replenishes the pre-shared key, at the other end perhaps "
                    "already; run 'qnet qkd settle' at both ends first"
                )

    def path_of(self, session: str) -> Path:
        """Where the delivered key of a session is."""
        return self._path(session, _DELIVERED)

    def _path(self, session: str, suffix: str) -> Path:
        if not _NAME.fullmatch(session):
            raise ValueError(f"session={session!r} is no name of 32 hexadecimal digits")
        return self.folder / f"{session}{suffix}"

    def _booked(self) -> list[str]:
        with suppress(FileNotFoundError):
            return (self.folder / _BOOK).read_text(encoding="ascii").split()
        return []

    def _book(self, session: str) -> None:
        book = os.open(self.folder / _BOOK, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        try:
            os.write(book, f"{session}\n".encode())
            os.fsync(book)
        finally:
            os.close(book)

    def _write(self, path: Path, held: KeyFile) -> None:
        new = path.with_name(f".{path.name}{_NEW}")
        try:
            new.unlink(missing_ok=True)
            target = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(target, "wb") as file:
                file.write(msgspec.json.encode(held))
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
            self._synchronise()
        except OSError as error:
            _wipe(new)
            raise SessionError(
                f"a key cannot be written to {str(self.folder)!r} ({error.strerror}); make room, or give "
                "another folder"
            ) from None

    def _synchronise(self) -> None:
        synchronise(self.folder)


def _wipe(path: Path) -> None:
    """Delete a file, if there is one, and overwrite its bytes first."""
    with suppress(OSError), path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink(missing_ok=True)


def read_file(path: Path | str) -> KeyFile:
    """A key file.

    Raises:
        KeyLost: If it is missing or damaged.
    """
    try:
        held = msgspec.json.decode(Path(path).read_bytes(), type=KeyFile)
        whole = held.format == _FORMAT and len(bytes.fromhex(held.key)) == -(-held.bits // 8)
    except (OSError, ValueError, msgspec.MsgspecError):
        whole = False
    if not whole:
        raise KeyLost(f"{str(path)!r} is no key file, or a damaged one; make a new key") from None
    return held


def read_key(path: Path | str) -> Key:
    """The key of a key file.

    Raises:
        KeyLost: If the file is missing or damaged.
    """
    held = read_file(path)
    bits = np.unpackbits(np.frombuffer(bytes.fromhex(held.key), np.uint8), count=held.bits)
    return Key(bits=bits, simulated=held.simulated, secret=True)


def _made(pool: KeyPool) -> int:
    return sum(pool.used(lane) + pool.remaining(lane) for lane in ("alice", "bob"))
