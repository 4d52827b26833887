"""Exact answers for small codes, by enumeration: the reference for every decoder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from circuits.codes._gf2 import Bits
from circuits.codes._large_oracles import erasures_by_tree, probabilities_by_transform
from circuits.codes.stabilizer import StabilizerCode

__all__ = [
    "Detection",
    "distance",
    "maximum_likelihood_failure",
    "post_selected",
    "uncorrectable_erasures",
    "weight_enumerators",
]

LARGEST = 9
LARGEST_TRANSFORM = 24
LARGEST_TREE = 20


@dataclass(frozen=True, kw_only=True)
class Detection:
    """What a code used for detection alone yields.

    Args:
        accepted: Probability that no check fires.
        error: Probability of a logical error among the accepted.
    """

    accepted: float
    error: float


def weight_enumerators(code: StabilizerCode) -> NDArray[np.int64]:
    """How many Pauli errors have each syndrome, logical class and weight.

    Args:
        code: A code on at most 9 qubits.

    Returns:
        Counts of shape (2^(n−k), 4^k, n+1), which sum to 4^n. Bit i of the first index is the outcome of
        `code.independent_checks()[i]`; the second index is the class within the syndrome, in an order
        that is a convention for all syndromes but the trivial one, where class 0 is the stabilizer.

    Raises:
        ValueError: The code has more than 9 qubits.

    >>> from circuits.codes.named import five_qubit
    >>> weight_enumerators(five_qubit())[0, 0]
    array([ 1,  0,  0,  0, 15,  0])
    """
    if code.n > LARGEST:
        raise ValueError(f"{code.name} has {code.n} qubits: exact enumeration goes to {LARGEST}")
    return _enumerated(code)


@cache
def _enumerated(code: StabilizerCode) -> NDArray[np.int64]:
    n, k = code.n, code.k
    errors = _all_bits(2 * n)
    weight = (errors[:, :n] | errors[:, n:]).sum(axis=1, dtype=np.int64)
    independent = StabilizerCode(name=code.name, checks=code.independent_checks()).check_matrix
    syndrome = _number(_anticommute(errors, independent))
    logical = _number(_anticommute(errors, code.logical_matrix)) if k else np.zeros(len(errors), np.int64)
    flat = (syndrome * 4**k + logical) * (n + 1) + weight
    counts = np.bincount(flat, minlength=2 ** (n - k) * 4**k * (n + 1))
    return counts.reshape(2 ** (n - k), 4**k, n + 1)


def maximum_likelihood_failure(code: StabilizerCode, p: float) -> float:
    """The probability that the best possible decoder fails under depolarising code-capacity noise.

    Every qubit suffers X, Y or Z with probability p/3 each, the checks are perfect, and for every
    syndrome the likeliest logical class is taken: 1 − Σ_s max_l P(s, l), each P a polynomial in p.

    Args:
        code: A code on n qubits that encodes k, with n + k at most 24.
        p: Probability of an error on each qubit, in [0, 1].

    Raises:
        ValueError: p outside [0, 1], or a larger code.

    >>> from circuits.codes.named import steane
    >>> f"{maximum_likelihood_failure(steane(), 0.05):.6e}"
    '3.436104e-02'
    """
    return 1 - float(_probabilities(code, p).max(axis=1).sum())


def post_selected(code: StabilizerCode, p: float) -> Detection:
    """What remains when every shot with a fired check is thrown away, under the same noise.

    Args:
        code: A code on n qubits that encodes k, with n + k at most 24.
        p: Probability of an error on each qubit, in [0, 1].

    Raises:
        ValueError: p outside [0, 1], or a larger code.

    >>> from circuits.codes.named import four_two_two
    >>> round(post_selected(four_two_two(), 0.01).accepted, 6)
    0.960793
    """
    kept = _probabilities(code, p)[0]
    accepted = float(kept.sum())
    return Detection(accepted=accepted, error=float(kept[1:].sum()) / accepted)


def uncorrectable_erasures(code: StabilizerCode, basis: str | None = None) -> tuple[int, ...]:
    """How many sets of erased qubits, by size 0 … n, hold a logical operator.

    Args:
        code: A code on at most 20 qubits.
        basis: None for any logical operator; "X" or "Z" for sets that hold one which flips a logical
            measurement in that basis (of any logical qubit).

    Raises:
        ValueError: A code with more than 20 qubits, or another basis.

    >>> from circuits.codes.named import five_qubit
    >>> uncorrectable_erasures(five_qubit())
    (0, 0, 0, 10, 5, 1)
    """
    if code.n > LARGEST_TREE:
        raise ValueError(f"{code.name} has {code.n} qubits: counting erasures goes to {LARGEST_TREE}")
    if basis not in (None, "X", "Z"):
        raise ValueError(f"basis = {basis!r}: choose 'X', 'Z' or None for both")
    logicals = code.logical_matrix
    if basis is not None:
        logicals = logicals[: code.k] if basis == "X" else logicals[code.k :]
    return erasures_by_tree(code.check_matrix, logicals)


def distance(code: StabilizerCode) -> int:
    """The least weight of a logical operator, by enumeration.

    Args:
        code: A code on at most 9 qubits with at least one logical qubit.

    Raises:
        ValueError: A code with more than 9 qubits, or without a logical qubit.

    >>> from circuits.codes.named import four_two_two
    >>> distance(four_two_two())
    2
    """
    if code.k == 0:
        raise ValueError(f"{code.name} encodes no qubit: it has no distance")
    return int(np.flatnonzero(weight_enumerators(code)[0, 1:].sum(axis=0))[0])


def _probabilities(code: StabilizerCode, p: float) -> NDArray[np.float64]:
    if not 0 <= p <= 1:
        raise ValueError(f"p = {p}: a probability lies in [0, 1]")
    if code.n + code.k > LARGEST_TRANSFORM:
        raise ValueError(
            f"{code.name} has {code.n} qubits and encodes {code.k}: exact answers go to "
            f"{LARGEST_TRANSFORM} together"
        )
    if code.n > LARGEST:
        return probabilities_by_transform(code, p)
    weights = np.arange(code.n + 1)
    per_error = (p / 3) ** weights * (1 - p) ** (code.n - weights)
    return weight_enumerators(code).astype(np.float64) @ per_error


def _all_bits(width: int) -> Bits:
    numbers = np.arange(2**width, dtype=np.uint32)
    return ((numbers[:, None] >> np.arange(width, dtype=np.uint32)) & 1).astype(np.uint8)


def _anticommute(errors: Bits, operators: Bits) -> Bits:
    n = errors.shape[1] // 2
    swapped = np.hstack([operators[:, n:], operators[:, :n]])
    return ((errors @ swapped.T) & 1).astype(np.uint8)


def _number(bits: Bits) -> NDArray[np.int64]:
    return bits.astype(np.int64) @ (1 << np.arange(bits.shape[1], dtype=np.int64))
