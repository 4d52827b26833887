"""Pre-shared keys of sessions: reserved from disk a handful at a time, in step at both ends, never twice."""

import os

import pytest

from qnet.qkd.authentication import KeyPool, KeyPoolExhausted, Opener, Sealer
from qnet.qkd.sessions._pads import MemoryPool, ReservedPool


@pytest.fixture
def pools(tmp_path):
    key = os.urandom(2 * 32 * 40)
    return [KeyPool.create(tmp_path / f"{party}.pool", key) for party in ("alice", "bob")]


def ends(pools):
    sender, receiver = (ReservedPool(pool) for pool in pools)
    return sender, receiver, Sealer(pool=sender, lane="alice"), Opener(pool=receiver, lane="alice")


@pytest.mark.parametrize("count", [1, 15, 16, 17, 33])
def test_both_ends_reserve_the_same_before_they_use_it(pools, count):
    _, _, sealer, opener = ends(pools)
    for number in range(count):
        sealed = sealer.seal(b"%d" % number)
        on_disk = pools[0].used("alice")
        assert on_disk > 32 * number
        assert opener.open(sealed) == b"%d" % number
        assert pools[1].used("alice") == on_disk
    assert pools[0].used("alice") == 32 * min(40, -(-count // 16) * 16)
    assert pools[0].used("bob") == pools[1].used("bob") == 0


def test_a_session_after_one_that_broke_uses_other_keys(pools):
    _, _, sealer, opener = ends(pools)
    lost = [sealer.seal(b"lost") for _ in range(3)]
    assert opener.open(lost[0]) == b"lost"
    _, _, again, opened = ends(pools)
    sealed = again.seal(b"new")
    places = [int.from_bytes(frame[8:16], "big") for frame in (*lost, sealed)]
    assert len(set(places)) == 4
    assert places[-1] == 32 * 16
    assert opened.open(sealed) == b"new"


def test_the_receiver_follows_a_sender_who_reserved_twice(pools):
    for _ in range(2):
        ends(pools)[2].seal(b"never came")
    _, receiver, _, opener = ends(pools)
    sealer = Sealer(pool=ReservedPool(pools[0]), lane="alice")
    assert opener.open(sealer.seal(b"came")) == b"came"
    assert receiver.used("alice") == 32 * 33
    assert pools[1].used("alice") == 32 * 40


@pytest.mark.parametrize("kind", ["disk", "memory"])
def test_a_pool_runs_out_with_its_last_key(pools, kind):
    pool = ReservedPool(pools[0]) if kind == "disk" else MemoryPool(os.urandom(2 * 32 * 40))
    taken = [pool.take("bob", 32) for _ in range(40)]
    assert len({pad.key for pad in taken}) == 40
    assert [pad.at for pad in taken] == [32 * k for k in range(40)]
    assert pool.remaining("bob") == 0
    with pytest.raises(KeyPoolExhausted, match="32 bytes are needed and 0 are left"):
        pool.take("bob", 32)
    assert pool.remaining("alice") == 32 * 40
