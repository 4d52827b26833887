"""SARG04: the states of BB84, announced in pairs that are not orthogonal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from qnet.protocols._key_distribution import KeyProtocol, Setting, Signal
from qnet.results import Figure

if TYPE_CHECKING:
    from qnet.execution import Outcomes

__all__ = ["SARG04"]


@dataclass(frozen=True, kw_only=True)
class SARG04(KeyProtocol):
    """Raw bits of SARG04, kept when Bob's outcome is conclusive.

    The key bit is the basis of the state that was sent: 0 for X, 1 for Z.

    Example:
        >>> from qnet.execution import run
        >>> figures = run(SARG04(), "stim", shots=4000, seed=1).figures
        >>> figures["qber"].value, abs(figures["conclusive_fraction"].value - 0.25) < 0.04
        (0.0, True)

    Source:
        V. Scarani et al., Phys. Rev. Lett. 92, 057901 (2004), arXiv:quant-ph/0211131.
    """

    name: ClassVar[str] = "sarg04"
    summary: ClassVar[str] = "key distribution with BB84's states, announced in pairs"
    bases: ClassVar[tuple[str, ...]] = ("Z", "X")

    def note(self, setting: Setting) -> Signal:
        """Alice notes the bit that the basis of her state means, Bob what he measured."""
        state, _, measured = setting
        alice, bob = int(state in "+-"), self.bases.index(measured)
        return Signal(alice_basis=alice, bob_basis=bob, alice_bit=1 - alice, bob_bit=-1)

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
