"""The errors of the circuit library, the noise model and the bridge."""

__all__ = ["CircuitsError", "NotClifford", "NotTranslatable"]


class CircuitsError(Exception):
    """Root of the errors that the package `circuits` raises about circuits."""


class NotClifford(CircuitsError, ValueError):
    """An operation is not Clifford where only Clifford operations can be carried out."""


class NotTranslatable(CircuitsError, ValueError):
    """An instruction has no counterpart in the other language (Qiskit or Stim)."""
