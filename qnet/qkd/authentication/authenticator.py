"""`Sealer` and `Opener`: Wegman–Carter authentication of a row of messages in one direction."""

from __future__ import annotations

import hmac
import struct
from dataclasses import dataclass, field

from qnet.qkd.authentication.pool import Pads
from qnet.qkd.errors import KeyDistributionError

__all__ = ["TAG_BYTES", "AuthenticationError", "Opener", "Sealer", "forgery_probability", "one_time_tag"]

TAG_BYTES = 16
_KEY_BYTES = 32
_HEADER = struct.Struct(">QQ")


class AuthenticationError(KeyDistributionError):
    """A message is not what the other end sent, or not the next one that it sent."""


def one_time_tag(key: bytes, message: bytes) -> bytes:
    """The Poly1305 tag of a message under a key that is used for this message alone.

    A polynomial modulo 2¹³⁰ − 5 in the first half of the key (RFC 8439, section 2.5), padded with the second
    half.

    Args:
        key: 32 bytes.
        message: Any number of bytes.

    Returns:
        The tag, 16 bytes.

    Example:
        >>> one_time_tag(bytes(32), b"nothing is secret about this key").hex()
        '00000000000000000000000000000000'
    """
    from cryptography.hazmat.primitives.poly1305 import Poly1305

    return Poly1305.generate_tag(key, message)


def forgery_probability(message_bytes: int) -> float:
    """How likely any other message passes for one of this length, however much is computed: 8 ⌈L/16⌉ / 2¹⁰⁶.

    Source: D. J. Bernstein, FSE 2005, theorem 3.3 (the key's polynomial half has 106 free bits).

    Example:
        >>> f"{forgery_probability(2**24):.1e}"
        '1.0e-25'
    """
    return float(8 * -(-(message_bytes + _HEADER.size) // 16) * 2.0**-106)


@dataclass(kw_only=True)
class Sealer:
    """Puts tags on the messages that one end sends.

    Each tag takes 32 bytes of the pool, which are counted on disk before the tag is made. A sealed message is
    the message's number in its session, where its key lies in the pool, the message, and the tag of it all.

    Args:
        pool: The sender's pool.
        lane: Who sends, `"alice"` or `"bob"`.
    """

    pool: Pads
    lane: str
    _number: int = field(default=0, init=False)
    used_bytes: int = field(default=0, init=False)
    epsilon: float = field(default=0.0, init=False)

    def seal(self, message: bytes) -> bytes:
        """The message with its header and its tag.

        Raises:
            KeyPoolExhausted: If the pre-shared key is used up.
        """
        pad = self.pool.take(self.lane, _KEY_BYTES)
        body = _HEADER.pack(self._number, pad.at) + message
        self._number += 1
        self.used_bytes += _KEY_BYTES
        self.epsilon += forgery_probability(len(message))
        return body + one_time_tag(pad.key, body)


@dataclass(kw_only=True)
class Opener:
    """Checks the tags of the messages that the other end sent, and their order.

    Args:
        pool: The receiver's own copy of the pool.
        lane: Who sends, `"alice"` or `"bob"`.
    """

    pool: Pads
    lane: str
    _number: int = field(default=0, init=False)
    used_bytes: int = field(default=0, init=False)
    epsilon: float = field(default=0.0, init=False)

    def open(self, sealed: bytes) -> bytes:
        """The message, if it is the next one that the other end sent.

        Each session proves its messages with keys of its own, so that none of an earlier one passes.

        Raises:
            AuthenticationError: If the message was changed, cut, left out, sent before or made up.
            KeyPoolExhausted: If the pre-shared key is used up.
        """
        if len(sealed) < _HEADER.size + TAG_BYTES:
            raise AuthenticationError(
                f"a message of {len(sealed)} bytes from {self.lane} is cut short; start a new session"
            )
        body, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
        number, at = _HEADER.unpack_from(body)
        self._check_order(number, at)
        pad = self.pool.look(self.lane, at, _KEY_BYTES)
        if not hmac.compare_digest(one_time_tag(pad.key, body), tag):
            raise AuthenticationError(
                f"message {number} from {self.lane} was changed on its way, or is made up; "
                "start a new session"
            )
        self.pool.use_up(self.lane, pad.end)
        self._number += 1
        self.used_bytes += _KEY_BYTES
        self.epsilon += forgery_probability(len(body) - _HEADER.size)
        return body[_HEADER.size :]

    def _check_order(self, number: int, at: int) -> None:
        # Only a session's first message may skip keys: those that its sender used up in a session that broke.
        used = self.pool.used(self.lane)
        if at < used or (at > used and at + _KEY_BYTES > used + self.pool.remaining(self.lane)):
            raise AuthenticationError(
                f"message {number} from {self.lane} was sent before, or is made up; start a new session"
            )
        if number != self._number or (number and at != used):
            raise AuthenticationError(
                f"message {number} from {self.lane} came where message {self._number} was due: one was left "
                "out, sent again, or they changed places; start a new session"
            )
