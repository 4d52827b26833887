"""Stabilizer codes, exact answers about the small ones, and their experiments as Stim circuits."""

from circuits.codes.bicycle import bivariate_bicycle
from circuits.codes.colour import colour
from circuits.codes.distance import CircuitDistance, circuit_distance
from circuits.codes.distillation import Distilled, break_even, distillation, distilled
from circuits.codes.extraction import EXTRACTIONS
from circuits.codes.link import Link
from circuits.codes.memory import bell_memory, memory
from circuits.codes.named import (
    five_qubit,
    four_two_two,
    golay,
    parity,
    repetition,
    shor,
    steane,
)
from circuits.codes.naming import CODES, NamedCode, UnknownCode, named_code
from circuits.codes.picture import draw_code
from circuits.codes.schedule import Schedule
from circuits.codes.stability import stability
from circuits.codes.stabilizer import StabilizerCode
from circuits.codes.surface import rotated_surface
from circuits.codes.surgery import joint_measurement, logical_bell_pair
from circuits.codes.swapping import encoded_swapping
from circuits.codes.transversal import transversal_cx

__all__ = [
    "StabilizerCode",
    "named_code",
    "CODES",
    "NamedCode",
    "UnknownCode",
    "repetition",
    "rotated_surface",
    "five_qubit",
    "steane",
    "four_two_two",
    "shor",
    "parity",
    "golay",
    "colour",
    "bivariate_bicycle",
    "memory",
    "bell_memory",
    "stability",
    "logical_bell_pair",
    "joint_measurement",
    "transversal_cx",
    "encoded_swapping",
    "distillation",
    "distilled",
    "Distilled",
    "break_even",
    "Link",
    "Schedule",
    "EXTRACTIONS",
    "circuit_distance",
    "CircuitDistance",
    "draw_code",
]
