"""Key distribution: how much of a key is secret, and the sessions that make it.

Every name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qnet.qkd._detector_memory import Memory, detector_memory, pair_memory
    from qnet.qkd.catalogue import rate_table
    from qnet.qkd.comparison import bound_rows, capacity_name, compare, key_rates
    from qnet.qkd.epsilon import EpsilonBudget
    from qnet.qkd.errors import (
        FiniteKeyError,
        KeyDistributionError,
        NoFiniteKeyProof,
        UnknownPreset,
        UnknownRate,
    )
    from qnet.qkd.fluctuations import BOUNDS, chernoff_lower, chernoff_upper, hoeffding_gap, serfling_gap
    from qnet.qkd.gains import Detection, coherent, detection, fock, mixture, pair_detection
    from qnet.qkd.link import QkdLink
    from qnet.qkd.presets import PRESETS, Preset, preset
    from qnet.qkd.rates.counts import BasisCounts
    from qnet.qkd.rates.shape import Block, FiniteKey, KeyRate, RateProtocol
    from qnet.qkd.rates.shortest import require_key
    from qnet.qkd.rates.thresholds import bb84_fraction, qber_threshold, six_state_fraction
    from qnet.qkd.registry import RATES, rate_protocol

__all__ = [
    "key_rates",
    "compare",
    "rate_protocol",
    "RATES",
    "rate_table",
    "QkdLink",
    "preset",
    "PRESETS",
    "Preset",
    "Block",
    "EpsilonBudget",
    "RateProtocol",
    "KeyRate",
    "FiniteKey",
    "BasisCounts",
    "require_key",
    "bb84_fraction",
    "six_state_fraction",
    "qber_threshold",
    "detection",
    "Detection",
    "coherent",
    "fock",
    "mixture",
    "pair_detection",
    "detector_memory",
    "pair_memory",
    "Memory",
    "hoeffding_gap",
    "chernoff_upper",
    "chernoff_lower",
    "serfling_gap",
    "BOUNDS",
    "bound_rows",
    "capacity_name",
    "KeyDistributionError",
    "FiniteKeyError",
    "NoFiniteKeyProof",
    "UnknownPreset",
    "UnknownRate",
]

_MODULES: dict[str, tuple[str, ...]] = {
    "comparison": ("key_rates", "compare", "bound_rows", "capacity_name"),
    "registry": ("RATES", "rate_protocol"),
    "catalogue": ("rate_table",),
    "link": ("QkdLink",),
    "presets": ("preset", "PRESETS", "Preset"),
    "rates.shape": ("Block", "RateProtocol", "KeyRate", "FiniteKey"),
    "rates.shortest": ("require_key",),
    "rates.counts": ("BasisCounts",),
    "rates.thresholds": ("bb84_fraction", "six_state_fraction", "qber_threshold"),
    "gains": ("detection", "Detection", "coherent", "fock", "mixture", "pair_detection"),
    "_detector_memory": ("detector_memory", "pair_memory", "Memory"),
    "fluctuations": ("hoeffding_gap", "chernoff_upper", "chernoff_lower", "serfling_gap", "BOUNDS"),
    "epsilon": ("EpsilonBudget",),
    "errors": (
        "KeyDistributionError",
        "FiniteKeyError",
        "NoFiniteKeyProof",
        "UnknownPreset",
        "UnknownRate",
    ),
}
_HOME = {name: f"{__name__}.{module}" for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
