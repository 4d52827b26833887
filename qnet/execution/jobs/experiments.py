"""Experiments through the book: parameters as text, and back, reading outcomes by the circuits that ran."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from qnet.execution.jobs.errors import JobBookError

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution.jobs.job import Job

__all__ = ["described", "rebuilt", "with_circuits"]

_OURS = "qnet.protocols."


def described(experiment: Any) -> dict[str, Any]:
    """Where an experiment's class is, and its parameters; those must be plain values.

    Raises:
        ValueError: If a parameter cannot be written down.
    """
    kind = type(experiment)
    names = [field.name for field in fields(experiment)] if is_dataclass(experiment) else []
    parameters = {name: getattr(experiment, name) for name in names}
    for name, value in parameters.items():
        try:
            json.dumps(value)
        except TypeError:
            raise ValueError(
                f"{name}={value!r} of {kind.__name__} cannot be written into the job book; "
                "submit experiments whose parameters are numbers, texts and lists of these"
            ) from None
    return {"class": f"{kind.__module__}:{kind.__qualname__}", "parameters": parameters}


def rebuilt(job: Job) -> Any:
    """The experiment of a job; only those of `qnet.protocols` are made from what the book says.

    Raises:
        JobBookError: If it is none of these, or this qnet has it no more with these parameters.
    """
    module, _, name = str(job.details.get("class", "")).partition(":")
    if not module.startswith(_OURS):
        raise JobBookError(
            f"job {job.id} is of the experiment {job.experiment!r} from {module or 'elsewhere'}, which is "
            "not qnet's own: give it in Python, fetch(id, experiment=…)"
        )
    try:
        kind = getattr(import_module(module), name)
        return kind(**{key: _tuples(value) for key, value in job.parameters.items()})
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        made_by = job.details.get("versions", {}).get("qnet", "another version")
        raise JobBookError(
            f"this qnet does not know the experiment of job {job.id} as it was ({error}); "
            f"it was submitted with qnet {made_by}"
        ) from None


def with_circuits(experiment: Any, circuits: Sequence[QuantumCircuit]) -> Any:
    """The experiment, reading outcomes by the circuits that ran, even where it would write others today."""
    kept = tuple(circuits)
    object.__setattr__(experiment, "circuits", lambda: list(kept))
    return experiment


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
