"""What can end a collection from outside of a decoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from decoders.errors import DecodersError

if TYPE_CHECKING:
    import sinter

__all__ = ["CollectionError", "NotSaved", "WorkerLost"]


class CollectionError(DecodersError):
    """A collection that could not go on.

    Attributes:
        stats: The totals that every task had reached, those from the resumed file included.
    """

    stats: tuple[sinter.TaskStats, ...] = ()


class WorkerLost(CollectionError, RuntimeError):
    """The executor lost a worker, or was closed, before its chunks were done."""


class NotSaved(CollectionError, OSError):
    """The file of results could not be written; it holds what it held before."""
