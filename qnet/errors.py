"""The errors that the package `qnet` raises."""

__all__ = ["QnetError", "ExecutionError", "UnknownSampler", "UnsuitableBackend"]


class QnetError(Exception):
    """Root of the errors that the package `qnet` raises."""


class ExecutionError(QnetError):
    """A machine could not run a circuit."""


class UnknownSampler(ExecutionError, ValueError):
    """There is no sampler of this name."""


class UnsuitableBackend(ExecutionError, ValueError):
    """A backend cannot run this circuit, whatever is tried: too small, or it lacks an instruction."""
