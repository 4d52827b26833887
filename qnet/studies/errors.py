"""The errors of this room."""

from qnet.errors import QnetError

__all__ = ["StudyError"]


class StudyError(QnetError):
    """A study, or a circuit that is to be decoded, that cannot be run."""
