"""Design, run and measure quantum networks: experiments, samplers, results and the command line.

Every name is loaded when it is first used, so that importing the package imports neither Qiskit nor Stim.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from qnet._version import __version__ as __version__

if TYPE_CHECKING:
    from qnet.errors import QnetError
    from qnet.execution import Experiment, Outcomes, StimSampler, execute, run, sampler
    from qnet.protocols import PROTOCOLS, protocol, prove, raw_bits
    from qnet.results import Figure, Result

__all__ = [
    "PROTOCOLS",
    "protocol",
    "run",
    "prove",
    "raw_bits",
    "sampler",
    "StimSampler",
    "Result",
    "Figure",
    "Experiment",
    "execute",
    "Outcomes",
    "QnetError",
]

_HOME = {
    "PROTOCOLS": "qnet.protocols",
    "protocol": "qnet.protocols",
    "prove": "qnet.protocols",
    "raw_bits": "qnet.protocols",
    "run": "qnet.execution",
    "sampler": "qnet.execution",
    "StimSampler": "qnet.execution",
    "Result": "qnet.results",
    "Figure": "qnet.results",
    "Experiment": "qnet.execution",
    "execute": "qnet.execution",
    "Outcomes": "qnet.execution",
    "QnetError": "qnet.errors",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'qnet' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
