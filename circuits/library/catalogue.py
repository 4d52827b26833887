"""Every circuit of the library with an example of its arguments, for tests and tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from inspect import getdoc, signature
from typing import Any

from qiskit import QuantumCircuit
from qiskit.circuit import Gate
from qiskit.circuit.library import TGate, YGate

from circuits.library.bell import bell_measurement, bell_pair
from circuits.library.bell_inequality import chsh, chsh_alice, chsh_bob
from circuits.library.corrections import FORMS
from circuits.library.fusion import (
    ghz_distribution,
    ghz_fusion,
    ghz_phase_correction,
    ghz_star_centre,
    ghz_x_correction,
)
from circuits.library.key_distribution.b92 import b92, b92_measurement, b92_preparation
from circuits.library.key_distribution.bb84 import bb84, bb84_measurement, bb84_preparation
from circuits.library.key_distribution.bbm92 import bbm92, bbm92_measurement, bbm92_preparation
from circuits.library.key_distribution.e91 import e91, e91_measurement, e91_preparation
from circuits.library.key_distribution.mdi import mdi, mdi_measurement, mdi_preparation
from circuits.library.key_distribution.sarg04 import sarg04, sarg04_measurement, sarg04_preparation
from circuits.library.key_distribution.six_state import (
    six_state,
    six_state_measurement,
    six_state_preparation,
)
from circuits.library.nonlocal_gates import (
    cat_disentangler,
    cat_entangler,
    remote_controlled,
    remote_controlled_target,
    remote_cx,
    teledata,
    teledata_receiver,
    teledata_sender,
)
from circuits.library.pumping import entanglement_pumping, pumping_alice, pumping_bob
from circuits.library.purification import bbpssw, bbpssw_alice, bbpssw_bob, dejmps, dejmps_alice, dejmps_bob
from circuits.library.selection import double_selection, double_selection_alice, double_selection_bob
from circuits.library.states import ghz, graph_state, w_state
from circuits.library.superdense import superdense_coding, superdense_receiver, superdense_sender
from circuits.library.swapping import entanglement_swapping, swapping_end, swapping_station
from circuits.library.teleport import teleportation, teleportation_receiver, teleportation_sender
from circuits.library.tomography import bell_tomography, ghz_fidelity
from circuits.library.twirling import bilateral_rotation

__all__ = ["CATALOGUE", "Entry"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A circuit of the library, with an example of its arguments.

    Attributes:
        name: The function's public name.
        example: The call that makes the circuit, as one would write it.
        build: The circuit in one of the forms.
        forms: The forms of correction that it has; only `"feedforward"` where nothing is corrected.
        clifford: Whether all its gates are Clifford, so that Stim runs it.
        summary: What it is, in one line.

    Example:
        >>> entry = next(entry for entry in CATALOGUE if entry.name == "entanglement_swapping")
        >>> entry.example, entry.forms
        ('entanglement_swapping(2)', ('feedforward', 'deferred', 'frame', 'postselect'))
        >>> entry.build("frame").num_clbits
        4
    """

    name: str
    example: str
    build: Callable[[str], QuantumCircuit]
    forms: tuple[str, ...]
    clifford: bool
    summary: str

    def __post_init__(self) -> None:
        unknown = [form for form in self.forms if form not in FORMS]
        if unknown or not self.forms:
            raise ValueError(f"forms={self.forms!r} of {self.name} must be some of {', '.join(FORMS)}")


def _entry(
    function: Callable[..., Any], *args: Any, clifford: bool = True, skip: tuple[str, ...] = (), **named: Any
) -> Entry:
    corrected = "corrections" in signature(function).parameters

    def build(form: str) -> QuantumCircuit:
        circuit: QuantumCircuit = function(*args, **named, **({"corrections": form} if corrected else {}))
        return circuit

    shown = [*map(_shown, args), *(f"{key}={_shown(value)}" for key, value in named.items())]
    return Entry(
        name=function.__name__,
        example=f"{function.__name__}({', '.join(shown)})",
        build=build,
        forms=tuple(form for form in FORMS if form not in skip) if corrected else FORMS[:1],
        clifford=clifford,
        summary=(getdoc(function) or "").split("\n")[0],
    )


def _one_of(
    function: Callable[..., tuple[QuantumCircuit, ...]], *args: Any, index: int, clifford: bool
) -> Entry:
    whole = _entry(function, *args, clifford=clifford)
    return replace(whole, example=f"{whole.example}[{index}]", build=lambda form: function(*args)[index])


def _shown(value: Any) -> str:
    return f"{value.base_class.__name__}()" if isinstance(value, Gate) else repr(value)


_STATES = (
    _entry(bell_pair),
    _entry(bell_pair, "psi-"),
    _entry(bell_measurement),
    _entry(ghz, 4),
    _entry(w_state, 3, clifford=False),
    _entry(graph_state, [(0, 1), (1, 2), (2, 3), (3, 0)]),
)

_PROTOCOLS = (
    _entry(teleportation),
    _entry(teleportation_sender),
    _entry(teleportation_receiver),
    _entry(superdense_coding, "10"),
    _entry(superdense_sender, "11"),
    _entry(superdense_receiver),
    _entry(entanglement_swapping, 2),
    _entry(swapping_station),
    _entry(swapping_end, 2),
    _entry(bbpssw),
    _entry(bbpssw, twirl=5),
    _entry(bbpssw_alice, 5),
    _entry(bbpssw_bob, 5),
    _entry(dejmps),
    _entry(dejmps_alice),
    _entry(dejmps_bob),
    _entry(double_selection),
    _entry(double_selection_alice),
    _entry(double_selection_bob),
    _entry(entanglement_pumping, 2),
    _entry(pumping_alice, 2),
    _entry(pumping_bob, 2),
    _entry(bilateral_rotation, 7),
)

_SEVERAL_NODES = (
    _entry(remote_cx),
    _entry(remote_controlled, YGate()),
    _entry(remote_controlled, TGate(), clifford=False, skip=("frame",)),
    _entry(cat_entangler),
    _entry(remote_controlled_target, YGate()),
    _entry(cat_disentangler),
    _entry(teledata),
    _entry(teledata_sender),
    _entry(teledata_receiver),
    _entry(ghz_distribution, 3),
    _entry(ghz_distribution, 4, topology="chain"),
    _entry(ghz_star_centre, 3),
    _entry(ghz_fusion),
    _entry(ghz_x_correction),
    _entry(ghz_phase_correction),
)

_MEASUREMENTS = (
    _entry(chsh, 0, 1, clifford=False),
    _entry(chsh_alice, 1),
    _entry(chsh_bob, 1, clifford=False),
    *(_one_of(bell_tomography, index=k, clifford=True) for k in range(3)),
    *(_one_of(ghz_fidelity, 3, index=k, clifford=k < 2) for k in range(3)),
)

_KEY_DISTRIBUTION = (
    _entry(bb84, 1, "X", "Z"),
    _entry(bb84_preparation, 1, "X"),
    _entry(bb84_measurement, "X"),
    _entry(six_state, 1, "Y", "Y"),
    _entry(six_state_preparation, 1, "Y"),
    _entry(six_state_measurement, "Y"),
    _entry(b92, 1, "X"),
    _entry(b92_preparation, 1),
    _entry(b92_measurement, "X"),
    _entry(sarg04, "0", "+", "X"),
    _entry(sarg04_preparation, "+"),
    _entry(sarg04_measurement, "X"),
    _entry(e91, 1, 0, clifford=False),
    _entry(e91_preparation),
    _entry(e91_measurement, 0, clifford=False),
    _entry(bbm92, "X", "X"),
    _entry(bbm92_preparation),
    _entry(bbm92_measurement, "X"),
    _entry(mdi, 1, "X", 0, "X"),
    _entry(mdi_preparation, 1, "X"),
    _entry(mdi_measurement),
)

CATALOGUE: tuple[Entry, ...] = _STATES + _PROTOCOLS + _SEVERAL_NODES + _MEASUREMENTS + _KEY_DISTRIBUTION
