"""After a crash: both ends tell what they have on disk, and promote or delete what is pending."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from qnet.qkd.authentication import KeyPool
from qnet.qkd.sessions import messages as m
from qnet.qkd.sessions._pads import ReservedPool
from qnet.qkd.sessions.errors import OtherPlan
from qnet.qkd.sessions.frames import Connection, Door, connect
from qnet.qkd.sessions.network import Address, converse_over
from qnet.qkd.sessions.party import Send, Steps, receive
from qnet.qkd.sessions.storage import FileVault
from qnet.qkd.sessions.wires import PeerWire

__all__ = ["Settlement", "settle", "settle_alice", "settle_bob"]

_PLAN = b"settle"


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What became of the keys that were pending at one end.

    Args:
        promoted: Names of the sessions whose key is delivered now.
        deleted: Names of the sessions whose key was deleted.
    """

    promoted: tuple[str, ...]
    deleted: tuple[str, ...]


def settle(vault: FileVault, peer: str) -> Steps[Settlement]:
    """One end's part: a key is delivered if both ends have it, and deleted if one has it alone.

    Args:
        vault: This end's keys.
        peer: The other end, `"alice"` or `"bob"`.

    Raises:
        OtherPlan: If the other end does not settle.
        AuthenticationError: If a message is not the other end's.
    """
    states = vault.states()
    yield Send(peer, m.Hello(version=m.VERSION, party=vault.party, plan=_PLAN))
    yield Send(peer, m.States(states=states))
    hello = yield from receive(peer, m.Hello)
    if hello.plan != _PLAN or hello.party != peer:
        raise OtherPlan("the other end does not settle; run 'qnet qkd settle' at both ends")
    theirs: Mapping[str, str] = (yield from receive(peer, m.States)).states
    pending = sorted(name for name, state in states.items() if state == "pending")
    promoted = tuple(name for name in pending if name in theirs)
    deleted = tuple(name for name in pending if name not in theirs)
    for name in deleted:
        vault.drop(name)
    for name in promoted:
        vault.deliver(name)
    yield Send(peer, m.States(states={}))
    yield from receive(peer, m.States)
    return Settlement(promoted=promoted, deleted=deleted)


def settle_alice(
    vault: FileVault,
    *,
    listen: Address,
    pool: KeyPool,
    timeout_s: float = 60.0,
    on_listening: Callable[[int], None] | None = None,
) -> Settlement:
    """Settle as Alice, who waits for Bob.

    Args:
        vault: Her keys.
        listen: Where to wait.
        pool: Her pre-shared key.
        timeout_s: How long to wait for anybody.
        on_listening: Called with the port once Bob may come.
    """
    with ExitStack() as stack:
        stack.enter_context(vault.held())
        door = stack.enter_context(Door(listen.host, listen.port, timeout_s=timeout_s))
        if on_listening is not None:
            on_listening(door.port)
        wire = PeerWire("alice", ReservedPool(pool))
        bob = stack.enter_context(Connection(door.welcome("bob"), "bob", wire, timeout_s=timeout_s))
        found: Settlement = converse_over(settle(vault, "bob"), {"bob": bob})
        return found


def settle_bob(vault: FileVault, *, alice: Address, pool: KeyPool, timeout_s: float = 60.0) -> Settlement:
    """Settle as Bob.

    Args:
        vault: His keys.
        alice: Where Alice waits.
        pool: His pre-shared key.
        timeout_s: How long to wait for anybody.
    """
    with ExitStack() as stack:
        stack.enter_context(vault.held())
        stream = connect(alice.host, alice.port, "alice", timeout_s=timeout_s)
        wire = PeerWire("bob", ReservedPool(pool))
        there = stack.enter_context(Connection(stream, "alice", wire, timeout_s=timeout_s))
        found: Settlement = converse_over(settle(vault, "alice"), {"alice": there})
        return found
