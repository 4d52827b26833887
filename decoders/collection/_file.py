"""The file of results: sinter's CSV, only ever appended to, one writer at a time."""

from __future__ import annotations

import io
import os
import stat
import time
import warnings
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sinter

from decoders.collection.errors import NotSaved

__all__ = ["SaveFile"]

SECONDS_BETWEEN_WRITES = 1.0


class SaveFile:
    """A CSV of sinter's which is open for appending; None as the path keeps nothing.

    What is added goes to the disk about once a second, as whole lines. A line that was cut off (the
    machine stopped, the disk was full) is taken off before anything is appended.

    Args:
        path: The file; made if it is missing.
    """

    def __init__(self, path: str | os.PathLike[str] | None) -> None:
        self.path = None if path is None else Path(path)
        self.found: Mapping[str, sinter.TaskStats] = {}
        self._pending: dict[str, sinter.TaskStats] = {}
        self._written_at = time.monotonic()
        self._descriptor = -1

    def __enter__(self) -> Self:
        if self.path is not None:
            _check(self.path)
            self._descriptor = _opened(self.path)
            try:
                self.found = self._read()
            except BaseException:
                os.close(self._descriptor)
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if not isinstance(error, NotSaved):
                self.write()
        finally:
            if self._descriptor >= 0:
                os.close(self._descriptor)

    def add(self, stats: sinter.TaskStats) -> None:
        """Keep something for the next write.

        Raises:
            NotSaved: If the write that was due failed.
        """
        if self.path is None:
            return
        known = self._pending.get(stats.strong_id)
        self._pending[stats.strong_id] = stats if known is None else known + stats
        if time.monotonic() - self._written_at > SECONDS_BETWEEN_WRITES:
            self.write()

    def write(self) -> None:
        """Append what was added since the last write, and wait until the disk has it.

        Raises:
            NotSaved: If the file cannot be written; what it held is not touched.
        """
        if self._pending:
            self._append("".join(f"{stats.to_csv_line()}\n" for stats in self._pending.values()))
            self._pending.clear()
        self._written_at = time.monotonic()

    def _append(self, text: str) -> None:
        before = os.fstat(self._descriptor).st_size
        data = text.encode()
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
            os.fsync(self._descriptor)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._descriptor, before)
            lost = sum(stats.shots for stats in self._pending.values())
            raise NotSaved(
                f"cannot append to {str(self.path)!r} ({error.strerror}): make room, and collect again with "
                f"the same seed; the file lacks the last {lost} shots, the stats of this error have them"
            ) from error

    def _read(self) -> Mapping[str, sinter.TaskStats]:
        with os.fdopen(os.dup(self._descriptor), "rb") as file:
            file.seek(0)
            content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            os.ftruncate(self._descriptor, len(whole))
            warnings.warn(
                f"{str(self.path)!r} ended in half a line, which was dropped: {content[len(whole) :]!r}",
                stacklevel=4,
            )
        if not whole.strip():
            self._append(f"{sinter.CSV_HEADER}\n")
        return _parsed(whole, self.path) if whole.strip() else {}

    def check_belongs(self, tasks: Iterable[tuple[str, str, Any]]) -> None:
        """Refuse to go on with the results of something else.

        Args:
            tasks: Strong id, decoder and metadata of every task of this run.

        Raises:
            ValueError: If a task is not in the file, but another one with its decoder and metadata is.
        """
        known = list(tasks)
        ids = {task_id for task_id, _, _ in known}
        strangers = [stats for task_id, stats in self.found.items() if task_id not in ids]
        for task_id, decoder, metadata in known:
            for other in strangers:
                if (
                    task_id not in self.found
                    and other.decoder == decoder
                    and _plain(other.json_metadata) == _plain(metadata)
                ):
                    raise ValueError(
                        f"save_resume={str(self.path)!r} holds shots of another circuit, error model or mask "
                        f"under decoder {decoder!r} and metadata {metadata!r}; name another file, or tell "
                        "the two apart by json_metadata"
                    )


def _plain(metadata: Any) -> Any:
    if isinstance(metadata, list | tuple):
        return [_plain(item) for item in metadata]
    if isinstance(metadata, dict):
        return {str(key): _plain(item) for key, item in metadata.items()}
    return metadata


def _parsed(content: bytes, path: Path | None) -> Mapping[str, sinter.TaskStats]:
    try:
        rows = sinter.read_stats_from_csv_files(io.StringIO(content.decode()))
        return {stats.strong_id: stats for stats in rows}
    except (ValueError, TypeError, KeyError, AssertionError) as error:
        reason = " ".join(str(error).split())
        raise ValueError(
            f"save_resume={str(path)!r} is no CSV of sinter's ({reason}); name another file, or mend it"
        ) from error


def _check(path: Path) -> None:
    folder = path.parent
    if path.is_dir():
        raise ValueError(f"save_resume={str(path)!r} is a folder; give the name of a file in it")
    if not folder.is_dir():
        raise ValueError(f"save_resume={str(path)!r}: there is no folder {str(folder)!r}; make it first")
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        raise ValueError(f"save_resume={str(path)!r} is no ordinary file; give the name of one")


def _opened(path: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags, 0o666)
    except OSError as error:
        raise ValueError(
            f"save_resume={str(path)!r} cannot be written ({error.strerror}); choose another place"
        ) from error
    try:
        _lock(descriptor)
    except BlockingIOError as error:
        os.close(descriptor)
        raise ValueError(
            f"save_resume={str(path)!r} is in use by another collection; wait for it, or name another file"
        ) from error
    return descriptor


def _lock(descriptor: int) -> None:
    """Hold the file as long as it is open, where the system knows such locks."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:
        return
