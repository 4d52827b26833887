"""The fidelity with a GHZ state of some qubits of a circuit, from populations and parities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qnet.protocols._estimates import mean
from qnet.protocols._readout import OUTCOME, Reading, read, register_places
from qnet.protocols._state_fidelity import Measured

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution import Outcomes

__all__ = ["GHZFidelity"]

_MOST_PAULIS = 10


@dataclass(frozen=True, kw_only=True)
class GHZFidelity:
    """How to measure it: `"paulis"` or `"angles"`, as `circuits.ghz_fidelity` explains."""

    n: int
    settings: str

    def check(self, name: str) -> None:
        """Refuse more settings than anyone would run."""
        if self.settings == "paulis" and self.n > _MOST_PAULIS:
            raise ValueError(
                f"{name}={self.n} needs {2 ** (self.n - 1)} settings of Pauli operators; "
                f'give at most {_MOST_PAULIS}, or settings="angles"'
            )

    def circuits(
        self, protocol: QuantumCircuit, outputs: Sequence[int], *, corrections: str
    ) -> tuple[QuantumCircuit, ...]:
        """One circuit per setting: the protocol in feed-forward form, measured, and put into its form."""
        from circuits.library import ghz_fidelity, with_corrections

        made = []
        for measurement in ghz_fidelity(self.n, settings=self.settings):
            circuit = protocol.copy()
            (register,) = measurement.cregs
            circuit.add_register(register)
            circuit.compose(measurement, [circuit.qubits[q] for q in outputs], register, inplace=True)
            circuit.name = f"{protocol.name}_{measurement.name}"
            made.append(with_corrections(circuit, corrections))
        return tuple(made)

    def interpret(self, circuits: Sequence[QuantumCircuit], outcomes: Sequence[Outcomes]) -> Measured:
        """The fidelity from the outcomes of `circuits`.

        Raises:
            NothingKept: If no shot of some setting is kept.
        """
        from circuits.library import ghz_parity_weights

        pairs = list(zip(circuits, outcomes, strict=True))
        readings = [read(circuit, one) for circuit, one in pairs]
        ones = [_ones(reading, circuit) for reading, circuit in zip(readings, circuits, strict=True)]
        equal = ((ones[0] == 0) | (ones[0] == self.n)).astype(float)
        total = mean(equal, readings[0].weights, low=0, high=1).linear(0.5)
        weights = ghz_parity_weights(self.n, settings=self.settings)
        for weight, count, reading in zip(weights, ones[1:], readings[1:], strict=True):
            parity = mean(1.0 - 2.0 * (count % 2), reading.weights, low=-1, high=1)
            total = total + parity.linear(float(weight))
        return Measured(fidelity=total, shares=tuple(reading.kept for reading in readings))


def _ones(reading: Reading, circuit: QuantumCircuit) -> NDArray[np.int64]:
    places = register_places(circuit, OUTCOME)
    return np.asarray(reading.bits[:, places].sum(axis=1), dtype=np.int64)
