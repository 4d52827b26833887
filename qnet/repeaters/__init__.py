"""Error-tolerant repeaters: chains of logical pairs, one-way codes, purified chains, and which is cheapest."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qnet.repeaters.errors import OutOfReach, RepeaterError
    from qnet.repeaters.logical_pair import LogicalPair

__all__ = [
    "LogicalPair",
    "RepeaterError",
    "OutOfReach",
]

_HOME = {
    "LogicalPair": "qnet.repeaters.logical_pair",
    "RepeaterError": "qnet.repeaters.errors",
    "OutOfReach": "qnet.repeaters.errors",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'qnet.repeaters' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
