"""LDPC: codes, syndromes against a dense matrix, the decoder, rates and reveal, and bad messages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from qnet.qkd.reconciliation import LdpcAlice, LdpcBob, LdpcParameters, ldpc_parameters, reconcile
from qnet.qkd.reconciliation._design import best_degrees, lifted, node_degrees, peg
from qnet.qkd.reconciliation._layers import decode, syndrome
from qnet.qkd.reconciliation._mothers import COLUMNS, FEWEST_LANES, LIFTS, MOTHERS, Code, code

Bits = NDArray[np.uint8]


def keys(length: int, qber: float, seed: int = 1) -> tuple[Bits, Bits]:
    rng = np.random.default_rng(seed)
    first = rng.integers(0, 2, length, dtype=np.uint8)
    return first, first ^ (rng.random(length) < qber).astype(np.uint8)


def dense(one: Code) -> Bits:
    """The parity-check matrix, entry by entry."""
    matrix = np.zeros((one.checks, one.length), np.uint8)
    for row in range(one.rows):
        for at in range(one.starts[row], one.starts[row + 1]):
            for lane in range(one.lift):
                place = one.columns[at] * one.lift + (lane + one.shifts[at]) % one.lift
                matrix[row * one.lift + lane, place] ^= 1
    return matrix


@pytest.mark.parametrize("rows", MOTHERS)
def test_a_syndrome_is_the_matrix_times_the_word(rows: int) -> None:
    one = code(rows, 16)
    matrix = dense(one)
    assert matrix.sum() == one.columns.size * 16
    word = np.random.default_rng(rows).integers(0, 2, one.length, dtype=np.uint8)
    out = np.empty((one.rows, 16), np.uint8)
    syndrome(word.reshape(COLUMNS, 16), one.starts, one.columns, one.shifts, out)
    assert (out.ravel() == matrix.astype(np.int64) @ word % 2).all()


@pytest.mark.parametrize(
    ("rows", "lift"), [(r, z) for r in MOTHERS for z in LIFTS[1:] if z >= FEWEST_LANES.get(r, 0)]
)
def test_no_two_checks_share_two_bits(rows: int, lift: int) -> None:
    one = code(rows, lift)
    seen: set[tuple[int, int, int]] = set()
    of_column: dict[int, list[int]] = {}
    for row in range(rows):
        for at in range(one.starts[row], one.starts[row + 1]):
            of_column.setdefault(int(one.columns[at]), []).append(at)
    row_of = np.repeat(np.arange(rows), np.diff(one.starts))
    repeated = 0
    for places in of_column.values():
        for index, first in enumerate(places):
            for second in places[:index]:
                turn = int(one.shifts[first] - one.shifts[second]) % lift
                key = (int(row_of[first]), int(row_of[second]), turn)
                repeated += key in seen
                seen.add(key)
    if lift == 256:
        assert repeated == 0
    else:  # Where checks are long, 64 lanes cannot avoid every short cycle.
        assert repeated < 0.05 * one.columns.size


def test_the_design_makes_a_graph_of_the_wanted_degrees() -> None:
    share, edges = best_degrees(0.05, 13.0)
    assert share == pytest.approx(1.09 * 0.2864, rel=0.04)  # the threshold: a few per cent above the entropy
    nodes = {degree: part / degree for degree, part in edges.items()}
    degrees = node_degrees({degree: part / sum(nodes.values()) for degree, part in nodes.items()}, 60)
    assert len(degrees) == 60
    made = peg(degrees, 20, np.random.default_rng(1))
    assert sorted(np.bincount([column for _, column in made])) == sorted(degrees)
    assert len(set(made)) == len(made)
    per_row = np.bincount([row for row, _ in made])
    assert per_row.max() - per_row.min() <= 2
    shifts = dict(zip(made, lifted(made, 4096, np.random.default_rng(1)), strict=True))
    turns = [
        (r, s, (shifts[r, c] - shifts[s, c]) % 4096) for r, c in made for s, d in made if c == d and s < r
    ]
    assert len(set(turns)) == len(turns)


def test_a_decoder_meets_the_syndrome_or_says_that_it_did_not() -> None:
    one = code(128, 16)
    rng = np.random.default_rng(3)
    memory = np.empty((1 + one.columns.size + 3 * int(np.diff(one.starts).max())) * 16, np.float32)
    for qber, works in ((0.02, True), (0.03, True), (0.15, False)):
        errors = (rng.random(one.length) < qber).astype(np.uint8)
        target = np.empty((one.rows, 16), np.uint8)
        syndrome(errors.reshape(COLUMNS, 16), one.starts, one.columns, one.shifts, target)
        total = np.full((COLUMNS, 16), np.log((1 - qber) / qber), np.float32)
        turns = decode(total, target, one.starts, one.columns, one.shifts, memory, 50)
        assert (turns >= 0) == works
        if works:
            assert ((total.ravel() < 0) == errors).all()


@pytest.mark.parametrize(
    ("qber", "bound"), [(0.01, 1.25), (0.02, 1.25), (0.03, 1.15), (0.05, 1.13), (0.08, 1.13)]
)
def test_long_blocks_leak_what_the_bounds_say(qber: float, bound: float) -> None:
    parameters = ldpc_parameters(qber)
    first, second = keys(3 * 100_000, qber)
    result = reconcile(first, second, parameters, seed=2)
    assert result.decoded.all()
    assert (result.key == first).all()
    assert 1 < result.efficiency(qber) <= bound + 0.01  # three blocks only
    assert result.block_lengths.min() > 70_000
    assert result.round_trips <= parameters.attempts


@pytest.mark.parametrize("qber", [0.0, 0.004, 0.013, 0.025, 0.04, 0.065, 0.1, 0.12])
def test_any_rate_and_length(qber: float) -> None:
    for length in (1, 700, 6000, 20_011):
        first, second = keys(length, qber, 5)
        parameters = ldpc_parameters(qber, block_length=25_000)
        result = reconcile(first, second, parameters, seed=2)
        assert (result.key == first).all()
        assert result.disclosed.sum() > 0
        assert result.block_lengths.sum() == length


def test_more_bits_are_revealed_until_the_block_decodes() -> None:
    first, second = keys(24_000, 0.05, 3)
    parameters = replace(ldpc_parameters(0.05, block_length=25_000, efficiency=1.02), attempts=20)
    result = reconcile(first, second, parameters, seed=1)
    assert result.decoded.all()
    assert (result.key == first).all()
    assert result.round_trips > 1
    once = reconcile(first, second, replace(parameters, attempts=1), seed=1)
    assert not once.decoded.any()
    assert once.round_trips == 1
    assert (once.key == second).all()
    assert once.leaked_bits < result.leaked_bits < 1.4 * once.leaked_bits


def test_the_ledger_is_what_went_over_the_wire() -> None:
    first, second = keys(24_000, 0.05, 3)
    parameters = replace(ldpc_parameters(0.05, block_length=25_000, efficiency=1.02), attempts=20)
    alice, bob = LdpcAlice(first, parameters, seed=1), LdpcBob(second, parameters, seed=1)
    bits = -int(sum(bob._blocks.punctured))
    while (question := bob.next_message()) is not None:
        numbers = np.frombuffer(question, np.uint32).reshape(-1, 2)[:, 1]
        bits += int(sum(number or bob._blocks.code.checks for number in numbers))
        alice.receive(question)
        bob.receive(alice.next_message() or b"")
    assert bob.done
    assert bits == bob.result.leaked_bits == alice.leaked_bits
    assert alice.disclosed.tolist() == bob.result.disclosed.tolist()


def test_secret_bits_stand_where_a_word_is_punctured() -> None:
    first, second = keys(6000, 0.03, 3)
    parameters = ldpc_parameters(0.03, block_length=6000, efficiency=1.4)
    assert parameters.punctured(parameters.longest) >= 0
    asked: list[int] = []

    def drawn(number: int) -> bytes:
        asked.append(number)
        return bytes(number)

    alice = LdpcAlice(first, parameters, seed=1, random_bytes=drawn)
    bob = LdpcBob(second, parameters, seed=1)
    assert asked == [(int(p) + 7) // 8 for p in bob._blocks.punctured]
    alice.receive(bob.next_message() or b"")
    answers = {alice.next_message()}
    for _ in range(2):
        other = LdpcAlice(first, parameters, seed=1)
        other.receive(np.array([(b, 0) for b in range(len(asked))], np.uint32).tobytes())
        answers.add(other.next_message())
    assert len(answers) == (3 if sum(asked) else 1)


def test_bad_messages_end_the_session() -> None:
    first, second = keys(5000, 0.03)
    parameters = ldpc_parameters(0.03, block_length=6000)
    alice, bob = LdpcAlice(first, parameters, seed=1), LdpcBob(second, parameters, seed=1)
    with pytest.raises(ValueError, match="message of 0 bytes is not a list of requests"):
        alice.receive(b"")
    with pytest.raises(ValueError, match="asks about block 7 of 1"):
        alice.receive(np.array([7, 0], np.uint32).tobytes())
    with pytest.raises(ValueError, match="asks out of turn about block 0"):
        alice.receive(np.array([0, 5], np.uint32).tobytes())
    with pytest.raises(ValueError, match="message of 1 bytes where 0 are due"):
        bob.receive(b"\0")
    alice.receive(bob.next_message() or b"")
    with pytest.raises(ValueError, match="asks out of turn about block 0"):
        alice.receive(np.array([0, 0], np.uint32).tobytes())
    with pytest.raises(ValueError, match="asks for 9999 bits of block 0"):
        alice.receive(np.array([0, 9999], np.uint32).tobytes())
    with pytest.raises(ValueError, match=r"message of 3 bytes where \d+ are due"):
        bob.receive(b"abc")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"qber": 0.4}, r"qber 0\.4 is too high"),
        ({"efficiency": 0.5}, "efficiency must be from 1 to 20"),
        ({"lift": 100}, "lift must be one of"),
        ({"longest": 0}, "longest must be from 1 to"),
        ({"attempts": 0}, "attempts must be from 1 to 100"),
        ({"step": 0.0}, "step must be above 0"),
        ({"iterations": 0}, "iterations must be from 1 to 10000"),
    ],
)
def test_parameters_are_checked(change: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ldpc_parameters(0.03), **change)  # type: ignore[arg-type]


def test_arguments_are_checked() -> None:
    with pytest.raises(ValueError, match="block_length must be from 1"):
        ldpc_parameters(0.03, block_length=0)
    with pytest.raises(ValueError, match=r"efficiency must be from 1 to 20, not 0\.9"):
        ldpc_parameters(0.03, efficiency=0.9)
    with pytest.raises(ValueError, match="keys must have equal lengths, not 3 and 4 bits"):
        reconcile(np.zeros(3, int), np.zeros(4, int), ldpc_parameters(0.03), seed=1)
    assert isinstance(ldpc_parameters(0.2), LdpcParameters)
