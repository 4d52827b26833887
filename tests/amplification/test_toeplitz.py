"""The Toeplitz hash against its matrix, against a sum in whole numbers, and against itself over engines."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import toeplitz
from scipy.signal import fftconvolve

from qnet.qkd.amplification import ENGINES, best_engine, seed_length, toeplitz_hash
from qnet.qkd.amplification._blocks import block_hash
from qnet.qkd.amplification._carry_less import GF64
from qnet.qkd.amplification._field import Arithmetic, cantor_basis
from qnet.qkd.amplification._portable import GF16
from qnet.qkd.amplification._transform import SIZE, from_products, to_products

RUNNABLE = ["portable", *(["carry-less"] if best_engine() == "carry-less" else [])]
FIELDS = {"portable": GF16, "carry-less": GF64}


def drawn(n: int, length: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 2, n, dtype=np.uint8), rng.integers(0, 2, n + length - 1, dtype=np.uint8)


def by_matrix(key: np.ndarray, seed: np.ndarray, length: int) -> np.ndarray:
    n = key.size
    matrix = toeplitz(seed[n - 1 : n - 1 + length], seed[n - 1 :: -1] if n > 1 else seed[:1])
    return matrix.astype(np.int64) @ key % 2


def by_real_transform(key: np.ndarray, seed: np.ndarray, length: int) -> np.ndarray:
    sums = fftconvolve(key.astype(float), seed.astype(float))
    return np.rint(sums[key.size - 1 : key.size - 1 + length]).astype(np.int64) & 1


@pytest.mark.parametrize("engine", RUNNABLE)
@pytest.mark.parametrize("n", [1, 2, 7, 8, 9, 31, 32, 33, 63, 64, 65, 127, 129, 500])
def test_the_hash_is_the_product_with_the_matrix(n: int, engine: str) -> None:
    for length in {1, (n + 1) // 2, n}:
        key, seed = drawn(n, length, seed=n)
        assert np.array_equal(toeplitz_hash(key, seed, length, engine=engine), by_matrix(key, seed, length))


@pytest.mark.parametrize("engine", RUNNABLE)
@pytest.mark.parametrize(
    ("n", "length"),
    [(300_000, 150_001), (262_145, 1), (524_289, 262_113), (1_048_577, 1_048_577), (3_000_001, 40)],
)
def test_blocks_join_without_a_seam(n: int, length: int, engine: str) -> None:
    key, seed = drawn(n, length)
    made = block_hash(FIELDS[engine], key, seed, length)
    assert np.array_equal(made, by_real_transform(key, seed, length))


@pytest.mark.parametrize("engine", RUNNABLE)
def test_several_blocks_of_key_and_hash_agree_with_the_sum_in_whole_numbers(engine: str) -> None:
    key, seed = drawn(2_500_000, 2_200_000)
    made = toeplitz_hash(key, seed, 2_200_000, engine=engine)
    assert np.array_equal(made, by_real_transform(key, seed, 2_200_000))


def test_word_by_word_and_blocks_agree() -> None:
    key, seed = drawn(70_001, 30_011)
    made = {name: block_hash(FIELDS[name], key, seed, 30_011) for name in RUNNABLE}
    assert all(np.array_equal(one, toeplitz_hash(key, seed, 30_011)) for one in made.values())


def test_the_hash_is_linear_and_every_bit_of_the_key_counts() -> None:
    length, n = 64, 96
    _, seed = drawn(n, length)
    unit = [toeplitz_hash(row, seed, length) for row in np.eye(n, dtype=np.uint8)]
    for j, column in enumerate(unit):
        assert np.array_equal(column, seed[n - 1 - j : n - 1 - j + length])
    key, _ = drawn(n, length, seed=5)
    assert np.array_equal(toeplitz_hash(key, seed, length), np.bitwise_xor.reduce(np.array(unit)[key == 1]))


def test_two_keys_collide_as_seldom_as_a_universal_family_allows() -> None:
    n, length, seeds = 12, 4, 1 << 15
    apart = np.zeros(n, np.uint8)
    apart[[2, 7, 11]] = 1
    collisions = sum(
        not toeplitz_hash(apart, [(s >> i) & 1 for i in range(n + length - 1)], length).any()
        for s in range(0, seeds, 8)
    )
    every = seeds // 8
    assert collisions == every >> length  # exactly 2⁻ˡ of all seeds; these are all with three fixed bits


@pytest.mark.parametrize("dtype", [np.uint64, np.uint16])
def test_the_change_of_basis_is_undone(dtype: type) -> None:
    values = np.random.default_rng(3).integers(0, 1 << 16, SIZE).astype(dtype)
    changed = values.copy()
    to_products(changed)
    assert not np.array_equal(changed, values)
    from_products(changed)
    assert np.array_equal(changed, values)


@pytest.mark.parametrize("engine", RUNNABLE)
def test_a_transform_gives_the_values_of_the_polynomial_at_the_points(engine: str) -> None:
    field = FIELDS[engine]
    arithmetic = (
        Arithmetic(degree=64, modulus=0b11011)
        if engine == "carry-less"
        else Arithmetic(degree=16, modulus=0x100B)
    )
    coefficients = {0: 3, 1: 1, 5: 77, 300: 9, 40_000: 1, SIZE - 1: 5}
    values = np.zeros((1, SIZE), field.element)
    for power, coefficient in coefficients.items():
        values[0, power] = coefficient
    field.forward(values)
    basis = cantor_basis(arithmetic, 16)
    for number in (0, 1, 2, 255, 256, 40_961, SIZE - 1):
        point = 0
        for bit, element in enumerate(basis):
            point ^= element if number >> bit & 1 else 0
        expected = 0
        for power, coefficient in coefficients.items():
            term = coefficient
            square = point
            for bit in range(power.bit_length()):
                term = arithmetic.multiply(term, square) if power >> bit & 1 else term
                square = arithmetic.multiply(square, square)
            expected ^= term
        assert int(values[0, number]) == expected


def test_empty_hashes_and_booleans_are_taken() -> None:
    assert toeplitz_hash([1, 0], [], 0).shape == (0,)
    assert toeplitz_hash([], [], 0).shape == (0,)
    key, seed = drawn(40, 20)
    assert np.array_equal(toeplitz_hash(key == 1, seed == 1, 20), toeplitz_hash(key, seed, 20))
    assert seed_length(0, 0) == 0


@pytest.mark.parametrize(
    ("key", "seed", "length", "engine", "message"),
    [
        ([[1]], [1], 1, None, r"key has shape \(1, 1\); give a row of bits"),
        ([2, 0], [1, 1], 1, None, "key holds 2; give bits 0 and 1"),
        ([-1, 0], [1, 1], 1, None, "key holds -1; give bits 0 and 1"),
        ([0.5], [1], 1, None, "key holds float64; give bits 0 and 1"),
        ([1, 0], [1, 3], 1, None, "seed holds 3; give bits 0 and 1"),
        ([1, 0], [1, 1], 3, None, "length=3 must be a whole number from 0 to the key's 2 bits"),
        ([1, 0], [1, 1], True, None, "length=True must be a whole number"),
        ([1, 0], [1, 1, 1], 1, None, "seed has 3 bits; a key of 2 bits and a hash of 1 take 2"),
        ([1, 0], [1, 1], 1, "fast", "engine='fast' is unknown; there are 'carry-less', 'portable'"),
    ],
)
def test_what_is_no_hash_is_refused(
    key: list[float], seed: list[int], length: int, engine: str | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        toeplitz_hash(key, seed, length, engine=engine)


def test_a_processor_without_the_instruction_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qnet.qkd.amplification.toeplitz.best_engine", lambda: "portable")
    with pytest.raises(ValueError, match="which this processor lacks; give 'portable'"):
        toeplitz_hash([1], [1], 1, engine="carry-less")
    assert toeplitz_hash([1], [1], 1).tolist() == [1]
    assert set(ENGINES) == {"carry-less", "portable"}
