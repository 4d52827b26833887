"""`KeyPool`: a pre-shared key on disk, of which no byte is ever given out twice."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from qnet.qkd.errors import KeyDistributionError

__all__ = ["LANES", "KeyPool", "KeyPoolExhausted", "Pad", "Pads"]

LANES = ("alice", "bob")
"""Who sends what the bytes authenticate: each end draws from a lane of its own."""

_VERSION = 1


class KeyPoolExhausted(KeyDistributionError):
    """The pre-shared key has been used up."""


@dataclass(frozen=True)
class Pad:
    """Bytes of a lane, and where they lie in it."""

    at: int
    key: bytes = field(repr=False)

    @property
    def end(self) -> int:
        """Where the bytes after them begin."""
        return self.at + len(self.key)


class Pads(Protocol):
    """Bytes of a pre-shared key in two lanes, none of which is given out twice."""

    def used(self, lane: str) -> int:
        """How many bytes of a lane have been given out."""

    def remaining(self, lane: str) -> int:
        """How many bytes of a lane are left."""

    def take(self, lane: str, count: int) -> Pad:
        """Give out the next bytes of a lane, once and for all."""

    def look(self, lane: str, at: int, count: int) -> Pad:
        """Bytes that have not been given out, for a check."""

    def use_up(self, lane: str, end: int) -> None:
        """Count everything before `end` as given out."""


class KeyPool:
    r"""A pre-shared key on disk, in one lane for each sender.

    Both ends make a pool from the same bytes. What is taken is counted, on disk and synchronised, before it
    is given out, and wiped: after a crash, and with two processes at once, no byte is given out twice.

    Args:
        path: The pool's file, which `create` made.

    Raises:
        ValueError: If there is no pool at `path`, or it is none of ours.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     pool = KeyPool.create(Path(folder) / "alice.pool", bytes(range(64)))
        ...     first = pool.take("alice", 4)
        ...     pool.remaining("alice"), first, first.key, pool.take("alice", 4).key
        (28, Pad(at=0), b'\x00\x01\x02\x03', b'\x04\x05\x06\x07')
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        if not self.path.is_file():
            raise ValueError(f"there is no key pool at {str(self.path)!r}; make one with KeyPool.create")
        try:
            with self._open() as book:
                version = book.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError:
            raise ValueError(f"{str(self.path)!r} is no key pool") from None
        if version != _VERSION:
            raise ValueError(f"{str(self.path)!r} is no key pool of this version ({version}, not {_VERSION})")

    def __repr__(self) -> str:
        return f"KeyPool({str(self.path)!r})"

    @classmethod
    def create(cls, path: Path | str, key: bytes) -> KeyPool:
        """Make a pool of a key: half of it for each sender.

        Args:
            path: Where to; nothing may be there. The file is readable by its owner alone.
            key: The pre-shared key, the same bytes in the same order at both ends.

        Raises:
            ValueError: If something is at `path`, or the key has an odd number of bytes or none.
        """
        target = Path(path)
        _checked(key)
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            raise ValueError(f"{str(target)!r} exists; a key pool is never overwritten") from None
        with closing(_connected(target)) as book:
            book.execute("CREATE TABLE bytes (lane TEXT, start INTEGER, key BLOB, PRIMARY KEY (lane, start))")
            book.execute("CREATE TABLE lanes (lane TEXT PRIMARY KEY, used INTEGER, made INTEGER)")
            book.executemany("INSERT INTO lanes VALUES (?, 0, 0)", [(lane,) for lane in LANES])
            book.execute(f"PRAGMA user_version = {_VERSION}")
        pool = cls(target)
        pool.replenish(key)
        return pool

    @classmethod
    def temporary(cls, path: Path | str, size: int) -> KeyPool:
        """Make a pool of `size` bytes from the operating system, to be copied to the other end."""
        return cls.create(path, secrets.token_bytes(size))

    def used(self, lane: str) -> int:
        """How many bytes of a lane have been given out."""
        return self._lane(lane)[0]

    def remaining(self, lane: str) -> int:
        """How many bytes of a lane are left."""
        used, made = self._lane(lane)
        return made - used

    def take(self, lane: str, count: int) -> Pad:
        """Give out the next bytes of a lane, once and for all.

        Raises:
            ValueError: If `lane` is unknown, or `count` is negative.
            KeyPoolExhausted: If too few bytes are left.
        """
        with self._writing() as book:
            pad = _pad(book, lane, _lane(book, lane)[0], count)
            _use_up(book, lane, pad.end)
        return pad

    def look(self, lane: str, at: int, count: int) -> Pad:
        """Bytes that have not been given out, for a check; `use_up` them once they have served.

        Raises:
            ValueError: If `lane` is unknown, `count` is negative, or they have been given out.
            KeyPoolExhausted: If the lane has no such bytes.
        """
        with self._open() as book:
            return _pad(book, lane, at, count)

    def use_up(self, lane: str, end: int) -> None:
        """Count everything before `end` as given out, and wipe it.

        Raises:
            ValueError: If `lane` is unknown.
            KeyPoolExhausted: If the lane is not so long.
        """
        with self._writing() as book:
            used, made = _lane(book, lane)
            if end > made:
                raise _exhausted(end - used, made - used, lane)
            if end > used:
                _use_up(book, lane, end)

    def replenish(self, key: bytes) -> None:
        """Put in more key, the same bytes in the same order at both ends: half of it for each sender.

        Raises:
            ValueError: If the key has an odd number of bytes or none.
        """
        _checked(key)
        half = len(key) // 2
        with self._writing() as book:
            for lane, part in zip(LANES, (key[:half], key[half:]), strict=True):
                made = _lane(book, lane)[1]
                book.execute("INSERT INTO bytes VALUES (?, ?, ?)", (lane, made, part))
                book.execute("UPDATE lanes SET made = ? WHERE lane = ?", (made + half, lane))

    def _lane(self, lane: str) -> tuple[int, int]:
        with self._open() as book:
            return _lane(book, lane)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        # Closing without a commit takes everything back.
        with self._open() as book:
            book.execute("BEGIN IMMEDIATE")
            yield book
            book.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(_connected(self.path)) as book:
            yield book


def _connected(path: Path) -> sqlite3.Connection:
    # No write-ahead log: what has been wiped must not live on in a file beside the pool.
    book = sqlite3.connect(path, timeout=30, isolation_level=None)
    for setting in ("journal_mode = DELETE", "synchronous = EXTRA", "secure_delete = ON"):
        book.execute(f"PRAGMA {setting}")
    return book


def _checked(key: bytes) -> None:
    if not key or len(key) % 2:
        raise ValueError(f"a key of {len(key)} bytes cannot be halved for two senders; give an even number")


def _lane(book: sqlite3.Connection, lane: str) -> tuple[int, int]:
    row = book.execute("SELECT used, made FROM lanes WHERE lane = ?", (lane,)).fetchone()
    if row is None:
        raise ValueError(f"lane={lane!r} is unknown; there are 'alice' and 'bob'")
    return int(row[0]), int(row[1])


def _pad(book: sqlite3.Connection, lane: str, at: int, count: int) -> Pad:
    used, made = _lane(book, lane)
    if count < 0:
        raise ValueError(f"count={count} must not be negative")
    if at < used:
        raise ValueError(f"at={at}: the first {used} bytes of lane {lane!r} have been given out before")
    if at + count > made:
        raise _exhausted(count, made - at, lane)
    found = bytearray()
    for start, key in book.execute(
        "SELECT start, key FROM bytes WHERE lane = ? AND start < ? ORDER BY start", (lane, at + count)
    ):
        found += key[max(at - start, 0) : at + count - start]
    return Pad(at, bytes(found))


def _exhausted(needed: int, left: int, lane: str) -> KeyPoolExhausted:
    return KeyPoolExhausted(
        f"the pre-shared key is used up: {needed} bytes are needed and {max(left, 0)} are left for {lane}; "
        "put in more with KeyPool.replenish"
    )


def _use_up(book: sqlite3.Connection, lane: str, end: int) -> None:
    # What is used is deleted where it stands, which overwrites it; chunks keep what is left of them.
    rows = book.execute("SELECT start, key FROM bytes WHERE lane = ? AND start < ?", (lane, end)).fetchall()
    for start, key in rows:
        book.execute("DELETE FROM bytes WHERE lane = ? AND start = ?", (lane, start))
        if start + len(key) > end:
            book.execute("INSERT INTO bytes VALUES (?, ?, ?)", (lane, end, key[end - start :]))
    book.execute("UPDATE lanes SET used = ? WHERE lane = ?", (end, lane))
