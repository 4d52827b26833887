"""Which method reconciles a session's key: by error rate, length and how long a round trip takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from qnet.qkd.reconciliation import (
    Answering,
    Asking,
    CascadeAlice,
    CascadeBob,
    LdpcAlice,
    LdpcBob,
    LdpcParameters,
    cascade_parameters,
    ldpc_parameters,
)
from qnet.qkd.reconciliation._keys import entropy
from qnet.qkd.sessions.error_rate import ErrorRate

__all__ = ["METHODS", "Answerer", "Method", "fitting_ldpc", "session_method"]

_AUTHENTICATION_BITS = 2 * 256
_MESSAGE_S = 1e-4
_ATTEMPTS = 12
_BLOCK = 100_000


class Answerer(Answering):
    """Alice's side of a reconciliation, which counts what it tells."""

    leaked_bits: int


@dataclass(frozen=True, kw_only=True)
class Method:
    """A way to reconcile, with what it usually costs in blocks of 10⁵ bits at 3 %.

    Args:
        name: Its name.
        efficiency: f, bits disclosed over n·h(QBER).
        rounds: Round trips; all blocks are in flight side by side.
        bits_per_s: Bits of key that both ends work through in a second.
    """

    name: str
    efficiency: float
    rounds: float
    bits_per_s: float

    def alice(
        self,
        key: Any,
        rate: ErrorRate,
        *,
        seed: int,
        block_length: int,
        random_bytes: Callable[[int], bytes],
    ) -> Answerer:
        """Alice's side of it.

        Args:
            key: Her bits.
            rate: The error rate as it was estimated.
            seed: The public seed of permutations.
            block_length: Bits of a block.
            random_bytes: Her randomness.
        """
        made: Any
        if self.name == "ldpc":
            parameters = _ldpc(rate, len(key), block_length)
            made = LdpcAlice(key, parameters, seed=seed, random_bytes=random_bytes)
        else:
            made = CascadeAlice(key, self._cascade(rate, block_length), seed=seed)
        answerer: Answerer = made
        return answerer

    def bob(self, key: Any, rate: ErrorRate, *, seed: int, block_length: int) -> Asking:
        """Bob's side of it."""
        if self.name == "ldpc":
            return LdpcBob(key, _ldpc(rate, len(key), block_length), seed=seed)
        return CascadeBob(key, self._cascade(rate, block_length), seed=seed)

    def seconds(self, bits: int, round_trip_s: float) -> float:
        """How long it takes, about."""
        return self.rounds * (round_trip_s + _MESSAGE_S) + bits / self.bits_per_s

    def cost_bits(self, bits: int, qber: float) -> float:
        """What it costs of the key: what is disclosed, and what authenticates its messages."""
        told = self.efficiency * bits * entropy(qber)
        if self.name == "ldpc":
            told = _told(fitting_ldpc(qber, bits, _BLOCK), bits)
        return told + _AUTHENTICATION_BITS * self.rounds

    def _cascade(self, rate: ErrorRate, block_length: int) -> Any:
        kind, schedule = _CASCADES[self.name]
        return cascade_parameters(kind, rate.cautious, schedule=schedule, block_length=block_length)


def _ldpc(rate: ErrorRate, bits: int, block_length: int) -> LdpcParameters:
    """A code for an error rate that was estimated too low by its standard error, and patience beyond that."""
    spread = rate.stderr if rate.bits else 0.0
    return fitting_ldpc(min(rate.cautious + spread, 0.25), bits, block_length)


def fitting_ldpc(qber: float, bits: int, block_length: int) -> LdpcParameters:
    """Of codes of several lengths the one by which a key of so many bits tells least."""
    longest = min(bits, block_length)
    lengths = {min(longest, one) for one in (100_000, 25_000, 6_000)}
    tried = [ldpc_parameters(qber, block_length=one, attempts=_ATTEMPTS) for one in sorted(lengths)]
    return min(tried, key=lambda one: _told(one, bits))


def _told(parameters: LdpcParameters, bits: int) -> int:
    """Bits that the syndromes of a key disclose."""
    blocks = -(-bits // parameters.longest)
    return blocks * (parameters.rows * parameters.lift - parameters.punctured(bits // blocks))


_CASCADES = {
    "few-rounds": ("few-rounds", None),
    "balanced": ("least-leakage", "balanced"),
    "least-leakage": ("least-leakage", "smallest-first"),
}

METHODS: Mapping[str, Method] = MappingProxyType(
    {
        one.name: one
        for one in (
            Method(name="few-rounds", efficiency=1.08, rounds=60, bits_per_s=1.5e7),
            Method(name="balanced", efficiency=1.045, rounds=250, bits_per_s=1.5e7),
            Method(name="least-leakage", efficiency=1.03, rounds=9500, bits_per_s=3e7),
            Method(name="ldpc", efficiency=1.15, rounds=1.5, bits_per_s=2e6),
        )
    }
)
"""The methods by name: three schedules of Cascade, and LDPC."""


def session_method(qber: float, bits: int, *, round_trip_s: float = 0.0) -> str:
    """The method that takes least of the key among those that are quick enough; the quickest if none is.

    Every message of a session takes 256 bits of the pre-shared key, so that thousands of round trips cost
    more than they spare, and short keys are reconciled in one. Quick enough is a quarter of a second for a
    million bits, about what the other stages take.

    Args:
        qber: The error rate.
        bits: Length of the key.
        round_trip_s: How long a question and its answer take.

    Returns:
        A name of `METHODS`.

    Example:
        >>> [session_method(0.03, 10**6, round_trip_s=s) for s in (0.0, 1e-3, 0.1)]
        ['few-rounds', 'few-rounds', 'ldpc']
        >>> session_method(0.03, 10_000)
        'ldpc'
    """
    time = max(bits, 1_000_000) / 4e6
    quick = [one for one in METHODS.values() if one.seconds(bits, round_trip_s) <= time]
    if quick:
        return min(quick, key=lambda one: one.cost_bits(bits, qber)).name
    return min(METHODS.values(), key=lambda one: one.seconds(bits, round_trip_s)).name
