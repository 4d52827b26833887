"""The bridge between Qiskit and Stim, both ways."""

from circuits.bridge.translation import Translation, to_stim, translate

__all__ = ["to_stim", "translate", "Translation"]
