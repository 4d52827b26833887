"""What Alice and Bob have in common: steps of a conversation, a clock, a draft of the ledger."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from math import ceil, log2
from time import perf_counter
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from qnet.qkd.amplification import seed_length, toeplitz_hash
from qnet.qkd.authentication import AuthenticationError
from qnet.qkd.quantum import Choices
from qnet.qkd.rates.shape import FiniteKey
from qnet.qkd.rates.shortest import require_key
from qnet.qkd.sessions import messages as m
from qnet.qkd.sessions.error_rate import ErrorRate
from qnet.qkd.sessions.errors import MalformedMessage, OtherPlan, PeerAborted, TooFewBits
from qnet.qkd.sessions.estimation import Tallies, check_rate, counts_of
from qnet.qkd.sessions.keys import Key
from qnet.qkd.sessions.ledger import Ledger, SessionResult
from qnet.qkd.sessions.plan import SessionPlan
from qnet.qkd.sessions.randomness import Randomness
from qnet.qkd.sessions.wires import checked_version

__all__ = ["Account", "Party", "Receive", "Send", "Steps", "Vault", "aborted", "receive"]

_STAGES = (
    "greeting",
    "quantum",
    "sifting",
    "estimation",
    "reconciliation",
    "verification",
    "amplification",
    "delivery",
)

T = TypeVar("T")
Steps = Generator["Send | Receive", Any, T]
"""A conversation: it yields what it sends and what it waits for, and is given what came."""


@dataclass(frozen=True)
class Send:
    """Send a message to `to`: `"alice"`, `"bob"` or `"channel"`."""

    to: str
    message: Any


@dataclass(frozen=True)
class Receive:
    """Wait for the next message of `source`."""

    source: str


class Account(Protocol):
    """What the messages cost so far."""

    @property
    def authentication_bits(self) -> int:
        """Bits of all tags."""

    @property
    def key_bytes(self) -> int:
        """Bytes of the pre-shared key that were used."""

    @property
    def epsilon(self) -> float:
        """How likely a forgery would have passed."""


class Vault(Protocol):
    """Where one end keeps its keys."""

    def put(self, session: str, key: Key, replenish: bytes = b"") -> None:
        """Write a key, pending, with what is to replenish the pre-shared key."""

    def deliver(self, session: str) -> None:
        """Make the pending key a delivered one."""

    def drop(self, session: str) -> None:
        """Delete the pending key."""


def receive(source: str, *kinds: type[Any]) -> Steps[Any]:
    """The next message of `source`, which must be of one of the kinds.

    Raises:
        PeerAborted: If the other end aborts instead.
        MalformedMessage: If it is of another kind.
        OtherVersion: If it is the first one and of another version.
    """
    message = yield Receive(source)
    if isinstance(message, m.Abort) and m.Abort not in kinds:
        raise aborted(source, message)
    checked_version(message)
    if not isinstance(message, kinds):
        due = " or ".join(kind.__name__ for kind in kinds)
        raise MalformedMessage(f"{source} sent {type(message).__name__} where {due} was due; end the session")
    return message


def aborted(peer: str, message: m.Abort) -> PeerAborted:
    """The error of an end whose peer aborts."""
    told = "".join(
        one if one.isprintable() else " " for one in f"{message.told[:500]} ({message.error[:80]})"
    )
    return PeerAborted(f"{peer} aborted the session: {told}")


class Party:
    """One end of a session. It holds its own randomness and its own bits, and nothing of the other's.

    Args:
        plan: What both ends agreed on.
        seed: Seed of its randomness, for study; None for the operating system's.
        vault: Where the key goes; None to keep it in memory alone.
    """

    role: ClassVar[str]
    peer: ClassVar[str]

    def __init__(self, plan: SessionPlan, *, seed: int | None = None, vault: Vault | None = None) -> None:
        self.plan = plan
        self.scheme = plan.scheme
        self.randomness = Randomness(seed, self.role)
        self.vault = vault
        self.account: Account | None = None
        self.session = ""
        self._simulated = self.randomness.seeded
        self._seconds: dict[str, float] = {}
        self._stage, self._since = "", perf_counter()
        self._raw = self._sifted = self._estimated = self._round_trips = self._parities = 0
        self._method, self._stopped = "", ""
        self._error_count_bits = self._hash_bits = 0
        self._bits = np.zeros(0, np.uint8)
        self._lights: NDArray[np.uint8] | None = None
        self._tallies = Tallies.none(self.scheme)
        self.compared: tuple[NDArray[np.int8], NDArray[np.uint8]] | None = None
        self._key_errors = np.zeros(1, np.int64)
        self._finite: FiniteKey | None = None
        self._secret: Key | None = None
        self._replenish = b""
        self.in_doubt = False

    def run(self) -> Steps[SessionResult]:
        """The conversation from the greeting to the key."""
        raise TypeError(f"{type(self).__name__} gives no run")

    def enter(self, stage: str) -> None:
        """Start the clock of a stage."""
        now = perf_counter()
        if self._stage:
            self._seconds[self._stage] = self._seconds.get(self._stage, 0.0) + now - self._since
        self._stage, self._since = stage, now

    def hello(self) -> m.Hello:
        """The first message."""
        return m.Hello(
            version=m.VERSION,
            party=self.role,
            plan=self.plan.digest,
            session=self.session,
            simulated=self.randomness.seeded,
        )

    def check_hello(self, hello: m.Hello) -> None:
        """Refuse a peer that is someone else or was given another plan.

        Raises:
            OtherPlan: If it is one.
        """
        if hello.party != self.peer:
            raise OtherPlan(
                f"the other end is {hello.party[:40]!r}, not {self.peer!r}; connect the right two"
            )
        if hello.plan != self.plan.digest:
            raise OtherPlan(
                "the other end was given another plan; give both ends the same protocol, pulses and settings"
            )
        self._simulated |= hello.simulated

    def choices(self, count: int) -> Choices:
        """What this end chooses for so many pulses."""
        alphabet = self.scheme.alice if self.role == "alice" else self.scheme.bob
        return self.scheme.prepare(alphabet, self.randomness, count)

    def over(self, message: m.PulsesOver) -> None:
        """The quantum channel is done.

        Raises:
            MalformedMessage: If it sent another number of pulses than planned.
        """
        if message.pulses != self.plan.pulses:
            raise MalformedMessage(
                f"the quantum channel sent {message.pulses} pulses, not {self.plan.pulses}; "
                "give it the same plan"
            )
        self._simulated |= message.simulated

    def hash_length(self) -> int:
        """Bits of the verification's hash: as many as bring a collision below ε_cor."""
        return ceil(log2(1 / self.plan.epsilon.correctness))

    def count_sifted(self, labels: NDArray[np.int8]) -> int:
        """How many pulses belong to the key or tell of its errors; a Bell test is neither."""
        return sum(int((labels == one).sum()) for one in (0, *self.scheme.error_classes()))

    def check_key_errors(self) -> None:
        """Refuse a key that had more errors than the plan allows, now that they are known.

        Raises:
            ErrorRateTooHigh: If it had.
        """
        errors = ErrorRate(errors=int(self._key_errors.sum()), bits=int(self._bits.size))
        check_rate(self.plan, 0, self._tallies.rate(0) + errors)

    def check_enough(self) -> None:
        """Refuse a key that is too short to be verified.

        Raises:
            TooFewBits: If it is.
        """
        if self._bits.size < self.hash_length():
            raise TooFewBits(
                f"{self._bits.size} sifted bits are left of {self.plan.pulses} pulses, too few to verify by "
                f"a hash of {self.hash_length()} bits; send more pulses"
            )

    def settle_length(self) -> int:
        """How many bits are secret.

        Raises:
            FiniteKeyError: If none is.
            AuthenticationError: If the messages may be forged with a higher probability than planned.
        """
        planned = self.plan.epsilon.authentication
        if self.account is not None and 0 < planned < self.account.epsilon:
            raise AuthenticationError(
                f"the messages may be forged with probability {self.account.epsilon:.2g}, more than the "
                f"{planned:.2g} planned; plan a larger part of epsilon for authentication"
            )
        assert self.plan.bound is not None
        counts = counts_of(self.plan, self._tallies, self._key_bits(), self._key_errors)
        self._finite = require_key(
            self.plan.bound,
            counts,
            epsilon=self.plan.epsilon,
            leakage_bits=self._parities + self._error_count_bits,
        )
        return int(min(float(self._finite.length), self._bits.size))

    def amplify(self, length: int, seed: NDArray[np.uint8]) -> None:
        """Make the secret key, set aside what is for authentication, and write it down, pending.

        Raises:
            TooFewBits: If nothing is left after that.
        """
        bits = toeplitz_hash(self._bits, seed, length)
        aside = 8 * self.plan.replenish_bytes
        if length <= aside:
            raise TooFewBits(
                f"a key of {length} bits leaves nothing after {aside} for authentication; "
                "send more pulses, or replenish less"
            )
        self._replenish = np.packbits(bits[:aside]).tobytes()
        self._secret = Key(bits=bits[aside:], simulated=self._simulated, secret=True)
        self.enter("delivery")
        if self.vault is not None:
            self.vault.put(self.session, self._secret, self._replenish)

    def seed_bits(self, length: int) -> int:
        """Bits of a seed for a hash of the key."""
        return seed_length(self._bits.size, length)

    def _key_bits(self) -> NDArray[np.int64]:
        """Bits of the key by intensity."""
        lights = max(len(self.scheme.alice.intensities), 1)
        rows = np.zeros(self._bits.size, np.uint8) if self._lights is None else self._lights
        return np.bincount(rows, minlength=lights)

    def error_count_bits(self) -> int:
        """Bits in which the number of errors in the key is told, for each intensity."""
        return int(self._bits.size).bit_length() * max(len(self.scheme.alice.intensities), 1)

    def no_bound(self) -> str:
        """Why the session stops at the verified key."""
        return (
            f"{self.plan.name} has no finite-key bound here: the verified key of {self._bits.size} bits is "
            "not made secret; take bb84, six-state, bb84-decoy, bb84-one-decoy or bbm92 for a key"
        )

    def abort(self) -> None:
        """No bit of a key is left behind; one that the other end may hold already stays on disk, pending."""
        self._bits = np.zeros(0, np.uint8)
        self._secret, self._replenish, self.compared = None, b"", None
        if self.vault is not None and self.session and not self.in_doubt:
            self.vault.drop(self.session)

    def result(self) -> SessionResult:
        """What this end has now that the session is over."""
        self.enter("")
        verified = Key(bits=self._bits, simulated=self._simulated, secret=False)
        return SessionResult(
            party=self.role,
            session=self.session,
            ledger=self.ledger(),
            key=self._secret,
            replenish=self._replenish,
            verified=verified,
        )

    def ledger(self, stopped: str = "") -> Ledger:
        """The account so far.

        Args:
            stopped: Why the session was aborted.
        """
        size = int(self._bits.size)
        reached = _STAGES.index(self._stage) if self._stage in _STAGES else len(_STAGES)
        rates = {name: self._tallies.rate(label) for label, name in enumerate(self.scheme.classes)}
        shares = {name: rate.value for name, rate in rates.items()}
        used = [0, *self.scheme.error_classes()]
        rates = {self.scheme.classes[label]: rates[self.scheme.classes[label]] for label in used}
        errors = int(self._key_errors.sum())
        first = self.scheme.classes[0]
        rates[first] = rates[first] + ErrorRate(errors=errors, bits=size)
        disclosed = {
            "test": int(self._tallies.bits[1:].sum()),
            "sample": int(self._tallies.bits[0].sum()),
            "parities": self._parities,
            "error_counts": self._error_count_bits,
            "verification": self._hash_bits,
            "authentication": 0 if self.account is None else self.account.authentication_bits,
        }
        return Ledger(
            protocol=self.plan.name,
            parameters=self.plan.parameters,
            pulses=self.plan.pulses,
            raw=self._raw,
            sifted=self._sifted,
            estimated=self._estimated,
            reconciled=size * (reached > _STAGES.index("reconciliation")),
            verified=size * (reached > _STAGES.index("verification")),
            final=None if self._secret is None else len(self._secret) + 8 * len(self._replenish),
            replenished_bytes=len(self._replenish),
            error_rates=rates,
            figures=self.scheme.figures(shares),
            disclosed=disclosed,
            epsilon=self.plan.epsilon,
            authentication_epsilon=0.0 if self.account is None else self.account.epsilon,
            authentication_bytes=0 if self.account is None else self.account.key_bytes,
            method=self._method,
            round_trips=self._round_trips,
            messages=disclosed["authentication"] // 128,
            bound=self._finite,
            stopped=stopped or self._stopped,
            seconds={name: spent for name, spent in self._seconds.items() if name},
            simulated=self._simulated,
            _key_errors=errors,
        )
