"""The protocol circuits: functions that return plain `QuantumCircuit`s.

Every name is loaded when it is first used. Where a network runs the parts of a protocol at different
nodes, the local parts stand beside the whole (`teleportation_sender`, `swapping_end` …).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from circuits.library.bell import BELL_STATES, bell_measurement, bell_pair
    from circuits.library.corrections import FORMS, PauliFrame, pauli_frame, with_corrections
    from circuits.library.teleport import teleportation, teleportation_receiver, teleportation_sender

__all__ = [
    "BELL_STATES",
    "bell_pair",
    "bell_measurement",
    "FORMS",
    "with_corrections",
    "pauli_frame",
    "PauliFrame",
    "teleportation",
    "teleportation_sender",
    "teleportation_receiver",
]

_MODULES: dict[str, tuple[str, ...]] = {
    "bell": ("BELL_STATES", "bell_pair", "bell_measurement"),
    "corrections": ("FORMS", "with_corrections", "pauli_frame", "PauliFrame"),
    "teleport": ("teleportation", "teleportation_sender", "teleportation_receiver"),
}
_HOME = {name: f"{__name__}.{module}" for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
