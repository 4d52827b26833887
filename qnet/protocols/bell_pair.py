"""A Bell pair and its fidelity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from qnet.protocols._fields import Weights, check_choice, check_pair, weights_of
from qnet.protocols._state_fidelity import StateFidelity, bell_target
from qnet.protocols.claims import Claim
from qnet.results import Figure

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution import Outcomes

__all__ = ["BellPair"]

_STATES = ("phi+", "psi+", "psi-", "phi-")


@dataclass(frozen=True, kw_only=True)
class BellPair:
    """The fidelity of a pair with a Bell state, from the correlators XX, YY and ZZ.

    Args:
        state: `"phi+"`, `"psi+"`, `"psi-"` or `"phi-"`: what is prepared, and compared with.
        fidelity: Fidelity of the pair, a Werner state about `state`; 1 if neither this nor `weights` is
            given.
        weights: Weights of a Bell-diagonal pair instead, in the order Φ+, Ψ+, Ψ−, Φ−.

    Raises:
        ValueError: If `state` is none of the four.
        ValueError: If both `fidelity` and `weights` are given, or one of them is no such thing.

    Example:
        >>> from qnet.execution import run
        >>> print(run(BellPair(state="psi-"), "stim", shots=1000, seed=1).figures["fidelity"])
        1 ± 0.00087
    """

    name: ClassVar[str] = "bell_pair"
    summary: ClassVar[str] = "a Bell pair, its fidelity from three correlators"

    state: str = "phi+"
    fidelity: float | None = None
    weights: Weights | None = None

    def __post_init__(self) -> None:
        check_choice("state", self.state, _STATES)
        check_pair(self, default=1.0)

    def circuit(self) -> QuantumCircuit:
        """The preparation itself."""
        from circuits.library import bell_pair

        if self.weights is not None:
            return bell_pair(weights=self.weights)
        return bell_pair(self.state, fidelity=self.fidelity)

    def circuits(self) -> Sequence[QuantumCircuit]:
        """The three measurements of the pair."""
        return self._target.circuits(self.circuit(), (0, 1), corrections="feedforward")

    def interpret(self, outcomes: Sequence[Outcomes]) -> dict[str, Figure]:
        """The fidelity with `state`.

        Raises:
            NothingKept: If a circuit has no shots.
        """
        found = self._target.interpret(self.circuits(), outcomes)
        ideal = weights_of(self)[_STATES.index(self.state) if self.weights is not None else 0]
        return {"fidelity": found.fidelity.figure(ideal=ideal)}

    def rows(self, outcomes: Sequence[Outcomes]) -> list[dict[str, Any]]:
        """The three correlators."""
        weights = list(weights_of(self))
        if self.weights is None:
            place = _STATES.index(self.state)
            weights[0], weights[place] = weights[place], weights[0]
        return self._target.correlators(self.circuits(), outcomes, weights)

    def claims(self) -> list[tuple[str, QuantumCircuit, Claim]]:
        """That the pair without its errors is in `state`; with `weights`, which are errors of Φ+, in that."""
        circuit = self.circuit()
        target = self._target if self.weights is None else bell_target()
        return [(self.name, circuit, target.claim(circuit, (0, 1)))]

    @property
    def _target(self) -> StateFidelity:
        return bell_target(self.state)
