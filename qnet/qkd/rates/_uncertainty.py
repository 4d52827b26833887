"""Tomamichel's finite-key bound, from the uncertainty relation of entropies, for counts in two bases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from qnet.qkd._checks import Array, Number
from qnet.qkd.epsilon import EpsilonBudget
from qnet.qkd.fluctuations import chernoff_upper, serfling_gap
from qnet.qkd.rates._entropy import capped_entropy, entropy
from qnet.qkd.rates.counts import BasisCounts
from qnet.qkd.rates.shape import FiniteKey

__all__ = ["expected_leakage", "key_length", "settled"]


def key_length(
    counts: BasisCounts,
    *,
    protocol: Any,
    epsilon: EpsilonBudget,
    leakage_bits: Number | None,
    tagged: tuple[Number, Number] = (0.0, 0.0),
) -> FiniteKey:
    """ℓ = n(1−h(Q+ν)) − leak − log₂(2/(ε_sec²·ε_cor)) for counts in two bases.

    Where pulses may have many photons half of ε_sec goes to bounding their numbers, a quarter in each basis.

    Args:
        counts: What was counted.
        protocol: The protocol, with its `f_ec`, `bound`, `proof` and parameters.
        epsilon: The failure probabilities.
        leakage_bits: What reconciliation told Eve; None: what is to be expected.
        tagged: Probability, per pulse sent, of many photons in the key's basis and in the test's.
    """
    leak = (
        expected_leakage(counts, protocol.f_ec) if leakage_bits is None else np.asarray(leakage_bits, float)
    )
    doubtful = bool(np.any(np.asarray(tagged[0]) > 0) or np.any(np.asarray(tagged[1]) > 0))
    made: dict[str, Array] = {}

    def length(secret: Array) -> Array:
        spent = secret / 2 if doubtful else secret
        kept, sampled = (
            np.maximum(np.asarray(bits) - _lost(np.asarray(counts.pulses), share, secret / 4), 0.0)
            for bits, share in zip((counts.key_bits, counts.test_bits), tagged, strict=True)
        )
        qber = np.where(sampled > 0, np.asarray(counts.test_errors) / np.maximum(sampled, 1e-300), 0.5)
        gap = serfling_gap(kept, sampled, (spent / 4) ** 2)
        cost = np.log2(2 / epsilon.correctness) - 2 * np.log2(spent)
        made.update(untagged_bits=kept, statistical_gap=gap, phase_error_bound=np.minimum(qber + gap, 0.5))
        made.update(epsilon_bits=cost)
        return np.asarray(kept * (1 - capped_entropy(qber + gap)) - leak - cost)

    signed = settled(length, epsilon, np.asarray(counts.key_bits, dtype=np.float64))
    return FiniteKey(
        protocol=protocol.name,
        signed_rate=signed / np.asarray(counts.pulses),
        length=np.floor(np.maximum(signed, 0.0)),
        pulses=counts.pulses,
        leakage_bits=leak,
        epsilon=epsilon,
        bound=protocol.bound if not doubtful else f"{protocol.bound} + chernoff",
        proof=protocol.proof,
        figures={
            "key_bits": counts.key_bits,
            "test_bits": counts.test_bits,
            "qber": counts.key_error_rate,
            "test_qber": counts.test_error_rate,
            **made,
            "leakage_bits": leak,
        },
        parameters=protocol.parameters,
    )


def expected_leakage(counts: BasisCounts, f_ec: float) -> Array:
    """f_EC·n·h(QBER), at most n: what reconciliation is expected to tell."""
    bits = np.asarray(counts.key_bits, dtype=np.float64)
    return np.asarray(bits * np.minimum(f_ec * entropy(counts.key_error_rate), 1.0))


def settled(length: Callable[[Array], Array], epsilon: EpsilonBudget, most: Array) -> Array:
    """The length at its own ε_sec: at once, or where ε_sec is per bit of key, from the longest key down.

    A longer key may have a larger ε_sec, which makes the bound longer: from above, the lengths fall towards
    the largest one that is at most its own bound.
    """
    if not epsilon.per_bit:
        return length(np.asarray(epsilon.secret))
    signed = most
    for _ in range(40):
        before, signed = signed, length(np.asarray(epsilon.secret_for(np.maximum(signed, 1.0))))
        if np.all(np.abs(signed - before) < 1e-3):
            break
    return signed


def _lost(pulses: Array, share: Number, epsilon: Array) -> Array:
    """How many pulses with many photons there may be, but for a probability."""
    mean = pulses * np.asarray(share)
    if not np.any(mean > 0):
        return np.zeros_like(mean)
    return np.asarray(chernoff_upper(mean, epsilon))
