"""Error-tolerant repeaters: logical pairs and chains of them, one-way codes, and which is cheapest."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qnet.repeaters.asking import measured_link
    from qnet.repeaters.chains import Chain, chained_fidelity
    from qnet.repeaters.comparison import Candidates, compare_generations, simulated_source
    from qnet.repeaters.conditions import Conditions
    from qnet.repeaters.delivery import Delivery
    from qnet.repeaters.encoded_link import EncodedLink
    from qnet.repeaters.errors import BelowThreshold, OutOfReach, RepeaterError, Unresolved
    from qnet.repeaters.extrapolation import distance_for, extrapolated
    from qnet.repeaters.first_generation import FirstGeneration, NestedPurification
    from qnet.repeaters.logical_pair import LogicalPair
    from qnet.repeaters.one_way import (
        HopStudy,
        OneWayLine,
        OneWaySearch,
        ParityCode,
        StationErrors,
        TreeCode,
        one_way_code,
        simulated_hops,
    )
    from qnet.repeaters.purifying import PurifyFirst, purify_first
    from qnet.repeaters.secrecy import bbm92_fraction
    from qnet.repeaters.simulation import simulated_pairs
    from qnet.repeaters.study import LinkStudy

__all__ = [
    "LogicalPair",
    "EncodedLink",
    "measured_link",
    "simulated_pairs",
    "extrapolated",
    "distance_for",
    "PurifyFirst",
    "purify_first",
    "LinkStudy",
    "Chain",
    "chained_fidelity",
    "ParityCode",
    "TreeCode",
    "one_way_code",
    "OneWayLine",
    "OneWaySearch",
    "StationErrors",
    "simulated_hops",
    "HopStudy",
    "FirstGeneration",
    "NestedPurification",
    "Conditions",
    "Delivery",
    "Candidates",
    "compare_generations",
    "simulated_source",
    "bbm92_fraction",
    "RepeaterError",
    "OutOfReach",
    "BelowThreshold",
    "Unresolved",
]

_HOME = {
    "ParityCode": "qnet.repeaters.one_way",
    "TreeCode": "qnet.repeaters.one_way",
    "one_way_code": "qnet.repeaters.one_way",
    "OneWayLine": "qnet.repeaters.one_way",
    "OneWaySearch": "qnet.repeaters.one_way",
    "StationErrors": "qnet.repeaters.one_way",
    "simulated_hops": "qnet.repeaters.one_way",
    "HopStudy": "qnet.repeaters.one_way",
    "Chain": "qnet.repeaters.chains",
    "chained_fidelity": "qnet.repeaters.chains",
    "Conditions": "qnet.repeaters.conditions",
    "Delivery": "qnet.repeaters.delivery",
    "FirstGeneration": "qnet.repeaters.first_generation",
    "NestedPurification": "qnet.repeaters.first_generation",
    "bbm92_fraction": "qnet.repeaters.secrecy",
    "compare_generations": "qnet.repeaters.comparison",
    "Candidates": "qnet.repeaters.comparison",
    "simulated_source": "qnet.repeaters.comparison",
    "EncodedLink": "qnet.repeaters.encoded_link",
    "measured_link": "qnet.repeaters.asking",
    "simulated_pairs": "qnet.repeaters.simulation",
    "extrapolated": "qnet.repeaters.extrapolation",
    "distance_for": "qnet.repeaters.extrapolation",
    "PurifyFirst": "qnet.repeaters.purifying",
    "purify_first": "qnet.repeaters.purifying",
    "LinkStudy": "qnet.repeaters.study",
    "BelowThreshold": "qnet.repeaters.errors",
    "Unresolved": "qnet.repeaters.errors",
    "LogicalPair": "qnet.repeaters.logical_pair",
    "RepeaterError": "qnet.repeaters.errors",
    "OutOfReach": "qnet.repeaters.errors",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'qnet.repeaters' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
