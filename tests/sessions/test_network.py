"""Sessions over TCP: the same as in one process, in bounded frames, and nothing of Alice's is at Bob's."""

import os
import socket
import struct
import subprocess
import sys
import threading
from contextlib import ExitStack

import numpy as np
import pytest
from support.key_sessions import channel_of, run_small, small_plan

from qnet.qkd.authentication import KeyPool
from qnet.qkd.sessions import (
    BadFrame,
    ChannelClosed,
    KeyLost,
    MalformedMessage,
    OtherPlan,
    OtherVersion,
    PeerSilent,
    Randomness,
    SessionError,
    Transcript,
    messages,
)
from qnet.qkd.sessions.frames import Connection, Door, connect
from qnet.qkd.sessions.keys import Key
from qnet.qkd.sessions.network import Address, run_alice, run_bob, run_channel
from qnet.qkd.sessions.storage import FileVault, read_key
from qnet.qkd.sessions.wires import FRAME_LIMIT, PlainWire

PLAN = small_plan()
HERE = Address("127.0.0.1", 0)


class Thread(threading.Thread):
    """A party in a thread, with what it returned or raised."""

    def __init__(self, work):
        super().__init__(daemon=True)
        self.work, self.value, self.error = work, None, None
        self.port, self.listens = 0, threading.Event()
        self.start()

    def run(self):
        try:
            self.value = self.work(self)
        except BaseException as error:
            self.error = error
        self.listens.set()

    def listening(self, port):
        self.port = port
        self.listens.set()

    @property
    def address(self):
        assert self.listens.wait(20)
        return Address("127.0.0.1", self.port)


@pytest.fixture
def pools(tmp_path):
    key = os.urandom(1 << 16)
    return {party: KeyPool.create(tmp_path / f"{party}.pool", key) for party in ("alice", "bob")}


def three_threads(pools, tmp_path, *, channel_plan=PLAN, seeds=(1, 2)):
    channel = Thread(
        lambda me: run_channel(
            channel_plan, channel_of(channel_plan), listen=HERE, timeout_s=10, on_listening=me.listening
        )
    )
    vaults = {party: FileVault(tmp_path / party, party, pool=pools[party]) for party in pools}
    put_down = Transcript()
    alice = Thread(
        lambda me: run_alice(
            PLAN,
            channel=channel.address,
            listen=HERE,
            pool=pools["alice"],
            vault=vaults["alice"],
            seed=seeds[0],
            timeout_s=10,
            on_listening=me.listening,
        )
    )
    bob = Thread(
        lambda me: run_bob(
            PLAN,
            channel=channel.address,
            alice=alice.address,
            pool=pools["bob"],
            vault=vaults["bob"],
            seed=seeds[1],
            timeout_s=10,
            transcript=put_down,
        )
    )
    for one in (channel, alice, bob):
        one.join(60)
    return channel, alice, bob, vaults, put_down


def test_three_parties_over_tcp_make_the_key_of_one_process(pools, tmp_path):
    in_memory = run_small(PLAN)
    channel, alice, bob, vaults, put_down = three_threads(pools, tmp_path)
    assert [one.error for one in (channel, alice, bob)] == [None, None, None]
    assert np.array_equal(alice.value.key.bits, in_memory.key.bits)
    assert np.array_equal(bob.value.key.bits, in_memory.key.bits)
    for theirs, ours in ((alice.value, in_memory.alice), (bob.value, in_memory.bob)):
        told, expected = theirs.ledger.as_dict(), ours.ledger.as_dict()
        del told["seconds"], expected["seconds"]
        assert told == expected
    for party, vault in vaults.items():
        assert vault.states() == {alice.value.session: "delivered"}
        path = vault.path_of(alice.value.session)
        assert read_key(path) == in_memory.key
        assert path.stat().st_mode & 0o777 == 0o600
        assert b'"simulated":true' in path.read_bytes()
        assert pools[party].used("alice") == pools["bob"].used("alice") > 0
    put_down.save(tmp_path / "transcript.jsonl")
    again = Transcript.load(tmp_path / "transcript.jsonl")
    assert again.frames == put_down.frames
    assert again.disclosed() == bob.value.ledger.disclosed


def test_a_channel_of_another_plan_serves_nobody(pools, tmp_path):
    channel, alice, bob, vaults, _ = three_threads(pools, tmp_path, channel_plan=small_plan(pulses=999))
    assert isinstance(channel.error, OtherPlan)
    assert isinstance(alice.error, ChannelClosed | PeerSilent)
    assert isinstance(bob.error, ChannelClosed | PeerSilent)
    assert not vaults["alice"].states()


class Proxy(threading.Thread):
    """Passes a connection on, and keeps all bytes that go to whoever connects."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.inbound, self._port = bytearray(), port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self.start()

    def run(self):
        near = self._door.accept()[0]
        far = socket.create_connection(("127.0.0.1", self._port))
        back = threading.Thread(target=self._pass, args=(near, far, None), daemon=True)
        back.start()
        self._pass(far, near, self.inbound)

    @staticmethod
    def _pass(source, target, kept):
        while data := source.recv(1 << 16):
            if kept is not None:
                kept += data
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def windows(bits):
    """All runs of 64 bits, as numbers."""
    view = np.lib.stride_tricks.sliding_window_view(bits.astype(np.uint8), 64)
    return np.packbits(view, axis=1).view(">u8").ravel()


def occurs(row, data):
    """How many of the 64-bit parts of a row of bits stand anywhere in bytes, in either bit order."""
    parts = windows(row)[::64]
    found = np.zeros(len(parts), bool)
    for order in ("big", "little"):
        bits = np.unpackbits(np.frombuffer(bytes(data), np.uint8), bitorder=order)
        for start in range(0, len(bits), 1 << 18):
            found |= np.isin(parts, windows(bits[start : start + (1 << 18) + 63]))
    return int(found.sum())


def cli(*words):
    return [sys.executable, "-m", "qnet", "qkd", *map(str, words)]


def port_of(process):
    line = process.stderr.readline()
    assert line.startswith("listening at 127.0.0.1:"), line
    return int(line.rsplit(":", 1)[1])


def test_bobs_process_has_neither_alices_seed_nor_an_undisclosed_bit(tmp_path):
    seed = 8_231_774_093_551_617
    (tmp_path / "shared").write_bytes(os.urandom(1 << 15))
    common = (
        "bb84",
        "--pulses",
        30_000,
        "--set",
        "test_probability=0.3",
        "--set",
        "reconciliation=few-rounds",
    )
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    for party in ("alice", "bob"):
        KeyPool.create(tmp_path / f"{party}.pool", (tmp_path / "shared").read_bytes())
    with ExitStack() as stack:

        def start(*words):
            made = subprocess.Popen(
                cli(*words),
                cwd=tmp_path,
                env=environment,
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            stack.callback(made.kill)
            return made

        channel = start("channel", *common, "--flip", 0.01, "--seed", 3)
        at_channel = port_of(channel)
        hers = ("--pool", "alice.pool", "--out", "alice", "--channel", f"127.0.0.1:{at_channel}")
        alice = start("alice", *common, *hers, "--seed", seed)
        proxies = [Proxy(at_channel), Proxy(port_of(alice))]
        arguments = (
            *("bob", *common, "--pool", "bob.pool", "--out", "bob", "--seed", 2, "--json"),
            *("--channel", f"127.0.0.1:{proxies[0].port}", "--alice", f"127.0.0.1:{proxies[1].port}"),
        )
        bob = start(*arguments)
        told, failed = bob.communicate(timeout=60)
        assert bob.returncode == 0, failed
        assert alice.wait(60) == channel.wait(60) == 0
    reference = run_small(PLAN, alice_seed=seed)
    alone = Randomness(seed, "alice")
    sent = PLAN.scheme.prepare(PLAN.scheme.alice, alone, PLAN.pulses).bits
    inbound = b"".join(bytes(proxy.inbound) for proxy in proxies)
    (keyfile,) = (tmp_path / "bob").glob("*.key")
    assert read_key(keyfile) == reference.key
    # Alice's test bits are disclosed, which shows that the search finds what is there.
    test = next(
        one.test.values() for _, one in reference.transcript.messages() if isinstance(one, messages.Sample)
    )
    assert occurs(test, inbound) > 10
    for secret in (sent, reference.alice.verified.bits, reference.key.bits):
        assert occurs(secret, inbound) == 0
    places = (*map(str, arguments), *environment, *environment.values())
    for written in (str(seed), f"{seed:x}"):
        assert not any(written in place for place in places)
        assert written.encode() not in inbound
    for order in ("little", "big"):
        assert seed.to_bytes(8, order)[:7] not in inbound
        assert seed.to_bytes(8, order)[1:] not in inbound
    assert reference.key.to_bytes().hex() not in told + failed


def pair(timeout=0.3):
    ours, theirs = socket.socketpair()
    return Connection(ours, "bob", PlainWire(), timeout_s=timeout), theirs


@pytest.mark.parametrize(
    ("sent", "closes", "error", "told"),
    [
        (
            struct.pack(">I", FRAME_LIMIT + 1),
            False,
            BadFrame,
            "announces a frame of 16777217 bytes; from 1 to",
        ),
        (struct.pack(">I", 0), False, BadFrame, "frame of 0 bytes"),
        (struct.pack(">I", 3) + b"\x00\xc1\xc1", False, MalformedMessage, "2 bytes hold no message"),
        (struct.pack(">I", 3) + b"\x05\xc1\xc1", False, BadFrame, "no mark"),
        (struct.pack(">I", 30) + b"short", True, ChannelClosed, "bob closed the connection"),
        (b"\x00\x00", True, ChannelClosed, "in the middle of a session"),
        (b"", True, ChannelClosed, "start a new one"),
        (struct.pack(">I", 30) + b"short", False, PeerSilent, "nothing came from bob within 0.3 s"),
        (b"", False, PeerSilent, "see whether it runs"),
    ],
)
def test_frames_that_are_none_end_the_session(sent, closes, error, told):
    ours, theirs = pair()
    theirs.sendall(sent)
    if closes:
        theirs.close()
    with ours, pytest.raises(error, match=told):
        ours.receive()
    theirs.close()


def test_a_greeting_of_another_version_is_told_apart():
    ours, theirs = pair()
    hello = messages.encode(messages.Hello(version=2, party="bob", plan=b""))
    theirs.sendall(struct.pack(">I", len(hello) + 1) + b"\x00" + hello)
    with ours, pytest.raises(OtherVersion, match="speaks version 2, this one version 1; install the same"):
        ours.receive()
    theirs.close()


def test_nobody_there_is_told_in_one_line():
    with pytest.raises(PeerSilent, match=r"alice does not answer at 127\.0\.0\.1:1 "):
        connect("127.0.0.1", 1, "alice", timeout_s=0.2)
    with Door("127.0.0.1", 0, timeout_s=0.1) as door:
        with pytest.raises(PeerSilent, match=r"bob did not connect within 0\.1 s"):
            door.welcome("bob")
        with pytest.raises(ChannelClosed, match=f"cannot listen at 127.0.0.1:{door.port}"):
            Door("127.0.0.1", door.port, timeout_s=0.1)


@pytest.mark.parametrize("text", ["", "7001", "host:", "host:port", "host:70000", ":-1"])
def test_addresses_that_do_not_read_are_refused(text):
    with pytest.raises(ValueError, match="is no address; write HOST:PORT"):
        Address.read(text)


def some_key(bits=20):
    return Key(
        bits=np.random.default_rng(1).integers(0, 2, bits, dtype=np.uint8), simulated=False, secret=True
    )


def test_a_vault_keeps_delivers_and_drops(tmp_path):
    vault, name = FileVault(tmp_path / "keys", "bob"), "0" * 32
    vault.put(name, some_key())
    assert vault.states() == {name: "pending"}
    assert not vault.path_of(name).exists()
    with pytest.raises(SessionError, match=r"has a key in .* already"):
        vault.put(name, some_key())
    vault.deliver(name)
    vault.deliver(name)
    assert vault.states() == {name: "delivered"}
    assert read_key(vault.path_of(name)) == some_key()
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    vault.path_of(name).unlink()
    assert vault.states() == {name: "delivered"}
    other = "1" * 32
    vault.put(other, some_key())
    vault.drop(other)
    vault.drop(other)
    assert vault.states() == {name: "delivered"}
    with pytest.raises(KeyLost, match="has no key in"):
        vault.deliver(other)
    with pytest.raises(ValueError, match="is no name of 32 hexadecimal digits"):
        vault.put("../../etc", some_key())


def test_a_vault_admits_one_session_at_a_time(tmp_path):
    first, second = FileVault(tmp_path, "bob").held(), FileVault(tmp_path, "bob").held()
    with first, pytest.raises(SessionError, match="in use by another session"):
        second.__enter__()
    with FileVault(tmp_path, "bob").held():
        assert (tmp_path / ".lock").exists()


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"not json", b'{"simulated":true,"session":"a","party":"b","bits":9,"key":"00"}']
)
def test_damaged_key_files_are_told_apart(data, tmp_path):
    (tmp_path / "a.key").write_bytes(data)
    with pytest.raises(KeyLost, match="is no key file, or a damaged one"):
        read_key(tmp_path / "a.key")


def test_what_a_crash_left_half_written_is_wiped(tmp_path):
    vault, left = FileVault(tmp_path, "bob"), tmp_path / f".{'0' * 32}.key.pending.new"
    left.write_text("half a key")
    with vault.held():
        assert not left.exists()
    assert vault.states() == {}


def test_a_folder_that_cannot_be_written_to_is_told_in_one_line(tmp_path, monkeypatch):
    vault = FileVault(tmp_path, "bob")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("qnet.qkd.sessions.storage.os.fsync", full)
    with pytest.raises(SessionError, match=r"No space left on device.*make room"):
        vault.put("0" * 32, some_key())
    assert not list(tmp_path.glob("*key*"))
    assert not list(tmp_path.glob(".*key*"))
