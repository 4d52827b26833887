"""A claimed flow beside the one that a circuit has."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ProvedFlow"]


@dataclass(frozen=True, kw_only=True)
class ProvedFlow:
    """One claimed flow, and whether the circuit has it.

    Attributes:
        circuit: Which circuit of the experiment.
        claimed: The flow as claimed.
        flow: The flow that the circuit has, as Stim writes it, for `stim.Circuit.has_flow`; empty when
            the start of the claimed flow does not become its end at all.
        holds: Whether they agree.
    """

    circuit: str
    claimed: str
    flow: str
    holds: bool

    def __str__(self) -> str:
        return f"{'✓' if self.holds else '✗'} {self.circuit}: {self.claimed}"
