"""The errors of key distribution."""

from typing import Any

from qnet.errors import QnetError

__all__ = [
    "FiniteKeyError",
    "KeyDistributionError",
    "NoFiniteKeyProof",
    "UnknownEavesdropper",
    "UnknownPreset",
    "UnknownRate",
]


class KeyDistributionError(QnetError):
    """Root of the errors of key distribution.

    Attributes:
        ledger: Of a session that was aborted in one process, the account so far; else None.
    """

    ledger: Any = None


class FiniteKeyError(KeyDistributionError):
    """No secret bit is left of a block: it is too short, or the errors are too many."""


class NoFiniteKeyProof(KeyDistributionError, ValueError):
    """A finite-key length was asked of a protocol that has an asymptotic rate only."""


class UnknownPreset(KeyDistributionError, ValueError):
    """There is no preset of this name."""


class UnknownRate(KeyDistributionError, ValueError):
    """There is no key rate of a protocol of this name."""


class UnknownEavesdropper(KeyDistributionError, ValueError):
    """There is no eavesdropper of this name."""
