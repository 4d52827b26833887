"""BB84: four states in two bases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from qnet.protocols._fields import check_probability
from qnet.protocols._key_distribution import KeyProtocol, Setting, Signal, basis_chances

__all__ = ["BB84"]


@dataclass(frozen=True, kw_only=True)
class BB84(KeyProtocol):
    """Raw bits of BB84, kept when the bases agree.

    Args:
        z_probability: How often either side chooses Z rather than X, between 0 and 1.

    Raises:
        ValueError: If `z_probability` is not between 0 and 1.

    Example:
        >>> from qnet.execution import run
        >>> figures = run(BB84(), "stim", shots=4000, seed=1).figures
        >>> figures["qber"].value, abs(figures["sifted_fraction"].value - 0.5) < 0.04
        (0.0, True)

    Source:
        C. H. Bennett and G. Brassard, Theor. Comput. Sci. 560, 7 (2014), DOI 10.1016/j.tcs.2014.05.025.
    """

    name: ClassVar[str] = "bb84"
    summary: ClassVar[str] = "key distribution with four states in two bases"
    bases: ClassVar[tuple[str, ...]] = ("Z", "X")

    z_probability: float = 0.5

    def __post_init__(self) -> None:
        check_probability("z_probability", self.z_probability, inside=True)

    def note(self, setting: Setting) -> Signal:
        """Alice notes the bit that she sent, Bob what he measured."""
        bit, basis, measured = setting
        bases = self.bases.index(basis), self.bases.index(measured)
        return Signal(alice_basis=bases[0], bob_basis=bases[1], alice_bit=bit, bob_bit=-1)

    def probabilities(self) -> NDArray[np.float64]:
        """Bits are fair, bases have `z_probability`."""
        chances = basis_chances(self.z_probability)
        return np.array([chances[str(b)] * chances[str(m)] / 2 for _, b, m in self.table.settings])

    def ideals(self) -> dict[str, float]:
        """No errors; the bases agree with p² + (1 − p)²."""
        p = self.z_probability
        return {"qber": 0.0, "qber_z": 0.0, "qber_x": 0.0, "sifted_fraction": p**2 + (1 - p) ** 2}
