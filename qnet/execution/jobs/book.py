"""`JobBook`: jobs in one SQLite file, safe with several processes at once."""

from __future__ import annotations

import json
import os
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from qnet.execution.jobs._schema import guarded, opened, transaction
from qnet.execution.jobs.errors import JobBookError, UnknownId
from qnet.execution.jobs.job import Job

__all__ = ["JobBook", "data_folder"]

_COLUMNS = tuple(field.name for field in fields(Job))


def data_folder() -> Path:
    """The folder of the job book: `QNET_DATA` if that is set, else the user's data folder."""
    given = os.environ.get("QNET_DATA")
    if given:
        return Path(given).expanduser()
    from platformdirs import user_data_path

    return user_data_path("qnet", appauthor=False)


@dataclass(frozen=True, kw_only=True)
class JobBook:
    """The jobs that were submitted from this computer.

    Every method opens the file, does one thing in one transaction and closes it, so that any number of
    processes can have a book of the same path, and a process that is killed leaves whole rows.

    Args:
        path: The SQLite file; made when it is first used.

    Example:
        >>> import tempfile
        >>> book = JobBook.at(tempfile.mkdtemp())
        >>> book.jobs()
        []
    """

    path: Path

    @staticmethod
    def at(folder: str | Path | None = None) -> JobBook:
        """The book in a folder; in the user's own, by `data_folder()`, if none is given."""
        return JobBook(path=(data_folder() if folder is None else Path(folder)) / "jobs.sqlite")

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with guarded(self.path), closing(opened(self.path)) as connection:
            yield connection

    def add(self, *, written: bytes, sent: bytes, snapshot: tuple[str, bytes] | None, **row: Any) -> Job:
        """Write a job down, with a fresh id and tag, in the state `prepared`.

        Args:
            written: The circuits as the experiment wrote them, packed.
            sent: The circuits as they are sent, in the device's instructions, packed.
            snapshot: Digest and content of the device's calibration.
            **row: The other attributes of the job.
        """
        number = uuid.uuid4().hex
        created = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        job = Job(id=f"q{number[:8]}", tag=f"qnet-{number}", state="prepared", created=created, **row)
        values = [_stored(name, getattr(job, name)) for name in _COLUMNS]
        marks = ", ".join("?" * len(_COLUMNS))
        with self._connection() as connection, transaction(connection):
            connection.execute(f"INSERT INTO jobs ({', '.join(_COLUMNS)}) VALUES ({marks})", values)
            digest = None
            if snapshot is not None:
                digest, content = snapshot
                connection.execute("INSERT OR IGNORE INTO snapshots VALUES (?, ?)", (digest, content))
            connection.execute("INSERT INTO circuits VALUES (?, ?, ?, ?)", (job.id, written, sent, digest))
        return job

    def jobs(self, *, states: Sequence[str] = (), limit: int | None = None) -> list[Job]:
        """The jobs, newest first.

        Args:
            states: Only those in these states; all if empty.
            limit: At most so many.
        """
        return [_job(row) for row in self.table(_COLUMNS, states=states, limit=limit)]

    def table(
        self, columns: Sequence[str], *, states: Sequence[str] = (), limit: int | None = None
    ) -> list[tuple[Any, ...]]:
        """Some columns of the jobs, newest first, as SQLite has them: the quick way to list thousands.

        Args:
            columns: Names of attributes of `Job`.
            states: Only jobs in these states; all if empty.
            limit: At most so many.
        """
        names = ", ".join(name for name in columns if name in _COLUMNS)
        where = f" WHERE state IN ({', '.join('?' * len(states))})" if states else ""
        query = f"SELECT {names} FROM jobs{where} ORDER BY created DESC, rowid DESC LIMIT ?"
        with self._connection() as connection:
            return connection.execute(query, [*states, -1 if limit is None else limit]).fetchall()

    def count(self) -> int:
        """How many jobs there are."""
        with self._connection() as connection:
            number: int = connection.execute("SELECT count(*) FROM jobs").fetchone()[0]
        return number

    def job(self, job_id: str) -> Job:
        """The job of an id, or of the beginning of one; `"last"` is the newest.

        Raises:
            UnknownId: If there is none, or several ids begin so.
        """
        if job_id == "last":
            newest = self.jobs(limit=1)
            if newest:
                return newest[0]
        query = f"SELECT {', '.join(_COLUMNS)} FROM jobs WHERE id = ? OR substr(id, 1, ?) = ? LIMIT 3"
        with self._connection() as connection:
            found = [_job(r) for r in connection.execute(query, (job_id, len(job_id), job_id)).fetchall()]
        exact = [job for job in found if job.id == job_id]
        if exact or (len(found) == 1 and job_id):
            return (exact or found)[0]
        if len(found) > 1:
            raise UnknownId(
                f"several jobs begin with {job_id!r}: {', '.join(j.id for j in found)} …; give more"
            )
        raise UnknownId(f"there is no job {job_id!r} in {self.path}; 'qnet jobs list' shows those there are")

    def change(self, job: Job, *, only_from: Sequence[str], **values: Any) -> bool:
        """Change a row, if it is in one of these states and its id at the service is still as in `job`.

        Returns:
            Whether it was changed; False if another process has changed it meanwhile.
        """
        names = ", ".join(f"{name} = ?" for name in values)
        marks = ", ".join("?" * len(only_from))
        query = f"UPDATE jobs SET {names} WHERE id = ? AND remote IS ? AND state IN ({marks})"
        stored = [_stored(name, value) for name, value in values.items()]
        with self._connection() as connection, transaction(connection):
            done = connection.execute(query, [*stored, job.id, job.remote, *only_from])
            return done.rowcount == 1

    def forget(self, job_id: str) -> Job:
        """Strike a job out, with its circuits and outcomes; nothing is done at the service.

        Raises:
            UnknownId: If there is no such job.
        """
        job = self.job(job_id)
        with self._connection() as connection, transaction(connection):
            connection.execute("DELETE FROM jobs WHERE id = ?", (job.id,))
            connection.execute(
                "DELETE FROM snapshots WHERE digest NOT IN (SELECT snapshot FROM circuits "
                "WHERE snapshot IS NOT NULL)"
            )
        return job

    def circuits(self, job: Job) -> tuple[bytes, bytes]:
        """The circuits as written and as sent, packed."""
        with self._connection() as connection:
            row = connection.execute("SELECT written, sent FROM circuits WHERE id = ?", (job.id,)).fetchone()
        return row[0], row[1]

    def snapshot(self, job: Job) -> bytes | None:
        """The calibration of the device when the job was submitted."""
        query = "SELECT content FROM snapshots JOIN circuits ON digest = snapshot WHERE circuits.id = ?"
        with self._connection() as connection:
            row = connection.execute(query, (job.id,)).fetchone()
        return None if row is None else row[0]

    def keep_outcomes(self, job: Job, content: bytes) -> None:
        """Write the outcomes of a job down, and that it is fetched; the first to do so counts."""
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        with self._connection() as connection, transaction(connection):
            connection.execute("INSERT OR IGNORE INTO outcomes VALUES (?, ?, ?)", (job.id, content, now))
            connection.execute("UPDATE jobs SET state = 'fetched', reason = NULL WHERE id = ?", (job.id,))

    def outcomes(self, job: Job) -> bytes | None:
        """The outcomes of a job, if they have been fetched."""
        with self._connection() as connection:
            row = connection.execute("SELECT content FROM outcomes WHERE id = ?", (job.id,)).fetchone()
        return None if row is None else row[0]


def _stored(name: str, value: Any) -> Any:
    return json.dumps(value, sort_keys=True, default=str) if name == "details" else value


def _job(row: Sequence[Any]) -> Job:
    values = dict(zip(_COLUMNS, row, strict=True))
    values["details"] = dict(_parsed(values["details"]))
    return Job(**values)


@lru_cache(maxsize=256)
def _parsed(details: str) -> dict[str, Any]:
    """Thousands of jobs often have equal details.

    Raises:
        JobBookError: If they are no JSON.
    """
    try:
        made: dict[str, Any] = json.loads(details)
    except ValueError as error:
        raise JobBookError(f"the details of a job in the book cannot be read: {error}") from None
    return made
