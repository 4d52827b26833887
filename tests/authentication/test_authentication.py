"""Tags against a published vector, forgeries of every kind, and a key of which no byte serves twice."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from qnet.qkd.authentication import (
    AuthenticationError,
    KeyPool,
    KeyPoolExhausted,
    Opener,
    Sealer,
    forgery_probability,
)
from qnet.qkd.authentication.authenticator import one_time_tag

KEY = random.Random(1).randbytes(1024)


def pools(folder: Path, key: bytes = KEY) -> tuple[KeyPool, KeyPool]:
    return KeyPool.create(folder / "alice.pool", key), KeyPool.create(folder / "bob.pool", key)


def test_the_tag_of_rfc_8439() -> None:
    key = bytes.fromhex("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b")
    tag = one_time_tag(key, b"Cryptographic Forum Research Group")
    assert tag.hex() == "a8061dc1305136c6c22b8baf0c0127a9"


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 1000])
def test_the_tag_is_a_polynomial_modulo_two_to_the_130_less_5(size: int) -> None:
    key, message = bytes(range(7, 39)), bytes(i * 37 % 256 for i in range(size))
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for start in range(0, size, 16):
        total = (total + int.from_bytes(message[start : start + 16] + b"\1", "little")) * r % (2**130 - 5)
    expected = (total + int.from_bytes(key[16:], "little")) % 2**128
    assert one_time_tag(key, message) == expected.to_bytes(16, "little")


def test_messages_pass_in_both_directions_and_the_key_is_counted(tmp_path: Path) -> None:
    alice, bob = pools(tmp_path)
    there = Sealer(pool=alice, lane="alice"), Opener(pool=bob, lane="alice")
    back = Sealer(pool=bob, lane="bob"), Opener(pool=alice, lane="bob")
    for number in range(3):
        for sealer, opener in (there, back):
            assert opener.open(sealer.seal(b"message %d" % number)) == b"message %d" % number
    for pool in (alice, bob):
        assert [pool.used(lane) for lane in ("alice", "bob")] == [96, 96]
        assert pool.remaining("alice") == len(KEY) // 2 - 96
    assert there[0].used_bytes == there[1].used_bytes == 96
    assert there[0].epsilon == there[1].epsilon == pytest.approx(3 * forgery_probability(9))


def test_every_changed_bit_is_seen(tmp_path: Path) -> None:
    alice, bob = pools(tmp_path)
    sealed = Sealer(pool=alice, lane="alice").seal(b"sifted")
    opener = Opener(pool=bob, lane="alice")
    for bit in range(8 * len(sealed)):
        forged = bytearray(sealed)
        forged[bit // 8] ^= 1 << bit % 8
        with pytest.raises(AuthenticationError, match=r"from alice"):
            opener.open(bytes(forged))
    assert bob.used("alice") == 0
    assert opener.open(sealed) == b"sifted"


@pytest.mark.parametrize("cut", [0, 5, 31, 33])
def test_a_cut_message_is_seen(tmp_path: Path, cut: int) -> None:
    alice, bob = pools(tmp_path)
    sealed = Sealer(pool=alice, lane="alice").seal(b"parities")
    with pytest.raises(AuthenticationError, match=r"cut short|changed on its way"):
        Opener(pool=bob, lane="alice").open(sealed[:cut])


def test_replayed_left_out_and_reordered_messages_are_seen(tmp_path: Path) -> None:
    alice, bob = pools(tmp_path)
    sealer, opener = Sealer(pool=alice, lane="alice"), Opener(pool=bob, lane="alice")
    sealed = [sealer.seal(b"%d" % i) for i in range(4)]
    assert opener.open(sealed[0]) == b"0"
    with pytest.raises(AuthenticationError, match="message 0 from alice was sent before"):
        opener.open(sealed[0])
    with pytest.raises(AuthenticationError, match="message 2 from alice came where message 1 was due"):
        opener.open(sealed[2])
    assert opener.open(sealed[1]) == b"1"


def test_a_message_of_an_earlier_session_does_not_pass_in_a_new_one(tmp_path: Path) -> None:
    alice, bob = pools(tmp_path)
    old = Sealer(pool=alice, lane="alice").seal(b"hello")
    Opener(pool=bob, lane="alice").open(old)
    with pytest.raises(AuthenticationError, match="was sent before"):
        Opener(pool=bob, lane="alice").open(old)


def test_a_broken_session_costs_its_keys_and_the_next_one_goes_on(tmp_path: Path) -> None:
    alice, bob = pools(tmp_path)
    broken = Sealer(pool=alice, lane="alice")
    for _ in range(3):
        broken.seal(b"never arrives")
    sealed = Sealer(pool=alice, lane="alice").seal(b"again")
    assert Opener(pool=bob, lane="alice").open(sealed) == b"again"
    assert bob.used("alice") == alice.used("alice") == 128


def test_the_wrong_lane_does_not_pass(tmp_path: Path) -> None:
    alice, bob = pools(tmp_path)
    with pytest.raises(AuthenticationError, match="changed on its way, or is made up"):
        Opener(pool=bob, lane="bob").open(Sealer(pool=alice, lane="alice").seal(b"reflected"))


def test_a_key_that_is_used_up_stops_and_goes_on_when_replenished(tmp_path: Path) -> None:
    alice, bob = pools(tmp_path, key=KEY[:80])
    sealer, opener = Sealer(pool=alice, lane="alice"), Opener(pool=bob, lane="alice")
    opener.open(sealer.seal(b"first"))
    with pytest.raises(KeyPoolExhausted, match="32 bytes are needed and 8 are left for alice; put in more"):
        sealer.seal(b"second")
    alice.replenish(KEY)
    bob.replenish(KEY)
    assert opener.open(sealer.seal(b"second")) == b"second"
    assert alice.used("alice") == bob.used("alice") == 64


def test_bytes_over_the_seam_of_two_keys_are_the_right_ones(tmp_path: Path) -> None:
    pool = KeyPool.create(tmp_path / "pool", bytes(range(20)))
    pool.replenish(bytes(range(100, 120)))
    assert pool.look("bob", 8, 4).key == bytes([18, 19, 110, 111])
    assert pool.take("bob", 12).key == bytes([*range(10, 20), 110, 111])
    assert pool.take("bob", 2).key == bytes([112, 113])


def test_used_bytes_are_wiped_from_the_file_and_it_is_the_owners_alone(tmp_path: Path) -> None:
    secret = os.urandom(64)
    pool = KeyPool.create(tmp_path / "pool", secret)
    assert stat.S_IMODE((tmp_path / "pool").stat().st_mode) == 0o600
    pool.take("alice", 32)
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert all(secret[i : i + 8] not in left for i in range(24))
    assert secret[32:64] in left
    assert "Pad(at=" in repr(pool.look("bob", 0, 4))
    assert "key" not in repr(pool.look("bob", 0, 4))


def test_a_process_that_is_killed_has_used_up_what_it_was_given(tmp_path: Path) -> None:
    KeyPool.create(tmp_path / "pool", KEY)
    script = textwrap.dedent(
        """
        import sys
        from qnet.qkd.authentication import KeyPool
        pool = KeyPool(sys.argv[1])
        while True:
            print(pool.take("alice", 4).at, flush=True)
        """
    )
    command = [sys.executable, "-c", script, str(tmp_path / "pool")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        seen = [int(process.stdout.readline()) for _ in range(5)]
        process.send_signal(signal.SIGKILL)
        seen += [int(line) for line in process.stdout if line.strip()]
    assert seen == sorted(set(seen))
    assert KeyPool(tmp_path / "pool").take("alice", 4).at >= seen[-1] + 4


def test_two_holders_of_one_pool_never_get_the_same_bytes(tmp_path: Path) -> None:
    first = KeyPool.create(tmp_path / "pool", KEY)
    second = KeyPool(tmp_path / "pool")
    starts = [holder.take("alice", 4).at for _ in range(5) for holder in (first, second)]
    assert starts == list(range(0, 40, 4))


def test_what_is_no_pool_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"there is no key pool at .*nowhere'; make one with KeyPool.create"):
        KeyPool(tmp_path / "nowhere")
    (tmp_path / "text").write_text("not a pool, but long enough to be taken for something " * 20)
    with pytest.raises(ValueError, match="text' is no key pool"):
        KeyPool(tmp_path / "text")
    newer = KeyPool.create(tmp_path / "newer", KEY)
    book = sqlite3.connect(newer.path)
    book.execute("PRAGMA user_version = 9")
    book.close()
    with pytest.raises(ValueError, match=r"no key pool of this version \(9, not 1\)"):
        KeyPool(newer.path)
    with pytest.raises(ValueError, match="exists; a key pool is never overwritten"):
        KeyPool.create(newer.path, KEY)
    with pytest.raises(ValueError, match="a key of 3 bytes cannot be halved"):
        KeyPool.create(tmp_path / "odd", b"abc")
    assert not (tmp_path / "odd").exists()
    pool = KeyPool.create(tmp_path / "pool", KEY)
    with pytest.raises(ValueError, match="lane='eve' is unknown; there are 'alice' and 'bob'"):
        pool.take("eve", 1)
    with pytest.raises(ValueError, match="count=-1 must not be negative"):
        pool.take("alice", -1)
    pool.take("alice", 8)
    with pytest.raises(ValueError, match="the first 8 bytes of lane 'alice' have been given out before"):
        pool.look("alice", 4, 2)
