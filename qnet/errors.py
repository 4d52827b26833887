"""The root of the errors that the package `qnet` raises."""

__all__ = ["QnetError"]


class QnetError(Exception):
    """Root of the errors that the package `qnet` raises."""
