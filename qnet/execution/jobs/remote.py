"""`Remote`: a job as the service tells it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Remote"]


@dataclass(frozen=True, kw_only=True)
class Remote:
    """A job as the service tells it.

    Args:
        id: Its id there.
        tags: Its tags.
        status: `"queued"`, `"running"`, `"done"`, `"failed"` or `"cancelled"`.
        created: When it was taken, ISO 8601.
        reason: Why it failed.
    """

    id: str
    tags: tuple[str, ...]
    status: str
    created: str = ""
    reason: str | None = None
