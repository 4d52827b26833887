"""Whole sessions of every protocol: equal keys, exactly as long as the bound allows, and a true account."""

import math
from dataclasses import replace

import numpy as np
import pytest
from support.key_sessions import channel_of, run_small, small_plan

from qnet.qkd.epsilon import EpsilonBudget
from qnet.qkd.rates import BB84, BBM92, DecoyBB84, SixState
from qnet.qkd.rates.counts import BasisCounts
from qnet.qkd.sessions import SESSION_PROTOCOLS, SessionPlan, run_session

PLANS = {
    "bb84": (BB84(test_probability=0.2), 150_000),
    "bb84, equal bases": (BB84(bases="symmetric"), 150_000),
    "bbm92": (BBM92(test_probability=0.2, mean_pairs=0.1), 150_000),
    "six-state": (SixState(test_probability=0.3), 1_800_000),
    "bb84-decoy": (
        DecoyBB84(
            signal_intensity=0.6,
            decoy_intensity=0.1,
            signal_probability=0.6,
            decoy_probability=0.3,
            test_probability=0.3,
        ),
        20_000_000,
    ),
}
QUICK = [name for name in PLANS if name not in ("six-state", "bb84-decoy")]


def session(name, seed, *, flip=0.03, transmittance=None):
    protocol, pulses = PLANS[name]
    plan = SessionPlan(protocol=protocol, pulses=pulses, reconciliation="few-rounds")
    arrives = {} if transmittance is None else {"transmittance": transmittance}
    channel = channel_of(plan, flip=flip, seed=seed, **arrives)
    return plan, run_session(plan, channel, alice_seed=seed + 100, bob_seed=seed + 100)


def entropy(share):
    return -share * math.log2(share) - (1 - share) * math.log2(1 - share)


def tomamichel(n, k, errors, leak, epsilon):
    """PHYSICS: ℓ ≤ n(1−h(Q+ν)) − leak − log₂(2/(ε_sec² ε_cor)), written down again."""
    gap = math.sqrt((n + k) / (n * k) * (k + 1) / k * math.log(4 / epsilon.secret))
    cost = math.log2(2 / (epsilon.secret**2 * epsilon.correctness))
    return math.floor(n * (1 - entropy(errors / k + gap)) - leak - cost)


@pytest.mark.parametrize("name", QUICK)
@pytest.mark.parametrize("seed", range(2))
def test_keys_are_equal_and_as_long_as_tomamichels_bound(name, seed):
    plan, outcome = session(name, seed)
    told, test = outcome.ledger, outcome.ledger.error_rates["x"]
    leak = told.disclosed["parities"] + told.disclosed["error_counts"]
    assert outcome.alice.key == outcome.bob.key
    assert np.array_equal(outcome.alice.key.bits, outcome.bob.key.bits)
    assert (
        told.final
        == len(outcome.key)
        == tomamichel(told.reconciled, test.bits, test.errors, leak, plan.epsilon)
    )
    assert told.final > 1000


@pytest.mark.parametrize(("name", "seed"), [("six-state", 0), ("bb84-decoy", 0)])
def test_keys_of_larger_blocks_are_as_long_as_their_bound_says(name, seed):
    plan, outcome = session(name, seed, flip=0.01, transmittance=0.3 if name == "bb84-decoy" else None)
    told = outcome.ledger
    assert np.array_equal(outcome.alice.key.bits, outcome.bob.key.bits)
    counts = told.bound.figures
    if name == "six-state":
        x, y = told.error_rates["x"], told.error_rates["y"]
        key = BasisCounts(
            pulses=plan.pulses,
            key_bits=told.reconciled,
            key_errors=told.key_error_rate.errors,
            test_bits=x.bits,
            test_errors=x.errors,
            other_test_bits=y.bits,
            other_test_errors=y.errors,
        )
        expected = plan.bound.finite_key_length(
            key, epsilon=plan.epsilon, leakage_bits=told.leakage_bits
        ).length
        assert told.final == expected
    assert counts["key_bits"] == told.reconciled
    assert told.final == len(outcome.alice.key) > 1000
    assert told.leakage_bits == told.bound.leakage_bits


def test_decoy_counts_are_told_intensity_by_intensity():
    _plan, outcome = session("bb84-decoy", 1, flip=0.01, transmittance=0.3)
    again = outcome.transcript
    rows = [message for _, message in again.messages()]
    sifting = next(row for row in rows if type(row).__name__ == "Sifting")
    corrected = next(row for row in rows if type(row).__name__ == "Reconciled").corrected
    lights = sifting.intensities.values()
    assert np.bincount(lights, minlength=3)[0] > np.bincount(lights, minlength=3)[2] > 0
    assert len(corrected) == 3
    assert sum(corrected) == outcome.ledger.key_error_rate.errors
    assert isinstance(outcome.ledger.bound.figures["vacuum_bits"], float)


@pytest.mark.parametrize("name", [name for name in SESSION_PROTOCOLS if name in ("mdi", "b92", "sarg04")])
def test_protocols_without_a_bound_stop_at_the_verified_key_and_say_so(name):
    outcome = run_small(small_plan(protocol=name, pulses=40_000), flip=0.02)
    assert outcome.key is None
    assert outcome.alice.key is None
    assert outcome.ledger.final is None
    assert outcome.alice.verified == outcome.bob.verified
    assert len(outcome.bob.verified) > 3000
    assert "no finite-key bound" in outcome.ledger.stopped
    assert repr(outcome.bob.verified).endswith("simulated, not secret)")


@pytest.mark.parametrize("method", ["few-rounds", "balanced", "least-leakage", "ldpc"])
def test_every_method_reconciles(method):
    outcome = run_small(small_plan(reconciliation=method, block_length=8_000))
    assert outcome.alice.key == outcome.bob.key
    assert outcome.ledger.method == method
    assert outcome.ledger.disclosed == outcome.transcript.disclosed()
    assert 1 <= outcome.ledger.f_ec < 2


def test_the_ledger_is_the_same_at_both_ends_and_counts_what_is_on_the_wire():
    outcome = run_small()
    mine, hers = outcome.bob.ledger.as_dict(), outcome.alice.ledger.as_dict()
    for clock in (mine, hers):
        del clock["seconds"]
    assert mine == hers
    assert outcome.ledger.disclosed == outcome.transcript.disclosed()
    assert outcome.ledger.disclosed_bits == sum(outcome.transcript.disclosed().values())
    assert outcome.ledger.messages == len(outcome.transcript.frames)
    assert outcome.ledger.authentication_bytes == 32 * len(outcome.transcript.frames)
    assert set(outcome.ledger.seconds) >= {"quantum", "sifting", "reconciliation", "amplification"}


def test_the_lengths_fall_from_pulses_to_the_key():
    told = run_small().ledger
    lengths = [told.pulses, told.raw, told.sifted, told.estimated, told.reconciled, told.verified, told.final]
    assert lengths == sorted(lengths, reverse=True)
    assert told.sifted - told.estimated == told.disclosed["test"] + told.disclosed["sample"]


def test_the_error_rates_lie_in_their_intervals_and_are_those_of_the_channel():
    told = run_small(flip=0.03).ledger
    for rate in told.error_rates.values():
        low, high = rate.interval(0.999999)
        assert low < 0.03 < high
    assert told.qber.bits == told.sifted


def test_the_same_seeds_bring_the_same_session_and_others_another():
    first, again, other = run_small(), run_small(), run_small(bob_seed=9)
    assert np.array_equal(first.key.bits, again.key.bits)
    assert [sender for sender, _ in first.transcript.frames] == [
        sender for sender, _ in again.transcript.frames
    ]
    assert first.ledger.disclosed == again.ledger.disclosed
    assert len(first.key) != len(other.key) or not np.array_equal(first.key.bits, other.key.bits)


def test_a_session_without_seeds_draws_from_the_operating_system():
    keys = [run_small(alice_seed=None, bob_seed=None).key for _ in range(2)]
    shortest = min(map(len, keys))
    assert (keys[0].bits[:shortest] != keys[1].bits[:shortest]).any()
    assert all(key.simulated for key in keys)


def test_the_hash_is_as_long_as_the_correctness_asks():
    plan = small_plan(epsilon=EpsilonBudget(secrecy=1e-8, correctness=1e-6))
    assert run_small(plan).ledger.disclosed["verification"] == 20


def test_a_part_of_the_key_may_be_set_aside_for_authentication():
    whole, cut = run_small(), run_small(replace(small_plan(), replenish_bytes=64))
    assert cut.ledger.final == whole.ledger.final
    assert cut.alice.replenish == cut.bob.replenish
    assert cut.alice.replenish + cut.key.to_bytes() == whole.key.to_bytes()
    assert repr(cut.bob.replenish) not in repr(cut.bob)


@pytest.mark.parametrize(
    ("protocol", "classes", "share"),
    [
        (BB84(bases="symmetric"), {"z": 0.25, "x": 0.25}, 1 / 2),
        (SixState(bases="symmetric"), {"z": 1 / 3, "x": 1 / 3, "y": 1 / 3}, 1 / 3),
        ("e91", {}, 2 / 9),
        ("sarg04", {}, None),
        ("b92", {}, None),
    ],
)
def test_intercept_and_resend_on_circuits_is_caught(protocol, classes, share):
    from qnet.qkd.circuit_layer import circuit_channel
    from qnet.qkd.eavesdroppers import InterceptResend
    from qnet.qkd.sessions import ErrorRateTooHigh

    plan = SessionPlan(protocol=protocol, pulses=20_000, sample_share=0.2)
    channel = circuit_channel(
        plan.scheme.alice,
        plan.scheme.bob,
        pulses=plan.pulses,
        sampler="aer" if protocol == "e91" else "stim",
        eve=InterceptResend(),
        seed=3,
    )
    with pytest.raises(ErrorRateTooHigh, match="somebody may listen") as caught:
        run_session(plan, channel, alice_seed=1, bob_seed=2)
    told = caught.value.ledger
    for name, expected in classes.items():
        rate = told.error_rates[name]
        assert abs(rate.value - expected) < 5 * math.sqrt(expected * (1 - expected) / rate.bits)
    if share is not None:
        assert abs(told.sifted / told.raw - share) < 5 * math.sqrt(share * (1 - share) / told.raw)


def test_e91_tells_its_chsh_value():
    from qnet.qkd.circuit_layer import circuit_channel

    plan = SessionPlan(protocol="e91", pulses=20_000)
    ends = plan.scheme.alice, plan.scheme.bob
    channel = circuit_channel(*ends, pulses=plan.pulses, sampler="aer", seed=3)
    outcome = run_session(plan, channel, alice_seed=1, bob_seed=2)
    # Each of four correlations has about 2 200 pairs.
    assert abs(outcome.ledger.figures["chsh_s"] - 2 * math.sqrt(2)) < 5 * math.sqrt(4 * 0.5 / 2200)
    assert outcome.ledger.error_rates.keys() == {"key"}
    assert outcome.ledger.disclosed == outcome.transcript.disclosed()


@pytest.mark.parametrize("act", ["tamper", "truncate", "drop", "repeat", "replay", "forge"])
def test_a_man_in_the_middle_leaves_no_key_and_one_who_listens_is_not_noticed(act):
    from qnet.qkd.authentication import AuthenticationError
    from qnet.qkd.sessions import ManInTheMiddle, PeerSilent

    with pytest.raises((AuthenticationError, PeerSilent), match=r"message|nothing comes"):
        run_small(meddler=ManInTheMiddle(act=act, frame=5))
    listener = ManInTheMiddle(act="listen", frame=5)
    outcome = run_small(meddler=listener)
    assert listener.seen == outcome.transcript.frames
    with pytest.raises(ValueError, match="act='sing' is unknown; give one of listen, tamper"):
        ManInTheMiddle(act="sing")
    with pytest.raises(ValueError, match="frame=-1 must be at least 0"):
        ManInTheMiddle(act="drop", frame=-1)
