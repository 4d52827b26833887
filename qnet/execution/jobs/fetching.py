"""`fetch`: from a job in the book to the same named result as a local run; `refresh`, `cancel`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qnet.errors import DamagedResult, HardwareError, JobCancelled, JobFailed
from qnet.execution.experiment import versions
from qnet.execution.jobs._packing import packed_outcomes, unpacked_circuits, unpacked_outcomes
from qnet.execution.jobs.book import JobBook
from qnet.execution.jobs.errors import NotReady
from qnet.execution.jobs.experiments import rebuilt, with_circuits
from qnet.execution.jobs.job import OPEN, Job
from qnet.execution.jobs.settling import looked_up, one_kept
from qnet.execution.jobs.targets import target_of
from qnet.execution.outcomes import Outcomes
from qnet.results import Result

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution.experiment import Experiment
    from qnet.execution.jobs.targets import Target

__all__ = ["cancel", "fetch", "kept_outcomes", "refresh"]

_FINAL = ("failed", "cancelled")


def refresh(job_id: str, *, book: JobBook | None = None, target: Target | None = None) -> Job:
    """Ask the service how a job is.

    One without an answer is looked for by its tag; more than one with this tag are reduced to the one in
    the book. A job that is not at the service, or has ended, is not asked for.

    Returns:
        The job as the book has it now.

    Raises:
        UnknownId: If the book has no such job.
        HardwareError: If the service cannot be reached, or refuses.
    """
    book = JobBook.at() if book is None else book
    job = book.job(job_id)
    if job.state not in (*OPEN, "submitted", "done", "absent"):
        return job
    target = target_of(job, book) if target is None else target
    if job.remote is None:
        return job if job.state == "absent" else looked_up(job, book=book, target=target)
    found = target.look(job.remote)
    one_kept(job, target.find(job.tag), target)
    if found.status == "done":
        book.change(job, only_from=("submitted",), state="done")
    elif found.status in _FINAL:
        book.change(job, only_from=("submitted", "done"), state=found.status, reason=_clean(found.reason))
    return book.job(job.id)


def fetch(
    job_id: str,
    *,
    book: JobBook | None = None,
    experiment: Experiment | None = None,
    target: Target | None = None,
    mitigate: bool = False,
) -> Result:
    """The result of a job: the same figures by the same names as a local run.

    Outcomes that were fetched once are in the book, and are read from there without any request. They are
    read by the circuits that ran, which are in the book too.

    Args:
        job_id: Id of the job, or the beginning of one.
        book: The job book; that of the user if it is not given.
        experiment: What was run; needed only if it is none of `qnet.protocols`.
        target: Where it was sent, in place of what the book says.
        mitigate: Whether read-out errors of terminal measurements are mitigated, by the errors that the
            device reported; needs the extra `mitigation`.

    Returns:
        The result; its `notes` say what is to be known of it.

    Raises:
        UnknownId: If the book has no such job.
        NotReady: If it has no outcomes, or not yet.
        JobFailed: If it failed; the reason is told.
        JobCancelled: If it was cancelled.
        DamagedResult: If the result came incomplete; it may be fetched again.
        HardwareError: If the service cannot be reached, or refuses.
        MissingExtra: If `mitigate` is asked for and mthree is not installed.
    """
    started = time.perf_counter()
    book = JobBook.at() if book is None else book
    job, outcomes, notes = kept_outcomes(job_id, book=book, target=target)
    written = unpacked_circuits(book.circuits(job)[0])
    made = with_circuits(rebuilt(job) if experiment is None else experiment, written)
    found = _result(job, made, outcomes, elapsed_s=0.0)
    if mitigate:
        from qnet.execution.jobs.mitigation import mitigated_result

        found = mitigated_result(found, job, made, written, outcomes, book)
    notes = [*notes, *found.notes]
    return replace(found, notes=tuple(notes), elapsed_s=time.perf_counter() - started)


def kept_outcomes(
    job_id: str, *, book: JobBook, target: Target | None = None
) -> tuple[Job, list[Outcomes], list[str]]:
    """The outcomes of every circuit of a job, from the book or else from the service, and notes."""
    job = book.job(job_id)
    kept = book.outcomes(job)
    if kept is not None:
        notes = list(job.details.get("notes", ()))
        return job, _spread(job, unpacked_outcomes(kept), book), notes
    job = refresh(job.id, book=book, target=target)
    _check_ready(job)
    target = target_of(job, book) if target is None else target
    sent = unpacked_circuits(book.circuits(job)[1])
    assert job.remote is not None
    outcomes = _placed(_whole(job, target.outcomes(job.remote, sent)), sent)
    notes = _calibration(job, target)
    book.change(job, only_from=(job.state,), details={**job.details, "notes": notes})
    book.keep_outcomes(job, packed_outcomes(outcomes))
    return book.job(job.id), _spread(job, outcomes, book), notes


def _check_ready(job: Job) -> None:
    said = f": {job.reason}" if job.reason else ""
    if job.state == "failed":
        raise JobFailed(f"job {job.id} ({job.remote}) failed at the service{said}")
    if job.state == "cancelled":
        raise JobCancelled(f"job {job.id} ({job.remote}) was cancelled{said}; submit it again")
    if job.state == "submitted":
        raise NotReady(f"job {job.id} ({job.remote}) is not done yet at {job.backend}; fetch it later")
    if job.state != "done":
        again = (
            f"; 'qnet jobs send {job.id}' sends it" if job.state in ("prepared", "absent", "refused") else ""
        )
        looking = "; fetch it again: it is looked for by its tag" if job.state in OPEN else ""
        raise NotReady(f"job {job.id} is {job.state}{said}{again}{looking}")


def _calibration(job: Job, target: Target) -> list[str]:
    """What there is to say about the device's calibration since the submission."""
    try:
        now = target.calibrated()
    except HardwareError as error:
        return [f"whether {job.backend} was calibrated since the submission is not known ({error})"]
    if now == job.calibrated:
        return []
    return [f"{job.backend} was calibrated at {job.calibrated} when this was submitted, and again at {now}"]


def _whole(job: Job, outcomes: Sequence[Outcomes]) -> Sequence[Outcomes]:
    """The outcomes, if they are those of all circuits and shots."""
    asked, came = [n for n in job.details["each"] if n], [len(one) for one in outcomes]
    if asked != came:
        raise DamagedResult(
            f"job {job.id} ({job.remote}): its result came incomplete, {sum(came)} shots of {len(came)} "
            f"circuits in place of {sum(asked)} of {len(asked)}; fetch it again, it stays at the service"
        )
    return outcomes


def _placed(outcomes: Sequence[Outcomes], sent: Sequence[QuantumCircuit]) -> list[Outcomes]:
    return [
        Outcomes(bits=one.bits, qubits=tuple((circuit.metadata or {}).get("qubits", ())))
        for one, circuit in zip(outcomes, sent, strict=True)
    ]


def _spread(job: Job, sent: Sequence[Outcomes], book: JobBook) -> list[Outcomes]:
    """One for every circuit of the experiment: nothing where none were asked for."""
    import numpy as np

    each = job.details["each"]
    if all(each):
        return list(sent)
    widths = [circuit.num_clbits for circuit in unpacked_circuits(book.circuits(job)[0])]
    given = iter(sent)
    return [
        next(given) if n else Outcomes(bits=np.zeros((0, width), dtype=np.uint8))
        for n, width in zip(each, widths, strict=True)
    ]


def _result(job: Job, experiment: Any, outcomes: Sequence[Outcomes], *, elapsed_s: float) -> Result:
    table = getattr(experiment, "rows", None)
    places = tuple(one.qubits for one in outcomes)
    submitted = job.details.get("versions", {})
    return Result(
        command="jobs fetch",
        experiment=job.experiment,
        figures=dict(experiment.interpret(outcomes)),
        parameters=dict(job.parameters),
        seed=job.seed,
        shots=job.shots,
        sampler=job.backend,
        versions={**versions(), **({"qnet_at_submission": submitted["qnet"]} if "qnet" in submitted else {})},
        elapsed_s=elapsed_s,
        rows=tuple(table(outcomes)) if table else (),
        qubits=places if any(places) else (),
    )


def _clean(reason: str | None) -> str | None:
    from qnet.execution.secrets import scrubbed

    return None if reason is None else scrubbed(reason)


def cancel(job_id: str, *, book: JobBook | None = None, target: Target | None = None) -> Job:
    """Cancel a job at the service: all that bear its tag, and nothing else.

    Raises:
        UnknownId: If the book has no such job.
        NotReady: If it has ended already.
        HardwareError: If the service cannot be reached, or refuses.
    """
    book = JobBook.at() if book is None else book
    job = refresh(job_id, book=book, target=target)
    if job.state in ("prepared", "absent", "refused"):
        book.change(job, only_from=("prepared", "absent", "refused"), state="cancelled")
        return book.job(job.id)
    if job.state in OPEN:
        raise NotReady(f"job {job.id} is {job.state}: it is not found at the service; try again later")
    local = job.sampler.startswith("fake_")
    if job.state not in ("submitted", *(("done",) if local else ())):
        raise NotReady(f"job {job.id} is {job.state}; there is nothing to cancel")
    target = target_of(job, book) if target is None else target
    assert job.remote is not None
    target.cancel(job.remote)
    book.change(job, only_from=("submitted", "done"), state="cancelled", reason="cancelled by you")
    return book.job(job.id)
