"""BBM92: BB84 on shared pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from qnet.protocols._fields import Weights, check_pair, check_probability, pair_of, weights_of
from qnet.protocols._key_distribution import KeyProtocol, Setting, Signal, basis_chances

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

__all__ = ["BBM92"]


@dataclass(frozen=True, kw_only=True)
class BBM92(KeyProtocol):
    """Raw bits of BBM92, kept when the bases agree.

    Args:
        fidelity: Fidelity of the pairs, Werner states; 1 if neither this nor `weights` is given.
        weights: Weights of Bell-diagonal pairs instead, in the order Φ+, Ψ+, Ψ−, Φ−.
        z_probability: How often either side chooses Z rather than X, between 0 and 1.

    Raises:
        ValueError: If both `fidelity` and `weights` are given, or one of them is no such thing.
        ValueError: If `z_probability` is not between 0 and 1.

    Example:
        >>> from qnet.execution import run
        >>> figure = run(BBM92(fidelity=0.97), "stim", shots=4000, seed=1).figures["qber"]
        >>> round(figure.ideal, 6), abs(figure.value - figure.ideal) < 5 * figure.stderr
        (0.02, True)

    Source:
        C. H. Bennett, G. Brassard and N. D. Mermin, Phys. Rev. Lett. 68, 557 (1992),
        DOI 10.1103/PhysRevLett.68.557.
    """

    name: ClassVar[str] = "bbm92"
    summary: ClassVar[str] = "key distribution with pairs, measured in two bases"
    bases: ClassVar[tuple[str, ...]] = ("Z", "X")

    fidelity: float | None = None
    weights: Weights | None = None
    z_probability: float = 0.5

    def __post_init__(self) -> None:
        check_pair(self, default=1.0)
        check_probability("z_probability", self.z_probability, inside=True)

    def note(self, setting: Setting) -> Signal:
        """Both sides note what they measured."""
        bases = self.bases.index(setting[0]), self.bases.index(setting[1])
        return Signal(alice_basis=bases[0], bob_basis=bases[1], alice_bit=-1, bob_bit=-2)

    def build(self, setting: Setting) -> QuantumCircuit:
        """The circuit of one pair."""
        return self.table.build(*setting, pair=pair_of(self))

    def probabilities(self) -> NDArray[np.float64]:
        """Bases have `z_probability`."""
        chances = basis_chances(self.z_probability)
        return np.array([chances[str(a)] * chances[str(b)] for a, b in self.table.settings])

    def ideals(self) -> dict[str, float]:
        """Ψ± give errors in Z, Ψ− and Φ− in X; the bases agree with p² + (1 − p)²."""
        _, psi_plus, psi_minus, phi_minus = weights_of(self)
        in_z, in_x, p = psi_plus + psi_minus, psi_minus + phi_minus, self.z_probability
        sifted = p**2 + (1 - p) ** 2
        both = (p**2 * in_z + (1 - p) ** 2 * in_x) / sifted
        return {"qber": both, "qber_z": in_z, "qber_x": in_x, "sifted_fraction": sifted}
