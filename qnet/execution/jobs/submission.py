"""`submit`: a job is written down, then sent, at most once."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from qnet.errors import (
    NotAuthorized,
    RequestRefused,
    TooManyRequests,
    UnknownDevice,
    UnsuitableBackend,
)
from qnet.execution._arguments import check_seed, check_shots
from qnet.execution._channels import has_channels
from qnet.execution._ibm_machines import LEAST_BUSY
from qnet.execution.experiment import versions
from qnet.execution.jobs._packing import packed_circuits, unpacked_circuits
from qnet.execution.jobs.book import JobBook
from qnet.execution.jobs.errors import NotReady
from qnet.execution.jobs.settling import adopted, looked_up
from qnet.execution.jobs.snapshot import calibrated_at, device_snapshot, noise_summary
from qnet.execution.jobs.targets import target_for

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution.experiment import Experiment
    from qnet.execution.jobs.job import Job
    from qnet.execution.jobs.targets import Target

__all__ = ["Prepared", "prepare", "send", "submit"]

_NOT_TAKEN = (NotAuthorized, TooManyRequests, RequestRefused, UnknownDevice, UnsuitableBackend)
"""Answers by which the service says that it has not taken the job; a look-up by its tag has to agree."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What would be sent.

    Args:
        written: The circuits as the experiment wrote them.
        shots: Shots of each.
        sent: Those that have shots, in the device's instructions.
    """

    written: Sequence[QuantumCircuit]
    shots: Sequence[int]
    sent: Sequence[QuantumCircuit]

    @property
    def sent_shots(self) -> list[int]:
        """Shots of the circuits that are sent."""
        return [n for n in self.shots if n]


def submit(
    experiment: Experiment,
    sampler: str,
    *,
    shots: int = 4096,
    seed: int | None = None,
    book: JobBook | None = None,
    target: Target | None = None,
    **options: Any,
) -> Job:
    """Submit an experiment, and return at once.

    The job is written into the book, with all that is needed to read its outcomes later, before anything is
    sent. Where no answer comes it is looked for by its tag, and is never sent a second time by itself.

    Args:
        experiment: What to run; one of `qnet.protocols`, or a frozen dataclass of your own.
        sampler: One of IBM's machines (`"ibm_…"`), or a fake device, which runs when it is fetched.
        shots: Shots of each circuit; for key distribution, signals in all.
        seed: Seed of the experiment's own choices and of the transpiler; drawn if it is not given.
        book: The job book; that of the user if it is not given.
        target: What it is sent to, in place of what the name stands for.
        **options: Options of the sampler (`optimization_level`, and those of `IBMOptions`). A submission is
            one job: with `mode="session"` or `"batch"` it is alone in it, and that is closed once it is sent.

    Returns:
        The job, in the state `submitted`; or `unknown`, if no answer came and it is not found yet.

    Raises:
        ValueError: If a circuit holds error instructions: devices have noise of their own.
        UnknownSampler: If nothing can be submitted to `sampler`.
        UnsuitableBackend: If the device cannot run the circuits.
        HardwareError: If the service refuses, or cannot be reached before anything is sent.
        JobBookError: If the book cannot be written: then nothing is sent.
    """
    shots = check_shots(shots)
    seed = secrets.randbits(48) if seed is None else check_seed(seed)
    book = JobBook.at() if book is None else book
    if target is None:
        options = chosen_options(experiment, sampler, options)
        target = target_for(sampler, book, seed=seed, options=options)
    prepared = prepare(experiment, target, shots=shots, seed=seed)
    job = _written(book, experiment, sampler, target, prepared, shots=shots, seed=seed, options=options)
    return send(job, book=book, target=target, circuits=prepared.sent)


def chosen_options(experiment: Experiment, sampler: str, options: dict[str, Any]) -> dict[str, Any]:
    """The options, and for the least busy machine how large it must be for the experiment."""
    if sampler != LEAST_BUSY or "min_qubits" in options:
        return options
    return {**options, "min_qubits": max(circuit.num_qubits for circuit in experiment.circuits())}


def prepare(experiment: Experiment, target: Target, *, shots: int, seed: int) -> Prepared:
    """The circuits of an experiment for a device; nothing is sent."""
    written = list(experiment.circuits())
    allocation = getattr(experiment, "allocation", None)
    each = allocation(shots, np.random.default_rng(seed)) if allocation else [shots] * len(written)
    each = [int(n) for n in each]
    if any(has_channels(circuit) for circuit in written):
        raise ValueError(
            f"{target.backend.name} has noise of its own and runs no error instructions, which the pairs of "
            "this experiment hold; set fidelity=1, or take them off with CircuitNoise.strip"
        )
    sent = [target.fit(circuit).circuit for circuit, n in zip(written, each, strict=True) if n]
    return Prepared(written=written, shots=each, sent=sent)


def _written(
    book: JobBook,
    experiment: Experiment,
    sampler: str,
    target: Target,
    prepared: Prepared,
    *,
    shots: int,
    seed: int,
    options: dict[str, Any],
) -> Job:
    from qnet.execution.jobs.experiments import described

    qubits = tuple({q for c in prepared.sent for q in (c.metadata or {}).get("qubits", ())})
    details = {
        **described(experiment),
        "each": list(prepared.shots),
        "options": options,
        "versions": {**versions(), "qiskit-ibm-runtime": version("qiskit-ibm-runtime")},
        "noise": noise_summary(target.backend, qubits),
    }
    return book.add(
        written=packed_circuits(prepared.written),
        sent=packed_circuits(prepared.sent),
        snapshot=device_snapshot(target.backend),
        sampler=sampler,
        backend=str(target.backend.name),
        experiment=str(getattr(experiment, "name", type(experiment).__name__)),
        shots=shots,
        seed=seed,
        calibrated=calibrated_at(target.backend),
        details=details,
    )


def send(
    job: Job,
    *,
    book: JobBook | None = None,
    target: Target | None = None,
    circuits: Sequence[QuantumCircuit] | None = None,
) -> Job:
    """Send a job that is written down and certainly not at the service: `prepared`, `absent` or `refused`.

    Raises:
        NotReady: If it is in another state, or another process is sending it.
        HardwareError: If the service refuses; the job is then `refused`, with its reason.
    """
    book = JobBook.at() if book is None else book
    if target is None:
        options = {k: v for k, v in job.details.get("options", {}).items() if k != "min_qubits"}
        target = target_for(job.backend, book, seed=job.seed, options=options)
    circuits = unpacked_circuits(book.circuits(job)[1]) if circuits is None else circuits
    fresh = ("prepared", "absent", "refused")
    begun = {"state": "sending", "sent_at": time.time(), "absences": 0, "absent_since": None, "reason": None}
    if not book.change(job, only_from=fresh, **begun):
        state = book.job(job.id).state
        raise NotReady(f"job {job.id} is {state} and is not sent again; only {', '.join(fresh)} jobs are")
    job = book.job(job.id)
    try:
        remote = target.send(circuits, [n for n in job.details["each"] if n], tag=job.tag)
    except _NOT_TAKEN as error:
        job = _unanswered(job, book, target, error)
        if job.remote is not None:  # it was taken: what was refused came after
            return job
        if job.absences:
            book.change(job, only_from=("unknown",), state="refused")
        raise
    except Exception as error:
        return _unanswered(job, book, target, error)
    return adopted(job, remote, book=book, target=target)


def _unanswered(job: Job, book: JobBook, target: Target, error: Exception) -> Job:
    from qnet.execution.secrets import scrubbed

    words = scrubbed(" ".join(str(error).split()))
    book.change(job, only_from=("sending",), state="unknown", reason=words, sent_at=time.time())
    try:
        return looked_up(book.job(job.id), book=book, target=target)
    except Exception:
        return book.job(job.id)
