"""What a job is sent to: one shape for IBM's service and for fake devices on this computer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from qnet.errors import UnknownSampler

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution.fitting import Fitted
    from qnet.execution.jobs.book import JobBook
    from qnet.execution.jobs.job import Job
    from qnet.execution.jobs.remote import Remote
    from qnet.execution.outcomes import Outcomes

__all__ = ["Target", "target_for", "target_of"]


class Target(Protocol):
    """A service, and a device behind it."""

    @property
    def backend(self) -> Any:
        """The device, a `BackendV2`."""
        ...

    def fit(self, circuit: QuantumCircuit) -> Fitted:
        """The circuit in the device's instructions; nothing is sent."""
        ...

    def send(self, circuits: Sequence[QuantumCircuit], shots: Sequence[int], *, tag: str) -> str:
        """Submit in one request; the id at the service. May raise although the job has been taken."""
        ...

    def find(self, tag: str) -> list[Remote]:
        """All jobs at the service with this tag."""
        ...

    def look(self, remote: str) -> Remote:
        """A job at the service by its id."""
        ...

    def outcomes(self, remote: str, circuits: Sequence[QuantumCircuit]) -> list[Outcomes]:
        """The outcomes of a job that is done, one for each circuit that was sent."""
        ...

    def cancel(self, remote: str) -> None:
        """Cancel a job at the service."""
        ...

    def calibrated(self) -> str | None:
        """When the device was last calibrated, as the service tells now."""
        ...


def target_for(sampler: str, book: JobBook, *, seed: int, options: dict[str, Any]) -> Target:
    """The target that a sampler's name stands for.

    Raises:
        UnknownSampler: If nothing can be submitted to it.
    """
    if sampler.startswith("ibm_"):
        from qnet.execution.jobs._ibm_target import IBMTarget

        return IBMTarget.opened(sampler, seed=seed, options=options)
    if sampler.startswith("fake_"):
        from qnet.execution.jobs._local_target import LocalTarget

        return LocalTarget.opened(sampler, book, seed=seed, options=options)
    raise UnknownSampler(
        f"nothing is submitted to {sampler!r}; submit to one of IBM's machines ('ibm_…') or to a fake device "
        "('fake_torino' …), and use 'qnet run' for all others"
    )


def target_of(job: Job, book: JobBook) -> Target:
    """The target that a job was sent to."""
    if job.sampler.startswith("fake_"):
        from qnet.execution.jobs._local_target import LocalTarget

        return LocalTarget.opened(job.backend, book, seed=job.seed, options={})
    from qnet.execution.jobs._ibm_target import IBMTarget

    return IBMTarget.again(job.backend)
