"""Locks, and what makes a step survive a power cut, on each kind of system."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["lock", "synchronise"]


def lock(descriptor: int) -> None:
    """Hold an open file for this process alone, until the file is closed.

    Raises:
        OSError: If another holds it.
    """
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def synchronise(path: Path) -> None:
    """Have the disk hold a file, or the names in a folder; Windows does the latter by itself."""
    if sys.platform == "win32" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
