"""The errors that the package `decoders` raises."""

__all__ = ["DecodersError", "MissingExtra", "NoHeralds", "NotDecodable", "NotMatchable"]


class DecodersError(Exception):
    """Root of the errors that the package `decoders` raises about models and detection events."""


class NotDecodable(DecodersError, ValueError):
    """A detector error model, or a syndrome, that the decoder cannot take; another one may."""


class NotMatchable(NotDecodable):
    """A detector error model, or a syndrome, that no matching explains."""


class NoHeralds(NotDecodable):
    """A detector error model without the heralds that the decoder is to be aware of."""


class MissingExtra(DecodersError, ImportError):
    """A decoder whose library is not installed."""
