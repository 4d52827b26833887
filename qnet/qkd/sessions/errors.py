"""Why a session ends without a key. No message of these ever holds a bit of one."""

from __future__ import annotations

from qnet.qkd.errors import KeyDistributionError

__all__ = [
    "BadFrame",
    "ChannelClosed",
    "ErrorRateTooHigh",
    "KeyLost",
    "MalformedMessage",
    "NotSettled",
    "OtherPlan",
    "OtherVersion",
    "PeerAborted",
    "PeerSilent",
    "SessionError",
    "TooFewBits",
    "UnequalLengths",
    "VerificationFailed",
]


class SessionError(KeyDistributionError):
    """Root of the errors of sessions: the session was aborted, and there is no key."""


class ErrorRateTooHigh(SessionError):
    """The error rate of the sample or of the test is higher than the plan allows."""


class TooFewBits(SessionError):
    """Too few pulses arrived for anything to be estimated or kept."""


class UnequalLengths(SessionError):
    """The two ends speak of rows of bits of different lengths."""


class VerificationFailed(SessionError):
    """The two keys still differ after reconciliation; the block is discarded."""


class ChannelClosed(SessionError):
    """The other end, or the quantum channel, went away in the middle of a session."""


class PeerSilent(SessionError):
    """Nothing came within the time that a session waits."""


class PeerAborted(SessionError):
    """The other end aborted, and said why."""


class OtherVersion(SessionError):
    """The other end speaks another version of the protocol."""


class OtherPlan(SessionError):
    """The two ends were given different plans."""


class BadFrame(SessionError):
    """What came is no frame of this protocol, or is longer than a frame may be."""


class MalformedMessage(SessionError):
    """A frame came whole, but what it holds is no message, or not the one that is due."""


class NotSettled(SessionError):
    """The session broke when the key was on disk already: both ends must settle what becomes of it."""


class KeyLost(SessionError):
    """A key file is damaged or missing."""
