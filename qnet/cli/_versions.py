"""The versions of everything that a figure may depend on."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from qnet._version import __version__

__all__ = ["all_versions"]

_DISTRIBUTIONS = {
    "qiskit": "qiskit",
    "aer": "qiskit-aer",
    "ibm-runtime": "qiskit-ibm-runtime",
    "stim": "stim",
    "pymatching": "pymatching",
    "sinter": "sinter",
    "numpy": "numpy",
}


def all_versions() -> dict[str, str]:
    """The version of qnet, of Python and of each library, none of which is imported for it.

    Example:
        >>> list(all_versions())[:3]
        ['qnet', 'python', 'qiskit']
    """
    found = {name: _installed(distribution) for name, distribution in _DISTRIBUTIONS.items()}
    return {"qnet": __version__, "python": platform.python_version(), **found}


def _installed(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"
