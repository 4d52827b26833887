"""The CHSH test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import sqrt
from typing import TYPE_CHECKING, Any, ClassVar

from qnet.protocols._estimates import Estimate, mean
from qnet.protocols._fields import Weights, check_pair, pair_of, weights_of
from qnet.protocols._readout import read
from qnet.protocols.claims import Claim
from qnet.results import Figure

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution import Outcomes

__all__ = ["CHSH"]

_SETTINGS = tuple(product((0, 1), repeat=2))


@dataclass(frozen=True, kw_only=True)
class CHSH:
    """The CHSH value S of a pair: at most 2 for local hidden variables, 2√2 for Φ+.

    Args:
        fidelity: Fidelity of the pair, a Werner state; 1 if neither this nor `weights` is given.
        weights: Weights of a Bell-diagonal pair instead, in the order Φ+, Ψ+, Ψ−, Φ−.

    Raises:
        ValueError: If both `fidelity` and `weights` are given, or one of them is no such thing.

    Example:
        >>> from qnet.execution import run
        >>> figure = run(CHSH(), "aer", shots=2000, seed=1).figures["chsh_s"]
        >>> round(figure.ideal, 6), figure.bound, abs(figure.value - figure.ideal) < 5 * figure.stderr
        (2.828427, 2.0, True)

    Source:
        J. F. Clauser et al., Phys. Rev. Lett. 23, 880 (1969), DOI 10.1103/PhysRevLett.23.880.
    """

    name: ClassVar[str] = "chsh"
    summary: ClassVar[str] = "a Bell test: S above 2 rules out local hidden variables"

    fidelity: float | None = None
    weights: Weights | None = None

    def __post_init__(self) -> None:
        check_pair(self, default=1.0)

    def circuit(self) -> QuantumCircuit:
        """The first of the four measurements."""
        return self.circuits()[0]

    def circuits(self) -> Sequence[QuantumCircuit]:
        """One circuit for each of the settings (0, 0), (0, 1), (1, 0), (1, 1)."""
        from circuits.library import chsh

        return [chsh(i, j, pair=pair_of(self)) for i, j in _SETTINGS]

    def interpret(self, outcomes: Sequence[Outcomes]) -> dict[str, Figure]:
        """S = E(0, 0) + E(0, 1) + E(1, 0) − E(1, 1); its bound is that of local hidden variables.

        Raises:
            NothingKept: If a circuit has no shots.
        """
        from circuits.library import CHSH_SIGNS

        total = Estimate(value=0.0, variance=0.0)
        for (i, j), one in zip(_SETTINGS, self._correlators(outcomes), strict=True):
            total = total + one.linear(CHSH_SIGNS[i][j])
        phi_plus, _, psi_minus, _ = weights_of(self)
        ideal = 2 * sqrt(2) * (phi_plus - psi_minus)
        return {"chsh_s": total.figure(ideal=ideal, bound=2.0)}

    def rows(self, outcomes: Sequence[Outcomes]) -> list[dict[str, Any]]:
        """The four correlators E(i, j)."""
        from circuits.library import CHSH_SIGNS

        phi_plus, psi_plus, psi_minus, phi_minus = weights_of(self)
        along = (phi_plus - psi_plus - psi_minus + phi_minus, phi_plus + psi_plus - psi_minus - phi_minus)
        return [
            one.row(f"E({i}, {j})", ideal=CHSH_SIGNS[i][j] * along[i] / sqrt(2))
            for (i, j), one in zip(_SETTINGS, self._correlators(outcomes), strict=True)
        ]

    def _correlators(self, outcomes: Sequence[Outcomes]) -> list[Estimate]:
        readings = [read(circuit, one) for circuit, one in zip(self.circuits(), outcomes, strict=True)]
        return [
            mean(1.0 - 2.0 * (one.bits[:, 0] ^ one.bits[:, 1]), one.weights, low=-1, high=1)
            for one in readings
        ]

    def claims(self) -> list[tuple[str, QuantumCircuit, Claim]]:
        """There are none.

        Raises:
            NotClifford: Always.
        """
        from circuits.errors import NotClifford

        raise NotClifford(
            "chsh measures (Z ± X)/√2, which is not Clifford and has no proof by flows; run it on aer"
        )
