"""Key rates: one file a protocol, one shape, each with its equation and its source.

Every name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qnet.qkd.rates.b92 import B92
    from qnet.qkd.rates.bb84 import BB84
    from qnet.qkd.rates.bbm92 import BBM92
    from qnet.qkd.rates.decoy_bb84 import DecoyBB84
    from qnet.qkd.rates.device_independent import DeviceIndependent
    from qnet.qkd.rates.gllp import BB84WithoutDecoys
    from qnet.qkd.rates.mdi import MDI
    from qnet.qkd.rates.one_decoy_bb84 import OneDecoyBB84
    from qnet.qkd.rates.sarg04 import SARG04
    from qnet.qkd.rates.six_state import SixState
    from qnet.qkd.rates.twin_field import TwinField

__all__ = [
    "BB84",
    "SixState",
    "DecoyBB84",
    "OneDecoyBB84",
    "BB84WithoutDecoys",
    "BBM92",
    "MDI",
    "TwinField",
    "DeviceIndependent",
    "B92",
    "SARG04",
]

_HOME = {
    "BB84": "bb84",
    "SixState": "six_state",
    "DecoyBB84": "decoy_bb84",
    "OneDecoyBB84": "one_decoy_bb84",
    "BB84WithoutDecoys": "gllp",
    "BBM92": "bbm92",
    "MDI": "mdi",
    "TwinField": "twin_field",
    "DeviceIndependent": "device_independent",
    "B92": "b92",
    "SARG04": "sarg04",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
