"""Both parties in one process, for study and for tests."""

from __future__ import annotations

from typing import Protocol

from numpy.typing import ArrayLike

from qnet.qkd.reconciliation._keys import checked_key
from qnet.qkd.reconciliation.results import Reconciliation

__all__ = ["Answering", "Asking", "check_lengths", "converse"]


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


def check_lengths(key_a: ArrayLike, key_b: ArrayLike) -> None:
    """Refuse two keys that cannot belong together."""
    first, second = checked_key(key_a, "key_a"), checked_key(key_b, "key_b")
    if first.size != second.size:
        raise ValueError(f"keys must have equal lengths, not {first.size} and {second.size} bits; cut the longer one")
