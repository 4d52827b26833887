"""The errors that the repeaters raise."""

from qnet.errors import QnetError

__all__ = ["OutOfReach", "RepeaterError"]


class RepeaterError(QnetError):
    """Root of the errors of `qnet.repeaters`."""


class OutOfReach(RepeaterError, ValueError):
    """Nothing in the range that was searched reaches what was asked for; the best that was found is told."""
