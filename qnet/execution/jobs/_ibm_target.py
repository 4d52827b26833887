"""IBM's service as a `Target`: nothing here but calls of its client and what they mean."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qnet.errors import DamagedResult, HardwareError
from qnet.execution.ibm import IBMSampler, ibm_sampler
from qnet.execution.ibm_service import job_result, open_service, telling
from qnet.execution.jobs.remote import Remote
from qnet.execution.jobs.snapshot import calibrated_at
from qnet.execution.outcomes import Outcomes

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution.fitting import Fitted

__all__ = ["IBMTarget"]

logger = logging.getLogger("qnet.execution.ibm")

_STATUSES = {
    "INITIALIZING": "queued",
    "QUEUED": "queued",
    "VALIDATING": "queued",
    "RUNNING": "running",
    "DONE": "done",
    "COMPLETED": "done",
    "CANCELLED": "cancelled",
    "ERROR": "failed",
    "FAILED": "failed",
}
_MOST = 50


class IBMTarget:
    """One of IBM's machines as a `Target`.

    Args:
        service: `QiskitRuntimeService`.
        name: Name of the machine.
        sampler: What fits and submits; None where only jobs that were sent before are wanted.
    """

    def __init__(self, service: Any, name: str, sampler: IBMSampler | None = None) -> None:
        self._service, self._name, self._sampler = service, name, sampler

    @staticmethod
    def opened(name: str, *, seed: int, options: dict[str, Any]) -> IBMTarget:
        """The target of a machine's name, ready to submit."""
        sampler = ibm_sampler(name, seed=seed, **options)
        return IBMTarget(sampler.backend.service, sampler.name, sampler)

    @staticmethod
    def again(name: str) -> IBMTarget:
        """The target of jobs that were sent before; the machine may be gone."""
        return IBMTarget(open_service(wanted=repr(name)), name)

    @property
    def backend(self) -> Any:
        """The machine."""
        return self._ready().backend

    def fit(self, circuit: QuantumCircuit) -> Fitted:
        """The circuit in the machine's instructions."""
        return self._ready().fit(circuit)

    def send(self, circuits: Sequence[QuantumCircuit], shots: Sequence[int], *, tag: str) -> str:
        """Submit, in one request; a session or batch is closed then, and the job in it runs to its end."""
        pubs = [(circuit, None, int(n)) for circuit, n in zip(circuits, shots, strict=True)]
        machine = self._ready()
        job = machine.submit(pubs, tags=[tag])
        try:
            machine.close()
        except HardwareError as error:
            logger.warning("%s", error)
        return str(job.job_id())

    def find(self, tag: str) -> list[Remote]:
        """All jobs of this account with this tag."""
        with telling(f"looking for {tag}"):
            jobs = self._service.jobs(job_tags=[tag], limit=_MOST)
            found = [_remote(job) for job in jobs]
        return [remote for remote in found if tag in remote.tags]

    def look(self, remote: str) -> Remote:
        """A job by its id."""
        with telling(f"job {remote}"):
            return _remote(self._service.job(remote))

    def outcomes(self, remote: str, circuits: Sequence[QuantumCircuit]) -> list[Outcomes]:
        """The outcomes of a job that is done."""
        with telling(f"job {remote}"):
            job = self._service.job(remote)
        result = job_result(job)
        try:
            return [Outcomes.from_data(one, c) for one, c in zip(result, circuits, strict=False)]
        except (ValueError, AttributeError, TypeError) as error:
            raise DamagedResult(
                f"job {remote}: its result is not that of its circuits ({error}); fetch it again"
            ) from None

    def cancel(self, remote: str) -> None:
        """Cancel a job."""
        with telling(f"cancelling job {remote}"):
            self._service.job(remote).cancel()

    def calibrated(self) -> str | None:
        """When the machine was last calibrated, as IBM tells now."""
        with telling(repr(self._name)):
            return calibrated_at(self._service.backend(self._name), refresh=True)

    def _ready(self) -> IBMSampler:
        if self._sampler is None:
            with telling(repr(self._name)):
                self._sampler = IBMSampler(self._service.backend(self._name))
        return self._sampler


def _remote(job: Any) -> Remote:
    status = job.status()
    word = str(getattr(status, "name", status)).upper()
    kind = _STATUSES.get(word, "queued")
    reason = job.error_message() if kind == "failed" else None
    created = getattr(job, "creation_date", "")
    return Remote(
        id=str(job.job_id()),
        tags=tuple(job.tags or ()),
        status=kind,
        created=created.isoformat() if hasattr(created, "isoformat") else str(created or ""),
        reason=None if reason is None else " ".join(str(reason).split()),
    )
