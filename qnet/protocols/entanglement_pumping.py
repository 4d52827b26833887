"""Entanglement pumping: one pair, purified by a fresh pair in every round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from qnet.protocols._fields import Weights, check_choice, check_pair, check_whole, pair_of, weights_of
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

__all__ = ["EntanglementPumping"]


@dataclass(frozen=True, kw_only=True)
class EntanglementPumping:
    """What rounds of pumping make of equal pairs.

    Args:
        rounds: Number of fresh pairs, from 1 to 1000.
        step: `"dejmps"`, or `"bbpssw"` without rotations.
        fidelity: Fidelity of every pair, a Werner state; 0.9 if neither this nor `weights` is given.
        weights: Weights of Bell-diagonal pairs instead, in the order Φ+, Ψ+, Ψ−, Φ−.

    Raises:
        ValueError: If `rounds` is no whole number from 1 to 1000.
        ValueError: If `step` is neither of the two.
        ValueError: If both `fidelity` and `weights` are given, or one of them is no such thing.

    Example:
        >>> from qnet.execution import run
        >>> figures = run(EntanglementPumping(fidelity=0.8), "stim", shots=2000, seed=1).figures
        >>> for name, figure in figures.items():
        ...     print(f"{name} {figure.ideal:.6f}", abs(figure.value - figure.ideal) < 5 * figure.stderr)
        fidelity 0.887417 True
        success_probability 0.581630 True
        yield 0.193877 True

    Source:
        W. Dür and H. J. Briegel, Phys. Rev. Lett. 90, 067901 (2003), arXiv:quant-ph/0210069.
    """

    name: ClassVar[str] = "entanglement_pumping"
    summary: ClassVar[str] = "one pair, purified by a fresh pair in every round"

    rounds: int = 2
    step: str = "dejmps"
    fidelity: float | None = None
    weights: Weights | None = None

    def __post_init__(self) -> None:
        check_whole("rounds", self.rounds, least=1, most=1000)
        check_choice("step", self.step, ("dejmps", "bbpssw"))
        check_pair(self, default=0.9)

    def circuit(self) -> QuantumCircuit:
        """The protocol itself."""
        from circuits.library import entanglement_pumping

        return entanglement_pumping(self.rounds, step=self.step, pair=pair_of(self))

    def circuits(self) -> Sequence[QuantumCircuit]:
        """The protocol, with the kept pair measured in XX, YY and ZZ."""
        return measured_circuits(self.circuit())

    def interpret(self, outcomes: Sequence[Outcomes]) -> dict[str, Figure]:
        """Fidelity of the accepted pair with Φ+, success probability, and yield per pair that went in.

        Raises:
            NothingKept: If no pair was accepted for one of the correlators.
        """
        from circuits.library import pumping_map

        pair = weights_of(self)
        ideal = pumping_map([pair] * (self.rounds + 1), step=self.step)
        return purification_figures(read_pair(self.circuits(), outcomes), ideal, pairs=self.rounds + 1)

    def claims(self) -> list[tuple[str, QuantumCircuit, Claim]]:
        """That perfect pairs are accepted, and leave Φ+."""
        circuit = self.circuit()
        return [(self.name, circuit, purification_claim(circuit))]
