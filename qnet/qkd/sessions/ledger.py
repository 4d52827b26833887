"""`Ledger`: what became of the pulses, and every bit that was disclosed on the way to a key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from qnet.qkd.epsilon import EpsilonBudget
from qnet.qkd.rates.shape import FiniteKey
from qnet.qkd.reconciliation._keys import entropy
from qnet.qkd.sessions.error_rate import ErrorRate
from qnet.qkd.sessions.keys import Key

__all__ = ["Ledger", "SessionResult"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Ledger:
    """The account of one session; both ends have the same, but for their clocks. It holds no bit of a key.

    Args:
        protocol: Name of the protocol.
        parameters: The plan.
        pulses: Pulses sent.
        raw: Pulses that Bob saw.
        sifted: Pulses whose bits belong together, those of the test included.
        estimated: Bits of the key that are left after the sample of it was disclosed.
        reconciled: Bits that were reconciled.
        verified: Bits whose hashes agreed.
        final: Secret bits; None where the protocol has no finite-key bound here.
        replenished_bytes: How many bytes of them are set aside to authenticate later messages.
        error_rates: By class of sifted bits; the key's class holds the sample and the corrected bits.
        figures: Further figures, such as E91's `chsh_s`.
        disclosed: Bits that were disclosed, by kind: `test`, `sample` (bits that are not in the key),
            `parities`, `error_counts`, `verification`, `authentication` (tags of all messages, both ways).
        epsilon: The failure probabilities as planned.
        authentication_epsilon: How likely a forged message would have passed, as it came out.
        authentication_bytes: Pre-shared key that was used, both ways.
        method: How the keys were reconciled.
        round_trips: Questions of the reconciliation that were answered.
        messages: Frames between Alice and Bob.
        bound: The finite key with all its figures; None where there is no bound.
        stopped: Why there is no secret key; empty if there is one.
        seconds: Wall-clock time by stage, waiting included.
        simulated: Whether the physics was simulated or an end's randomness seeded.
    """

    protocol: str
    parameters: Mapping[str, Any]
    pulses: int
    raw: int
    sifted: int
    estimated: int
    reconciled: int
    verified: int
    final: int | None
    replenished_bytes: int
    error_rates: Mapping[str, ErrorRate]
    figures: Mapping[str, float]
    disclosed: Mapping[str, int]
    epsilon: EpsilonBudget
    authentication_epsilon: float
    authentication_bytes: int
    method: str
    round_trips: int
    messages: int
    bound: FiniteKey | None
    stopped: str
    seconds: Mapping[str, float]
    simulated: bool
    _key_errors: int = field(default=0, repr=False)

    @property
    def leakage_bits(self) -> int:
        """What Eve learnt of the key: parities, and the number of errors in it.

        The verification's hash is in the bound's own term log₂(2/ε_cor); tags are padded and tell nothing.
        """
        return self.disclosed["parities"] + self.disclosed["error_counts"]

    @property
    def disclosed_bits(self) -> int:
        """All disclosed bits."""
        return sum(self.disclosed.values())

    @property
    def key_error_rate(self) -> ErrorRate:
        """Of the key before reconciliation, as it turned out."""
        return ErrorRate(errors=self._key_errors, bits=self.reconciled)

    @property
    def qber(self) -> ErrorRate:
        """Of all sifted bits whose errors are the channel's."""
        total = ErrorRate(errors=0, bits=0)
        for rate in self.error_rates.values():
            total = total + rate
        return total

    @property
    def f_ec(self) -> float:
        """Parities over n·h(QBER), the least possible; infinite where there were no errors."""
        least = self.reconciled * entropy(self.key_error_rate.value) if self.reconciled else 0.0
        return self.disclosed["parities"] / least if least else float("inf")

    @property
    def epsilon_spent(self) -> float:
        """All failure probabilities of the key together, the messages' authentication as it came out."""
        absolute = self.epsilon.for_length(float(self.final or 0))
        return absolute.secret + absolute.correctness + self.authentication_epsilon

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain values."""
        plain = {
            name: getattr(self, name)
            for name in self.__dataclass_fields__
            if name not in ("bound", "error_rates", "epsilon", "_key_errors")
        }
        rates = {
            name: {
                "errors": one.errors,
                "bits": one.bits,
                "rate": one.value,
                "interval": list(one.interval()),
            }
            for name, one in self.error_rates.items()
        }
        return {
            **plain,
            "error_rates": rates,
            "epsilon": asdict(self.epsilon),
            "leakage_bits": self.leakage_bits,
            "disclosed_bits": self.disclosed_bits,
            "f_ec": self.f_ec,
            "epsilon_spent": self.epsilon_spent,
            "bound": None if self.bound is None else {**self.bound.figures, "proof": self.bound.proof},
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class SessionResult:
    """What one end has when a session is over.

    Args:
        party: `"alice"` or `"bob"`.
        session: The session's name.
        ledger: The account.
        key: The secret key; None where the protocol has no finite-key bound here.
        replenish: What was set aside of the secret bits to authenticate later messages.
        verified: The key before privacy amplification, of which Eve may know parts; for study.
    """

    party: str
    session: str
    ledger: Ledger
    key: Key | None
    replenish: bytes = field(repr=False)
    verified: Key
