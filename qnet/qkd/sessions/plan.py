"""`SessionPlan`: everything about a session that both ends know before it starts."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from qnet.qkd.epsilon import EpsilonBudget
from qnet.qkd.link import QkdLink
from qnet.qkd.rates.shape import Block, RateProtocol
from qnet.qkd.sessions._scheme_of import scheme_of
from qnet.qkd.sessions.choice import METHODS
from qnet.qkd.sessions.schemes import Scheme

__all__ = ["SessionPlan"]


@dataclass(frozen=True, kw_only=True)
class SessionPlan:
    """A session as it was agreed: protocol, size, failure probabilities, and how the keys are reconciled.

    The number of pulses is fixed beforehand: to go on until there are enough bits is another protocol, whose
    sifting leaks (Pfister et al., New J. Phys. 18, 053001 (2016)).

    Args:
        protocol: A protocol of `qnet.qkd.rates` with its parameters, or the name of one with its defaults;
            `"e91"`, too.
        pulses: How many pulses (or pairs) are sent.
        epsilon: The failure probabilities of the key.
        sample_share: Which share of the sifted key is disclosed, at random, to estimate its error rate.
        highest_qber: The session aborts above this error rate; None: where the protocol's key ends.
        reconciliation: A method of `METHODS`, or `"auto"`, which `session_method` chooses.
        round_trip_s: How long a question and its answer take; for the choice.
        block_length: Bits of a block of the reconciliation.
        replenish_bytes: How much of the key replenishes the pre-shared key that authenticates messages: its
            first bytes.

    Raises:
        ValueError: If the protocol is unknown, or leaves something open that both ends must know.
        ValueError: If `pulses` or `block_length` is no positive whole number.
        ValueError: If `sample_share` is not from 0 to below 1, or `highest_qber` not from 0 to ¼.
        ValueError: If `reconciliation` is unknown, or `round_trip_s` negative.
        ValueError: If `replenish_bytes` is negative or odd.

    Example:
        >>> from qnet.qkd.rates import BB84
        >>> plan = SessionPlan(protocol=BB84(test_probability=0.1), pulses=100_000)
        >>> plan.name, plan.scheme.bob.chances, plan.bound is None
        ('bb84', (0.9, 0.1), False)
    """

    protocol: RateProtocol | str
    pulses: int
    epsilon: EpsilonBudget = field(default_factory=EpsilonBudget)
    sample_share: float = 0.01
    highest_qber: float | None = None
    reconciliation: str = "auto"
    round_trip_s: float = 0.0
    block_length: int = 100_000
    replenish_bytes: int = 0

    def __post_init__(self) -> None:
        if isinstance(self.protocol, str):
            object.__setattr__(self, "protocol", _named(self.protocol))
        scheme_of(self.name, self._rate)
        for name in ("pulses", "block_length"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise ValueError(f"{name}={value!r} must be a positive whole number")
        if not 0 <= self.sample_share < 1:
            raise ValueError(f"sample_share={self.sample_share!r} must be at least 0 and below 1")
        if self.highest_qber is not None and not 0 <= self.highest_qber <= 0.25:
            raise ValueError(f"highest_qber={self.highest_qber!r} must be from 0 to 0.25")
        if self.reconciliation not in ("auto", *METHODS):
            raise ValueError(
                f"reconciliation={self.reconciliation!r} is unknown; give one of auto, {', '.join(METHODS)}"
            )
        if self.replenish_bytes < 0 or self.replenish_bytes % 2:
            raise ValueError(
                f"replenish_bytes={self.replenish_bytes!r} must be an even number from 0, half a sender"
            )
        if not self.round_trip_s >= 0:
            raise ValueError(f"round_trip_s={self.round_trip_s!r} must be at least 0")

    @classmethod
    def expected(cls, protocol: RateProtocol, link: QkdLink, block: Block, **fields: Any) -> SessionPlan:
        """The plan that is expected to bring a block over a link, what was left open chosen at its best.

        Args:
            protocol: The protocol.
            link: One channel.
            block: How much is exchanged, and the failure probabilities.
            **fields: Further fields of the plan.
        """
        chosen = protocol.optimised(link, block)
        pulses = int(float(chosen.expected_counts(link, block).pulses))
        return cls(protocol=chosen, pulses=pulses, epsilon=block.epsilon, **fields)

    @property
    def name(self) -> str:
        """The protocol's name."""
        return self.protocol if isinstance(self.protocol, str) else self.protocol.name

    @property
    def _rate(self) -> RateProtocol | None:
        return None if isinstance(self.protocol, str) else self.protocol

    @property
    def bound(self) -> RateProtocol | None:
        """The protocol as its finite-key bound; None where there is no bound here."""
        rate = self._rate
        return rate if rate is not None and rate.proof is not None else None

    @cached_property
    def scheme(self) -> Scheme:
        """What the protocol asks of the two ends."""
        return scheme_of(self.name, self._rate)

    @property
    def qber_limit(self) -> float:
        """The error rate above which the session aborts."""
        return self.scheme.highest_qber if self.highest_qber is None else self.highest_qber

    @property
    def parameters(self) -> dict[str, Any]:
        """All parameters by name, the protocol's among them."""
        rate = self._rate
        return {
            "protocol": self.name,
            **({} if rate is None else rate.parameters),
            **{name: getattr(self, name) for name in ("pulses", "sample_share", "reconciliation")},
            "highest_qber": self.qber_limit,
            "round_trip_s": self.round_trip_s,
            "block_length": self.block_length,
            "replenish_bytes": self.replenish_bytes,
            "epsilon": asdict(self.epsilon),
        }

    @property
    def digest(self) -> bytes:
        """A fingerprint, by which the two ends see whether they were given the same plan."""
        told = json.dumps(self.parameters, sort_keys=True, default=repr)
        return hashlib.sha256(told.encode()).digest()


def _named(name: str) -> RateProtocol | str:
    from qnet.qkd.registry import RATES

    plain = name.strip().lower().replace("_", "-")
    return RATES[plain]() if plain in RATES else plain
