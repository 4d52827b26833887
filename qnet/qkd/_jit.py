"""Loops that are compiled to machine code when they are first run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

__all__ = ["compiled"]

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """The same function as machine code, kept on disk for the next process where there is a place for it."""
    try:
        return cast(Loop, njit(nogil=True, cache=True, error_model="numpy")(loop))
    except RuntimeError:  # Neither the package's folder nor the user's cache can be written.
        return cast(Loop, njit(nogil=True, error_model="numpy")(loop))
