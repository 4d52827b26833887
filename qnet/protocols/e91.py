"""E91: key and Bell test on shared singlets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, ClassVar

from qnet.protocols._estimates import Estimate
from qnet.protocols._fields import check_probability
from qnet.protocols._key_distribution import KeyProtocol, Setting, Signal, mean_or_nan
from qnet.protocols.claims import Claim
from qnet.results import Figure

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution import Outcomes

__all__ = ["E91"]


@dataclass(frozen=True, kw_only=True)
class E91(KeyProtocol):
    """Raw bits of E91, kept when the two angles agree, and the CHSH value of the others.

    Args:
        fidelity: Fidelity of the pairs, Werner states about Ψ−.

    Raises:
        ValueError: If `fidelity` lies outside [0, 1].

    Example:
        >>> from qnet.execution import run
        >>> figure = run(E91(), "aer", shots=9000, seed=1).figures["chsh_s"]
        >>> round(figure.ideal, 6), abs(figure.value - figure.ideal) < 5 * figure.stderr
        (2.828427, True)

    Source:
        A. K. Ekert, Phys. Rev. Lett. 67, 661 (1991), DOI 10.1103/PhysRevLett.67.661.
    """

    name: ClassVar[str] = "e91"
    summary: ClassVar[str] = "key distribution with singlets, guarded by a Bell test"
    bases: ClassVar[tuple[str, ...]] = ("0", "1", "2")

    fidelity: float = 1.0

    def __post_init__(self) -> None:
        check_probability("fidelity", self.fidelity)

    def note(self, setting: Setting) -> Signal:
        """Both sides note the number of their setting and what they measured."""
        return Signal(alice_basis=setting[0], bob_basis=setting[1], alice_bit=-1, bob_bit=-2)

    def build(self, setting: Setting) -> QuantumCircuit:
        """The circuit of one pair."""
        from circuits.library import bell_pair

        return self.table.build(*setting, pair=bell_pair("psi-", fidelity=self.fidelity))

    def interpret(self, outcomes: Sequence[Outcomes]) -> dict[str, Figure]:
        """Error rate, sifted share, and CHSH value; that is NaN if one of its four settings never came up.

        Raises:
            NothingKept: If no signal is sifted.
        """
        from circuits.library import E91_CHSH_SIGNS

        total = Estimate(value=0.0, variance=0.0)
        for setting, one in zip(self.table.settings, outcomes, strict=True):
            sign = E91_CHSH_SIGNS.get((int(setting[0]), int(setting[1])))
            if sign is not None:
                products = 1.0 - 2.0 * (one.bits[:, 0] ^ one.bits[:, 1])
                total = total + mean_or_nan(products, one.weights, low=-1, high=1).linear(sign)
        figures = KeyProtocol.interpret(self, outcomes)
        return {**figures, "chsh_s": total.figure(ideal=self.ideals()["chsh_s"], bound=2.0)}

    def claims(self) -> list[tuple[str, QuantumCircuit, Claim]]:
        """There are none.

        Raises:
            NotClifford: Always.
        """
        from circuits.errors import NotClifford

        raise NotClifford(
            "e91 measures (Z ± X)/√2, which is not Clifford and has no proof by flows; run it on aer"
        )

    def ideals(self) -> dict[str, float]:
        """2/9 of the settings agree; an error takes one of two of the three other Bell states."""
        visibility = (4 * self.fidelity - 1) / 3
        return {
            "qber": (1 - visibility) / 2,
            "sifted_fraction": 2 / 9,
            "chsh_s": 2 * sqrt(2) * visibility,
        }
