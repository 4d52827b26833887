"""Both parties in one process, for study and for tests."""

from __future__ import annotations

from typing import Protocol

from numpy.typing import ArrayLike

from qnet.qkd.reconciliation._keys import checked_key
from qnet.qkd.reconciliation.cascade import CascadeAlice, CascadeBob
from qnet.qkd.reconciliation.ldpc import LdpcAlice, LdpcBob, LdpcParameters
from qnet.qkd.reconciliation.parameters import CascadeParameters
from qnet.qkd.reconciliation.results import Reconciliation

__all__ = ["Answering", "Asking", "converse", "reconcile"]


class Answering(Protocol):
    """A party that answers: Alice."""

    def receive(self, message: bytes) -> None:
        """Take a question."""

    def next_message(self) -> bytes | None:
        """The answer, once."""


class Asking(Protocol):
    """A party that asks and corrects: Bob."""

    def receive(self, message: bytes) -> None:
        """Take an answer."""

    def next_message(self) -> bytes | None:
        """The next question, or None at the end."""

    @property
    def result(self) -> Reconciliation:
        """What came of it."""


def converse(alice: Answering, bob: Asking) -> Reconciliation:
    """Let Bob ask and Alice answer until he is done.

    Args:
        alice: The party that answers.
        bob: The party that asks.

    Returns:
        Bob's result.
    """
    while (question := bob.next_message()) is not None:
        alice.receive(question)
        answer = alice.next_message()
        if answer is not None:
            bob.receive(answer)
    return bob.result


def reconcile(
    key_a: ArrayLike, key_b: ArrayLike, parameters: CascadeParameters | LdpcParameters, *, seed: int
) -> Reconciliation:
    """Reconcile two keys of which this process holds both.

    Args:
        key_a: Alice's bits.
        key_b: Bob's bits, as many.
        parameters: Those of Cascade or of LDPC.
        seed: The public seed of permutations and orders.

    Returns:
        Bob's corrected key, with what it cost.

    Raises:
        ValueError: A key is empty or not binary, their lengths differ, or the seed is not of 64 bits.

    Example:
        >>> import numpy as np
        >>> from qnet.qkd.reconciliation import cascade_parameters
        >>> key = np.random.default_rng(2).integers(0, 2, 10_000, dtype=np.uint8)
        >>> wrong = key.copy()
        >>> wrong[::40] ^= 1
        >>> parameters = cascade_parameters("few-rounds", 0.025, block_length=10_000)
        >>> result = reconcile(key, wrong, parameters, seed=3)
        >>> bool((result.key == key).all()), result.error_rate, 1 < result.efficiency() < 1.2
        (True, 0.025, True)
    """
    first, second = checked_key(key_a, "key_a"), checked_key(key_b, "key_b")
    if first.size != second.size:
        raise ValueError(
            f"keys must have equal lengths, not {first.size} and {second.size} bits; cut the longer one"
        )
    if isinstance(parameters, CascadeParameters):
        return converse(CascadeAlice(first, parameters, seed=seed), CascadeBob(second, parameters, seed=seed))
    return converse(LdpcAlice(first, parameters, seed=seed), LdpcBob(second, parameters, seed=seed))
