"""Cascade against a slow, plain one, against reference values, and with what may come from outside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from support.plain_cascade import PlainCascade, stream

from qnet.qkd.reconciliation import (
    CASCADE_SCHEDULES,
    CASCADE_SETS,
    CascadeAlice,
    CascadeBob,
    CascadeParameters,
    Reconciliation,
    cascade_parameters,
    reconcile,
)

Bits = NDArray[np.uint8]


def keys(blocks: int, length: int, qber: float, seed: int = 1) -> tuple[Bits, Bits]:
    """Two keys with as many errors as the error rate says in every block."""
    rng = np.random.default_rng(seed)
    first = rng.integers(0, 2, blocks * length, dtype=np.uint8)
    second = first.copy()
    for block in range(blocks):
        second[block * length + rng.choice(length, round(qber * length), replace=False)] ^= 1
    return first, second


def run(
    name: str, qber: float, *, blocks: int, length: int, schedule: str | None = None
) -> tuple[Reconciliation, NDArray[np.bool_]]:
    first, second = keys(blocks, length, qber)
    result = reconcile(
        first, second, cascade_parameters(name, qber, schedule=schedule, block_length=length), seed=9
    )
    return result, (result.key == first).reshape(blocks, length).all(axis=1)


@pytest.mark.parametrize("schedule", ["smallest-first", "side-by-side"])
@pytest.mark.parametrize("name", ["original", "yanetal", "option4", "option7", "least-leakage"])
@pytest.mark.parametrize(("length", "qber"), [(63, 0.05), (64, 0.1), (200, 0.02), (421, 0.06), (1000, 0.03)])
def test_bit_for_bit_like_the_plain_one(name: str, schedule: str, length: int, qber: float) -> None:
    parameters = cascade_parameters(name, qber, schedule=schedule, block_length=length)
    for seed in range(3):
        first, second = keys(1, length, qber, seed)
        plain = PlainCascade(
            (first ^ second).tolist(), parameters.sizes, stream(seed, 0, 0),
            single=schedule == "smallest-first", implied=parameters.implied,
        )  # fmt: skip
        plain.run()
        result = reconcile(first, second, parameters, seed=seed)
        assert (result.key ^ first).tolist() == plain.wrong
        assert (result.leaked_bits, int(result.rounds[0])) == (plain.leaked, plain.rounds)


LINES = {
    "side-by-side-plain": (1.144, 1.162, 1.177, 1.185, 1.224),
    "smallest-first-plain": (1.124, 1.138, 1.151, 1.165, 1.191),
    "smallest-first": (1.112, 1.128, 1.141, 1.153, 1.176),
}


@pytest.mark.parametrize("schedule", LINES)
@pytest.mark.parametrize("at", range(5))
def test_the_original_keeps_the_line_of_its_schedule(schedule: str, at: int) -> None:
    qber = (0.01, 0.02, 0.03, 0.05, 0.08)[at]
    result, _ = run("original", qber, blocks=100, length=10_000, schedule=schedule)
    assert result.efficiency(qber) == pytest.approx(LINES[schedule][at], abs=0.01)
    if schedule == "side-by-side-plain":
        assert 38 < result.rounds.mean() < 50


@pytest.mark.parametrize(("qber", "bound"), [(0.02, 1.03), (0.08, 1.055)])
def test_least_leakage_leaks_little(qber: float, bound: float) -> None:
    result, right = run("least-leakage", qber, blocks=4, length=100_000)
    assert right.all()
    assert 1 < result.efficiency(qber) <= bound


@pytest.mark.parametrize(("qber", "bound"), [(0.01, 1.085), (0.03, 1.085), (0.08, 1.09)])
def test_few_rounds_are_few(qber: float, bound: float) -> None:
    result, right = run("few-rounds", qber, blocks=4, length=100_000)
    assert right.all()
    assert result.efficiency(qber) <= bound
    assert result.rounds.mean() <= 60


@pytest.mark.parametrize("schedule", CASCADE_SCHEDULES)
@pytest.mark.parametrize("name", CASCADE_SETS)
def test_every_set_by_every_schedule(name: str, schedule: str) -> None:
    result, right = run(name, 0.04, blocks=40, length=2000, schedule=schedule)
    assert right.sum() >= 36
    assert result.schedule == f"{name}, {schedule}"
    assert (result.corrected[right] == 80).all()
    assert 1 < result.efficiency(0.04) < (2 if schedule.endswith("plain") else 1.5)


@pytest.mark.parametrize("length", [1, 2, 3, 7, 64, 65, 129])
@pytest.mark.parametrize("name", CASCADE_SETS)
def test_tiny_keys_of_any_length(name: str, length: int) -> None:
    first, second = keys(1, length, 0.3)
    result = reconcile(first, second, cascade_parameters(name, 0.1, block_length=50), seed=0)
    assert result.block_lengths.sum() == length
    assert int((result.key ^ second).sum()) == result.corrected.sum()
    assert result.key.size == length


@pytest.mark.parametrize("name", ["least-leakage", "few-rounds", "option7"])
def test_an_error_rate_estimated_wrongly_costs_bits_not_the_key(name: str) -> None:
    first, second = keys(3, 5000, 0.12)
    parameters = cascade_parameters(name, 0.02, block_length=5000)
    assert (reconcile(first, second, parameters, seed=3).key == first).all()


def test_no_errors_cost_only_the_top_parities() -> None:
    key, _ = keys(2, 1000, 0.0)
    result = reconcile(key, key, cascade_parameters("least-leakage", 0.0, block_length=1000), seed=1)
    assert result.corrected.tolist() == [0, 0]
    assert result.leaked_bits == 2 * 15  # one parity of the whole, and fourteen masks
    assert result.efficiency() == float("inf")


def test_where_the_errors_lie_does_not_matter_after_permuting_first() -> None:
    first, _ = keys(5, 10_000, 0.0)
    burst = np.zeros(50_000, np.uint8)
    for start in np.random.default_rng(4).choice(5000, 150, replace=False) * 10:
        burst[start : start + 10] = 1
    parameters = replace(cascade_parameters("least-leakage", 0.03, block_length=10_000), permute_first=True)
    result = reconcile(first, first ^ burst, parameters, seed=2)
    assert (result.key == first).all()
    assert 1.02 < result.efficiency() < 1.06  # as for errors by chance; in the key's order it is 0.88


def test_every_block_has_permutations_of_its_own_and_the_seed_makes_them() -> None:
    one, two = keys(1, 1000, 0.05)
    parameters = cascade_parameters("least-leakage", 0.05, block_length=1000)
    twice = reconcile(np.tile(one, 2), np.tile(two, 2), parameters, seed=1)
    assert twice.disclosed[0] != twice.disclosed[1]
    again = reconcile(np.tile(one, 2), np.tile(two, 2), parameters, seed=1)
    assert again.disclosed.tolist() == twice.disclosed.tolist()
    other = reconcile(np.tile(one, 2), np.tile(two, 2), parameters, seed=2)
    assert other.disclosed.tolist() != twice.disclosed.tolist()


def test_the_ledger_is_what_went_over_the_wire() -> None:
    first, second = keys(64, 1000, 0.05)
    parameters = cascade_parameters("few-rounds", 0.05, block_length=1000)
    alice, bob = CascadeAlice(first, parameters, seed=1), CascadeBob(second, parameters, seed=1)
    messages, least, most = 0, 0, 0
    while (question := bob.next_message()) is not None:
        assert bob.next_message() is None
        alice.receive(question)
        answer = alice.next_message()
        assert answer is not None
        assert alice.next_message() is None
        bob.receive(answer)
        messages, least, most = messages + 1, least + 8 * len(answer) - 7, most + 8 * len(answer)
    assert bob.done
    assert messages == bob.result.round_trips == bob.result.rounds.max()
    assert least <= bob.result.leaked_bits <= most
    assert bob.result.disclosed.tolist() == alice.disclosed.tolist()


def test_alice_answers_the_parity_of_what_was_asked() -> None:
    key, _ = keys(1, 300, 0.0)
    alice = CascadeAlice(key, cascade_parameters("least-leakage", 0.05, block_length=300), seed=1)
    for start, length in ((0, 1), (5, 64), (63, 2), (64, 64), (100, 200), (0, 300)):
        alice.receive(np.array([255 << 56, (start << 28) | length], np.uint64).tobytes())
        assert alice.next_message() == bytes([key[start : start + length].sum() % 2])


@pytest.mark.parametrize(
    "words",
    [
        [],
        [(0 << 56) | 5],  # no block named
        [(255 << 56) | 3],  # no such block
        [255 << 56, (200 << 56) | 1],  # no such pass
        [255 << 56, (90 << 28) | 11],  # past the end
        [255 << 56, (1 << 56) | 5],  # no other side of a plain pass
        [255 << 56, (7 << 28)],  # all tops, from a place
    ],
)
def test_alice_refuses_what_is_no_question(words: list[int]) -> None:
    alice = CascadeAlice(
        np.zeros(100, np.uint8), cascade_parameters("option7", 0.05, block_length=100), seed=1
    )
    with pytest.raises(ValueError, match="holds no questions about these blocks"):
        alice.receive(np.array(words, np.uint64).tobytes())
    with pytest.raises(ValueError, match="message of 3 bytes holds no questions"):
        alice.receive(b"abc")
    assert alice.leaked_bits == 0


def test_bob_refuses_an_answer_of_another_length() -> None:
    bob = CascadeBob(np.zeros(100, np.uint8), cascade_parameters("option7", 0.05, block_length=100), seed=1)
    with pytest.raises(ValueError, match="does not answer the 0 parities asked for"):
        bob.receive(b"\0")
    bob.next_message()
    with pytest.raises(ValueError, match="message of 9 bytes does not answer the 4 parities"):
        bob.receive(bytes(9))


def test_a_forest_grows_when_there_is_more_to_know() -> None:
    first, second = keys(2, 3000, 0.4)
    result = reconcile(first, second, cascade_parameters("option8", 0.01, block_length=3000), seed=1)
    assert (result.key == first).all()
    assert result.leaked_bits > 2 * 3000 * 0.97


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (np.zeros(5, np.uint8), np.zeros(6, np.uint8), "keys must have equal lengths, not 5 and 6 bits"),
        (
            np.zeros(0, np.uint8),
            np.zeros(0, np.uint8),
            r"key_a must be a row of at least one bit, not .* \(0,\)",
        ),
        (np.zeros((2, 2), np.uint8), np.zeros(4, np.uint8), r"key_a must be a row .* \(2, 2\)"),
        (np.zeros(4, np.uint8), np.array([0, 1, 2, 0]), "key_b must hold zeros and ones only"),
        (np.zeros(4, np.uint8), np.array([0.0, 1.0, 0.0, 0.0]), "key_b must hold zeros and ones only"),
        (np.zeros(4, np.uint8), np.array([0, -1, 0, 0]), "key_b must hold zeros and ones only"),
    ],
)
def test_bad_keys_are_refused(first: Bits, second: Bits, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        reconcile(first, second, cascade_parameters("original", 0.05), seed=0)


@pytest.mark.parametrize("seed", [-1, 1 << 64, 0.5, True])
def test_a_seed_has_64_bits(seed: int) -> None:
    with pytest.raises(ValueError, match="seed must be an integer from 0 to"):
        CascadeAlice(np.zeros(4, np.uint8), cascade_parameters("original", 0.05), seed=seed)


@pytest.mark.parametrize(
    ("qber", "message"), [(-0.1, "from 0 to 0.25, not -0.1"), (1.5, "not 1.5"), (0.3, "too high")]
)
def test_the_error_rate_has_a_range(qber: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cascade_parameters("original", qber)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sizes": ()}, "sizes must have from 1 to 64 passes, not 0"),
        ({"sizes": (0, 2)}, "sizes must be at least 2"),
        ({"sizes": (4, 1)}, "sizes must be at least 2"),
        ({"block_length": 0}, "block_length must be from 1"),
        ({"streak": -1}, "streak must be at least 0"),
    ],
)
def test_parameters_are_checked(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        CascadeParameters(**({"name": "mine", "sizes": (8, 0)} | change))  # type: ignore[arg-type]


def test_names_are_told() -> None:
    with pytest.raises(ValueError, match="no Cascade parameter set 'best': choose from original, biconf"):
        cascade_parameters("best", 0.1)
    with pytest.raises(ValueError, match="no Cascade schedule 'now': choose from smallest-first, balanced"):
        cascade_parameters("original", 0.1, schedule="now")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"overlap": -1.0}, "overlap must be at least 0"),
        ({"tail": -1}, "tail must be from 0 to 4096"),
        ({"levels": 7}, "levels must be from 1 to 6"),
        ({"levels": 2, "reuse": False}, "levels must be 1 where"),
    ],
)
def test_schedules_are_checked(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(CASCADE_SCHEDULES["few-rounds"], **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["least-leakage", "few-rounds", "biconf"])
def test_a_garbled_answer_never_keeps_bob_asking_for_ever(name: str) -> None:
    rng, refused = np.random.default_rng(3), list[str]()
    for _ in range(60):
        first, second = keys(1, 700, 0.05, int(rng.integers(1 << 30)))
        parameters = cascade_parameters(name, 0.05, block_length=700)
        alice, bob = CascadeAlice(first, parameters, seed=1), CascadeBob(second, parameters, seed=1)
        wrong, messages = int(rng.integers(2, 12)), 0
        try:
            while (question := bob.next_message()) is not None:
                alice.receive(question)
                answer = bytearray(alice.next_message() or b"")
                answer[0] ^= messages == wrong
                bob.receive(bytes(answer))
                messages += 1
                assert messages < 20_000
        except ValueError as error:
            refused.append(str(error))
    assert set(refused) <= {"the parities that were told contradict each other; end the session"}
    assert refused or name != "biconf"
