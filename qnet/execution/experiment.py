"""`Experiment`, what can be run, and `run`, which runs it and says what the result was made of."""

from __future__ import annotations

import platform
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from qnet.execution._arguments import check_seed, check_shots
from qnet.execution.outcomes import Outcomes
from qnet.execution.running import execute
from qnet.results import Figure, Result

if TYPE_CHECKING:
    from qiskit import QuantumCircuit
    from qiskit.primitives import BaseSamplerV2

__all__ = ["Experiment", "run", "versions"]

_PACKAGES = {"qiskit": "qiskit", "aer": "qiskit-aer", "stim": "stim", "numpy": "numpy"}


@runtime_checkable
class Experiment(Protocol):
    """Circuits, and how their outcomes become figures.

    Both methods are pure: they run nothing and draw nothing. An experiment may also have
    `allocation(shots, rng)`, which says how many shots each circuit gets (default: `shots` each; `rng` is
    a `numpy.random.Generator`), and `rows(outcomes)`, a table of what the figures are made of: mappings
    with `name`, `value`, `stderr` and `ideal`, and `beside(sampler, shots=…, seed=…)`, further figures for
    comparison with those that the sampler gave.
    """

    def circuits(self) -> Sequence[QuantumCircuit]:
        """The circuits to run, each with its measurements."""
        ...

    def interpret(self, outcomes: Sequence[Outcomes]) -> Mapping[str, Figure]:
        """The figures, from the outcomes of each circuit in the same order."""
        ...


def run(
    experiment: Experiment, sampler: BaseSamplerV2 | str, *, shots: int = 4096, seed: int | None = None
) -> Result:
    """Run an experiment.

    Args:
        experiment: What to run.
        sampler: Any `BaseSamplerV2`, or a name or backend that `sampler()` knows.
        shots: Shots of each circuit; for key distribution, signals in all.
        seed: Seeds the experiment's own choices, and the sampler if that is given by name. Drawn (and
            told in the result) if it is not given.

    Returns:
        The figures, with the parameters, seed and versions that they came from.

    Raises:
        ValueError: If `experiment` is none.
        ValueError: If `shots` is not a positive whole number.
        ValueError: If `seed` is not a whole number from 0.

    Example:
        >>> from qiskit import QuantumCircuit
        >>> class Heads:
        ...     def circuits(self):
        ...         circuit = QuantumCircuit(1, name="coin")
        ...         circuit.x(0)
        ...         circuit.measure_all()
        ...         return [circuit]
        ...     def interpret(self, outcomes):
        ...         return {"heads": Figure(outcomes[0].bits.mean(), ideal=1.0)}
        >>> run(Heads(), "stim", shots=100, seed=7).figures["heads"].value
        1.0
    """
    if isinstance(experiment, type):
        raise ValueError(f"experiment={experiment.__name__} is a class; give {experiment.__name__}(…)")
    if not isinstance(experiment, Experiment):
        raise ValueError(
            f"experiment={experiment!r} has no circuits() and interpret(); give one of "
            "qnet.protocols, or an object of your own with both"
        )
    shots = check_shots(shots)
    seed = secrets.randbits(48) if seed is None else check_seed(seed)
    started = time.perf_counter()
    machine, name = _machine(sampler, seed)
    circuits = list(experiment.circuits())
    allocation = getattr(experiment, "allocation", None)
    each = allocation(shots, np.random.default_rng(seed)) if allocation else [shots] * len(circuits)
    outcomes = execute(circuits, machine, shots=each)
    figures, table = dict(experiment.interpret(outcomes)), getattr(experiment, "rows", None)
    beside = getattr(experiment, "beside", None)
    figures |= beside(machine, shots=shots, seed=seed) if beside else {}
    return Result(
        experiment=str(getattr(experiment, "name", type(experiment).__name__)),
        figures=figures,
        parameters=_parameters(experiment),
        seed=seed,
        shots=shots,
        sampler=name,
        versions=versions(),
        elapsed_s=time.perf_counter() - started,
        rows=tuple(table(outcomes)) if table else (),
        qubits=tuple(each.qubits for each in outcomes) if any(each.qubits for each in outcomes) else (),
    )


@cache
def _installed(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"


def versions() -> dict[str, str]:
    """The versions of qnet, Qiskit, Aer, Stim, NumPy and Python.

    Example:
        >>> sorted(versions())
        ['aer', 'numpy', 'python', 'qiskit', 'qnet', 'stim']
    """
    from qnet._version import __version__

    found = {name: _installed(distribution) for name, distribution in _PACKAGES.items()}
    return {"qnet": __version__, **found, "python": platform.python_version()}


def _machine(sampler: BaseSamplerV2 | str, seed: int) -> tuple[BaseSamplerV2, str]:
    from qiskit.primitives import BaseSamplerV2

    from qnet.execution.samplers import sampler as named

    machine = sampler if isinstance(sampler, BaseSamplerV2) else named(sampler, seed=seed)
    return machine, str(getattr(machine, "name", type(machine).__name__))


def _parameters(experiment: Experiment) -> dict[str, Any]:
    names: list[str] = [field.name for field in fields(experiment)] if is_dataclass(experiment) else []
    return {name: getattr(experiment, name) for name in names}
