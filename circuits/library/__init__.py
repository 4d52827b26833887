"""The protocol circuits: functions that return plain `QuantumCircuit`s.

Every name is loaded when it is first used. Where a network runs the parts of a protocol at different
nodes, the local parts stand beside the whole (`teleportation_sender`, `swapping_end` …).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from circuits.library.bell import BELL_STATES, bell_measurement, bell_pair
    from circuits.library.bell_diagonal import (
        Purified,
        bbpssw_map,
        dejmps_map,
        double_selection_map,
        pumping_map,
        swap_map,
        twirl_map,
        werner,
    )
    from circuits.library.bell_inequality import CHSH_SIGNS, chsh, chsh_alice, chsh_bob
    from circuits.library.corrections import FORMS, PauliFrame, pauli_frame, with_corrections
    from circuits.library.fusion import (
        ghz_distribution,
        ghz_fusion,
        ghz_phase_correction,
        ghz_star_centre,
        ghz_x_correction,
    )
    from circuits.library.key_distribution.b92 import (
        B92_BASES,
        B92_SETTINGS,
        b92,
        b92_key,
        b92_measurement,
        b92_preparation,
    )
    from circuits.library.key_distribution.bb84 import (
        BB84_BASES,
        BB84_SETTINGS,
        bb84,
        bb84_key,
        bb84_measurement,
        bb84_preparation,
    )
    from circuits.library.key_distribution.bbm92 import (
        BBM92_BASES,
        BBM92_SETTINGS,
        bbm92,
        bbm92_key,
        bbm92_measurement,
        bbm92_preparation,
    )
    from circuits.library.key_distribution.bits import KeyBits
    from circuits.library.key_distribution.e91 import (
        E91_ALICE_ANGLES,
        E91_BOB_ANGLES,
        E91_CHSH_SIGNS,
        E91_SETTINGS,
        e91,
        e91_key,
        e91_measurement,
        e91_preparation,
    )
    from circuits.library.key_distribution.mdi import (
        MDI_BASES,
        MDI_SETTINGS,
        mdi,
        mdi_announcement,
        mdi_key,
        mdi_measurement,
        mdi_preparation,
    )
    from circuits.library.key_distribution.sarg04 import (
        SARG04_BASES,
        SARG04_SETTINGS,
        SARG04_STATES,
        sarg04,
        sarg04_key,
        sarg04_measurement,
        sarg04_preparation,
    )
    from circuits.library.key_distribution.six_state import (
        SIX_STATE_BASES,
        SIX_STATE_SETTINGS,
        six_state,
        six_state_key,
        six_state_measurement,
        six_state_preparation,
    )
    from circuits.library.key_distribution.table import KEY_DISTRIBUTION, KeyDistribution
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
    from circuits.library.pumping import PUMPING_STEPS, entanglement_pumping, pumping_alice, pumping_bob
    from circuits.library.purification import (
        bbpssw,
        bbpssw_alice,
        bbpssw_bob,
        dejmps,
        dejmps_alice,
        dejmps_bob,
    )
    from circuits.library.selection import double_selection, double_selection_alice, double_selection_bob
    from circuits.library.states import ghz, graph_state, w_state
    from circuits.library.superdense import superdense_coding, superdense_receiver, superdense_sender
    from circuits.library.swapping import entanglement_swapping, swapping_end, swapping_station
    from circuits.library.teleport import teleportation, teleportation_receiver, teleportation_sender
    from circuits.library.tomography import (
        GHZ_SETTINGS,
        PAIR_CORRELATORS,
        bell_tomography,
        bell_weights,
        ghz_fidelity,
        ghz_fidelity_estimate,
        ghz_parity_weights,
    )
    from circuits.library.twirling import BILATERAL_ROTATIONS, bilateral_rotation

__all__ = [
    "BELL_STATES",
    "bell_pair",
    "bell_measurement",
    "ghz",
    "w_state",
    "graph_state",
    "FORMS",
    "with_corrections",
    "pauli_frame",
    "PauliFrame",
    "teleportation",
    "teleportation_sender",
    "teleportation_receiver",
    "superdense_coding",
    "superdense_sender",
    "superdense_receiver",
    "entanglement_swapping",
    "swapping_station",
    "swapping_end",
    "bbpssw",
    "bbpssw_alice",
    "bbpssw_bob",
    "dejmps",
    "dejmps_alice",
    "dejmps_bob",
    "double_selection",
    "double_selection_alice",
    "double_selection_bob",
    "PUMPING_STEPS",
    "entanglement_pumping",
    "pumping_alice",
    "pumping_bob",
    "BILATERAL_ROTATIONS",
    "bilateral_rotation",
    "Purified",
    "werner",
    "twirl_map",
    "swap_map",
    "bbpssw_map",
    "dejmps_map",
    "double_selection_map",
    "pumping_map",
    "remote_cx",
    "remote_controlled",
    "cat_entangler",
    "remote_controlled_target",
    "cat_disentangler",
    "teledata",
    "teledata_sender",
    "teledata_receiver",
    "ghz_distribution",
    "ghz_star_centre",
    "ghz_fusion",
    "ghz_x_correction",
    "ghz_phase_correction",
    "CHSH_SIGNS",
    "chsh",
    "chsh_alice",
    "chsh_bob",
    "PAIR_CORRELATORS",
    "bell_tomography",
    "bell_weights",
    "ghz_fidelity",
    "ghz_fidelity_estimate",
    "ghz_parity_weights",
    "GHZ_SETTINGS",
    "BB84_BASES",
    "BB84_SETTINGS",
    "bb84",
    "bb84_preparation",
    "bb84_measurement",
    "bb84_key",
    "SIX_STATE_BASES",
    "SIX_STATE_SETTINGS",
    "six_state",
    "six_state_preparation",
    "six_state_measurement",
    "six_state_key",
    "B92_BASES",
    "B92_SETTINGS",
    "b92",
    "b92_preparation",
    "b92_measurement",
    "b92_key",
    "SARG04_BASES",
    "SARG04_SETTINGS",
    "SARG04_STATES",
    "sarg04",
    "sarg04_preparation",
    "sarg04_measurement",
    "sarg04_key",
    "E91_ALICE_ANGLES",
    "E91_BOB_ANGLES",
    "E91_CHSH_SIGNS",
    "E91_SETTINGS",
    "e91",
    "e91_preparation",
    "e91_measurement",
    "e91_key",
    "BBM92_BASES",
    "BBM92_SETTINGS",
    "bbm92",
    "bbm92_preparation",
    "bbm92_measurement",
    "bbm92_key",
    "MDI_BASES",
    "MDI_SETTINGS",
    "mdi",
    "mdi_preparation",
    "mdi_measurement",
    "mdi_announcement",
    "mdi_key",
    "KeyBits",
    "KEY_DISTRIBUTION",
    "KeyDistribution",
]

_MODULES: dict[str, tuple[str, ...]] = {
    "bell": ("BELL_STATES", "bell_pair", "bell_measurement"),
    "states": ("ghz", "w_state", "graph_state"),
    "corrections": ("FORMS", "with_corrections", "pauli_frame", "PauliFrame"),
    "teleport": ("teleportation", "teleportation_sender", "teleportation_receiver"),
    "superdense": ("superdense_coding", "superdense_sender", "superdense_receiver"),
    "swapping": ("entanglement_swapping", "swapping_station", "swapping_end"),
    "purification": ("bbpssw", "bbpssw_alice", "bbpssw_bob", "dejmps", "dejmps_alice", "dejmps_bob"),
    "selection": ("double_selection", "double_selection_alice", "double_selection_bob"),
    "pumping": ("PUMPING_STEPS", "entanglement_pumping", "pumping_alice", "pumping_bob"),
    "twirling": ("BILATERAL_ROTATIONS", "bilateral_rotation"),
    "bell_diagonal": (
        "Purified",
        "werner",
        "twirl_map",
        "swap_map",
        "bbpssw_map",
        "dejmps_map",
        "double_selection_map",
        "pumping_map",
    ),
    "nonlocal_gates": (
        "remote_cx",
        "remote_controlled",
        "cat_entangler",
        "remote_controlled_target",
        "cat_disentangler",
        "teledata",
        "teledata_sender",
        "teledata_receiver",
    ),
    "fusion": (
        "ghz_distribution",
        "ghz_star_centre",
        "ghz_fusion",
        "ghz_x_correction",
        "ghz_phase_correction",
    ),
    "bell_inequality": ("CHSH_SIGNS", "chsh", "chsh_alice", "chsh_bob"),
    "tomography": (
        "PAIR_CORRELATORS",
        "bell_tomography",
        "bell_weights",
        "ghz_fidelity",
        "ghz_fidelity_estimate",
        "ghz_parity_weights",
        "GHZ_SETTINGS",
    ),
    "key_distribution.bb84": (
        "BB84_BASES",
        "BB84_SETTINGS",
        "bb84",
        "bb84_preparation",
        "bb84_measurement",
        "bb84_key",
    ),
    "key_distribution.six_state": (
        "SIX_STATE_BASES",
        "SIX_STATE_SETTINGS",
        "six_state",
        "six_state_preparation",
        "six_state_measurement",
        "six_state_key",
    ),
    "key_distribution.b92": (
        "B92_BASES",
        "B92_SETTINGS",
        "b92",
        "b92_preparation",
        "b92_measurement",
        "b92_key",
    ),
    "key_distribution.sarg04": (
        "SARG04_BASES",
        "SARG04_SETTINGS",
        "SARG04_STATES",
        "sarg04",
        "sarg04_preparation",
        "sarg04_measurement",
        "sarg04_key",
    ),
    "key_distribution.e91": (
        "E91_ALICE_ANGLES",
        "E91_BOB_ANGLES",
        "E91_CHSH_SIGNS",
        "E91_SETTINGS",
        "e91",
        "e91_preparation",
        "e91_measurement",
        "e91_key",
    ),
    "key_distribution.bbm92": (
        "BBM92_BASES",
        "BBM92_SETTINGS",
        "bbm92",
        "bbm92_preparation",
        "bbm92_measurement",
        "bbm92_key",
    ),
    "key_distribution.mdi": (
        "MDI_BASES",
        "MDI_SETTINGS",
        "mdi",
        "mdi_preparation",
        "mdi_measurement",
        "mdi_announcement",
        "mdi_key",
    ),
    "key_distribution.bits": ("KeyBits",),
    "key_distribution.table": ("KEY_DISTRIBUTION", "KeyDistribution"),
}
_HOME = {name: f"{__name__}.{module}" for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
