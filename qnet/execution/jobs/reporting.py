"""`report`: what a device gave, beside the ideal and beside two models of its noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import hypot, isfinite
from typing import TYPE_CHECKING, Any

from circuits.errors import CircuitsError
from qnet.execution.jobs._packing import unpacked_circuits
from qnet.execution.jobs.book import JobBook
from qnet.execution.jobs.errors import NotReady
from qnet.execution.jobs.experiments import rebuilt, with_circuits
from qnet.execution.jobs.fetching import fetch, kept_outcomes
from qnet.execution.jobs.snapshot import restored
from qnet.results import Figure, Result

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution.experiment import Experiment
    from qnet.execution.jobs.targets import Target

__all__ = ["Report", "report"]

MODELS: Mapping[str, str] = {"aer": "the device's own noise model on Aer", "stim": "its Pauli twirl on Stim"}
"""The models that a report sets beside the device."""
IDLING = (
    "the models differ in waiting qubits: the twirl on Stim lets them relax by T1 and T2, as they do in the "
    "device while others are measured; Aer's noise model of a device has gates and read-outs alone"
)
"""What a reader of a report must know of its models."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """A device against its models.

    Args:
        measured: The fetched result.
        models: For `"aer"` and `"stim"` the figures of that model; a model that cannot run it is left out.
        notes: What is to be known of it.
    """

    measured: Result
    models: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)
    notes: Sequence[str] = ()

    def rows(self) -> list[dict[str, Any]]:
        """For every figure: value and error as measured and by each model, the ideal, and the distances.

        `aer_sigmas` is (measured − model) over the combined standard error, and so `stim_sigmas`.
        """
        made = []
        for name, figure in self.measured.figures.items():
            row = {"name": name, "value": figure.value, "stderr": figure.stderr, "ideal": figure.ideal}
            for model in MODELS:
                other = self.models.get(model, {}).get(name)
                row[model] = None if other is None else other.value
                row[f"{model}_stderr"] = None if other is None else other.stderr
                row[f"{model}_sigmas"] = None if other is None else _sigmas(figure, other)
            made.append(row)
        return made


def _sigmas(one: Figure, other: Figure) -> float | None:
    error = hypot(one.stderr or 0.0, other.stderr or 0.0)
    return (one.value - other.value) / error if error > 0 and isfinite(error) else None


def report(
    job_id: str,
    *,
    book: JobBook | None = None,
    experiment: Experiment | None = None,
    target: Target | None = None,
    mitigate: bool = False,
    shots: int | None = None,
) -> Report:
    """Fetch a job, and run the circuits that ran through two models of the device as it was then.

    Both models know the calibration that was kept with the job, so that a report can be made when the device
    has been calibrated anew, or is gone. No request is made for a job that is fetched.

    Args:
        job_id: Id of the job, or the beginning of one.
        book: The job book; that of the user if it is not given.
        experiment: What was run; needed only if it is none of `qnet.protocols`.
        target: Where it was sent, in place of what the book says.
        mitigate: Whether read-out errors of the measured figures are mitigated.
        shots: Shots of each circuit of the models; those of the job if not given.

    Returns:
        The report.

    Raises:
        NotReady: If the job has no outcomes yet, or no calibration was kept with it.
        HardwareError: As for `fetch`.
    """
    book = JobBook.at() if book is None else book
    measured = fetch(job_id, book=book, experiment=experiment, target=target, mitigate=mitigate)
    job, _, _ = kept_outcomes(job_id, book=book)
    content = book.snapshot(job)
    if content is None:
        raise NotReady(f"no calibration of {job.backend} was kept with job {job.id}: there is no model of it")
    device = restored(content)
    written, sent = (unpacked_circuits(each) for each in book.circuits(job))
    made = with_circuits(rebuilt(job) if experiment is None else experiment, written)
    each = [(shots or n) if n else 0 for n in job.details["each"]]
    models: dict[str, Mapping[str, Figure]] = {
        "aer": made.interpret(_run(_device(device, "aer", 0, job.seed), _as_sent(written, sent, each), each))
    }
    twirled, notes = _twirled(device, job.seed, written, _as_sent(written, sent, each), each)
    if twirled is not None:
        models["stim"] = made.interpret(twirled)
        notes = [*notes, IDLING]
    return Report(measured=measured, models=models, notes=(*measured.notes, *notes))


def _device(device: Any, engine: str, level: int, seed: int) -> Any:
    from qnet.execution.devices import DeviceSampler

    return DeviceSampler(device, engine=engine, optimization_level=level, seed=seed + 1)


def _run(machine: Any, circuits: Sequence[QuantumCircuit], each: Sequence[int]) -> Any:
    from qnet.execution.running import execute

    return execute(circuits, machine, shots=each)


def _as_sent(
    written: Sequence[QuantumCircuit], sent: Sequence[QuantumCircuit], each: Sequence[int]
) -> list[QuantumCircuit]:
    given = iter(sent)
    return [next(given) if n else circuit for circuit, n in zip(written, each, strict=True)]


def _twirled(
    device: Any,
    seed: int,
    written: Sequence[QuantumCircuit],
    sent: Sequence[QuantumCircuit],
    each: Sequence[int],
) -> tuple[Any, list[str]]:
    """On Stim the circuits that ran, or, where their gates are not Clifford one by one, the same anew."""
    try:
        return _run(_device(device, "stim", 0, seed), sent, each), []
    except CircuitsError:
        note = "on Stim the circuits were transpiled anew, into gates that are Clifford one by one"
    try:
        return _run(_device(device, "stim", 2, seed), written, each), [note]
    except CircuitsError as error:
        return None, [f"no twirl on Stim: {' '.join(str(error).split())}"]
