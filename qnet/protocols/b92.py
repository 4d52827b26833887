"""B92: two states that are not orthogonal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from qnet.protocols._key_distribution import KeyProtocol, Setting, Signal
from qnet.results import Figure

if TYPE_CHECKING:
    from qnet.execution import Outcomes

__all__ = ["B92"]


@dataclass(frozen=True, kw_only=True)
class B92(KeyProtocol):
    """Raw bits of B92, kept when Bob's outcome is conclusive.

    Example:
        >>> from qnet.execution import run
        >>> figures = run(B92(), "stim", shots=4000, seed=1).figures
        >>> figures["qber"].value, abs(figures["conclusive_fraction"].value - 0.25) < 0.04
        (0.0, True)

    Source:
        C. H. Bennett, Phys. Rev. Lett. 68, 3121 (1992), DOI 10.1103/PhysRevLett.68.3121.
    """

    name: ClassVar[str] = "b92"
    summary: ClassVar[str] = "key distribution with two states that are not orthogonal"
    bases: ClassVar[tuple[str, ...]] = ("Z", "X")

    def note(self, setting: Setting) -> Signal:
        """Alice notes her bit, whose state is in the basis of that number; Bob what he measured."""
        bit, measured = setting
        bob = self.bases.index(measured)
        return Signal(alice_basis=bit, bob_basis=bob, alice_bit=bit, bob_bit=-1)

    def interpret(self, outcomes: Sequence[Outcomes]) -> dict[str, Figure]:
        """Error rate, and the share of signals that is conclusive and therefore sifted.

        Raises:
            NothingKept: If no signal is conclusive.
        """
        figures = KeyProtocol.interpret(self, outcomes)
        return {**figures, "conclusive_fraction": figures["sifted_fraction"]}

    def ideals(self) -> dict[str, float]:
        """No errors; a quarter of the signals is conclusive."""
        return {"qber": 0.0, "sifted_fraction": 0.25}
