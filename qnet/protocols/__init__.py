"""Experiments: the circuits of a protocol, how to read their outcomes, and a proof that it works.

Every name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qnet.protocols.b92 import B92
    from qnet.protocols.bb84 import BB84
    from qnet.protocols.bbm92 import BBM92
    from qnet.protocols.bbpssw import BBPSSW
    from qnet.protocols.bell_pair import BellPair
    from qnet.protocols.chsh import CHSH
    from qnet.protocols.claims import Claim
    from qnet.protocols.code_experiment import CodeExperiment, predicted
    from qnet.protocols.code_memory import DetectionMemory, EncodedSwapping, RepetitionMemory
    from qnet.protocols.dejmps import DEJMPS
    from qnet.protocols.double_selection import DoubleSelection
    from qnet.protocols.e91 import E91
    from qnet.protocols.entanglement_pumping import EntanglementPumping
    from qnet.protocols.entanglement_swapping import EntanglementSwapping
    from qnet.protocols.errors import NothingKept
    from qnet.protocols.ghz import GHZ
    from qnet.protocols.ghz_distribution import GHZDistribution
    from qnet.protocols.mdi import MDI
    from qnet.protocols.proof import CounterExample, Proof, ProvedFlow, prove, prove_circuit
    from qnet.protocols.registry import PROTOCOLS, UnknownProtocol, from_text, protocol
    from qnet.protocols.remote_cx import RemoteCX
    from qnet.protocols.sarg04 import SARG04
    from qnet.protocols.signals import RawBits, raw_bits
    from qnet.protocols.six_state import SixState
    from qnet.protocols.superdense_coding import SuperdenseCoding
    from qnet.protocols.teledata import Teledata
    from qnet.protocols.teleportation import Teleportation

__all__ = [
    "PROTOCOLS",
    "protocol",
    "from_text",
    "prove",
    "prove_circuit",
    "Claim",
    "Proof",
    "ProvedFlow",
    "CounterExample",
    "raw_bits",
    "RawBits",
    "BellPair",
    "Teleportation",
    "EntanglementSwapping",
    "SuperdenseCoding",
    "BBPSSW",
    "DEJMPS",
    "DoubleSelection",
    "EntanglementPumping",
    "GHZ",
    "GHZDistribution",
    "RemoteCX",
    "Teledata",
    "CHSH",
    "BB84",
    "SixState",
    "B92",
    "SARG04",
    "E91",
    "BBM92",
    "MDI",
    "RepetitionMemory",
    "DetectionMemory",
    "EncodedSwapping",
    "CodeExperiment",
    "predicted",
    "NothingKept",
    "UnknownProtocol",
]

_MODULES: dict[str, tuple[str, ...]] = {
    "registry": ("PROTOCOLS", "protocol", "from_text", "UnknownProtocol"),
    "proof": ("prove", "prove_circuit", "Proof", "ProvedFlow", "CounterExample"),
    "claims": ("Claim",),
    "errors": ("NothingKept",),
    "signals": ("raw_bits", "RawBits"),
    "bell_pair": ("BellPair",),
    "teleportation": ("Teleportation",),
    "entanglement_swapping": ("EntanglementSwapping",),
    "superdense_coding": ("SuperdenseCoding",),
    "bbpssw": ("BBPSSW",),
    "dejmps": ("DEJMPS",),
    "double_selection": ("DoubleSelection",),
    "entanglement_pumping": ("EntanglementPumping",),
    "ghz": ("GHZ",),
    "ghz_distribution": ("GHZDistribution",),
    "remote_cx": ("RemoteCX",),
    "teledata": ("Teledata",),
    "chsh": ("CHSH",),
    "bb84": ("BB84",),
    "six_state": ("SixState",),
    "b92": ("B92",),
    "sarg04": ("SARG04",),
    "e91": ("E91",),
    "bbm92": ("BBM92",),
    "mdi": ("MDI",),
    "code_memory": ("RepetitionMemory", "DetectionMemory", "EncodedSwapping"),
    "code_experiment": ("CodeExperiment", "predicted"),
}
_HOME = {name: f"{__name__}.{module}" for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
