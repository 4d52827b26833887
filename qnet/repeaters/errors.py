"""The errors that the repeaters raise."""

from qnet.errors import QnetError

__all__ = ["BelowThreshold", "OutOfReach", "RepeaterError", "Unresolved"]


class RepeaterError(QnetError):
    """Root of the errors of `qnet.repeaters`."""


class OutOfReach(RepeaterError, ValueError):
    """Nothing in the range that was searched reaches what was asked for; the best that was found is told."""


class BelowThreshold(RepeaterError, ValueError):
    """A link is so noisy that its code makes pairs worse; it is told by how much, and what would help."""


class Unresolved(RepeaterError, ValueError):
    """Shots were too few to see an error; it is told how many would be needed."""
