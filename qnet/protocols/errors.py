"""The errors of the experiments."""

from qnet.errors import QnetError

__all__ = ["NothingKept"]


class NothingKept(QnetError, ValueError):
    """No shot is left to make a figure of: all were discarded, or there were none."""
