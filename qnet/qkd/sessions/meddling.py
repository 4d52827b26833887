"""`ManInTheMiddle`: an eavesdropper on the classical channel, who does not know the pre-shared key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["ACTS", "ManInTheMiddle"]

_Frames = Sequence[bytes]


def _tamper(frames: _Frames) -> _Frames:
    frame = bytearray(frames[-1])
    frame[len(frame) // 2] ^= 1
    return (bytes(frame),)


ACTS: Mapping[str, Callable[[_Frames], _Frames]] = MappingProxyType(
    {
        "listen": lambda frames: frames[-1:],
        "tamper": _tamper,
        "truncate": lambda frames: (frames[-1][:-1],),
        "drop": lambda frames: (),
        "repeat": lambda frames: (frames[-1], frames[-1]),
        "replay": lambda frames: (frames[0],),
        "forge": lambda frames: (bytes(len(frames[-1])),),
    }
)
"""What may be done to a frame, by name: functions of all frames that its sender sent so far, itself last."""


@dataclass(kw_only=True)
class ManInTheMiddle:
    """Sees every frame between Alice and Bob before it arrives, and does something to one of them.

    Whatever it is, the session ends with a named error and without a key: every frame has a tag of a key that
    is used once. Only to listen, which anybody may, goes unnoticed.

    Args:
        act: A name of `ACTS`.
        frame: Which frame, counted from 0 over both directions.

    Raises:
        ValueError: If `act` is unknown, or `frame` negative.

    Example:
        >>> from qnet.qkd.rates import BB84
        >>> from qnet.qkd.sessions import FlipChannel, SessionPlan, run_session
        >>> plan = SessionPlan(protocol=BB84(test_probability=0.2), pulses=20_000)
        >>> channel = FlipChannel(plan.scheme.alice, plan.scheme.bob, pulses=plan.pulses, seed=1)
        >>> run_session(plan, channel, meddler=ManInTheMiddle(act="tamper", frame=3))  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        qnet.qkd.authentication.authenticator.AuthenticationError: message 1 from alice was changed ...
    """

    act: str
    frame: int = 0
    seen: list[tuple[str, bytes]] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        if self.act not in ACTS:
            raise ValueError(f"act={self.act!r} is unknown; give one of {', '.join(ACTS)}")
        if self.frame < 0:
            raise ValueError(f"frame={self.frame!r} must be at least 0")

    def pass_on(self, sender: str, frame: bytes) -> _Frames:
        """The frames that arrive in place of one that was sent."""
        self.seen.append((sender, frame))
        if len(self.seen) - 1 != self.frame:
            return (frame,)
        return ACTS[self.act]([one for who, one in self.seen if who == sender])
