"""Measurement-device-independent key distribution: two senders, and a Bell measurement between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from qnet.protocols._fields import check_probability
from qnet.protocols._key_distribution import KeyProtocol, Setting, Signal, basis_chances

__all__ = ["MDI"]


@dataclass(frozen=True, kw_only=True)
class MDI(KeyProtocol):
    """Raw bits of measurement-device-independent key distribution, kept when the senders' bases agree.

    All four results of the Bell measurement are used; Bob's sifted bits are flipped as the result asks.

    Args:
        z_probability: How often either side chooses Z rather than X, between 0 and 1.

    Raises:
        ValueError: If `z_probability` is not between 0 and 1.

    Example:
        >>> from qnet.execution import run
        >>> figures = run(MDI(), "stim", shots=4000, seed=1).figures
        >>> figures["qber"].value, abs(figures["sifted_fraction"].value - 0.5) < 0.04
        (0.0, True)

    Source:
        H.-K. Lo, M. Curty and B. Qi, Phys. Rev. Lett. 108, 130503 (2012), arXiv:1109.1473.
    """

    name: ClassVar[str] = "mdi"
    summary: ClassVar[str] = "key distribution with two senders and a Bell measurement between them"
    bases: ClassVar[tuple[str, ...]] = ("Z", "X")

    z_probability: float = 0.5

    def __post_init__(self) -> None:
        check_probability("z_probability", self.z_probability, inside=True)

    def note(self, setting: Setting) -> Signal:
        """Both sides note what they sent."""
        alice, alice_basis, bob, bob_basis = setting
        bases = self.bases.index(alice_basis), self.bases.index(bob_basis)
        return Signal(alice_basis=bases[0], bob_basis=bases[1], alice_bit=alice, bob_bit=bob)

    def probabilities(self) -> NDArray[np.float64]:
        """Bits are fair, bases have `z_probability`."""
        chances = basis_chances(self.z_probability)
        return np.array([chances[str(a)] * chances[str(b)] / 4 for _, a, _, b in self.table.settings])

    def ideals(self) -> dict[str, float]:
        """No errors; the bases agree with p² + (1 − p)²."""
        p = self.z_probability
        return {"qber": 0.0, "qber_z": 0.0, "qber_x": 0.0, "sifted_fraction": p**2 + (1 - p) ** 2}
