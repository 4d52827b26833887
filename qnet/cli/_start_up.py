"""The start-up check: are the three import packages ours?

PyPI has unrelated packages called `circuits` and `qnet`, and a user may have a `circuits.py` of their own.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

__all__ = ["foreign_package"]

_MARKS = {"circuits": "CircuitsError", "decoders": "DecodersError"}


def foreign_package(home: Path | None = None) -> str | None:
    """One line about the first import package whose name something else has taken.

    Args:
        home: The folder in which the three packages lie side by side; that of this file if not given.

    Returns:
        The line, or None when all of them are ours.

    Example:
        >>> foreign_package() is None
        True
    """
    home = Path(__file__).resolve().parents[2] if home is None else home
    for name, mark in _MARKS.items():
        found = _place(name)
        ours = (home / name / "__init__.py").resolve()
        if found is None or found != ours or mark not in getattr(import_module(name), "__all__", ()):
            what = "nothing that imports" if found is None else str(found)
            return (
                f"the import package {name!r} is not qnet's: {what} took the name of {ours}; "
                "rename that file, or uninstall the other package and install qnet-infra again"
            )
    return None


def _place(name: str) -> Path | None:
    try:
        origin = getattr(import_module(name), "__file__", None)
    except ImportError:
        return None
    return Path(origin).resolve() if origin else None
