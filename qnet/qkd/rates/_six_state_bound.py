"""The finite key of the six-state protocol: Eve's least entropy, and what finite blocks cost."""

from __future__ import annotations

from typing import Any

import numpy as np

from qnet.qkd._checks import Array, Number
from qnet.qkd.epsilon import EpsilonBudget
from qnet.qkd.rates._entropy import capped_entropy
from qnet.qkd.rates._uncertainty import expected_leakage, settled
from qnet.qkd.rates.counts import BasisCounts
from qnet.qkd.rates.shape import FiniteKey

__all__ = ["least_entropy", "six_state_length"]

_DIMENSION = 15  # d² − 1 for two qubits: the exponent of the postselection technique.


def least_entropy(z: Number, x: Number, y: Number, *, z_above: Number | None = None) -> Array:
    """The least entropy that Eve may have of a bit measured in Z, by the error rates in the three bases.

    The state is Bell-diagonal, and Eve holds the rest. Given that there is no bit error the phase is wrong
    with probability (x+y−z)/(2(1−z)); given one, with ½ at worst. So that S ≥ (1−z)(1−h((x+y−z)/(2(1−z)))),
    with equality if x = y. S is convex in z: where it falls, the tangent is taken up to `z_above`.

    Source: Scarani and Renner, Phys. Rev. Lett. 100, 200501 (2008), for three equal error rates.

    Args:
        z: Error rate in the key's basis, at least.
        x: Error rate in X, at most.
        y: Error rate in Y, at most.
        z_above: Error rate in the key's basis, at most; None: `z` itself.

    Example:
        >>> round(float(least_entropy(0.05, 0.05, 0.05)), 6), round(float(least_entropy(0.0, 0.05, 0.05)), 6)
        (0.783213, 0.713603)
    """
    a = np.clip(np.asarray(z, dtype=np.float64), 0.0, 0.5)
    both = np.maximum(np.asarray(x, dtype=np.float64) + np.asarray(y, dtype=np.float64), a)
    phase = np.minimum((both - a) / (2 * (1 - a)), 0.5)
    made = (1 - a) * (1 - capped_entropy(phase))
    if z_above is None:
        return np.asarray(made)
    odds = np.log2((1 - phase) / np.maximum(phase, 1e-300))
    slope = odds * (1 - both) / (2 * (1 - a)) - (1 - capped_entropy(phase))
    return np.asarray(made + np.minimum(slope, 0.0) * np.maximum(np.asarray(z_above) - a, 0.0))


def six_state_length(
    counts: BasisCounts, *, protocol: Any, epsilon: EpsilonBudget, leakage_bits: Number | None
) -> FiniteKey:
    """The length of `SixState.finite_key_length`, whose docstring has the formula."""
    if counts.other_test_bits is None:
        raise ValueError("other_test_bits=None: six-state needs the counts of its third basis; give them")
    n = np.asarray(counts.key_bits, dtype=np.float64)
    pulses = np.asarray(counts.pulses, dtype=np.float64)
    leak = (
        expected_leakage(counts, protocol.f_ec) if leakage_bits is None else np.asarray(leakage_bits, float)
    )
    power = _DIMENSION * np.log(pulses + 1)
    made: dict[str, Array] = {}

    def length(secret: Array) -> Array:
        scale = np.asarray(secret) / epsilon.secret
        smooth, margin, hashing = (np.log(1 / (one * scale)) + power for one in _parts(epsilon))
        x = _above(counts.test_error_rate, counts.test_bits, margin)
        y = _above(counts.other_test_error_rate, counts.other_test_bits, margin)
        spread = np.sqrt(margin / (2 * np.maximum(n, 1e-300)))
        known = counts.key_errors is not None
        z = np.asarray(counts.key_error_rate) if known else np.zeros_like(n)
        low, high = (
            np.maximum(z - spread, 0.0),
            (np.minimum(z + spread, 0.5) if known else np.full_like(n, 0.5)),
        )
        least = least_entropy(low, x, y, z_above=high)
        cost = (
            7 * np.sqrt(n * (1 + smooth / np.log(2)))
            + 2 * hashing / np.log(2)
            + np.log2(2 / epsilon.correctness)
            + 2 * power / np.log(2)
        )
        made.update(phase_error_bound=np.maximum(x, y), least_entropy=least, epsilon_bits=cost)
        return np.asarray(n * least - leak - cost)

    signed = settled(length, epsilon, n)
    return FiniteKey(
        protocol=protocol.name,
        signed_rate=signed / pulses,
        length=np.floor(np.maximum(signed, 0.0)),
        pulses=counts.pulses,
        leakage_bits=leak,
        epsilon=epsilon,
        bound=protocol.bound,
        proof=protocol.proof,
        figures={
            "key_bits": counts.key_bits,
            "test_bits": counts.test_bits,
            "other_test_bits": counts.other_test_bits,
            "qber": counts.key_error_rate,
            "test_qber": counts.test_error_rate,
            "other_test_qber": counts.other_test_error_rate,
            **made,
            "leakage_bits": leak,
        },
        parameters=protocol.parameters,
    )


def _parts(epsilon: EpsilonBudget) -> tuple[float, float, float]:
    """ε̄ of the smoothing, ε of each of the four margins (two of Z), and ε_PA."""
    if epsilon.smoothing == 0:
        return epsilon.secrecy / 4, epsilon.secrecy / 16, epsilon.secrecy / 2
    return epsilon.smoothing / 2, epsilon.smoothing / 8, epsilon.secrecy


def _above(rate: Number, bits: Number | None, margin: Array) -> Array:
    """An error rate plus its Hoeffding margin, at most ½."""
    count = np.maximum(np.asarray(bits, dtype=np.float64), 1e-300)
    return np.asarray(np.minimum(np.asarray(rate) + np.sqrt(margin / (2 * count)), 0.5))
