"""Decoders: from detector error models to corrections, each a `sinter.Decoder`.

Every name is loaded when it is first used, so that importing the package imports no matching library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from decoders.errors import DecodersError, NotMatchable
    from decoders.pymatching import PyMatchingDecoder
    from decoders.registry import sinter_decoders
    from decoders.vacuous import VacuousDecoder

__version__ = "0.1.0"

__all__ = ["sinter_decoders", "PyMatchingDecoder", "VacuousDecoder", "DecodersError", "NotMatchable"]

_HOME = {
    "sinter_decoders": "decoders.registry",
    "PyMatchingDecoder": "decoders.pymatching",
    "VacuousDecoder": "decoders.vacuous",
    "DecodersError": "decoders.errors",
    "NotMatchable": "decoders.errors",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'decoders' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
