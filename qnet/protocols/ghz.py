"""GHZ states and their fidelity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from qnet.protocols._fields import check_choice, check_whole
from qnet.protocols._ghz_fidelity import GHZFidelity
from qnet.protocols._state_fidelity import ghz_target
from qnet.protocols.claims import Claim
from qnet.results import Figure

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution import Outcomes

__all__ = ["GHZ"]


@dataclass(frozen=True, kw_only=True)
class GHZ:
    """The fidelity of a GHZ state, from its populations and its parities.

    Args:
        n: Number of parties, from 2 to 1000.
        settings: `"paulis"`, 2^(n − 1) parities which run everywhere, for up to 10 parties, or `"angles"`,
            n + 1 parities which are not Clifford, so that Stim cannot run them.

    Raises:
        ValueError: If `n` is no whole number from 2 to 1000.
        ValueError: If `settings` is neither of the two.
        ValueError: If there are more than 10 parties for `"paulis"`.

    Example:
        >>> from qnet.execution import run
        >>> print(run(GHZ(n=4), "stim", shots=500, seed=1).figures["fidelity"])
        1 ± 0.0012

    Source:
        C. A. Sackett et al., Nature 404, 256 (2000), DOI 10.1038/35005011.
    """

    name: ClassVar[str] = "ghz"
    summary: ClassVar[str] = "a GHZ state, its fidelity from populations and parities"

    n: int = 3
    settings: str = "paulis"

    def __post_init__(self) -> None:
        check_whole("n", self.n, least=2, most=1000)
        check_choice("settings", self.settings, ("paulis", "angles"))
        self._fidelity.check("n")

    def circuit(self) -> QuantumCircuit:
        """The preparation itself."""
        from circuits.library import ghz

        return ghz(self.n)

    def circuits(self) -> Sequence[QuantumCircuit]:
        """The state, measured in Z everywhere and then in every setting of the parities."""
        return self._fidelity.circuits(self.circuit(), range(self.n), corrections="feedforward")

    def interpret(self, outcomes: Sequence[Outcomes]) -> dict[str, Figure]:
        """The fidelity.

        Raises:
            NothingKept: If a circuit has no shots.
        """
        found = self._fidelity.interpret(self.circuits(), outcomes)
        return {"fidelity": found.fidelity.figure(ideal=1.0)}

    def claims(self) -> list[tuple[str, QuantumCircuit, Claim]]:
        """That the state is the GHZ state."""
        circuit = self.circuit()
        return [(self.name, circuit, ghz_target(self.n).claim(circuit, range(self.n)))]

    @property
    def _fidelity(self) -> GHZFidelity:
        return GHZFidelity(n=self.n, settings=self.settings)
