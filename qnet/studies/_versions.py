"""The versions of what a study is made of."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

_PACKAGES = ("stim", "pymatching", "sinter", "numpy")


def versions() -> dict[str, str]:
    """The versions of qnet, Python and the libraries that sample and decode.

    Example:
        >>> list(versions())
        ['qnet', 'python', 'stim', 'pymatching', 'sinter', 'numpy']
    """
    from qnet._version import __version__

    found = {name: _installed(name) for name in _PACKAGES}
    return {"qnet": __version__, "python": platform.python_version(), **found}


def _installed(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"
