"""The errors that the package `decoders` raises."""

__all__ = ["DecodersError", "NotMatchable"]


class DecodersError(Exception):
    """Root of the errors that the package `decoders` raises about models and detection events."""


class NotMatchable(DecodersError, ValueError):
    """A detector error model, or a syndrome, that no matching explains."""
