"""`--sampler backend:package.module:function`: a backend that some provider's function gives."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["PREFIX", "check_provided", "provided"]

PREFIX = "backend:"


def check_provided(text: str) -> tuple[str, str]:
    """The module and the function that a text names.

    Raises:
        ValueError: If it names none.

    Example:
        >>> check_provided("backend:lab.machines:ion_trap")
        ('lab.machines', 'ion_trap')
    """
    module, colon, function = text.removeprefix(PREFIX).partition(":")
    names = [*module.split("."), function]
    if not colon or not all(name.isidentifier() for name in names):
        raise ValueError(f"--sampler {text} names no function; give backend:package.module:function")
    return module, function


def provided(text: str) -> Any:
    """The `BackendV2` that the function gives, called without arguments.

    Modules are looked for where Python looks, and last in the folder of the call.

    Raises:
        ValueError: If there is no such module or function, it fails, or gives no `BackendV2`.
    """
    from qiskit.providers import BackendV2

    from qnet.execution.secrets import scrubbed

    module, function = check_provided(text)
    try:
        found = getattr(_imported(module), function)
        backend = found if isinstance(found, BackendV2) else found()
    except Exception as error:
        said = scrubbed(" ".join(str(error).split()))
        raise ValueError(f"--sampler {text} gave no backend: {type(error).__name__}: {said}") from error
    if not isinstance(backend, BackendV2):
        raise ValueError(
            f"--sampler {text} gave a {type(backend).__name__} and no BackendV2; name a function that "
            "returns one"
        )
    return backend


def _imported(module: str) -> Any:
    here = str(Path.cwd())
    if here in sys.path:
        return import_module(module)
    sys.path.append(here)
    try:
        return import_module(module)
    finally:
        sys.path.remove(here)
