"""`Channel`: the party that holds the quantum channel, and tells the ends what they saw and nothing else."""

from __future__ import annotations

from typing import ClassVar

from qnet.qkd.quantum import QuantumChannel
from qnet.qkd.sessions import messages as m
from qnet.qkd.sessions._quantum_messages import batch_told, choices_heard, clicks_told
from qnet.qkd.sessions.party import Send, Steps, receive
from qnet.qkd.sessions.plan import SessionPlan

__all__ = ["Channel"]


class Channel:
    """Source, loss, Eve and detectors as one party.

    It takes Alice's preparations and Bob's settings for the pulses that it proposes, and gives Bob his clicks
    (both ends theirs, where both measure or a station between them announces).

    Args:
        plan: The same plan as both ends'.
        quantum: The quantum layer.

    Raises:
        ValueError: If the layer sends another number of pulses than planned.
    """

    role: ClassVar[str] = "channel"

    def __init__(self, plan: SessionPlan, quantum: QuantumChannel) -> None:
        if quantum.pulses != plan.pulses:
            raise ValueError(
                f"quantum.pulses={quantum.pulses} is not the plan's pulses={plan.pulses}; give both the same"
            )
        self.plan, self.quantum = plan, quantum

    def run(self) -> Steps[None]:
        """Propose, ask, detect, tell; until all pulses were sent."""
        scheme = self.plan.scheme
        while (batch := self.quantum.propose()) is not None:
            told = batch_told(batch)
            for end in ("alice", "bob"):
                yield Send(end, told)
            count = len(batch)
            alice = choices_heard((yield from receive("alice", m.ChoicesTold)), count, scheme.alice)
            bob = choices_heard((yield from receive("bob", m.ChoicesTold)), count, scheme.bob)
            seen = self.quantum.detect(batch, alice, bob)
            if seen.alice is not None:
                yield Send("alice", clicks_told(seen.alice))
            yield Send("bob", clicks_told(seen.bob))
        over = m.PulsesOver(pulses=self.quantum.pulses, simulated=self.quantum.simulated)
        for end in ("alice", "bob"):
            yield Send(end, over)
