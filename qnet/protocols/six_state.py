"""The six-state protocol: BB84 with a third basis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from qnet.protocols._key_distribution import KeyProtocol, Setting, Signal

__all__ = ["SixState"]


@dataclass(frozen=True, kw_only=True)
class SixState(KeyProtocol):
    """Raw bits of the six-state protocol, kept when the bases agree.

    Example:
        >>> from qnet.execution import run
        >>> figures = run(SixState(), "stim", shots=4000, seed=1).figures
        >>> figures["qber"].value, abs(figures["sifted_fraction"].value - 1 / 3) < 0.04
        (0.0, True)

    Source:
        D. Bruß, Phys. Rev. Lett. 81, 3018 (1998), arXiv:quant-ph/9805019.
    """

    name: ClassVar[str] = "six_state"
    summary: ClassVar[str] = "key distribution with six states in three bases"
    bases: ClassVar[tuple[str, ...]] = ("Z", "X", "Y")

    def note(self, setting: Setting) -> Signal:
        """Alice notes the bit that she sent, Bob what he measured."""
        bit, basis, measured = setting
        bases = self.bases.index(basis), self.bases.index(measured)
        return Signal(alice_basis=bases[0], bob_basis=bases[1], alice_bit=bit, bob_bit=-1)

    def ideals(self) -> dict[str, float]:
        """No errors; the bases agree for a third of the signals."""
        return {"qber": 0.0, "qber_z": 0.0, "qber_x": 0.0, "qber_y": 0.0, "sifted_fraction": 1 / 3}
