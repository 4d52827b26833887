"""The messages of a session: a tagged union, as MessagePack. The first one tells the version."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from qnet.qkd.sessions.errors import MalformedMessage, UnequalLengths

__all__ = [
    "VERSION",
    "Abort",
    "Amplification",
    "Answer",
    "BatchTold",
    "ChoicesTold",
    "Clicked",
    "ClicksTold",
    "Confirmed",
    "Estimate",
    "Hello",
    "Kept",
    "Message",
    "PulsesOver",
    "Question",
    "Reconcile",
    "Reconciled",
    "Row",
    "Sample",
    "Sifting",
    "States",
    "Stop",
    "Stored",
    "Verdict",
    "Verification",
    "decode",
    "encode",
]

VERSION = 1


class Row(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A row of small numbers, packed.

    Args:
        count: How many there are.
        width: Bits of each, from 1 to 8.
        data: The bits, first number first, its lowest bit first.
    """

    count: int
    width: int
    data: bytes

    @classmethod
    def of(cls, values: ArrayLike, width: int = 1) -> Row:
        """Pack numbers below 2^width."""
        row = np.ascontiguousarray(values, dtype=np.uint8)
        bits = row if width == 1 else (row[:, None] >> np.arange(width, dtype=np.uint8) & 1).ravel()
        return cls(row.size, width, np.packbits(bits, bitorder="little").tobytes())

    def values(self, count: int | None = None) -> NDArray[np.uint8]:
        """The numbers, uint8.

        Args:
            count: How many are expected; None: any number.

        Raises:
            MalformedMessage: If the data is not as long as it says.
            UnequalLengths: If there are more or fewer than expected.
        """
        bits = self.count * self.width
        if self.count < 0 or not 1 <= self.width <= 8 or len(self.data) != -(-bits // 8):
            raise MalformedMessage(
                f"a row of {self.count} numbers of {self.width} bits in {len(self.data)} bytes is none; "
                "end the session"
            )
        if count is not None and self.count != count:
            raise UnequalLengths(
                f"a row of {self.count} entries where {count} were due: the ends do not speak of the same "
                "bits; start a new session"
            )
        found = np.unpackbits(np.frombuffer(self.data, np.uint8), count=bits, bitorder="little")
        if self.width == 1:
            return found
        return np.packbits(found.reshape(self.count, self.width), axis=1, bitorder="little")[:, 0]


class _Message(msgspec.Struct, frozen=True, tag_field="is", forbid_unknown_fields=True):
    """What all messages have in common: their name on the wire."""


class Hello(msgspec.Struct, frozen=True, tag_field="is", tag="hello"):
    """The first message of each end; fields that a later version adds are not looked at."""

    version: int
    party: str
    plan: bytes
    session: str = ""
    simulated: bool = True


class Abort(_Message, frozen=True, tag="abort"):
    """The sender ends the session: an error's name and its line."""

    error: str
    told: str


class BatchTold(_Message, frozen=True, tag="batch"):
    """The quantum channel proposes pulses: the first one's number, and the gaps to the next ones."""

    first: int
    gaps: bytes


class ChoicesTold(_Message, frozen=True, tag="choices"):
    """One end tells the quantum channel what it prepared, or in which bases it measures."""

    bases: Row
    bits: Row | None = None
    intensities: Row | None = None


class ClicksTold(_Message, frozen=True, tag="clicks"):
    """The quantum channel tells one end what it saw of a batch."""

    clicked: Row
    bits: Row


class PulsesOver(_Message, frozen=True, tag="over"):
    """The quantum channel has sent all pulses."""

    pulses: int
    simulated: bool


class Clicked(_Message, frozen=True, tag="clicked"):
    """Bob: which of the proposed pulses he keeps, his public notes (bases) of those, and how many clicked."""

    clicked: Row
    notes: Row | None
    raw: int


class Sifting(_Message, frozen=True, tag="sifting"):
    """Alice: her public notes of the pulses that Bob keeps; where she measures, too, which of them she saw."""

    notes: Row | None
    intensities: Row | None
    clicked: Row | None


class Kept(_Message, frozen=True, tag="kept"):
    """Bob: which of them are conclusive, given Alice's notes."""

    kept: Row


class Sample(_Message, frozen=True, tag="sample"):
    """Alice: a random sample of the key's places, her bits there, and all her bits of the test."""

    places: Row
    sample: Row
    test: Row


class Estimate(_Message, frozen=True, tag="estimate"):
    """Bob: how many of those are wrong, by class and intensity."""

    sample_errors: list[int]
    test_errors: list[int]


class Reconcile(_Message, frozen=True, tag="reconcile"):
    """Alice: how the keys are reconciled, and the public seed of it."""

    method: str
    seed: int


class Question(_Message, frozen=True, tag="question"):
    """Bob asks about parities."""

    data: bytes


class Answer(_Message, frozen=True, tag="answer"):
    """Alice answers: so many bits about her key, and how they are packed is the method's affair."""

    bits: int
    data: bytes


class Reconciled(_Message, frozen=True, tag="reconciled"):
    """Bob is done: how many bits he corrected, intensity by intensity, told in so many bits."""

    corrected: list[int]
    bits: int


class Verification(_Message, frozen=True, tag="verification"):
    """Alice: the public seed of a universal hash, and the hash of her key."""

    seed: Row
    hash: Row


class Verdict(_Message, frozen=True, tag="verdict"):
    """Bob: whether his key has the same hash."""

    equal: bool


class Amplification(_Message, frozen=True, tag="amplification"):
    """Alice: how many bits are secret, and the public seed of privacy amplification."""

    length: int
    seed: Row


class Stop(_Message, frozen=True, tag="stop"):
    """Alice: the session ends at the verified key, and why."""

    reason: str


class Stored(_Message, frozen=True, tag="stored"):
    """Bob: his key is on disk, pending."""

    length: int


class Confirmed(_Message, frozen=True, tag="confirmed"):
    """Alice: both keys are on disk, and hers is delivered."""

    length: int


class States(_Message, frozen=True, tag="states"):
    """What one end has on disk: by session, "pending" or "delivered"."""

    states: dict[str, str]


Message = (
    Hello
    | Abort
    | BatchTold
    | ChoicesTold
    | ClicksTold
    | PulsesOver
    | Clicked
    | Sifting
    | Kept
    | Sample
    | Estimate
    | Reconcile
    | Question
    | Answer
    | Reconciled
    | Verification
    | Verdict
    | Amplification
    | Stop
    | Stored
    | Confirmed
    | States
)


@cache
def _coders() -> tuple[msgspec.msgpack.Encoder, msgspec.msgpack.Decoder[Any]]:
    return msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Message)


def encode(message: Any) -> bytes:
    """A message as bytes."""
    return _coders()[0].encode(message)


def decode(data: bytes) -> Any:
    """A message from bytes.

    Raises:
        MalformedMessage: If they hold none.

    Example:
        >>> decode(encode(Verdict(equal=True)))
        Verdict(equal=True)
    """
    try:
        return _coders()[1].decode(data)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError, UnicodeDecodeError) as error:
        raise MalformedMessage(
            f"{len(data)} bytes hold no message of version {VERSION} ({type(error).__name__}); end the session"
        ) from None
