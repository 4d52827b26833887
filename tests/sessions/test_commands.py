"""`qnet qkd channel`, `alice`, `bob`, `settle` and `pool`: what they write, and what they refuse."""

import os
import threading

import pytest

from qnet.qkd.authentication import KeyPool
from qnet.qkd.sessions import FileVault, read_key
from qnet.qkd.sessions.keys import Key
from qnet.qkd.sessions.network import Address
from qnet.qkd.sessions.settling import settle_bob

PLAN = ("bb84", "--pulses", "1000", "--set", "test_probability=0.2")


@pytest.fixture
def pools(tmp_path):
    shared = os.urandom(1 << 14)
    (tmp_path / "shared.bin").write_bytes(shared)
    return {party: KeyPool.create(tmp_path / f"{party}.pool", shared) for party in ("alice", "bob")}


def test_a_pool_is_made_filled_and_looked_at(qnet, tmp_path):
    (tmp_path / "shared.bin").write_bytes(os.urandom(6400))
    made = qnet("qkd", "pool", "a.pool", "--key", "shared.bin", "--json").json
    assert made["figures"]["left_alice"]["value"] == made["figures"]["left_bob"]["value"] == 3200
    assert qnet("qkd", "pool", "a.pool", "--key", "shared.bin").code == 0
    KeyPool(tmp_path / "a.pool").take("bob", 64)
    shown = qnet("qkd", "pool", "a.pool")
    assert "alice: 6400 bytes left (200 messages), 0 used" in shown.out
    assert "bob: 6336 bytes left (198 messages), 64 used" in shown.out
    assert (tmp_path / "a.pool").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("pool", "missing.pool"), "there is no key pool at 'missing.pool'"),
        (("pool", "a.pool", "--key", "missing"), "--key 'missing' cannot be read"),
        (("channel", *PLAN), "--length KM or --flip P: neither was given"),
        (("channel", *PLAN, "--flip", "0.1", "--length", "3"), "both were given"),
        (("channel", *PLAN, "--flip", "2"), "flip=2.0 is no probability"),
        (("channel", *PLAN, "--flip", "0.1", "--eve", "intercept-resend"), "--eve sits on a fibre"),
        (("channel", *PLAN, "--flip", "0.1", "--listen", "here"), "'here' is no address"),
        (("channel", "bb84", "--pulses", "9", "--flip", "0.1"), "test_probability=None in bb84"),
        (("channel", "morse", "--pulses", "9", "--flip", "0.1"), "'morse' has no session; choose one of"),
        (("channel", *PLAN, "--set", "sample_share=2", "--flip", "0.1"), "sample_share=2.0 must be"),
        (("channel", *PLAN, "--set", "colour=2", "--flip", "0.1"), "colour"),
        (("settle", "eve", "--pool", "alice.pool", "--out", "x"), "party 'eve' is unknown; give alice"),
        (("settle", "bob", "--pool", "bob.pool", "--out", "x"), "bob connects to alice"),
        (("settle", "alice", "--pool", "a.pool", "--out", "x", "--alice", ":1"), "alice waits for bob"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(qnet, words, told, pools):
    said = qnet("qkd", *words, "--json")
    assert said.code == 2
    assert told in said.json["error"]["message"]
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("party", ["alice", "bob"])
def test_an_end_without_a_channel_fails_in_one_line(qnet, party, pools, tmp_path):
    more = ("--alice", ":2") if party == "bob" else ()
    common = ("--channel", ":1", "--pool", f"{party}.pool", "--out", "keys", "--timeout", "0.2")
    said = qnet("qkd", party, *PLAN, *common, *more, "--json")
    assert said.code == 1
    assert said.json["error"]["type"] == "PeerSilent"
    assert "the quantum channel does not answer at 127.0.0.1:1" in said.json["error"]["message"]
    assert not list((tmp_path / "keys").glob("*.key*"))


def test_a_channel_that_nobody_comes_to_fails_in_one_line(qnet):
    said = qnet("qkd", "channel", *PLAN, "--flip", "0.1", "--timeout", "0.1")
    assert said.code == 1
    assert "did not connect within 0.1 s" in said.err


def test_settling_promotes_what_both_have_and_deletes_the_rest(qnet, pools, tmp_path, monkeypatch):
    import numpy as np

    key = Key(bits=np.ones(40, np.uint8), simulated=True, secret=True)
    both, hers, his = "a" * 32, "b" * 32, "c" * 32
    vaults = {party: FileVault(tmp_path / party, party, pool=pools[party]) for party in pools}
    for party, names in (("alice", (both, hers)), ("bob", (both, his))):
        for name in names:
            vaults[party].put(name, key, b"12")
    vaults["alice"].deliver(both)
    found = {}

    def bob(port):
        address = Address("127.0.0.1", port)
        found["bob"] = settle_bob(vaults["bob"], alice=address, pool=pools["bob"], timeout_s=10)

    threads = []

    def listening(face, host):
        def tell(port):
            threads.append(threading.Thread(target=bob, args=(port,)))
            threads[-1].start()

        return tell

    monkeypatch.setattr("qnet.cli.commands.qkd.settle.tell_port", listening)
    said = qnet("qkd", "settle", "alice", "--pool", "alice.pool", "--out", "alice", "--json")
    threads[0].join(10)
    assert said.json["promoted"] == []
    assert said.json["deleted"] == [hers]
    assert found["bob"].promoted == (both,)
    assert found["bob"].deleted == (his,)
    assert vaults["alice"].states() == vaults["bob"].states() == {both: "delivered"}
    assert read_key(vaults["bob"].path_of(both)) == key
    # What was set aside went into both pools, once.
    assert [pools[party].remaining("alice") + pools[party].used("alice") for party in pools] == [8193, 8193]
    assert not list(tmp_path.rglob("*.pending"))


@pytest.mark.parametrize("command", ["channel", "alice", "bob", "settle", "pool"])
def test_help_has_examples(qnet, command):
    said = qnet("qkd", command, "--help")
    assert said.code == 0
    assert f"qnet qkd {command}" in said.out
