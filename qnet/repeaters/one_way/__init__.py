"""One-way repeaters: codes that stations mend every few kilometres, so that nothing waits for a message."""

from qnet.repeaters.one_way.circuit import hop_circuit
from qnet.repeaters.one_way.hop import Hop, OneWayCode, StationErrors, majority_error
from qnet.repeaters.one_way.line import OneWayLine
from qnet.repeaters.one_way.naming import one_way_code
from qnet.repeaters.one_way.optimisation import OneWaySearch
from qnet.repeaters.one_way.parity import ParityCode
from qnet.repeaters.one_way.simulation import SimulatedHops, simulated_hops
from qnet.repeaters.one_way.study import HopStudy
from qnet.repeaters.one_way.tree import TreeCode

__all__ = [
    "ParityCode",
    "TreeCode",
    "one_way_code",
    "OneWayCode",
    "Hop",
    "StationErrors",
    "OneWayLine",
    "OneWaySearch",
    "simulated_hops",
    "SimulatedHops",
    "HopStudy",
    "hop_circuit",
    "majority_error",
]
