"""Sessions: Alice, Bob and a quantum channel between them, from pulses to one key that both ends share.

Every name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qnet.qkd.sessions._photons import photons_of
    from qnet.qkd.sessions._scheme_of import SESSION_PROTOCOLS
    from qnet.qkd.sessions.alice import Alice
    from qnet.qkd.sessions.bob import Bob
    from qnet.qkd.sessions.channel import Channel
    from qnet.qkd.sessions.choice import METHODS, session_method
    from qnet.qkd.sessions.error_rate import ErrorRate
    from qnet.qkd.sessions.errors import (
        BadFrame,
        ChannelClosed,
        ErrorRateTooHigh,
        KeyLost,
        MalformedMessage,
        NotSettled,
        OtherPlan,
        OtherVersion,
        PeerAborted,
        PeerSilent,
        SessionError,
        TooFewBits,
        UnequalLengths,
        VerificationFailed,
    )
    from qnet.qkd.sessions.figures import session_figures, session_funnel
    from qnet.qkd.sessions.keys import Key
    from qnet.qkd.sessions.ledger import Ledger, SessionResult
    from qnet.qkd.sessions.meddling import ManInTheMiddle
    from qnet.qkd.sessions.memory import Meddler, SessionOutcome, run_session
    from qnet.qkd.sessions.network import Address, run_alice, run_bob, run_channel
    from qnet.qkd.sessions.plan import SessionPlan
    from qnet.qkd.sessions.randomness import Randomness
    from qnet.qkd.sessions.reference import FlipChannel
    from qnet.qkd.sessions.saving import save_session
    from qnet.qkd.sessions.schemes import Held, Scheme
    from qnet.qkd.sessions.settling import Settlement, settle_alice, settle_bob
    from qnet.qkd.sessions.storage import FileVault, read_key
    from qnet.qkd.sessions.transcript import Transcript

_MODULES: dict[str, tuple[str, ...]] = {
    "plan": ("SessionPlan",),
    "memory": ("run_session", "SessionOutcome", "Meddler"),
    "meddling": ("ManInTheMiddle",),
    "ledger": ("Ledger", "SessionResult"),
    "error_rate": ("ErrorRate",),
    "keys": ("Key",),
    "transcript": ("Transcript",),
    "alice": ("Alice",),
    "bob": ("Bob",),
    "channel": ("Channel",),
    "reference": ("FlipChannel",),
    "randomness": ("Randomness",),
    "figures": ("session_figures", "session_funnel"),
    "saving": ("save_session",),
    "_photons": ("photons_of",),
    "network": ("run_channel", "run_alice", "run_bob", "Address"),
    "storage": ("FileVault", "read_key"),
    "settling": ("settle_alice", "settle_bob", "Settlement"),
    "_scheme_of": ("SESSION_PROTOCOLS",),
    "schemes": ("Scheme", "Held"),
    "choice": ("METHODS", "session_method"),
    "errors": (
        "SessionError",
        "ErrorRateTooHigh",
        "TooFewBits",
        "UnequalLengths",
        "VerificationFailed",
        "ChannelClosed",
        "PeerSilent",
        "PeerAborted",
        "OtherVersion",
        "OtherPlan",
        "BadFrame",
        "MalformedMessage",
        "NotSettled",
        "KeyLost",
    ),
}
_HOME = {name: f"{__name__}.{module}" for module, names in _MODULES.items() for name in names}

__all__ = [
    "SessionPlan",
    "run_session",
    "SessionOutcome",
    "SessionResult",
    "Ledger",
    "ErrorRate",
    "Key",
    "Transcript",
    "Alice",
    "Bob",
    "Channel",
    "FlipChannel",
    "Meddler",
    "ManInTheMiddle",
    "Randomness",
    "SESSION_PROTOCOLS",
    "Scheme",
    "Held",
    "METHODS",
    "session_method",
    "session_figures",
    "session_funnel",
    "save_session",
    "photons_of",
    "run_channel",
    "run_alice",
    "run_bob",
    "Address",
    "FileVault",
    "read_key",
    "settle_alice",
    "settle_bob",
    "Settlement",
    "SessionError",
    "ErrorRateTooHigh",
    "TooFewBits",
    "UnequalLengths",
    "VerificationFailed",
    "ChannelClosed",
    "PeerSilent",
    "PeerAborted",
    "OtherVersion",
    "OtherPlan",
    "BadFrame",
    "MalformedMessage",
    "NotSettled",
    "KeyLost",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
