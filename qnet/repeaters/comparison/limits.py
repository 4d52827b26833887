"""Limits beside which the generations are seen: without noise, without repeaters, without a code."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qnet.bounds.capacities import repeater_capacity
from qnet.repeaters.conditions import Conditions
from qnet.repeaters.second_generation import STEANE, PairSource, SwappedPairs

__all__ = ["bound_bits_per_s", "break_even_error"]


def bound_bits_per_s(conditions: Conditions, repeaters: int = 0) -> float:
    """What no protocol passes with so many repeaters, one mode of light a gate time; 0: the PLOB bound.

    The coupling does not count, it is the fibre's alone.

    Source: Pirandola, Commun. Phys. 2, 51 (2019).

    Example:
        >>> here = Conditions(length_km=200, gate_error=0.0, coupling=1.0)
        >>> round(bound_bits_per_s(here), 2), round(bound_bits_per_s(here, 1))
        (65.5, 9754)
    """
    transmittance = float(np.exp(-conditions.length_km / conditions.attenuation_length_km))
    return float(repeater_capacity(transmittance, repeaters)) / conditions.gate_time_s


def break_even_error(conditions: Conditions, source: PairSource = STEANE) -> float:
    """The gate error below which an encoded pair of one link is better than a bare one.

    Args:
        conditions: Everything but the gate error.
        source: The encoded pair.

    Returns:
        The gate error; NaN where encoding helps nowhere between 10⁻⁶ and ½.

    Example:
        >>> round(break_even_error(Conditions(length_km=100, gate_error=0.0, coupling=1.0)), 4)
        0.0022
    """
    bare = SwappedPairs()

    def gain(error: float) -> float:
        here = replace(conditions, gate_error=error)
        return bare.pair(here).infidelity.value - source.pair(here).infidelity.value

    low, high = 1e-6, 0.5
    if gain(low) <= 0 or gain(high) >= 0:
        return float("nan")
    for _ in range(60):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if gain(middle) > 0 else (low, middle)
    return low
