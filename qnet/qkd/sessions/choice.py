"""Which method reconciles a key, from its error rate, its length and how long a round trip takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from qnet.qkd.reconciliation import CascadeAlice, CascadeBob, cascade_parameters
from qnet.qkd.reconciliation._keys import entropy

__all__ = ["METHODS", "Method", "choose_method"]


@dataclass(frozen=True, kw_only=True)
class Method:
    """A way to reconcile, with what it usually costs.

    Args:
        name: Its name.
        efficiency: f, bits disclosed over n·h(QBER), about.
        rounds: Round trips, about, whatever the length; blocks are in flight side by side.
        rounds_per_error: Further round trips for each error of a block.
        bits_per_s: Bits of key that both ends work through in a second, about.
        parameter_set: Cascade's parameter set.
    """

    name: str
    efficiency: float
    rounds: float
    rounds_per_error: float
    bits_per_s: float
    parameter_set: str

    def alice(self, key: Any, qber: float, *, seed: int, block_length: int) -> CascadeAlice:
        """Alice's side of it."""
        return CascadeAlice(key, self._parameters(qber, block_length), seed=seed)

    def bob(self, key: Any, qber: float, *, seed: int, block_length: int) -> CascadeBob:
        """Bob's side of it."""
        return CascadeBob(key, self._parameters(qber, block_length), seed=seed)

    def seconds(self, bits: int, qber: float, block_length: int, round_trip_s: float) -> float:
        """How long it takes, about."""
        trips = self.rounds + self.rounds_per_error * qber * min(bits, block_length)
        return trips * (round_trip_s + _MESSAGE_S) + bits / self.bits_per_s

    def _parameters(self, qber: float, block_length: int) -> Any:
        return cascade_parameters(self.parameter_set, qber, block_length=block_length)


_MESSAGE_S = 2e-4

METHODS: Mapping[str, Method] = MappingProxyType(
    {
        one.name: one
        for one in (
            Method(
                name="cascade-few-rounds",
                efficiency=1.08,
                rounds=55,
                rounds_per_error=0.0,
                bits_per_s=2e7,
                parameter_set="few-rounds",
            ),
            Method(
                name="cascade-least-leakage",
                efficiency=1.03,
                rounds=20,
                rounds_per_error=6.5,
                bits_per_s=5e7,
                parameter_set="least-leakage",
            ),
        )
    }
)
"""The methods by name."""


def choose_method(qber: float, bits: int, *, round_trip_s: float = 0.0, block_length: int = 100_000) -> str:
    """The method that makes the most secret bits a second of a key, by the endless key's rate.

    A session's other stages take about as long as `bits` at 10⁶ bits a second, so that where round trips cost
    nothing the leakage decides, and where they are dear their number.

    Args:
        qber: The error rate, from 0 to below ½.
        bits: Length of the key.
        round_trip_s: How long a question and its answer take.
        block_length: Bits of a block.

    Returns:
        A name of `METHODS`.

    Example:
        >>> choose_method(0.03, 10**6), choose_method(0.03, 10_000, block_length=2_000)
        ('cascade-few-rounds', 'cascade-few-rounds')
    """
    least = max(entropy(qber), 1e-9)

    def pace(method: Method) -> float:
        secret = max(1 - (1 + method.efficiency) * least, 1e-6)
        return secret / (method.seconds(bits, qber, block_length, round_trip_s) + bits / 1e6)

    return max(METHODS.values(), key=pace).name
