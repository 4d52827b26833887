"""The noise of a machine, put on a circuit last and taken off first."""

from circuits.noise.channels import PauliChannel
from circuits.noise.override import Override
from circuits.noise.strip import strip
from circuits.noise.value import CircuitNoise

__all__ = ["CircuitNoise", "Override", "PauliChannel", "strip"]
