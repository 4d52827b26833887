"""Who runs a circuit: samplers by name, experiments, and the one function that runs them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qnet.execution.cost import Cost, estimate
    from qnet.execution.experiment import Experiment, run
    from qnet.execution.fitting import Fitted, Fitter
    from qnet.execution.ibm import IBMOptions, IBMSampler
    from qnet.execution.outcomes import Outcomes
    from qnet.execution.running import execute
    from qnet.execution.samplers import sampler
    from qnet.execution.stim_sampler import StimSampler

__all__ = [
    "sampler",
    "run",
    "execute",
    "Experiment",
    "Outcomes",
    "StimSampler",
    "IBMSampler",
    "IBMOptions",
    "Fitter",
    "Fitted",
    "estimate",
    "Cost",
]

_HOME = {
    "sampler": "samplers",
    "run": "experiment",
    "execute": "running",
    "Experiment": "experiment",
    "Outcomes": "outcomes",
    "StimSampler": "stim_sampler",
    "IBMSampler": "ibm",
    "IBMOptions": "ibm",
    "Fitter": "fitting",
    "Fitted": "fitting",
    "estimate": "cost",
    "Cost": "cost",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'qnet.execution' has no attribute {name!r}")
    return getattr(import_module(f"qnet.execution.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
