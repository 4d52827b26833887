"""Which bits belong together, against the tables of the circuit library: every setting and every outcome."""

from itertools import product

import numpy as np
import pytest

from circuits.library import b92_key, bb84_key, bbm92_key, e91_key, mdi_key, sarg04_key, six_state_key
from qnet.qkd.rates import BB84, BBM92, DecoyBB84, SixState
from qnet.qkd.sessions import SESSION_PROTOCOLS, Held, Randomness, SessionPlan
from qnet.qkd.sessions.reference import FlipChannel

STATES = {(0, 0): "0", (0, 1): "1", (1, 0): "+", (1, 1): "-"}


def row(*values):
    return np.array(values, np.uint8)


def found(scheme, alice, bob, notes=None):
    """The bits of both ends, or None, for one pulse."""
    hers = scheme.alice_notes(alice, Randomness(1, "alice")) if notes is None else notes
    if scheme.conclusive(bob) is not None and not scheme.conclusive(bob)[0]:
        return None
    if scheme.waits_for_bob and not scheme.still_conclusive(bob, hers)[0]:
        return None
    if scheme.labels(1, hers, scheme.bob_notes(bob))[0] < 0:
        return None
    return int(scheme.alice_bits(alice)[0]), int(scheme.bob_bits(bob)[0])


def expected(key):
    return None if key is None else (key.alice, key.bob)


def scheme_of(protocol):
    return SessionPlan(protocol=protocol, pulses=1).scheme


@pytest.mark.parametrize(
    ("protocol", "key", "bases"),
    [(BB84(bases="symmetric"), bb84_key, "ZX"), (SixState(bases="symmetric"), six_state_key, "ZXY")],
)
def test_equal_bases_are_kept(protocol, key, bases):
    scheme = scheme_of(protocol)
    for bit, a, b, outcome in product((0, 1), range(len(bases)), range(len(bases)), (0, 1)):
        got = found(scheme, Held(bases=row(a), sent=row(bit)), Held(bases=row(b), seen=row(outcome)))
        assert got == expected(key(bit, bases[a], bases[b], [outcome]))


def test_pairs_are_kept_in_equal_bases():
    scheme = scheme_of(BBM92(bases="symmetric", mean_pairs=0.1))
    for a, b, first, second in product((0, 1), repeat=4):
        got = found(scheme, Held(bases=row(a), seen=row(first)), Held(bases=row(b), seen=row(second)))
        assert got == expected(bbm92_key("ZX"[a], "ZX"[b], [first, second]))


def test_b92_keeps_what_is_conclusive():
    scheme = scheme_of("b92")
    for bit, measured, outcome in product((0, 1), repeat=3):
        got = found(scheme, Held(bases=row(bit), sent=row(0)), Held(bases=row(measured), seen=row(outcome)))
        assert got == expected(b92_key(bit, "ZX"[measured], [outcome]))


def test_b92_always_sends_the_first_state_of_a_basis():
    scheme = scheme_of("b92")
    chosen = scheme.prepare(scheme.alice, Randomness(4, "alice"), 1000)
    assert chosen.bits.max() == 0
    assert 400 < chosen.bases.sum() < 600


def test_sarg04_keeps_what_rules_out_a_state_of_the_pair():
    scheme = scheme_of("sarg04")
    for basis, bit, other, measured, outcome in product((0, 1), repeat=5):
        state, partner = STATES[basis, bit], STATES[1 - basis, other]
        pair = bit | other << 1 if basis == 0 else other | bit << 1
        alice, bob = Held(bases=row(basis), sent=row(bit)), Held(bases=row(measured), seen=row(outcome))
        assert found(scheme, alice, bob, row(pair)) == expected(
            sarg04_key(state, partner, "ZX"[measured], [outcome])
        )


def test_sarg04_announces_a_pair_that_holds_the_state():
    scheme = scheme_of("sarg04")
    random = Randomness(5, "alice")
    alice = Held(bases=random.bits(4000), sent=random.bits(4000))
    pairs = scheme.alice_notes(alice, random)
    assert np.array_equal(pairs >> alice.bases & 1, alice.sent)
    partner = pairs >> (1 - alice.bases) & 1
    assert abs(int((partner ^ alice.sent).sum()) - 2000) < 5 * 32


def test_bob_flips_as_the_announced_bell_state_asks():
    scheme = scheme_of("mdi")
    for a, first, b, second, phase, parity in product((0, 1), repeat=6):
        alice = Held(bases=row(a), sent=row(first))
        bob = Held(bases=row(b), sent=row(second), seen=row(phase | parity << 1))
        assert found(scheme, alice, bob) == expected(
            mdi_key(first, "ZX"[a], second, "ZX"[b], [phase, parity])
        )


def test_e91_keeps_equal_angles_and_tests_the_others():
    scheme = scheme_of("e91")
    tested = 0
    for i, j, first, second in product(range(3), range(3), (0, 1), (0, 1)):
        alice, bob = Held(bases=row(i), seen=row(first)), Held(bases=row(j), seen=row(second))
        label = int(scheme.labels(1, alice.bases, bob.bases)[0])
        key = e91_key(i, j, [first, second])
        assert (label == 0) == (key is not None)
        if key is not None:
            assert found(scheme, alice, bob) == (key.alice, key.bob)
        if label > 0:
            tested += 1
            assert scheme.classes[label] == f"{i}{j}"
    assert tested == 16


def test_the_chsh_value_of_singlets_is_tsirelsons():
    from circuits.library import E91_ALICE_ANGLES, E91_BOB_ANGLES

    scheme = scheme_of("e91")
    # Bob's bits are flipped: singlets are unequal then with probability sin²(half of the angle between).
    unequal = {
        name: np.sin((E91_ALICE_ANGLES[int(name[0])] - E91_BOB_ANGLES[int(name[1])]) / 2) ** 2
        for name in scheme.classes[1:]
    }
    assert scheme.figures(unequal)["chsh_s"] == pytest.approx(2 * np.sqrt(2))


def test_decoys_have_the_protocols_intensities():
    chosen = DecoyBB84(
        signal_intensity=0.5,
        decoy_intensity=0.1,
        signal_probability=0.6,
        decoy_probability=0.3,
        test_probability=0.1,
    )
    scheme = scheme_of(chosen)
    assert scheme.alice.intensities == pytest.approx((0.5, 0.1, 2e-4))
    assert scheme.alice.intensity_chances == pytest.approx((0.6, 0.3, 0.1))
    assert scheme.alice.chances == pytest.approx((0.9, 0.1))
    assert not scheme.bob.intensities


def test_choices_are_as_frequent_as_their_chances():
    drawn = Randomness(7, "alice").choices((0.7, 0.2, 0.1), 100_000)
    for value, chance in enumerate((0.7, 0.2, 0.1)):
        spread = np.sqrt(chance * (1 - chance) / 100_000)
        assert abs((drawn == value).mean() - chance) < 5 * spread
    assert abs(Randomness(8, "bob").mask(0.01, 100_000).mean() - 0.01) < 5 * np.sqrt(0.0099 / 1e5)


OPEN = ("bb84", "six-state", "bb84-decoy", "bb84-one-decoy", "bbm92", "bb84-no-decoy")


@pytest.mark.parametrize("name", [name for name in SESSION_PROTOCOLS if name not in OPEN])
def test_protocols_that_leave_nothing_open_have_a_scheme(name):
    plan = SessionPlan(protocol=name, pulses=10)
    channel = FlipChannel(plan.scheme.alice, plan.scheme.bob, pulses=10, seed=1, dark=1.0)
    assert len(channel.propose()) == 10
    assert plan.bound is None


@pytest.mark.parametrize("name", OPEN)
def test_protocols_say_what_they_leave_open(name):
    with pytest.raises(ValueError, match=f"=None in {name}: a session must know"):
        SessionPlan(protocol=name, pulses=10)
