"""BBPSSW: purification of a Werner pair by another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, ClassVar

from qnet.protocols._fields import Weights, check_flag, check_pair, pair_of, weights_of
from qnet.protocols._purification import (
    measured_circuits,
    mixture,
    purification_claim,
    purification_figures,
    read_pair,
)
from qnet.protocols.claims import Claim
from qnet.results import Figure

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution import Outcomes

__all__ = ["BBPSSW"]

_CYCLIC = (0, 4, 8)


@dataclass(frozen=True, kw_only=True)
class BBPSSW:
    """What BBPSSW makes of two equal pairs.

    On Werner pairs the protocol is the bilateral CNOT alone. Other pairs are made Werner pairs first, by
    random bilateral rotations: with `twirl` the experiment averages over three for each of the two pairs
    (no rotation and the two cyclic changes of the axes), which do for all Bell-diagonal pairs.

    Args:
        fidelity: Fidelity of every pair, a Werner state; 0.9 if neither this nor `weights` is given.
        weights: Weights of Bell-diagonal pairs instead, in the order Φ+, Ψ+, Ψ−, Φ−.
        twirl: Whether to turn both pairs into Werner pairs first.

    Raises:
        ValueError: If both `fidelity` and `weights` are given, or one of them is no such thing.
        ValueError: If `twirl` is neither True nor False.

    Example:
        >>> from qnet.execution import run
        >>> figures = run(BBPSSW(fidelity=0.8), "stim", shots=2000, seed=1).figures
        >>> for name, figure in figures.items():
        ...     print(f"{name} {figure.ideal:.6f}", abs(figure.value - figure.ideal) < 5 * figure.stderr)
        fidelity 0.838150 True
        success_probability 0.768889 True
        yield 0.384444 True

    Source:
        C. H. Bennett et al., Phys. Rev. Lett. 76, 722 (1996), arXiv:quant-ph/9511027, eq. (7).
    """

    name: ClassVar[str] = "bbpssw"
    summary: ClassVar[str] = "two Werner pairs to one: CNOTs, equal outcomes"

    fidelity: float | None = None
    weights: Weights | None = None
    twirl: bool = False

    def __post_init__(self) -> None:
        check_pair(self, default=0.9)
        check_flag("twirl", self.twirl)

    def circuit(self) -> QuantumCircuit:
        """The protocol itself, without rotations."""
        return self._protocol(None)

    def circuits(self) -> Sequence[QuantumCircuit]:
        """The protocol, with the kept pair measured in XX, YY and ZZ, for every choice of rotations."""
        return [circuit for twirl in self._twirls for circuit in measured_circuits(self._protocol(twirl))]

    def interpret(self, outcomes: Sequence[Outcomes]) -> dict[str, Figure]:
        """Fidelity of the accepted pair with Φ+, success probability, and yield per pair that went in.

        Raises:
            NothingKept: If no pair was accepted for one of the correlators.
        """
        from circuits.library import bbpssw_map, twirl_map

        circuits = measured_circuits(self.circuit())
        mixed = [mixture(outcomes[k :: len(circuits)]) for k in range(len(circuits))]
        pair = twirl_map(weights_of(self)) if self.twirl else weights_of(self)
        return purification_figures(read_pair(circuits, mixed), bbpssw_map(pair, pair), pairs=2)

    def claims(self) -> list[tuple[str, QuantumCircuit, Claim]]:
        """That perfect pairs are accepted, and leave Φ+."""
        circuit = self.circuit()
        return [(self.name, circuit, purification_claim(circuit))]

    @property
    def _twirls(self) -> Sequence[tuple[int, int] | None]:
        return tuple(product(_CYCLIC, _CYCLIC)) if self.twirl else (None,)

    def _protocol(self, twirl: tuple[int, int] | None) -> QuantumCircuit:
        from circuits.library import bbpssw

        return bbpssw(pair=pair_of(self), twirl=twirl)
