"""Stabilizer codes, and exact answers about the small ones."""

from circuits.codes.bicycle import bivariate_bicycle
from circuits.codes.colour import colour
from circuits.codes.named import (
    five_qubit,
    four_two_two,
    golay,
    parity,
    repetition,
    shor,
    steane,
)
from circuits.codes.stabilizer import StabilizerCode
from circuits.codes.surface import rotated_surface

__all__ = [
    "StabilizerCode",
    "bivariate_bicycle",
    "colour",
    "five_qubit",
    "four_two_two",
    "golay",
    "parity",
    "repetition",
    "rotated_surface",
    "shor",
    "steane",
]
