"""What may go wrong on the classical channel, and why a session ends: each a named error, and no key."""

import os
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from support.key_sessions import OnTheWay, channel_of, memory_pools, run_small, small_plan

from qnet.qkd.authentication import AuthenticationError, KeyPoolExhausted
from qnet.qkd.epsilon import EpsilonBudget
from qnet.qkd.errors import FiniteKeyError, KeyDistributionError
from qnet.qkd.rates import BB84
from qnet.qkd.sessions import (
    Alice,
    Bob,
    ErrorRateTooHigh,
    Key,
    MalformedMessage,
    OtherPlan,
    OtherVersion,
    PeerAborted,
    PeerSilent,
    TooFewBits,
    UnequalLengths,
    VerificationFailed,
    choice,
    messages,
    run_session,
)
from qnet.qkd.sessions.errors import BadFrame
from qnet.qkd.sessions.messages import Row, decode, encode
from qnet.qkd.sessions.party import Send
from qnet.qkd.sessions.wires import FRAME_LIMIT, PeerWire, PlainWire

FRAMES = len(run_small().transcript.frames)


def changed(frames):
    frame = bytearray(frames[-1])
    frame[len(frame) // 2] ^= 4
    return [bytes(frame)]


def tag_changed(frames):
    return [frames[-1][:-1] + bytes([frames[-1][-1] ^ 1])]


def truncated(frames):
    return [frames[-1][:-7]]


def left_out(frames):
    return []


def sent_twice(frames):
    return [frames[-1], frames[-1]]


def replayed(frames):
    return [frames[0]] if len(frames) > 1 else [frames[-1][::-1]]


def made_up(frames):
    return [os.urandom(len(frames[-1]))]


ACTS = (changed, tag_changed, truncated, left_out, sent_twice, replayed, made_up)


class Parties:
    """Remembers the parties that a session makes, to look at what they hold after an abort."""

    def __init__(self, monkeypatch):
        self.made = []
        original = Alice.__init__, Bob.__init__
        for kind, first in zip((Alice, Bob), original, strict=True):

            def note(party, *args, first=first, **fields):
                first(party, *args, **fields)
                self.made.append(party)

            monkeypatch.setattr(kind, "__init__", note)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_whatever_is_done_to_any_message_aborts_without_a_key(act, monkeypatch):
    parties = Parties(monkeypatch)
    for place in [*range(14), *range(14, FRAMES - 6, 9), *range(FRAMES - 6, FRAMES)]:
        if act is sent_twice and place >= FRAMES - 2:
            continue  # Nobody reads anything after the last message of either end.
        somebody = OnTheWay(place, act)
        with pytest.raises((AuthenticationError, PeerSilent), match=r"message|nothing comes"):
            run_small(meddler=somebody)
        assert len(somebody.seen) > place
        for party in parties.made:
            assert party._secret is None
            assert party._bits.size == 0
        parties.made.clear()


def test_messages_that_change_places_are_found_out():
    held = []

    class Swap:
        def pass_on(self, sender, frame):
            # Alice's Sifting and Sample go out one after the other.
            held.append(sender)
            if held.count("alice") == 2 and sender == "alice":
                self.kept = frame
                return ()
            if held.count("alice") == 3 and sender == "alice":
                return (frame, self.kept)
            return (frame,)

    with pytest.raises(AuthenticationError, match="came where message 1 was due"):
        run_small(meddler=Swap())


def test_somebody_without_the_key_cannot_be_alice_or_bob():
    ours, theirs = memory_pools()[0], memory_pools()[0]
    with pytest.raises(AuthenticationError, match="changed on its way, or is made up"):
        run_small(pools=(theirs, ours))


def test_messages_of_an_earlier_session_do_not_pass_for_this_ones():
    pools = memory_pools()
    earlier = run_small(pools=pools).transcript.frames

    class Replay:
        def pass_on(self, sender, frame):
            return [next(old for who, old in earlier if who == sender)]

    with pytest.raises(AuthenticationError, match="was sent before"):
        run_small(pools=pools, meddler=Replay())


def test_the_authentication_key_may_run_out():
    with pytest.raises(KeyPoolExhausted, match="used up: 32 bytes are needed and 0 are left"):
        run_small(pools=memory_pools(2 * 32 * 10))


def test_a_high_error_rate_aborts():
    with pytest.raises(ErrorRateTooHigh, match=r"in z is 2[45].* above 11.00%.*discard the block"):
        run_small(small_plan(sample_share=0.2), flip=0.25)


def test_the_plans_limit_counts_once_the_key_is_reconciled_too():
    with pytest.raises(ErrorRateTooHigh, match=r"above 2\.00%"):
        run_small(
            small_plan(highest_qber=0.02, sample_share=0.002, protocol=BB84(test_probability=0.02)), flip=0.03
        )


@pytest.mark.parametrize("pulses", [4, 40, 80])
def test_too_few_bits_abort(pulses):
    with pytest.raises(TooFewBits, match="send more pulses"):
        run_small(small_plan(pulses=pulses, sample_share=0.3))


def test_no_click_at_all_aborts():
    plan = small_plan()
    with pytest.raises(TooFewBits, match="no bit of 30000 pulses"):
        run_session(plan, channel_of(plan, transmittance=0.0), alice_seed=1, bob_seed=2)


def test_a_block_that_is_too_short_for_the_bound_names_the_shortest():
    with pytest.raises(FiniteKeyError, match="the shortest block that does has"):
        run_small(small_plan(pulses=3000), flip=0.03)


def test_a_short_block_that_is_reconciled_badly_names_a_longer_one_that_would_do():
    told = r"give no key with \d+ bits told to reconcile them; the shortest block that does has"
    with pytest.raises(FiniteKeyError, match=told):
        run_small(small_plan(pulses=900, reconciliation="ldpc"))


def test_keys_that_still_differ_are_discarded(monkeypatch):
    class Lazy(choice.CascadeBob):
        @property
        def result(self):
            found = super().result
            found.key[17] ^= 1
            return found

    monkeypatch.setattr(choice, "CascadeBob", Lazy)
    with pytest.raises(VerificationFailed, match="still differ after few-rounds; the block is discarded"):
        run_small()


def test_messages_forged_more_likely_than_planned_abort():
    plan = small_plan(epsilon=EpsilonBudget(authentication=1e-30))
    with pytest.raises(AuthenticationError, match="more than the 1e-30 planned"):
        run_small(plan)


class Twisted(Bob):
    """A Bob who twists one kind of message."""

    kind: type = type(None)

    def run(self):
        steps = super().run()
        answer = None
        while True:
            try:
                wish = steps.send(answer)
            except StopIteration as done:
                return done.value
            if isinstance(wish, Send) and isinstance(wish.message, self.kind):
                wish = Send(wish.to, self.twist(wish.message))
            answer = yield wish


TWISTS = {
    "another plan": (
        messages.Hello,
        lambda told: replace_message(told, plan=b"x"),
        OtherPlan,
        "another plan",
    ),
    "another version": (
        messages.Hello,
        lambda told: replace_message(told, version=7),
        OtherVersion,
        "version 7",
    ),
    "another party": (messages.Hello, lambda told: replace_message(told, party="eve"), OtherPlan, "'eve'"),
    "fewer clicks": (
        messages.Clicked,
        lambda told: replace_message(told, clicked=Row.of(np.ones(5))),
        UnequalLengths,
        "5 entries where 30000 were due",
    ),
    "fewer notes": (
        messages.Clicked,
        lambda told: replace_message(told, notes=Row.of(np.ones(5))),
        UnequalLengths,
        "5 entries where",
    ),
    "fewer raw": (
        messages.Clicked,
        lambda told: replace_message(told, raw=3),
        MalformedMessage,
        "of 3 clicks",
    ),
    "no row": (
        messages.Clicked,
        lambda told: replace_message(told, clicked=Row(30000, 1, b"")),
        MalformedMessage,
        "is none",
    ),
    "errors": (
        messages.Estimate,
        lambda told: replace_message(told, sample_errors=[10**9]),
        MalformedMessage,
        "more errors than bits",
    ),
    "classes": (
        messages.Estimate,
        lambda told: replace_message(told, test_errors=[]),
        MalformedMessage,
        "1 numbers of errors where 2",
    ),
    "questions": (
        messages.Question,
        lambda told: replace_message(told, data=b"\xff" * 16),
        MalformedMessage,
        "no questions about these blocks",
    ),
    "corrections": (
        messages.Reconciled,
        lambda told: replace_message(told, corrected=[-1]),
        MalformedMessage,
        "more bits than there are",
    ),
    "a verdict": (
        messages.Verdict,
        lambda told: replace_message(told, equal=False),
        VerificationFailed,
        "still differ",
    ),
    "a length": (messages.Stored, lambda told: replace_message(told, length=1), UnequalLengths, "of 1 bits"),
    "a kind": (
        messages.Verdict,
        lambda told: messages.Stored(length=1),
        MalformedMessage,
        "Stored where Verdict was due",
    ),
    "an abort": (
        messages.Clicked,
        lambda told: messages.Abort(error="NoLight", told="the shutter\nis closed"),
        PeerAborted,
        r"the shutter is closed \(NoLight\)",
    ),
}


def replace_message(told, **fields):
    return msgspec.structs.replace(told, **fields)


@pytest.mark.parametrize("name", TWISTS)
def test_a_peer_who_tells_nonsense_aborts_the_session(name, monkeypatch):
    kind, twist, error, told = TWISTS[name]
    monkeypatch.setattr(Twisted, "kind", kind)
    monkeypatch.setattr(Twisted, "twist", staticmethod(twist), raising=False)
    monkeypatch.setattr("qnet.qkd.sessions.memory.Bob", Twisted)
    with pytest.raises(error, match=told) as caught:
        run_small()
    assert "\n" not in str(caught.value)


def test_ends_with_different_plans_do_not_begin(monkeypatch):
    original = Bob.__init__

    def other(party, plan, **fields):
        original(party, replace(plan, sample_share=0.02), **fields)

    monkeypatch.setattr(Bob, "__init__", other)
    with pytest.raises(OtherPlan, match="the same protocol, pulses and settings"):
        run_small()


@pytest.mark.parametrize(
    "data", [b"", b"\x80", b"\xc1", b"\x81\xa2is\xa5hello", b"nonsense", bytes(range(200, 240))]
)
def test_what_is_no_message_is_malformed(data):
    with pytest.raises(MalformedMessage, match=f"{len(data)} bytes hold no message of version 1"):
        decode(data)


def test_a_message_with_a_field_too_many_is_malformed_but_a_later_greeting_is_read():
    with pytest.raises(MalformedMessage, match="no message"):
        decode(msgspec.msgpack.encode({"is": "verdict", "equal": True, "more": 1}))
    hello = decode(
        msgspec.msgpack.encode({"is": "hello", "version": 9, "party": "bob", "plan": b"", "new": 1})
    )
    assert hello.version == 9


@pytest.mark.parametrize("width", [1, 2, 4])
@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 1000])
def test_rows_of_small_numbers_come_back(width, count):
    numbers = np.random.default_rng(count).integers(0, 1 << width, count, dtype=np.uint8)
    packed = decode(encode(messages.Kept(kept=Row.of(numbers, width)))).kept
    assert np.array_equal(packed.values(count), numbers)
    assert len(packed.data) == -(-count * width // 8)
    with pytest.raises(UnequalLengths, match=f"{count} entries where {count + 1} were due"):
        packed.values(count + 1)


def test_long_messages_go_in_frames_that_fit():
    pools = memory_pools()
    sender, receiver = PeerWire("alice", pools[0]), PeerWire("bob", pools[1])
    data = os.urandom(FRAME_LIMIT + 1000)
    frames = list(sender.pack(messages.Question(data=data)))
    assert [len(frame) <= FRAME_LIMIT for frame in frames] == [True, True]
    assert receiver.unpack(frames[0]) is None
    assert receiver.unpack(frames[1]).data == data
    assert [message.data for _, message in receiver.transcript.messages()] == [data]


def test_a_frame_without_a_mark_is_none():
    with pytest.raises(BadFrame, match="no mark of a whole message or a part"):
        PlainWire().unpack(b"\x07abc")


def test_keys_are_hidden_and_told_apart():
    bits = np.array([1, 0, 1, 1], np.uint8)
    key = Key(bits=bits, simulated=False, secret=True)
    assert repr(key) == "Key(4 bits)"
    assert key == Key(bits=bits.copy(), simulated=True, secret=True)
    assert key != Key(bits=1 - bits, simulated=False, secret=True)
    assert "1" not in repr(Key(bits=np.ones(200, np.uint8), simulated=True, secret=False)).replace(
        "200 bits", ""
    )


def test_results_of_a_session_show_no_key():
    outcome = run_small()
    shown = f"{outcome!r}{outcome.bob!r}{outcome.ledger.as_dict()}"
    assert outcome.key.to_bytes().hex()[:16] not in shown
    assert str(outcome.key.bits[:12]).strip("[]") not in shown


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"pulses": 0}, "pulses=0 must be a positive whole number"),
        ({"pulses": 1.5}, "pulses=1.5 must be"),
        ({"sample_share": 1.0}, "sample_share=1.0 must be at least 0 and below 1"),
        ({"highest_qber": 0.6}, "highest_qber=0.6 must be from 0 to 0.25"),
        ({"reconciliation": "magic"}, "'magic' is unknown; give one of auto, few-rounds"),
        ({"round_trip_s": -1.0}, "round_trip_s=-1.0 must be at least 0"),
        ({"replenish_bytes": 3}, "replenish_bytes=3 must be an even number"),
        ({"protocol": "morse"}, "protocol='morse' has no session; choose one of bb84"),
        ({"protocol": BB84()}, "test_probability=None in bb84: a session must know"),
    ],
)
def test_plans_that_cannot_be_are_refused(fields, told):
    with pytest.raises(ValueError, match=told):
        small_plan(**fields)


def test_the_number_of_pulses_must_be_the_channels():
    plan = small_plan()
    with pytest.raises(ValueError, match=r"quantum\.pulses=30000 is not the plan's pulses=30001"):
        run_session(replace(plan, pulses=30_001), channel_of(plan))


@pytest.mark.parametrize("seed", [-1, 1.5, True, "7"])
def test_seeds_are_whole_numbers(seed):
    with pytest.raises(ValueError, match=r"seed=.* must be a whole number from 0"):
        run_small(alice_seed=seed)


def test_every_abort_is_an_error_of_key_distribution():
    from qnet.qkd.sessions import errors

    for name in errors.__all__:
        assert issubclass(getattr(errors, name), KeyDistributionError)
