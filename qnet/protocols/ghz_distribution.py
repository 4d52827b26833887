"""GHZ states of distant parties, made of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from qnet.protocols._fields import (
    Weights,
    check_choice,
    check_corrections,
    check_pair,
    check_whole,
    pair_of,
    weights_of,
)
from qnet.protocols._ghz_fidelity import GHZFidelity
from qnet.protocols._readout import kept_figures
from qnet.protocols._state_fidelity import ghz_target
from qnet.protocols.claims import Claim
from qnet.results import Figure

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution import Outcomes

__all__ = ["GHZDistribution"]


@dataclass(frozen=True, kw_only=True)
class GHZDistribution:
    """The fidelity of the GHZ state that distant parties make of pairs.

    Args:
        parties: Number of parties, from 2 to 1000.
        topology: `"star"`, a centre that shares a pair with each, or `"chain"`, pairs between neighbours.
        fidelity: Fidelity of every pair, a Werner state; 1 if neither this nor `weights` is given.
        weights: Weights of Bell-diagonal pairs instead, in the order Φ+, Ψ+, Ψ−, Φ−.
        corrections: `"feedforward"`, `"deferred"`, `"frame"` or `"postselect"`.
        settings: `"paulis"` or `"angles"`, how the fidelity is measured, as in `GHZ`; angles are not
            Clifford, and so do not go with `"frame"`.

    Raises:
        ValueError: If both `fidelity` and `weights` are given, or one of them is no such thing.
        ValueError: If `parties` is no whole number from 2 to 1000.
        ValueError: If `topology` is neither of the two.
        ValueError: If `corrections` is none of the four forms.
        ValueError: If `settings` is neither of the two.
        ValueError: If there are more than 10 parties for `"paulis"`.

    Example:
        >>> from qnet.execution import run
        >>> figure = run(GHZDistribution(fidelity=0.95), "stim", shots=2000, seed=1).figures["fidelity"]
        >>> round(figure.ideal, 6), abs(figure.value - figure.ideal) < 5 * figure.stderr
        (0.858185, True)

    Source:
        S. de Bone et al., IEEE Trans. Quantum Eng. 1, 4102610 (2020), arXiv:2010.12259.
    """

    name: ClassVar[str] = "ghz_distribution"
    summary: ClassVar[str] = "a GHZ state of distant parties, fused from pairs"

    parties: int = 3
    topology: str = "star"
    fidelity: float | None = None
    weights: Weights | None = None
    corrections: str = "feedforward"
    settings: str = "paulis"

    def __post_init__(self) -> None:
        check_pair(self, default=1.0)
        check_whole("parties", self.parties, least=2, most=1000)
        check_choice("topology", self.topology, ("star", "chain"))
        check_corrections(self.corrections)
        check_choice("settings", self.settings, ("paulis", "angles"))
        self._fidelity.check("parties")

    def circuit(self) -> QuantumCircuit:
        """The protocol itself, in its form."""
        return self._protocol(self.corrections)

    def circuits(self) -> Sequence[QuantumCircuit]:
        """The protocol, with the parties measured in Z and then in every setting of the parities."""
        protocol = self._protocol("feedforward")
        return self._fidelity.circuits(protocol, _parties(protocol), corrections=self.corrections)

    def interpret(self, outcomes: Sequence[Outcomes]) -> dict[str, Figure]:
        """The fidelity of the parties' state, and the share of shots kept.

        Raises:
            NothingKept: If no shot is kept for one of the settings.
        """
        circuits = self.circuits()
        found = self._fidelity.interpret(circuits, outcomes)
        figures = {"fidelity": found.fidelity.figure(ideal=self._ideal())}
        return {**figures, **kept_figures(self.corrections, found.kept, circuits)}

    def claims(self) -> list[tuple[str, QuantumCircuit, Claim]]:
        """That the parties share the GHZ state."""
        circuit = self.circuit()
        return [(self.name, circuit, ghz_target(self.parties).claim(circuit, _parties(circuit)))]

    def _ideal(self) -> float:
        """The chance that the errors of the pairs leave the state alone.

        Their Z parts must be even. Their X parts must vanish; in a star they may also be on all parties, as
        X on all of them is a stabilizer.
        """
        i, x, y, z = weights_of(self)
        count = self.parties if self.topology == "star" else self.parties - 1
        total = (i + z) ** count + (i - z) ** count
        if self.topology == "star":
            total += (x + y) ** count + (x - y) ** count
        return total / 2

    @property
    def _fidelity(self) -> GHZFidelity:
        return GHZFidelity(n=self.parties, settings=self.settings)

    def _protocol(self, form: str) -> QuantumCircuit:
        from circuits.library import ghz_distribution

        pair = pair_of(self)
        return ghz_distribution(self.parties, topology=self.topology, corrections=form, pair=pair)


def _parties(circuit: QuantumCircuit) -> list[int]:
    register = next(register for register in circuit.qregs if register.name == "party")
    return [circuit.find_bit(qubit).index for qubit in register]
