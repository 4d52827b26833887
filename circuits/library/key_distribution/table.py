"""All protocols of key distribution side by side, so that one loop serves them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from qiskit import QuantumCircuit

from circuits.library.key_distribution.b92 import B92_SETTINGS, b92, b92_key
from circuits.library.key_distribution.bb84 import BB84_SETTINGS, bb84, bb84_key
from circuits.library.key_distribution.bbm92 import BBM92_SETTINGS, bbm92, bbm92_key
from circuits.library.key_distribution.bits import KeyBits
from circuits.library.key_distribution.e91 import E91_SETTINGS, e91, e91_key
from circuits.library.key_distribution.mdi import MDI_SETTINGS, mdi, mdi_key
from circuits.library.key_distribution.sarg04 import SARG04_SETTINGS, sarg04, sarg04_key
from circuits.library.key_distribution.six_state import SIX_STATE_SETTINGS, six_state, six_state_key

__all__ = ["KEY_DISTRIBUTION", "KeyDistribution"]


@dataclass(frozen=True, kw_only=True)
class KeyDistribution:
    """A protocol of key distribution: its circuits, and what their outcomes mean.

    Attributes:
        name: The protocol's name.
        settings: The arguments of every circuit that it sends; all are chosen equally often.
        build: `build(*setting)` is the circuit of one signal.
        key: `key(*setting, outcomes)` is its `KeyBits`, or None when it is sifted away; `outcomes` are the
            circuit's classical bits in its order.

    Example:
        >>> protocol = KEY_DISTRIBUTION["bb84"]
        >>> len(protocol.settings), protocol.settings[-1]
        (8, (1, 'X', 'X'))
        >>> protocol.key(1, "X", "X", [1])
        KeyBits(alice=1, bob=1)
    """

    name: str
    settings: tuple[tuple[int | str, ...], ...]
    build: Callable[..., QuantumCircuit]
    key: Callable[..., KeyBits | None]


_ALL = (
    KeyDistribution(name="bb84", settings=BB84_SETTINGS, build=bb84, key=bb84_key),
    KeyDistribution(name="six_state", settings=SIX_STATE_SETTINGS, build=six_state, key=six_state_key),
    KeyDistribution(name="b92", settings=B92_SETTINGS, build=b92, key=b92_key),
    KeyDistribution(name="sarg04", settings=SARG04_SETTINGS, build=sarg04, key=sarg04_key),
    KeyDistribution(name="e91", settings=E91_SETTINGS, build=e91, key=e91_key),
    KeyDistribution(name="bbm92", settings=BBM92_SETTINGS, build=bbm92, key=bbm92_key),
    KeyDistribution(name="mdi", settings=MDI_SETTINGS, build=mdi, key=mdi_key),
)

KEY_DISTRIBUTION: Mapping[str, KeyDistribution] = MappingProxyType({one.name: one for one in _ALL})
