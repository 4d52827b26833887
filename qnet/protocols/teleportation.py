"""Teleportation of the six cardinal states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, ClassVar

from qnet.protocols._estimates import Estimate, average, mean
from qnet.protocols._fields import Weights, check_corrections, check_pair, pair_of, weights_of
from qnet.protocols._readout import (
    OUTCOME,
    Reading,
    eigenstate,
    kept_figures,
    measured,
    read,
    register_places,
)
from qnet.protocols.claims import Claim
from qnet.results import Figure

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution import Outcomes

__all__ = ["Teleportation"]

_CARDINAL = tuple(product("ZXY", (0, 1)))
_KETS = dict(zip(_CARDINAL, ("0", "1", "+", "−", "+i", "−i"), strict=True))


@dataclass(frozen=True, kw_only=True)
class Teleportation:
    """How well a qubit is teleported, on average over the six cardinal states of the Bloch sphere.

    That average is the average over all states, (2F + 1)/3 over a pair of fidelity F.

    Args:
        fidelity: Fidelity of the pair, a Werner state; 1 if neither this nor `weights` is given.
        weights: Weights of a Bell-diagonal pair instead, in the order Φ+, Ψ+, Ψ−, Φ−.
        corrections: `"feedforward"`, `"deferred"`, `"frame"` or `"postselect"`.

    Raises:
        ValueError: If both `fidelity` and `weights` are given, or one of them is no such thing.
        ValueError: If `corrections` is none of the four forms.

    Example:
        >>> from qnet.execution import run
        >>> figure = run(Teleportation(fidelity=0.9), "stim", shots=1000, seed=1).figures["fidelity"]
        >>> abs(figure.value - 2.8 / 3) < 5 * figure.stderr, round(figure.ideal, 6)
        (True, 0.933333)

    Source:
        C. H. Bennett et al., Phys. Rev. Lett. 70, 1895 (1993), DOI 10.1103/PhysRevLett.70.1895; the
        average: M. Horodecki et al., Phys. Rev. A 60, 1888 (1999), arXiv:quant-ph/9807091.
    """

    name: ClassVar[str] = "teleportation"
    summary: ClassVar[str] = "a qubit over a pair and two bits, averaged over six states"

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
        """One circuit for each of |0⟩, |1⟩, |+⟩, |−⟩, |+i⟩, |−i⟩: sent, and measured in its basis."""
        protocol = self._protocol("feedforward")
        made = []
        for basis, bit in _CARDINAL:
            circuit = measured(
                protocol,
                [protocol.qubits[2]],
                basis,
                corrections=self.corrections,
                prepare=lambda c, basis=basis, bit=bit: eigenstate(c, c.qubits[0], basis, bit),  # type: ignore[misc]
            )
            circuit.name = f"teleportation_{basis}{'+-'[bit]}"
            made.append(circuit)
        return made

    def interpret(self, outcomes: Sequence[Outcomes]) -> dict[str, Figure]:
        """The average fidelity, and the share of shots kept.

        Raises:
            NothingKept: If no shot is kept for one of the states.
        """
        circuits = self.circuits()
        readings = [read(circuit, one) for circuit, one in zip(circuits, outcomes, strict=True)]
        found = average(_arrived(circuits[0], readings))
        ideal = (2 * weights_of(self)[0] + 1) / 3
        kept = average(one.kept for one in readings)
        return {"fidelity": found.figure(ideal=ideal), **kept_figures(self.corrections, kept, circuits)}

    def rows(self, outcomes: Sequence[Outcomes]) -> list[dict[str, Any]]:
        """The fidelity of each of the six states."""
        circuits = self.circuits()
        readings = [read(circuit, one) for circuit, one in zip(circuits, outcomes, strict=True)]
        whole, x, y, z = weights_of(self)
        harmless = {"X": x, "Y": y, "Z": z}
        return [
            one.row(f"|{_KETS[state]}⟩", ideal=whole + harmless[state[0]])
            for one, state in zip(_arrived(circuits[0], readings), _CARDINAL, strict=True)
        ]

    def claims(self) -> list[tuple[str, QuantumCircuit, Claim]]:
        """That every state of `message` appears on `bob`."""
        flows = tuple(f"{letter}[message] -> {letter}[bob]" for letter in "XZ")
        claim = Claim(inputs=("message",), outputs=("bob",), flows=flows)
        return [(self.name, self.circuit(), claim)]

    def _protocol(self, form: str) -> QuantumCircuit:
        from circuits.library import teleportation

        return teleportation(corrections=form, pair=pair_of(self))


def _arrived(circuit: QuantumCircuit, readings: Sequence[Reading]) -> list[Estimate]:
    """How often each state came out as it went in."""
    (place,) = register_places(circuit, OUTCOME)
    return [
        mean((one.bits[:, place] == bit).astype(float), one.weights, low=0, high=1)
        for one, (_, bit) in zip(readings, _CARDINAL, strict=True)
    ]
