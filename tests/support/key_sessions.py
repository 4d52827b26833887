"""Small sessions for tests: plans, channels, and somebody on the classical channel."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from qnet.qkd.rates import BB84
from qnet.qkd.sessions import FlipChannel, SessionPlan, run_session
from qnet.qkd.sessions._pads import MemoryPool


def small_plan(**fields) -> SessionPlan:
    """BB84 that brings a key of a few thousand bits in some ten milliseconds."""
    chosen = {"protocol": BB84(test_probability=0.3), "pulses": 30_000, "reconciliation": "few-rounds"}
    return SessionPlan(**{**chosen, **fields})


def channel_of(plan: SessionPlan, *, flip: float = 0.01, seed: int = 3, **fields) -> FlipChannel:
    """The plain channel of a plan."""
    return FlipChannel(plan.scheme.alice, plan.scheme.bob, pulses=plan.pulses, flip=flip, seed=seed, **fields)


def run_small(plan: SessionPlan | None = None, *, flip: float = 0.01, seed: int = 3, **fields):
    """One session with seeds 1 and 2."""
    made = small_plan() if plan is None else plan
    return run_session(
        made, channel_of(made, flip=flip, seed=seed), **{"alice_seed": 1, "bob_seed": 2, **fields}
    )


def memory_pools(size: int = 1 << 16) -> tuple[MemoryPool, MemoryPool]:
    """One pre-shared key, twice."""
    key = os.urandom(size)
    return MemoryPool(key), MemoryPool(key)


@dataclass
class OnTheWay:
    """Somebody on the classical channel, who does something to one frame.

    Args:
        place: Which frame, counted over both directions.
        act: What arrives in place of it, given all frames of its direction so far, itself last.
    """

    place: int
    act: Callable[[list[bytes]], Iterable[bytes]]
    seen: list[tuple[str, bytes]] = field(default_factory=list)

    def pass_on(self, sender: str, frame: bytes) -> Iterable[bytes]:
        self.seen.append((sender, frame))
        if len(self.seen) - 1 != self.place:
            return (frame,)
        return self.act([one for who, one in self.seen if who == sender])
