"""Each process of a session killed at its steps: no key at one end alone, no key of a tag used twice."""

from collections import defaultdict

import pytest
from support.key_sessions import run_small
from support.session_processes import PLAN, Site

from qnet.qkd.sessions import NotSettled, PeerSilent
from qnet.qkd.sessions.network import Address, run_alice, run_bob
from qnet.qkd.sessions.storage import read_key

# How many steps of each end are the delivery of the key, and a few more before them.
DELIVERY = {"alice": 22, "bob": 22}


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """Everything is compiled before processes are forked."""
    assert run_small(PLAN).key is not None


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A session that nobody disturbs: how many steps each process takes."""
    site = Site(tmp_path_factory.mktemp("whole"))
    said = site.run()
    assert {party: value for party, (_, value) in said.items() if party != "channel"} == {
        "alice": len(run_small(PLAN).key),
        "bob": len(run_small(PLAN).key),
    }
    check(site)
    assert set(site.vault("alice").states().values()) == {"delivered"}
    return {party: steps for party, (steps, _) in said.items()}


def check(site):
    """Both ends have the same keys, nothing is pending, and no pad made two tags."""
    states = {party: site.vault(party).states() for party in ("alice", "bob")}
    assert states["alice"] == states["bob"]
    assert "pending" not in states["alice"].values()
    for session in states["alice"]:
        keys = [read_key(site.vault(party).path_of(session)) for party in states]
        assert keys[0] == keys[1]
        assert keys[0].simulated
    frames = defaultdict(set)
    for lane, at, frame in site.pads():
        frames[lane, at].add(frame)
    assert all(len(made) == 1 for made in frames.values())
    left = {party: [site.pool(party).remaining(lane) for lane in ("alice", "bob")] for party in states}
    made = {
        party: [site.pool(party).used(lane) + site.pool(party).remaining(lane) for lane in ("alice", "bob")]
        for party in states
    }
    assert made["alice"] == made["bob"]
    assert min(left["alice"]) > 0


@pytest.mark.parametrize("party", ["alice", "bob"])
def test_a_process_killed_while_the_key_is_delivered(party, whole, tmp_path):
    delivered = {}
    site = Site(tmp_path)
    for step in range(whole[party] - DELIVERY[party], whole[party] + 1):
        before = set(site.vault("alice").states())
        said = site.run(kill=(party, step))
        assert party not in said, "it was not killed"
        site.settle()
        check(site)
        delivered[step] = set(site.vault("alice").states()) != before
    # A key that was dropped when killed early, and kept when killed late.
    assert not delivered[min(delivered)]
    assert delivered[max(delivered)]
    assert sorted(delivered.values()) == list(delivered.values())


@pytest.mark.parametrize("party", ["alice", "bob", "channel"])
def test_a_process_killed_before_that_leaves_no_key(party, whole, tmp_path):
    site = Site(tmp_path)
    last = whole[party] - DELIVERY.get(party, 0)
    for step in range(5, last, max(1, last // 6)):
        said = site.run(kill=(party, step))
        assert party not in said
        for other, (_, value) in said.items():
            if other != "channel":
                assert value in ("ChannelClosed", "PeerSilent", "PeerAborted")
        site.settle()
        check(site)
        assert not site.vault("alice").states()
    assert site.run()["alice"][1] == whole_length()
    check(site)


def whole_length():
    return len(run_small(PLAN).key)


def pending(site, party, whole):
    """A session in which one end died when both had the key on disk, and neither more than that."""
    for step in range(whole[party] - DELIVERY[party], whole[party]):
        site.run(kill=(party, step))
        states = [set(site.vault(one).states().items()) for one in ("alice", "bob")]
        if states[0] and states[1] and ("pending" in dict((*states[0], *states[1])).values()):
            return
        site.settle()
    raise AssertionError("nothing was ever pending at both ends")


def begin(site, party):
    """A session that would wait for others, if it began."""
    common = {"pool": site.pool(party), "vault": site.vault(party), "timeout_s": 0.1}
    nobody = Address("127.0.0.1", 1)
    if party == "alice":
        run_alice(PLAN, channel=nobody, listen=Address("127.0.0.1", 0), **common)
    else:
        run_bob(PLAN, channel=nobody, alice=nobody, **common)


def test_no_session_begins_while_a_pending_key_is_to_replenish_the_pool(whole, tmp_path):
    site = Site(tmp_path)
    pending(site, "alice", whole)
    at_risk = [one for one in ("alice", "bob") if "pending" in site.vault(one).states().values()]
    assert at_risk
    for party in at_risk:
        with pytest.raises(NotSettled, match="run 'qnet qkd settle' at both ends first"):
            begin(site, party)
    site.settle()
    for party in ("alice", "bob"):
        with pytest.raises(PeerSilent, match="does not answer"):
            begin(site, party)
    assert site.run()["bob"][1] == whole_length()
    check(site)


@pytest.mark.parametrize("party", ["alice", "bob"])
def test_an_end_killed_while_it_settles_settles_the_next_time(party, whole, tmp_path):
    site = Site(tmp_path)
    pending(site, "alice", whole)
    before = dict(site.vault("bob").states())
    step = 1
    while party not in site.settle(kill=(party, step)):
        step += 1
    assert step > 8
    check(site)
    assert site.vault("bob").states().keys() >= {
        name for name, state in before.items() if state == "delivered"
    }
    assert len(site.vault("alice").states()) >= 1
