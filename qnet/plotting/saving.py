"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qnet.plotting.style import styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["check_writable", "save", "write_file"]

_SUFFIXES = (".png", ".svg", ".pdf")


def check_writable(path: Path, *, suffixes: tuple[str, ...] | None = _SUFFIXES) -> None:
    """Refuse a file that could not be written in the end, before long work begins.

    Args:
        path: The file.
        suffixes: What its name may end in; None means anything.

    Raises:
        ValueError: If the suffix is none of `suffixes`.
        ValueError: If the path is a folder, or a file that may not be written.
        ValueError: If the folder is missing or not writable, or the name is none that a file can have.

    Example:
        >>> check_writable(Path("figure.png"))
        >>> check_writable(Path("figure.gif"))
        Traceback (most recent call last):
        ValueError: output 'figure.gif' ends in '.gif'; end it in .png, .svg or .pdf
    """
    path = Path(path)
    if suffixes is not None and path.suffix.lower() not in suffixes:
        *first, last = suffixes
        what = f"ends in {path.suffix!r}" if path.suffix else "has no suffix"
        raise ValueError(f"output {str(path)!r} {what}; end it in {', '.join(first)} or {last}")
    known = _exists(path)
    if known and path.is_dir():
        raise ValueError(f"output {str(path)!r} is a folder; give the name of a file")
    if known and not os.access(path, os.W_OK):
        raise ValueError(f"output {str(path)!r} may not be written to; choose another")
    if not _special(path):
        _check_folder(path)


def save(drawn: Axes | Figure, path: Path) -> None:
    """Save a picture as PNG, SVG or PDF by its suffix, whole or not at all.

    Args:
        drawn: Axes, or a figure.
        path: The file.

    Raises:
        ValueError: As `check_writable` does.
    """
    path = Path(path)
    check_writable(path)
    figure: Any = getattr(drawn, "figure", None) or drawn
    buffer = BytesIO()
    kind = path.suffix.lower().removeprefix(".")
    dated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind)
    with styled():
        figure.savefig(buffer, format=kind, metadata=dated, bbox_inches="tight", dpi=150)
    write_file(buffer.getvalue(), path)


def write_file(content: bytes, path: Path) -> None:
    """Write a file by way of a temporary one beside it, so that no reader sees half of it.

    Links are followed. What is no file, such as a pipe or `/dev/null`, is written to, not replaced.
    """
    path = Path(path)
    if _special(path):
        path.write_bytes(content)
        return
    path = path.resolve()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".qnet-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(_mode(path))
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _mode(path: Path) -> int:
    """The permissions of the file that is replaced, or those that a new one gets."""
    with suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or str(error)
        raise ValueError(f"output {str(path)!r} cannot be written ({what}); choose another name") from None


def _special(path: Path) -> bool:
    """Whether something is there that is not a file: a pipe or a device."""
    return path.exists() and not path.is_file()


def _check_folder(path: Path) -> None:
    asked, folder = path.parent, path.resolve().parent
    if not folder.is_dir():
        shown = str(asked if not asked.is_dir() else folder)
        raise ValueError(f"output {str(path)!r}: there is no folder {shown!r}; make it first")
    if not _can_write(folder):
        raise ValueError(f"output {str(path)!r}: the folder {str(asked)!r} is not writable; choose another")


def _can_write(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
