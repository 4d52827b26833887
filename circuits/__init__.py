"""Quantum-network protocols as circuits, their noise, and the bridge between Qiskit and Stim.

Every name is loaded when it is first used, so that importing a circuit does not import a simulator.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from circuits.bridge import (
        DetectionEvents,
        Translation,
        detection_events,
        to_qiskit,
        to_stim,
        translate,
    )
    from circuits.errors import CircuitsError, NotClifford, NotTranslatable
    from circuits.library import (
        PauliFrame,
        b92,
        bb84,
        bbm92,
        bbpssw,
        bell_measurement,
        bell_pair,
        bell_tomography,
        chsh,
        dejmps,
        double_selection,
        e91,
        entanglement_pumping,
        entanglement_swapping,
        ghz,
        ghz_distribution,
        ghz_fidelity,
        graph_state,
        mdi,
        pauli_frame,
        remote_controlled,
        remote_cx,
        sarg04,
        six_state,
        superdense_coding,
        teledata,
        teleportation,
        w_state,
        with_corrections,
    )
    from circuits.noise import CircuitNoise

__version__ = "0.1.0"

__all__ = [
    "bell_pair",
    "bell_measurement",
    "bell_tomography",
    "ghz",
    "ghz_fidelity",
    "w_state",
    "graph_state",
    "teleportation",
    "superdense_coding",
    "entanglement_swapping",
    "bbpssw",
    "dejmps",
    "double_selection",
    "entanglement_pumping",
    "remote_cx",
    "remote_controlled",
    "teledata",
    "ghz_distribution",
    "chsh",
    "bb84",
    "six_state",
    "b92",
    "sarg04",
    "e91",
    "bbm92",
    "mdi",
    "with_corrections",
    "pauli_frame",
    "PauliFrame",
    "CircuitNoise",
    "to_stim",
    "to_qiskit",
    "translate",
    "Translation",
    "detection_events",
    "DetectionEvents",
    "CircuitsError",
    "NotClifford",
    "NotTranslatable",
]

_HOME = {
    "CircuitNoise": "circuits.noise",
    "to_stim": "circuits.bridge",
    "to_qiskit": "circuits.bridge",
    "translate": "circuits.bridge",
    "Translation": "circuits.bridge",
    "detection_events": "circuits.bridge",
    "DetectionEvents": "circuits.bridge",
    "CircuitsError": "circuits.errors",
    "NotClifford": "circuits.errors",
    "NotTranslatable": "circuits.errors",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'circuits' has no attribute {name!r}")
    return getattr(import_module(_HOME.get(name, "circuits.library")), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
