"""From messages to frames and back: authenticated between Alice and Bob, plain to the quantum channel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from qnet.qkd.authentication import TAG_BYTES, Opener, Sealer
from qnet.qkd.authentication.pool import Pads
from qnet.qkd.sessions.errors import BadFrame, OtherVersion
from qnet.qkd.sessions.messages import VERSION, Hello, decode, encode
from qnet.qkd.sessions.transcript import MORE, WHOLE, Transcript

__all__ = ["FRAME_LIMIT", "PeerWire", "PlainWire", "Wire", "checked_version"]

FRAME_LIMIT = 1 << 24
"""Bytes of the longest frame, 16 MiB; longer messages go in several."""

_PART = FRAME_LIMIT - 64
_LONGEST = 1 << 30


class Wire(Protocol):
    """One end of a connection."""

    def pack(self, message: Any) -> Iterator[bytes]:
        """The frames of a message."""

    def unpack(self, frame: bytes) -> Any | None:
        """The message that a frame completes; None if more of it is to come."""


class _Parts:
    """Messages in parts that fit into frames."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._size = 0
        self._first = True

    def split(self, message: Any) -> Iterator[bytes]:
        data = encode(message)
        for start in range(0, max(len(data), 1), _PART):
            last = start + _PART >= len(data)
            yield (WHOLE if last else MORE) + data[start : start + _PART]

    def join(self, part: bytes) -> Any | None:
        if part[:1] not in (WHOLE, MORE):
            raise BadFrame(
                f"a frame of {len(part)} bytes has no mark of a whole message or a part; end the session"
            )
        self._held.append(part[1:])
        self._size += len(part) - 1
        if self._size > _LONGEST:
            raise BadFrame(f"a message of more than {_LONGEST} bytes; no message is so long, end the session")
        if part[:1] == MORE:
            return None
        message = decode(b"".join(self._held)) if len(self._held) > 1 else decode(self._held[0])
        self._held, self._size = [], 0
        if self._first:
            self._first = False
            checked_version(message)
        return message


class PlainWire:
    """To and from the quantum channel, which nobody trusts: its frames are not authenticated."""

    def __init__(self) -> None:
        self._parts = _Parts()

    def pack(self, message: Any) -> Iterator[bytes]:
        """The frames of a message."""
        return self._parts.split(message)

    def unpack(self, frame: bytes) -> Any | None:
        """The message that a frame completes.

        Raises:
            BadFrame: If the frame is none.
            MalformedMessage: If it holds no message.
            OtherVersion: If the first message is of another version.
        """
        return self._parts.join(frame)


class PeerWire:
    """Between Alice and Bob: every frame is authenticated by a key of its own, and recorded.

    Args:
        party: Whose end it is, `"alice"` or `"bob"`.
        pool: This end's pre-shared key.
        transcript: Where frames are put down; None for one of its own.
    """

    def __init__(self, party: str, pool: Pads, transcript: Transcript | None = None) -> None:
        peer = "bob" if party == "alice" else "alice"
        self.party, self.peer = party, peer
        self.transcript = Transcript() if transcript is None else transcript
        self._sealer, self._opener = Sealer(pool=pool, lane=party), Opener(pool=pool, lane=peer)
        self._out, self._in = _Parts(), _Parts()

    def pack(self, message: Any) -> Iterator[bytes]:
        """The frames of a message, sealed and put down.

        Raises:
            KeyPoolExhausted: If the pre-shared key is used up.
        """
        for part in self._out.split(message):
            frame = self._sealer.seal(part)
            self.transcript.add(self.party, frame)
            yield frame

    def unpack(self, frame: bytes) -> Any | None:
        """The message that a frame completes.

        Raises:
            AuthenticationError: If the frame is not the next one that the other end sent.
            KeyPoolExhausted: If the pre-shared key is used up.
            MalformedMessage: If it holds no message.
            OtherVersion: If the first message is of another version.
        """
        part = self._opener.open(frame)
        self.transcript.add(self.peer, frame)
        return self._in.join(part)

    @property
    def authentication_bits(self) -> int:
        """Bits of all tags that were sent and came."""
        return (self._sealer.used_bytes + self._opener.used_bytes) // 32 * 8 * TAG_BYTES

    @property
    def key_bytes(self) -> int:
        """Bytes of the pre-shared key that were used."""
        return self._sealer.used_bytes + self._opener.used_bytes

    @property
    def epsilon(self) -> float:
        """How likely a forgery among all messages would have passed."""
        return self._sealer.epsilon + self._opener.epsilon


def checked_version(message: Any) -> None:
    """Refuse a first message of another version.

    Raises:
        OtherVersion: If it is one.
    """
    if isinstance(message, Hello) and message.version != VERSION:
        raise OtherVersion(
            f"the other end speaks version {message.version}, this one version {VERSION}; install the same "
            "version of qnet at both ends"
        )
