"""From what the user asks to what is sampled: circuits, error models, decoders, limits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sinter
import stim

from decoders.collection._goal import Goal
from decoders.collection._jobs import Job
from decoders.collection._plan import Plan
from decoders.registry import sinter_decoders

__all__ = ["Counting", "Prepared", "Request", "prepared", "requested"]

Decoders = str | Sequence[str] | Mapping[str, sinter.Decoder] | None


@dataclass(frozen=True, kw_only=True)
class Request:
    """A task and the decoder that is to decode it.

    Args:
        place: How messages name the task.
        task: The user's task.
        name: Of the decoder.
        decoder: The decoder.
    """

    place: str
    task: sinter.Task
    name: str
    decoder: sinter.Decoder


@dataclass(frozen=True, kw_only=True)
class Counting:
    """What is counted besides errors."""

    events: bool = False
    combinations: bool = False


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A task with everything that sampling needs.

    Args:
        task_id: sinter's strong id.
        empty: The task's statistics before any shot.
        goal: When it has enough shots.
        plan: Its chunks.
        job: What the workers do.
    """

    task_id: str
    empty: sinter.TaskStats
    goal: Goal
    plan: Plan
    job: Job


def requested(tasks: Iterable[sinter.Task], decoders: Decoders) -> list[Request]:
    """Every task with every decoder, or with its own where it names one.

    Raises:
        ValueError: If one of `tasks` is no `sinter.Task`.
        ValueError: If a decoder is not known by its name, or is none.
        ValueError: If neither the task nor `decoders` names one.
    """
    given = dict(decoders) if isinstance(decoders, Mapping) else {}
    names = [decoders] if isinstance(decoders, str) else list(decoders or ())
    found = []
    for k, task in enumerate(tasks):
        if not isinstance(task, sinter.Task):
            raise ValueError(f"tasks[{k}]={type(task).__name__} is no task; give a sinter.Task")
        own = names if task.decoder is None else [task.decoder]
        if not own:
            raise ValueError(f"tasks[{k}] names no decoder; name one in decoders, such as 'pymatching'")
        found += [
            Request(place=f"tasks[{k}]", task=task, name=name, decoder=_decoder(name, given)) for name in own
        ]
    return found


def _decoder(name: str, given: Mapping[str, Any]) -> sinter.Decoder:
    """A decoder of the caller's, else one of ours or sinter's, which are imported only then."""
    own = isinstance(name, str) and name in given
    known = given if own else {**sinter.BUILT_IN_DECODERS, **sinter_decoders(), **given}
    if not isinstance(name, str) or name not in known:
        raise ValueError(f"decoder {name!r} is not known; choose from {', '.join(sorted(known))}")
    decoder = known[name]
    if isinstance(decoder, sinter.Sampler):
        raise ValueError(
            f"decoder {name!r} is a sampler, whose shots no seed determines; give it to sinter.collect"
        )
    if not isinstance(decoder, sinter.Decoder):
        raise ValueError(f"decoder {name!r} is {type(decoder).__name__}; give a sinter.Decoder")
    return decoder


def prepared(request: Request, goal: Goal, counting: Counting) -> Prepared:
    """Read the circuit, make its error model, and find its strong id: all as sinter does.

    Raises:
        ValueError: If the circuit has detectors or observables that are random without noise.
        ValueError: If nothing would end the task.
    """
    own = request.task
    limits = goal.narrowed(own.collection_options)
    if limits.is_open:
        raise ValueError(f"{request.place} would never end; give max_shots, max_errors or precision")
    circuit = stim.Circuit.from_file(own.circuit_path) if own.circuit is None else own.circuit
    model = own.detector_error_model
    if model is None:
        model = _model(circuit, request.place)
    task = sinter.Task(
        circuit=circuit,
        decoder=request.name,
        detector_error_model=model,
        postselection_mask=own.postselection_mask,
        postselected_observables_mask=own.postselected_observables_mask,
        json_metadata=own.json_metadata,
    )
    return Prepared(
        task_id=task.strong_id(),
        empty=sinter.TaskStats(
            strong_id=task.strong_id(), decoder=request.name, json_metadata=own.json_metadata
        ),
        goal=limits,
        plan=Plan.for_circuit(circuit),
        job=Job(
            name=request.name,
            circuit=circuit,
            model=model,
            decoder=request.decoder,
            discarding_detectors=own.postselection_mask,
            discarding_observables=own.postselected_observables_mask,
            count_events=counting.events,
            count_combinations=counting.combinations,
        ),
    )


def _model(circuit: stim.Circuit, place: str) -> stim.DetectorErrorModel:
    """The model that sinter would make: decomposed if that goes."""
    failed: ValueError | None = None
    for options in ({"decompose_errors": True}, {}, {"flatten_loops": True}):
        try:
            return circuit.detector_error_model(approximate_disjoint_errors=True, **options)
        except ValueError as error:
            failed = error
    reason = str(failed)
    if "non-deterministic" not in reason:
        raise ValueError(f"{place} has no error model: {' '.join(reason.split())}") from failed
    which = ", ".join(re.findall(r"^\s+([DL]\d+(?: \[coords [^\]]*\])?)$", reason, flags=re.MULTILINE))
    raise ValueError(
        f"{place} has detectors or observables that are random without noise: {which or 'see the cause'}; "
        "each must be a parity of measurements that the circuit fixes"
    ) from failed
