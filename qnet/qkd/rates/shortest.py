"""The shortest block from which a key can be made, and the error that names it."""

from __future__ import annotations

from typing import Any

import numpy as np

from qnet.qkd._checks import Number
from qnet.qkd.epsilon import EpsilonBudget
from qnet.qkd.errors import FiniteKeyError
from qnet.qkd.rates.shape import FiniteKey, RateProtocol

__all__ = ["require_key", "shortest_factor"]


def shortest_factor(
    protocol: RateProtocol, counts: Any, *, epsilon: EpsilonBudget, leakage_bits: Number | None = None
) -> float:
    """How many times as long a block must be, at the same shares, for the first secret bit.

    Args:
        protocol: The protocol.
        counts: Counts of one block, numbers.
        epsilon: The failure probabilities.
        leakage_bits: What reconciliation leaked; it is taken to grow with the block.

    Returns:
        The factor, to 0.1 %; infinite if no block up to 10¹⁸ times as long is enough.
    """

    def positive(log_factor: float) -> bool:
        factor = 10**log_factor
        leak = None if leakage_bits is None else np.asarray(leakage_bits) * factor
        return (
            float(
                protocol.finite_key_length(counts.scaled(factor), epsilon=epsilon, leakage_bits=leak).length
            )
            >= 1
        )

    low, high = -18.0, 18.0
    if not positive(high):
        return float("inf")
    while high - low > 4e-4:
        middle = (low + high) / 2
        low, high = (low, middle) if positive(middle) else (middle, high)
    return float(10**high)


def require_key(
    protocol: RateProtocol, counts: Any, *, epsilon: EpsilonBudget, leakage_bits: Number | None = None
) -> FiniteKey:
    """The secret bits of one block, or an error that says how long the block would have to be.

    Args:
        protocol: The protocol, with nothing left to choose.
        counts: Its counts, of one block.
        epsilon: The failure probabilities.
        leakage_bits: What reconciliation leaked; None: f_EC times the entropy of the errors.

    Returns:
        The key's length, which is at least 1.

    Raises:
        FiniteKeyError: If no bit is secret; it names the shortest block that works at these error rates.
    """
    found = protocol.finite_key_length(counts, epsilon=epsilon, leakage_bits=leakage_bits)
    if float(found.length) >= 1:
        return found
    pulses, bits = float(found.pulses), float(found.figures["key_bits"])
    qber = float(found.figures["qber"])
    factor = shortest_factor(protocol, counts, epsilon=epsilon, leakage_bits=leakage_bits)
    told = f"{protocol.name}: {pulses:.4g} pulses with {bits:.4g} bits at a QBER of {qber:.3%} give no key"
    if not np.isfinite(factor) and leakage_bits is not None:
        # Short blocks are reconciled at a worse f_EC than longer ones would be.
        factor = shortest_factor(protocol, counts, epsilon=epsilon)
        told += f" with {float(leakage_bits):.4g} bits told to reconcile them" * bool(np.isfinite(factor))
    if not np.isfinite(factor):
        raise FiniteKeyError(
            f"{told}, nor does any longer block at these rates; lower the loss or the errors"
        )
    shortest = f"{factor * pulses:.4g} pulses ({factor * bits:.4g} sifted bits)"
    raise FiniteKeyError(f"{told}; the shortest block that does has {shortest}")
