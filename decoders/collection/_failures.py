"""Exceptions and jobs on their way between processes."""

from __future__ import annotations

import pickle
import traceback
from concurrent.futures import Executor
from dataclasses import dataclass
from importlib import import_module
from typing import Any

__all__ = ["Failure", "RemoteTraceback", "dumped", "loaded"]


class RemoteTraceback(Exception):
    """The traceback of a worker, as the cause of the exception that it raised."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


@dataclass(frozen=True, kw_only=True)
class Failure:
    """An exception that a worker raised, returned so that it arrives even if it does not pickle well.

    Args:
        pickled: The exception, or its class and arguments.
        text: The worker's traceback.
    """

    pickled: bytes
    text: str

    @classmethod
    def of(cls, error: Exception) -> Failure:
        """To be called where the exception is being handled."""
        return cls(pickled=_pickled(error), text=traceback.format_exc())

    def error(self) -> Exception:
        """The exception, with the worker's traceback as its cause."""
        found = pickle.loads(self.pickled)
        if isinstance(found, tuple):
            kind, arguments, state = found
            found = kind.__new__(kind, *arguments)
            found.args = arguments
            found.__dict__.update(state)
        assert isinstance(found, Exception)
        found.__cause__ = RemoteTraceback(self.text)
        return found


def _pickled(error: Exception) -> bytes:
    """The exception itself, if it survives the journey; else its class with what can be sent of it."""
    whole = _try(error)
    if whole is not None and type(pickle.loads(whole)) is type(error):
        return whole
    arguments = error.args if _try(error.args) is not None else (str(error),)
    state = {name: value for name, value in vars(error).items() if _try(value) is not None}
    parts = _try((type(error), arguments, state))
    return parts or pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))


def _try(thing: Any) -> bytes | None:
    """The thing pickled, or None if it could not be read again."""
    try:
        data = pickle.dumps(thing)
        pickle.loads(data)
    except Exception:
        return None
    return data


def dumped(job: Any, executor: Executor, name: str) -> bytes:
    """A job for the workers of an executor; Dask's come with cloudpickle, which takes more decoders.

    Raises:
        ValueError: If the decoder cannot be pickled.
    """
    dask = type(executor).__module__.partition(".")[0] == "distributed"
    pickler: Any = import_module("cloudpickle") if dask else pickle
    try:
        return bytes(pickler.dumps(job))
    except Exception as error:
        raise ValueError(
            f"decoder {name!r} cannot be sent to workers ({error}); define its class at the top of a module"
        ) from error


def loaded(payload: bytes) -> Any:
    """The job that `dumped` sent.

    Raises:
        ValueError: If its decoder's class cannot be imported here.
    """
    try:
        return pickle.loads(payload)
    except (AttributeError, ImportError) as error:
        raise ValueError(
            f"a worker cannot load the decoder ({error}); define its class in a module that workers import"
        ) from error
