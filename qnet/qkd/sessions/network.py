"""A session in three processes: each runs one party, over TCP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

from qnet.qkd.authentication import KeyPool
from qnet.qkd.errors import KeyDistributionError
from qnet.qkd.quantum import QuantumChannel
from qnet.qkd.sessions import messages as m
from qnet.qkd.sessions._pads import ReservedPool
from qnet.qkd.sessions.alice import Alice
from qnet.qkd.sessions.bob import Bob
from qnet.qkd.sessions.channel import Channel
from qnet.qkd.sessions.errors import ChannelClosed, MalformedMessage, NotSettled, OtherPlan
from qnet.qkd.sessions.frames import Connection, Door, connect
from qnet.qkd.sessions.ledger import SessionResult
from qnet.qkd.sessions.party import Party, Receive, Send, aborted
from qnet.qkd.sessions.plan import SessionPlan
from qnet.qkd.sessions.storage import FileVault
from qnet.qkd.sessions.transcript import Transcript
from qnet.qkd.sessions.wires import PeerWire, PlainWire, checked_version

__all__ = ["Address", "converse_over", "run_alice", "run_bob", "run_channel"]

Listening = Callable[[int], None]


@dataclass(frozen=True)
class Address:
    """A host and a port.

    Example:
        >>> Address.read("127.0.0.1:7001"), Address.read(":0"), Address.read("[::1]:7001").host
        (Address(host='127.0.0.1', port=7001), Address(host='127.0.0.1', port=0), '::1')
    """

    host: str
    port: int

    @classmethod
    def read(cls, text: str) -> Address:
        """From HOST:PORT; without a host it is this machine.

        Raises:
            ValueError: If the text does not read.
        """
        host, colon, port = text.rpartition(":")
        if not colon or not port.isdecimal() or int(port) > 65535:
            raise ValueError(f"{text!r} is no address; write HOST:PORT, such as 127.0.0.1:7001")
        return cls(host.strip("[]") or "127.0.0.1", int(port))


def run_channel(
    plan: SessionPlan,
    quantum: QuantumChannel,
    *,
    listen: Address,
    timeout_s: float = 60.0,
    on_listening: Listening | None = None,
) -> None:
    """Be the quantum channel of one session: wait for both ends, and serve them.

    Args:
        plan: The plan.
        quantum: The quantum layer, made for it.
        listen: Where.
        timeout_s: How long to wait for anybody.
        on_listening: Called with the port once both may come.

    Raises:
        SessionError: If an end goes away, or is not of this session.
    """
    with ExitStack() as stack:
        door = stack.enter_context(Door(listen.host, listen.port, timeout_s=timeout_s))
        if on_listening is not None:
            on_listening(door.port)
        ends: dict[str, Connection] = {}
        while len(ends) < 2:
            missing = " and ".join({"alice", "bob"} - set(ends))
            stream = door.welcome(missing)
            guest = stack.enter_context(Connection(stream, "an end", PlainWire(), timeout_s=timeout_s))
            party = _admitted(guest, plan, set(ends))
            ends[party] = guest
            guest.peer = party
        converse_over(Channel(plan, quantum).run(), ends)


def _admitted(guest: Connection, plan: SessionPlan, here: set[str]) -> str:
    hello = guest.receive()
    checked_version(hello)
    if not isinstance(hello, m.Hello) or hello.party not in {"alice", "bob"} - here:
        raise MalformedMessage("somebody connected who is neither end of this session; start a new one")
    if hello.plan != plan.digest:
        raise OtherPlan(f"{hello.party} was given another plan; give all three the same settings")
    guest.send(m.Hello(version=m.VERSION, party="channel", plan=plan.digest))
    return str(hello.party)


def run_alice(
    plan: SessionPlan,
    *,
    channel: Address,
    listen: Address,
    pool: KeyPool,
    vault: FileVault,
    seed: int | None = None,
    timeout_s: float = 60.0,
    on_listening: Listening | None = None,
    transcript: Transcript | None = None,
) -> SessionResult:
    """Be Alice in one session.

    Args:
        plan: The plan.
        channel: Where the quantum channel is.
        listen: Where to wait for Bob.
        pool: Her pre-shared key.
        vault: Where her key goes.
        seed: Seed of her randomness, for study; None for the operating system's.
        timeout_s: How long to wait for anybody.
        on_listening: Called with the port once Bob may come.
        transcript: Where the classical channel is put down.

    Returns:
        What she has. Her key file is delivered when this returns.

    Raises:
        KeyDistributionError: If the session is aborted; each reason has a class of its own.
        NotSettled: If it broke when keys were on disk, or an earlier one did whose key replenishes the pool:
            run `settle` at both ends.
    """
    with ExitStack() as stack:
        stack.enter_context(vault.held())
        vault.require_settled()
        alice = Alice(plan, seed=seed, vault=vault)
        wire = PeerWire("alice", ReservedPool(pool), transcript)
        door = stack.enter_context(Door(listen.host, listen.port, timeout_s=timeout_s))
        if on_listening is not None:
            on_listening(door.port)
        to_channel = _to_channel(stack, plan, "alice", channel, timeout_s)
        to_bob = Connection(door.welcome("bob"), "bob", wire, timeout_s=timeout_s)
        stack.enter_context(to_bob)
        return _run(alice, wire, {"channel": to_channel, "bob": to_bob})


def run_bob(
    plan: SessionPlan,
    *,
    channel: Address,
    alice: Address,
    pool: KeyPool,
    vault: FileVault,
    seed: int | None = None,
    timeout_s: float = 60.0,
    transcript: Transcript | None = None,
) -> SessionResult:
    """Be Bob in one session.

    Args:
        plan: The plan.
        channel: Where the quantum channel is.
        alice: Where Alice waits.
        pool: His pre-shared key.
        vault: Where his key goes.
        seed: Seed of his randomness, for study; None for the operating system's.
        timeout_s: How long to wait for anybody.
        transcript: Where the classical channel is put down.

    Returns:
        What he has. His key file is delivered when this returns.

    Raises:
        KeyDistributionError: If the session is aborted; each reason has a class of its own.
        NotSettled: If it broke when keys were on disk, or an earlier one did whose key replenishes the pool:
            run `settle` at both ends.
    """
    with ExitStack() as stack:
        stack.enter_context(vault.held())
        vault.require_settled()
        bob = Bob(plan, seed=seed, vault=vault)
        wire = PeerWire("bob", ReservedPool(pool), transcript)
        to_channel = _to_channel(stack, plan, "bob", channel, timeout_s)
        stream = connect(alice.host, alice.port, "alice", timeout_s=timeout_s)
        to_alice = stack.enter_context(Connection(stream, "alice", wire, timeout_s=timeout_s))
        return _run(bob, wire, {"channel": to_channel, "alice": to_alice})


def _to_channel(
    stack: ExitStack, plan: SessionPlan, party: str, where: Address, timeout_s: float
) -> Connection:
    stream = connect(where.host, where.port, "the quantum channel", timeout_s=timeout_s)
    made = stack.enter_context(Connection(stream, "channel", PlainWire(), timeout_s=timeout_s))
    made.send(m.Hello(version=m.VERSION, party=party, plan=plan.digest))
    hello = made.receive()
    checked_version(hello)
    if not isinstance(hello, m.Hello) or hello.party != "channel" or hello.plan != plan.digest:
        raise OtherPlan("what answers is no quantum channel of this plan; give all three the same settings")
    return made


def _run(party: Party, wire: PeerWire, connections: Mapping[str, Connection]) -> SessionResult:
    party.account = wire
    try:
        found: SessionResult = converse_over(party.run(), connections)
    except BaseException as error:
        party.abort()
        if isinstance(error, KeyDistributionError):
            _tell(error, connections[party.peer])
        if party.in_doubt and isinstance(error, KeyDistributionError):
            raise NotSettled(
                f"the session broke when its key was on disk already ({error}); "
                "run 'qnet qkd settle' at both ends"
            ) from error
        raise
    return found


def _tell(error: KeyDistributionError, peer: Connection) -> None:
    with suppress(KeyDistributionError):
        peer.send(m.Abort(error=type(error).__name__, told=str(error)[:500]))


def converse_over(steps: Any, connections: Mapping[str, Connection]) -> Any:
    """Carry a conversation over connections to its end, and return what it returns."""
    answer = None
    while True:
        try:
            wish = steps.send(answer)
        except StopIteration as done:
            return done.value
        answer = None
        if isinstance(wish, Send):
            _send(connections[wish.to], wish.message)
        elif isinstance(wish, Receive):
            answer = connections[wish.source].receive()


def _send(connection: Connection, message: Any) -> None:
    try:
        connection.send(message)
    except ChannelClosed:
        told = None
        with suppress(KeyDistributionError):
            told = connection.receive()  # The other end may have said why before it left.
        if isinstance(told, m.Abort):
            raise aborted(connection.peer, told) from None
        raise
