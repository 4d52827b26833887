"""DEJMPS: purification of a pair by another, for any Bell-diagonal pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from qnet.protocols._fields import Weights, check_pair, pair_of, weights_of
from qnet.protocols._purification import (
    measured_circuits,
    purification_claim,
    purification_figures,
    read_pair,
)
from qnet.protocols.claims import Claim
from qnet.results import Figure

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution import Outcomes

__all__ = ["DEJMPS"]


@dataclass(frozen=True, kw_only=True)
class DEJMPS:
    """What DEJMPS makes of two equal pairs.

    Args:
        fidelity: Fidelity of every pair, a Werner state; 0.9 if neither this nor `weights` is given.
        weights: Weights of Bell-diagonal pairs instead, in the order Φ+, Ψ+, Ψ−, Φ−.

    Raises:
        ValueError: If both `fidelity` and `weights` are given, or one of them is no such thing.

    Example:
        >>> from qnet.execution import run
        >>> figures = run(DEJMPS(fidelity=0.8), "stim", shots=2000, seed=1).figures
        >>> for name, figure in figures.items():
        ...     print(f"{name} {figure.ideal:.6f}", abs(figure.value - figure.ideal) < 5 * figure.stderr)
        fidelity 0.838150 True
        success_probability 0.768889 True
        yield 0.384444 True

    Source:
        D. Deutsch et al., Phys. Rev. Lett. 77, 2818 (1996), arXiv:quant-ph/9604039.
    """

    name: ClassVar[str] = "dejmps"
    summary: ClassVar[str] = "two pairs to one: rotations, CNOTs, equal outcomes"

    fidelity: float | None = None
    weights: Weights | None = None

    def __post_init__(self) -> None:
        check_pair(self, default=0.9)

    def circuit(self) -> QuantumCircuit:
        """The protocol itself."""
        from circuits.library import dejmps

        return dejmps(pair=pair_of(self))

    def circuits(self) -> Sequence[QuantumCircuit]:
        """The protocol, with the kept pair measured in XX, YY and ZZ."""
        return measured_circuits(self.circuit())

    def interpret(self, outcomes: Sequence[Outcomes]) -> dict[str, Figure]:
        """Fidelity of the accepted pair with Φ+, success probability, and yield per pair that went in.

        Raises:
            NothingKept: If no pair was accepted for one of the correlators.
        """
        from circuits.library import dejmps_map

        pair = weights_of(self)
        ideal = dejmps_map(pair, pair)
        return purification_figures(read_pair(self.circuits(), outcomes), ideal, pairs=2)

    def claims(self) -> list[tuple[str, QuantumCircuit, Claim]]:
        """That perfect pairs are accepted, and leave Φ+."""
        circuit = self.circuit()
        return [(self.name, circuit, purification_claim(circuit))]
