"""A session in one process: the three parties take turns, and their messages are as those over a network."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from qnet.qkd.authentication.pool import Pads
from qnet.qkd.errors import KeyDistributionError
from qnet.qkd.quantum import QuantumChannel
from qnet.qkd.sessions._aborted import aborted_ledger
from qnet.qkd.sessions._pads import MemoryPool
from qnet.qkd.sessions.alice import Alice
from qnet.qkd.sessions.bob import Bob
from qnet.qkd.sessions.channel import Channel
from qnet.qkd.sessions.errors import PeerSilent
from qnet.qkd.sessions.keys import Key
from qnet.qkd.sessions.ledger import Ledger, SessionResult
from qnet.qkd.sessions.party import Party, Receive, Send, Vault
from qnet.qkd.sessions.plan import SessionPlan
from qnet.qkd.sessions.transcript import Transcript
from qnet.qkd.sessions.wires import PeerWire, PlainWire, Wire

__all__ = ["Meddler", "SessionOutcome", "run_session"]

_AUTHENTICATION_BYTES = 1 << 21


class Meddler(Protocol):
    """Whoever sits on the classical channel, and sees every frame before it arrives."""

    def pass_on(self, sender: str, frame: bytes) -> Iterable[bytes]:
        """The frames that arrive in place of one that was sent."""


@dataclass(frozen=True, kw_only=True, eq=False)
class SessionOutcome:
    """What both ends have, and what passed between them.

    Args:
        alice: Alice's result.
        bob: Bob's result.
        transcript: The classical channel.
    """

    alice: SessionResult
    bob: SessionResult
    transcript: Transcript

    @property
    def ledger(self) -> Ledger:
        """Bob's account; Alice's is the same but for the clock."""
        return self.bob.ledger

    @property
    def key(self) -> Key | None:
        """The secret key; None where the protocol has no finite-key bound here."""
        return self.bob.key


class _Turn:
    """One party, and what has arrived for it."""

    def __init__(self, name: str, steps: Any, wires: dict[str, Wire]) -> None:
        self.name, self.steps, self.wires = name, steps, wires
        self.arrived: dict[str, deque[bytes]] = {other: deque() for other in wires}
        self.waits: str | None = None
        self.over = False
        self.value: Any = None
        self._started = False

    def go(self, post: Any) -> bool:
        """Go on until something is missing; whether there was anything to do."""
        answer, moved = None, False
        if self.waits is not None:
            answer = self._next(self.waits)
            if answer is None:
                return False
        elif self._started:
            return False
        self._started = True
        while True:
            try:
                wish = self.steps.send(answer)
            except StopIteration as done:
                self.over, self.value, self.waits = True, done.value, None
                return True
            moved, answer = True, None
            if isinstance(wish, Send):
                for frame in self.wires[wish.to].pack(wish.message):
                    post(self.name, wish.to, frame)
            elif isinstance(wish, Receive):
                self.waits = wish.source
                answer = self._next(wish.source)
                if answer is None:
                    return moved

    def _next(self, source: str) -> Any | None:
        frames = self.arrived[source]
        while frames:
            message = self.wires[source].unpack(frames.popleft())
            if message is not None:
                return message
        return None


def run_session(
    plan: SessionPlan,
    quantum: QuantumChannel,
    *,
    alice_seed: int | None = None,
    bob_seed: int | None = None,
    pools: tuple[Pads, Pads] | None = None,
    vaults: tuple[Vault | None, Vault | None] = (None, None),
    meddler: Meddler | None = None,
) -> SessionOutcome:
    """Run a whole session in this process.

    Args:
        plan: The plan.
        quantum: The quantum layer, made for the plan's alphabets and pulses.
        alice_seed: Seed of Alice's randomness, for study; None for the operating system's.
        bob_seed: Seed of Bob's.
        pools: Pre-shared keys of Alice and of Bob; None for one that lives in memory.
        vaults: Where Alice's key and Bob's go; None to keep them in memory alone.
        meddler: Somebody on the classical channel.

    Returns:
        Both ends' results and the transcript.

    Raises:
        SessionError: If the session is aborted; each reason has a class of its own. The account so far is its
            `ledger`, without a bit of a key.
        AuthenticationError: If a message is not what was sent.
        KeyPoolExhausted: If the pre-shared key is used up.
        FiniteKeyError: If no bit is secret.

    Example:
        >>> from qnet.qkd.rates import BB84
        >>> from qnet.qkd.sessions.reference import FlipChannel
        >>> plan = SessionPlan(protocol=BB84(test_probability=0.2), pulses=60_000)
        >>> ends = plan.scheme.alice, plan.scheme.bob
        >>> channel = FlipChannel(*ends, pulses=plan.pulses, flip=0.01, seed=3)
        >>> outcome = run_session(plan, channel, alice_seed=1, bob_seed=2)
        >>> outcome.alice.key == outcome.bob.key, len(outcome.key) == outcome.ledger.final > 8000
        (True, True)
    """
    if pools is None:
        shared = os.urandom(_AUTHENTICATION_BYTES)
        pools = MemoryPool(shared), MemoryPool(shared)
    ends: tuple[Party, Party] = (
        Alice(plan, seed=alice_seed, vault=vaults[0]),
        Bob(plan, seed=bob_seed, vault=vaults[1]),
    )
    wires = tuple(PeerWire(end.role, pool) for end, pool in zip(ends, pools, strict=True))
    turns = {
        "channel": _Turn("channel", Channel(plan, quantum).run(), {"alice": PlainWire(), "bob": PlainWire()})
    }
    for end, wire in zip(ends, wires, strict=True):
        end.account = wire
        turns[end.role] = _Turn(end.role, end.run(), {end.peer: wire, "channel": PlainWire()})

    def post(sender: str, to: str, frame: bytes) -> None:
        between = meddler is not None and "channel" not in (sender, to)
        for one in meddler.pass_on(sender, frame) if between and meddler is not None else (frame,):
            turns[to].arrived[sender].append(one)

    try:
        _take_turns(turns, post)
    except BaseException as error:
        if isinstance(error, KeyDistributionError):
            error.ledger = aborted_ledger(*ends, stopped=str(error))
        for end in ends:
            end.abort()
        raise
    return SessionOutcome(alice=turns["alice"].value, bob=turns["bob"].value, transcript=wires[1].transcript)


def _take_turns(turns: dict[str, _Turn], post: Any) -> None:
    while not all(turn.over for turn in turns.values()):
        if not any(turn.go(post) for turn in turns.values() if not turn.over):
            stuck = next(turn for turn in turns.values() if not turn.over)
            raise PeerSilent(
                f"{stuck.name} waits for {stuck.waits}, and nothing comes: a message was lost; "
                "start a new session"
            )
