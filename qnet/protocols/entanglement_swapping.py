"""Entanglement swapping over a chain of stations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from qnet.protocols._fields import (
    Weights,
    check_corrections,
    check_pair,
    check_whole,
    pair_of,
    weights_of,
)
from qnet.protocols._readout import kept_figures
from qnet.protocols._state_fidelity import bell_target
from qnet.protocols.claims import Claim
from qnet.results import Figure

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution import Outcomes

__all__ = ["EntanglementSwapping"]

_TARGET = bell_target()


@dataclass(frozen=True, kw_only=True)
class EntanglementSwapping:
    """The fidelity of the pair which stations between two ends make of their links.

    Args:
        stations: Number of stations, from 1 to 10 000; they join one link more.
        fidelity: Fidelity of every link, a Werner state; 1 if neither this nor `weights` is given.
        weights: Weights of Bell-diagonal links instead, in the order Φ+, Ψ+, Ψ−, Φ−.
        corrections: `"feedforward"`, `"deferred"`, `"frame"` or `"postselect"`.

    Raises:
        ValueError: If both `fidelity` and `weights` are given, or one of them is no such thing.
        ValueError: If `stations` is no whole number from 1 to 10 000.
        ValueError: If `corrections` is none of the four forms.

    Example:
        >>> from qnet.execution import run
        >>> made = run(EntanglementSwapping(stations=5, fidelity=0.98), "stim", shots=2000, seed=3)
        >>> figure = made.figures["fidelity"]
        >>> round(figure.ideal, 6), abs(figure.value - figure.ideal) < 5 * figure.stderr
        (0.887721, True)

    Source:
        M. Żukowski et al., Phys. Rev. Lett. 71, 4287 (1993), DOI 10.1103/PhysRevLett.71.4287.
    """

    name: ClassVar[str] = "entanglement_swapping"
    summary: ClassVar[str] = "one long pair from a chain of short ones"

    stations: int = 1
    fidelity: float | None = None
    weights: Weights | None = None
    corrections: str = "feedforward"

    def __post_init__(self) -> None:
        check_pair(self, default=1.0)
        check_whole("stations", self.stations, least=1, most=10_000)
        check_corrections(self.corrections)

    def circuit(self) -> QuantumCircuit:
        """The protocol itself, in its form."""
        return self._protocol(self.corrections)

    def circuits(self) -> Sequence[QuantumCircuit]:
        """The chain, with the pair of its ends measured in XX, YY and ZZ."""
        return _TARGET.circuits(self._protocol("feedforward"), self._ends, corrections=self.corrections)

    def interpret(self, outcomes: Sequence[Outcomes]) -> dict[str, Figure]:
        """The fidelity of the long pair with Φ+, and the share of shots kept.

        Raises:
            NothingKept: If no shot is kept for one of the correlators.
        """
        circuits = self.circuits()
        found = _TARGET.interpret(circuits, outcomes)
        figures = {"fidelity": found.fidelity.figure(ideal=self._ideal()[0])}
        return {**figures, **kept_figures(self.corrections, found.kept, circuits)}

    def rows(self, outcomes: Sequence[Outcomes]) -> list[dict[str, Any]]:
        """The three correlators of the long pair."""
        return _TARGET.correlators(self.circuits(), outcomes, self._ideal())

    def _ideal(self) -> list[float]:
        """The weights of the long pair."""
        from circuits.library import swap_map

        links = [np.array(weights_of(self))] * (self.stations + 1)
        weights: list[float] = reduce(swap_map, links).tolist()
        return weights

    def claims(self) -> list[tuple[str, QuantumCircuit, Claim]]:
        """That the ends share Φ+."""
        circuit = self.circuit()
        return [(self.name, circuit, _TARGET.claim(circuit, self._ends))]

    @property
    def _ends(self) -> tuple[int, int]:
        return 0, 2 * self.stations + 1

    def _protocol(self, form: str) -> QuantumCircuit:
        from circuits.library import entanglement_swapping

        return entanglement_swapping(self.stations, corrections=form, pair=pair_of(self))
