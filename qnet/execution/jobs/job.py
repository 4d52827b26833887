"""`Job`: a row of the job book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["ENDED", "OPEN", "STATES", "Job"]

STATES: Mapping[str, str] = {
    "prepared": "written down, not sent",
    "sending": "being sent; if its process ended, whether it arrived is not known",
    "unknown": "sent, no answer came: looked for by its tag, never sent again before it is settled",
    "absent": "looked for over the settling time and not there: may be sent again",
    "refused": "the service refused it: nothing runs",
    "submitted": "at the service",
    "done": "run, not fetched",
    "fetched": "its outcomes are in the book",
    "failed": "failed at the service",
    "cancelled": "cancelled",
}
"""What each state of a job means."""

OPEN = ("sending", "unknown")
ENDED = ("fetched", "failed", "cancelled", "refused")


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job as the book knows it; its circuits and outcomes are in the book beside it.

    Args:
        id: Its id in the book.
        tag: The tag that it bears at the service, unique to this row.
        state: One of `STATES`.
        created: When it was written down, ISO 8601, UTC.
        sampler: Name of the sampler that it was submitted by.
        backend: Name of the device.
        experiment: Name of the experiment.
        shots: Shots per circuit (signals, for key distribution).
        seed: Seed of the experiment's own choices and of the transpiler.
        remote: Its id at the service; None if none is known.
        reason: Why it failed, was refused or is not known.
        calibrated: Time of the device's calibration when it was submitted, ISO 8601.
        sent_at: When the request was begun, seconds since 1970.
        absences: How often in a row a look-up by its tag has found none.
        absent_since: When the first of these was.
        details: The rest: parameters, versions, shots of each circuit, summary of the device's noise.
    """

    id: str
    tag: str
    state: str
    created: str
    sampler: str
    backend: str
    experiment: str
    shots: int
    seed: int
    remote: str | None = None
    reason: str | None = None
    calibrated: str | None = None
    sent_at: float | None = None
    absences: int = 0
    absent_since: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Parameters of the experiment by name."""
        found: Mapping[str, Any] = self.details.get("parameters", {})
        return found

    def as_dict(self) -> dict[str, Any]:
        """The row as plain values."""
        names = (
            "id", "state", "experiment", "backend", "sampler", "shots", "seed", "created",
            "remote", "tag", "reason", "calibrated",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names} | {"parameters": dict(self.parameters)}
