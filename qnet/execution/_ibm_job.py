"""One of IBM's jobs, waited for aloud."""

from __future__ import annotations

import logging
import time
from typing import Any

from qnet.execution.ibm_service import job_result, telling

__all__ = ["IBMJob"]

logger = logging.getLogger("qnet.execution.ibm")

_POLL_S = 0.5
_TOLD_S = 10.0


class IBMJob:
    """One of IBM's jobs, whose result comes with our errors in the place of the client's.

    Everything else is the job's own: `job_id()`, `status()`, `cancel()`, `metrics()` …
    """

    def __init__(self, job: Any) -> None:
        self._job = job

    def __getattr__(self, name: str) -> Any:
        return getattr(self._job, name)

    def __repr__(self) -> str:
        return f"IBMJob({self._job.job_id()!r})"

    def result(self, *, timeout_s: float | None = None) -> Any:
        """The result, waited for; changes of its status are told by the logger `qnet.execution.ibm`.

        Raises:
            JobFailed: If it failed at the service; its reason is told.
            JobCancelled: If it was cancelled.
            DamagedResult: If a result came that cannot be read.
            HardwareError: If the service cannot be reached, or refuses otherwise.
        """
        self._tell_until_done(timeout_s)
        return job_result(self._job, timeout_s=timeout_s)

    def _tell_until_done(self, timeout_s: float | None) -> None:
        final = getattr(self._job, "JOB_FINAL_STATES", None)
        if final is None:
            return
        started = told = time.monotonic()
        before = None
        while timeout_s is None or time.monotonic() - started < timeout_s:
            with telling(f"job {self._job.job_id()}"):
                status = self._job.status()
            if status in final:
                return
            now = time.monotonic()
            if now - told > _TOLD_S or (status != before and before is not None):
                logger.warning("job %s is %s at IBM", self._job.job_id(), str(status).lower())
                told = now
            before = status
            time.sleep(_POLL_S)
