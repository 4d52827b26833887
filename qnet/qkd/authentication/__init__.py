"""Authentication of the classical channel with a key that both ends hold before they start."""

from qnet.qkd.authentication.authenticator import (
    TAG_BYTES,
    AuthenticationError,
    Opener,
    Sealer,
    forgery_probability,
)
from qnet.qkd.authentication.pool import KeyPool, KeyPoolExhausted

__all__ = [
    "KeyPool",
    "Sealer",
    "Opener",
    "forgery_probability",
    "TAG_BYTES",
    "AuthenticationError",
    "KeyPoolExhausted",
]
