"""The protocols whose key rates are known, by name."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from qnet.qkd.errors import UnknownRate
from qnet.qkd.rates.b92 import B92
from qnet.qkd.rates.bb84 import BB84
from qnet.qkd.rates.bbm92 import BBM92
from qnet.qkd.rates.decoy_bb84 import DecoyBB84
from qnet.qkd.rates.device_independent import DeviceIndependent
from qnet.qkd.rates.gllp import BB84WithoutDecoys
from qnet.qkd.rates.mdi import MDI
from qnet.qkd.rates.one_decoy_bb84 import OneDecoyBB84
from qnet.qkd.rates.sarg04 import SARG04
from qnet.qkd.rates.shape import RateProtocol
from qnet.qkd.rates.six_state import SixState
from qnet.qkd.rates.twin_field import TwinField

__all__ = ["RATES", "rate_protocol"]

_ALL: tuple[type[RateProtocol], ...] = (
    BB84,
    SixState,
    DecoyBB84,
    OneDecoyBB84,
    BBM92,
    MDI,
    TwinField,
    DeviceIndependent,
    B92,
    SARG04,
    BB84WithoutDecoys,
)

RATES: Mapping[str, type[RateProtocol]] = MappingProxyType({one.name: one for one in _ALL})


def rate_protocol(name: str) -> type[RateProtocol]:
    """The key rate of the protocol of that name.

    Args:
        name: Its name, with hyphens or underscores, in any case.

    Returns:
        The class; its fields are the parameters.

    Raises:
        UnknownRate: If there is none; the nearest names are given.

    Example:
        >>> rate_protocol("BB84").proof
        'Tomamichel, Lim, Gisin, Renner, Nat. Commun. 3, 634 (2012)'
    """
    plain = str(name).strip().lower().replace("_", "-")
    if plain in RATES:
        return RATES[plain]
    near = get_close_matches(plain, list(RATES), n=1, cutoff=0.6)
    mend = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(RATES)}"
    raise UnknownRate(f"there is no key rate of {name!r}; {mend}")
