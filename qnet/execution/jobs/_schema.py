"""The file of the job book: its tables, their versions, and what is done with a file that cannot be read."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from qnet.execution.jobs.errors import CorruptBook, JobBookError, NewerBook

BUSY_S = 30.0
"""How long a process waits for another that is writing."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE jobs (
            id TEXT PRIMARY KEY, tag TEXT NOT NULL UNIQUE, state TEXT NOT NULL, created TEXT NOT NULL,
            sampler TEXT NOT NULL, backend TEXT NOT NULL, experiment TEXT NOT NULL,
            shots INTEGER NOT NULL, seed INTEGER NOT NULL, remote TEXT, reason TEXT, calibrated TEXT,
            sent_at REAL, absences INTEGER NOT NULL DEFAULT 0, absent_since REAL,
            details TEXT NOT NULL)""",
        "CREATE INDEX jobs_by_age ON jobs (created)",
        """CREATE TABLE circuits (
            id TEXT PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
            written BLOB NOT NULL, sent BLOB NOT NULL, snapshot TEXT)""",
        """CREATE TABLE outcomes (
            id TEXT PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
            content BLOB NOT NULL, fetched TEXT NOT NULL)""",
        "CREATE TABLE snapshots (digest TEXT PRIMARY KEY, content BLOB NOT NULL)",
    ),
)
"""Statements that lead from each version of the tables to the next; never changed once released."""


def opened(path: Path) -> sqlite3.Connection:
    """A connection to a book with the tables of today.

    Raises:
        NewerBook: If it was written by a newer qnet.
        CorruptBook: If it is damaged; it is kept aside, and the next opening begins a new one.
        JobBookError: If it cannot be opened.
    """
    _private_folder(path.parent)
    with guarded(path):
        connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def _private_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise JobBookError(f"the job book's folder {folder} cannot be made: {error.strerror}") from None


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    _check_age(version, path)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    if version < len(MIGRATIONS):
        _keep_log(connection)
        path.chmod(0o600)
        _migrate(connection, path)


def _keep_log(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on; SQLite does not wait for it by itself."""
    limit = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.02)
        else:
            return


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    with transaction(connection):
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        _check_age(version, path)
        for number in range(version, len(MIGRATIONS)):
            for statement in MIGRATIONS[number]:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")


def _check_age(version: int, path: Path) -> None:
    if version > len(MIGRATIONS):
        raise NewerBook(
            f"the job book {path} is of a newer qnet (version {version}, this one knows {len(MIGRATIONS)}) "
            "and is left as it is; upgrade qnet, or set QNET_DATA to another folder"
        )


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, one writer at a time."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Errors of SQLite as ours; a damaged file is kept aside.

    Raises:
        CorruptBook: If the file is damaged.
        JobBookError: If it cannot be read or written for another reason.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        if _damaged(error) and not _sound(path):
            aside = _kept_aside(path)
            raise CorruptBook(
                f"the job book {path} is damaged ({error}); it is kept as {aside.name}, and the next command "
                "begins a new one (jobs at the service are not touched)"
            ) from None
        raise JobBookError(f"the job book {path} cannot be used: {error}") from None


def _damaged(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _sound(path: Path) -> bool:
    """Whether the file is sound now: another process may have put the damaged one aside already."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            said: str = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            return said == "ok"
    except sqlite3.Error:
        return False


def _kept_aside(path: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    for suffix in ("-wal", "-shm", ""):
        file = path.with_name(path.name + suffix)
        if file.exists():
            os.replace(file, aside.with_name(aside.name + suffix))  # noqa: PTH105
    return aside
