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
_WIDTHS = (1, 2, 4)


class Row(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A row of small numbers, packed.

    Args:
        count: How many there are.
        width: Bits of each: 1, 2 or 4.
        data: The bits, first number first, its lowest bit first.
    """

    count: int
    width: int
    data: bytes

    @classmethod
    def of(cls, values: ArrayLike, width: int = 1) -> Row:
        """Pack numbers below 2^width."""
        row = np.ascontiguousarray(values, dtype=np.uint8)
        if width == 1:
            return cls(row.size, 1, np.packbits(row, bitorder="little").tobytes())
        each = 8 // width
        filled = np.zeros((-(-row.size // each), each), np.uint8)
        filled.ravel()[: row.size] = row
        packed = filled[:, 0].copy()
        for place in range(1, each):
            packed |= filled[:, place] << np.uint8(place * width)
        return cls(row.size, width, packed.tobytes())

    def values(self, count: int | None = None) -> NDArray[np.uint8]:
        """The numbers, uint8.

        Args:
            count: How many are expected; None: any number.

        Raises:
            MalformedMessage: If the data is not as long as it says.
            UnequalLengths: If there are more or fewer than expected.
        """
        whole = self.width in _WIDTHS and self.count >= 0
        if not whole or len(self.data) != -(-self.count * self.width // 8):
            raise MalformedMessage(
                f"a row of {self.count} numbers of {self.width} bits in {len(self.data)} bytes is none; "
                "end the session"
            )
        if count is not None and self.count != count:
            raise UnequalLengths(
                f"a row of {self.count} entries where {count} were due: the ends do not speak of the same "
                "bits; start a new session"
            )
        packed = np.frombuffer(self.data, np.uint8)
        if self.width == 1:
            return np.unpackbits(packed, count=self.count, bitorder="little")
        return _unpacked(self.width)[packed].ravel()[: self.count]


@cache
def _unpacked(width: int) -> NDArray[np.uint8]:
    """The numbers that each byte holds, shape (256, 8 / width)."""
    shifts = np.arange(0, 8, width, dtype=np.uint8)
    return np.arange(256, dtype=np.uint8)[:, None] >> shifts & np.uint8((1 << width) - 1)


class Hello(msgspec.Struct, frozen=True, tag_field="is", tag="hello"):
    """The first message of each end; fields that a later version adds are not looked at."""

    version: int
    party: str = ""
    plan: bytes = b""
    session: str = ""
    simulated: bool = True


class Abort(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="abort"):
    """The sender ends the session: an error's name and its line."""

    error: str
    told: str


class BatchTold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="batch"):
    """The quantum channel proposes pulses: the first one's number, and the gaps to the next ones."""

    first: int
    gaps: bytes


class ChoicesTold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="choices"):
    """One end tells the quantum channel what it prepared, or in which bases it measures."""

    bases: Row
    bits: Row | None = None
    intensities: Row | None = None


class ClicksTold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="clicks"):
    """The quantum channel tells one end what it saw of a batch."""

    clicked: Row
    bits: Row
    bases: Row | None = None


class PulsesOver(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="over"):
    """The quantum channel has sent all pulses."""

    pulses: int
    simulated: bool


class Clicked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="clicked"):
    """Bob: which of the proposed pulses he keeps, his public notes (bases) of those, and how many clicked."""

    clicked: Row
    notes: Row | None
    raw: int


class Sifting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="sifting"):
    """Alice: her public notes of the pulses that Bob keeps; where she measures too, which she saw."""

    notes: Row | None
    intensities: Row | None
    clicked: Row | None


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="kept"):
    """Bob: which of them are conclusive, given Alice's notes."""

    kept: Row


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="sample"):
    """Alice: a random sample of the key's places, her bits there, and all her bits of the test."""

    places: Row
    sample: Row
    test: Row


class Estimate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="estimate"):
    """Bob: how many of those are wrong, by class and intensity."""

    sample_errors: list[int]
    test_errors: list[int]


class Reconcile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="reconcile"):
    """Alice: how the keys are reconciled, and the public seed of it."""

    method: str
    seed: int


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="question"):
    """Bob asks about parities."""

    data: bytes


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="answer"):
    """Alice answers: so many bits about her key, and how they are packed is the method's affair."""

    bits: int
    data: bytes


class Reconciled(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="reconciled"):
    """Bob is done: how many bits he corrected, intensity by intensity, told in so many bits."""

    corrected: list[int]
    bits: int


class Verification(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="verification"
):
    """Alice: the public seed of a universal hash, and the hash of her key."""

    seed: Row
    hash: Row


class Verdict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="verdict"):
    """Bob: whether his key has the same hash."""

    equal: bool


class Amplification(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="amplification"
):
    """Alice: how many bits are secret, and the public seed of privacy amplification."""

    length: int
    seed: Row


class Stop(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="stop"):
    """Alice: the session ends at the verified key, and why."""

    reason: str


class Stored(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="stored"):
    """Bob: his key is on disk, pending."""

    length: int


class Confirmed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="confirmed"):
    """Alice: both keys are on disk, and hers is delivered."""

    length: int


class States(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="states"):
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
            f"{len(data)} bytes hold no message of version {VERSION} ({type(error).__name__}); "
            "end the session"
        ) from None
