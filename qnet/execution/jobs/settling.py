"""A submission without an answer: looked for by its tag, until it is found or certainly not there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from qnet.errors import HardwareError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qnet.execution.jobs.book import JobBook
    from qnet.execution.jobs.job import Job
    from qnet.execution.jobs.remote import Remote
    from qnet.execution.jobs.targets import Target

__all__ = ["LEAST_LOOKS", "REQUEST_S", "SETTLING_S", "adopted", "looked_up"]

SETTLING_S = 120.0
"""How long look-ups must find nothing before a job counts as absent."""
LEAST_LOOKS = 3
"""How many look-ups, at least, must find nothing."""
REQUEST_S = 180.0
"""Longer than a request can take: a job that is `sending` for longer has no living sender."""

_RANK = {"done": 0, "running": 1, "queued": 2, "failed": 3, "cancelled": 4}
_ALIVE = ("queued", "running")


def looked_up(job: Job, *, book: JobBook, target: Target, now: float | None = None) -> Job:
    """Look for a job whose submission was not answered, by its tag.

    Found, it is adopted: it and no other. Not found, that is noted; after `LEAST_LOOKS` look-ups over
    `SETTLING_S` seconds it is `absent`, and may be sent again. While its sender may still be at work
    nothing is counted.

    Args:
        job: A job in the state `sending` or `unknown`.
        book: The job book.
        target: Where it was sent.
        now: The time, seconds since 1970.

    Returns:
        The job as the book has it now.
    """
    now = time.time() if now is None else now
    found = _own(job, target.find(job.tag))
    if found:
        return adopted(job, found[0].id, book=book, target=target, found=found)
    if job.state == "sending" and now < (job.sent_at or 0.0) + REQUEST_S:
        return book.job(job.id)
    since = now if job.absent_since is None else job.absent_since
    looks = job.absences + 1
    settled = looks >= LEAST_LOOKS and now - since >= SETTLING_S
    values = {"absences": looks, "absent_since": since, "state": "absent" if settled else "unknown"}
    book.change(job, only_from=(job.state,), **values)
    return book.job(job.id)


def adopted(
    job: Job, remote: str, *, book: JobBook, target: Target, found: Sequence[Remote] | None = None
) -> Job:
    """Note a job's id at the service; others with its tag, made by retries on the way, are cancelled."""
    book.change(
        job,
        only_from=("sending", "unknown", "absent"),
        state="submitted",
        remote=remote,
        reason=None,
        absences=0,
        absent_since=None,
    )
    job = book.job(job.id)
    try:
        one_kept(job, _own(job, target.find(job.tag)) if found is None else found, target)
    except HardwareError:
        return job  # fetching looks again
    return job


def one_kept(job: Job, found: Sequence[Remote], target: Target) -> list[str]:
    """Cancel what bears a job's tag and is not the one that the book has.

    Returns:
        The ids that were cancelled.
    """
    extra = [r.id for r in found if r.id != job.remote and job.tag in r.tags and r.status in _ALIVE]
    if job.remote is None:
        return []
    for remote in extra:
        target.cancel(remote)
    return extra


def _own(job: Job, found: Sequence[Remote]) -> list[Remote]:
    """Those with this job's tag: what is furthest first, then the oldest."""
    own = [remote for remote in found if job.tag in remote.tags]
    return sorted(own, key=lambda remote: (_RANK[remote.status], remote.created, remote.id))
