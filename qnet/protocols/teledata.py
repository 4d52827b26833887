"""A CNOT between two nodes by moving its control."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from qnet.protocols._cx_gate import CXGate
from qnet.protocols._fields import Weights, check_corrections, check_pair, pair_of, weights_of
from qnet.protocols.claims import Claim
from qnet.results import Figure

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution import Outcomes

__all__ = ["Teledata"]


@dataclass(frozen=True, kw_only=True)
class Teledata:
    """How well a CNOT works whose control is teleported to the node of its target, where it stays.

    Over a pair of fidelity F the process fidelity is F and the average gate fidelity (4F + 1)/5.

    Args:
        fidelity: Fidelity of the pair, a Werner state; 1 if neither this nor `weights` is given.
        weights: Weights of a Bell-diagonal pair instead, in the order Φ+, Ψ+, Ψ−, Φ−.
        corrections: `"feedforward"`, `"deferred"`, `"frame"` or `"postselect"`.

    Raises:
        ValueError: If both `fidelity` and `weights` are given, or one of them is no such thing.
        ValueError: If `corrections` is none of the four forms.

    Example:
        >>> from qnet.execution import run
        >>> figures = run(Teledata(fidelity=0.9), "stim", shots=1000, seed=1).figures
        >>> for name, figure in figures.items():
        ...     print(f"{name} {figure.ideal:.6f}", abs(figure.value - figure.ideal) < 5 * figure.stderr)
        process_fidelity 0.900000 True
        average_fidelity 0.920000 True
        truth_table 0.933333 True

    Source:
        R. Van Meter et al., arXiv:quant-ph/0607160; fidelities:
        M. A. Nielsen, Phys. Lett. A 303, 249 (2002), arXiv:quant-ph/0205035, eq. (3).
    """

    name: ClassVar[str] = "teledata"
    summary: ClassVar[str] = "a CNOT between two nodes, its control being moved"

    fidelity: float | None = None
    weights: Weights | None = None
    corrections: str = "feedforward"

    def __post_init__(self) -> None:
        check_pair(self, default=1.0)
        check_corrections(self.corrections)

    def circuit(self) -> QuantumCircuit:
        """The protocol itself, in its form."""
        return self._protocol(self.corrections)

    def circuits(self) -> Sequence[QuantumCircuit]:
        """Four circuits of the truth table, then those of the process fidelity."""
        return self._gate.circuits()

    def interpret(self, outcomes: Sequence[Outcomes]) -> dict[str, Figure]:
        """Process fidelity, average gate fidelity and truth table, and the share of shots kept.

        Raises:
            NothingKept: If no shot of some circuit is kept.
        """
        return self._gate.interpret(outcomes, weights_of(self))

    def rows(self, outcomes: Sequence[Outcomes]) -> list[dict[str, Any]]:
        """The truth table: how often each input gives the right output."""
        return self._gate.rows(outcomes, weights_of(self))

    def claims(self) -> list[tuple[str, QuantumCircuit, Claim]]:
        """That the gate is a CNOT."""
        return [(self.name, self.circuit(), self._gate.claim())]

    @property
    def _gate(self) -> CXGate:
        return CXGate(
            protocol=self._protocol("feedforward"),
            inputs=("control", "target"),
            outputs=("bob", "target"),
            corrections=self.corrections,
        )

    def _protocol(self, form: str) -> QuantumCircuit:
        from circuits.library import teledata

        return teledata(corrections=form, pair=pair_of(self))
