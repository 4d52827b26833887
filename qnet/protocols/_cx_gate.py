"""What the experiments on a CNOT between two nodes share: its truth table and its process fidelity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from qnet.protocols._estimates import Estimate, average, mean
from qnet.protocols._fields import Weights
from qnet.protocols._readout import (
    OUTCOME,
    Reading,
    eigenstate,
    kept_figures,
    measured,
    read,
    register_places,
)
from qnet.protocols._state_fidelity import StateFidelity
from qnet.protocols.claims import Claim
from qnet.results import Figure

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qnet.execution import Outcomes

__all__ = ["CXGate"]

_INPUTS = tuple(product((0, 1), (0, 1)))
_CHOI = StateFidelity(stabilizers=("+X_XX", "+Z_Z_", "+_X_X", "+_ZZZ"))


@dataclass(frozen=True, kw_only=True)
class CXGate:
    """How to measure a CNOT.

    The process fidelity is that of the state which the gate makes of two Bell pairs, one half of each
    being its input and the other a reference that waits; it takes nine local settings.

    Args:
        protocol: The protocol in its feed-forward form.
        inputs: Registers of the control and of the target.
        outputs: Registers where they end.
        corrections: The form in which it is run.
    """

    protocol: QuantumCircuit
    inputs: tuple[str, str]
    outputs: tuple[str, str]
    corrections: str

    def circuits(self) -> tuple[QuantumCircuit, ...]:
        """Four circuits of the truth table, then those of the process fidelity."""
        return (*self._truth_table(), *self._process())

    def interpret(self, outcomes: Sequence[Outcomes], weights: Weights) -> dict[str, Figure]:
        """Process fidelity, average gate fidelity and truth table, and the share of shots kept.

        Raises:
            NothingKept: If no shot of some circuit is kept.
        """
        table, process = self._truth_table(), self._process()
        readings = [read(circuit, one) for circuit, one in zip(table, outcomes[:4], strict=True)]
        right = _right(table, readings)
        found = _CHOI.interpret(process, outcomes[4:])
        shares = [*[reading.kept for reading in readings], *found.shares]
        return {
            "process_fidelity": found.fidelity.figure(ideal=weights[0]),
            "average_fidelity": found.fidelity.linear(0.8, 0.2).figure(ideal=0.8 * weights[0] + 0.2),
            "truth_table": average(right).figure(ideal=weights[0] + weights[3]),
            **kept_figures(self.corrections, average(shares), (*table, *process)),
        }

    def rows(self, outcomes: Sequence[Outcomes], weights: Weights) -> list[dict[str, Any]]:
        """How often the right bits come out, for each input of the truth table: control, then target."""
        table = self._truth_table()
        readings = [read(circuit, one) for circuit, one in zip(table, outcomes[:4], strict=True)]
        return [
            one.row(f"|{c}{t}⟩ → |{c}{c ^ t}⟩", ideal=weights[0] + weights[3])
            for (c, t), one in zip(_INPUTS, _right(table, readings), strict=True)
        ]

    def claim(self) -> Claim:
        """That the gate is a CNOT."""
        (control, target), (c, t) = self.inputs, self.outputs
        flows = (
            f"X[{control}] -> X[{c}]*X[{t}]",
            f"Z[{control}] -> Z[{c}]",
            f"X[{target}] -> X[{t}]",
            f"Z[{target}] -> Z[{c}]*Z[{t}]",
        )
        return Claim(inputs=self.inputs, outputs=self.outputs, flows=flows)

    def _truth_table(self) -> list[QuantumCircuit]:
        made = []
        for bits in _INPUTS:
            circuit = measured(
                self.protocol,
                [self.protocol.qubits[q] for q in self._places(self.outputs)],
                "ZZ",
                corrections=self.corrections,
                prepare=self._basis_state(bits),
            )
            circuit.name = f"{self.protocol.name}_{bits[0]}{bits[1]}"
            made.append(circuit)
        return made

    def _process(self) -> tuple[QuantumCircuit, ...]:
        from qiskit.circuit import QuantumRegister

        wide = self.protocol.copy()
        reference = QuantumRegister(2, "reference")
        wide.add_register(reference)
        size = self.protocol.num_qubits
        outputs = (size, size + 1, *self._places(self.outputs))
        return _CHOI.circuits(wide, outputs, corrections=self.corrections, prepare=self._entangle)

    def _entangle(self, circuit: QuantumCircuit) -> None:
        size = self.protocol.num_qubits
        for k, place in enumerate(self._places(self.inputs)):
            circuit.h(size + k)
            circuit.cx(size + k, place)

    def _basis_state(self, bits: tuple[int, int]) -> Callable[[QuantumCircuit], None]:
        def prepare(circuit: QuantumCircuit) -> None:
            for place, bit in zip(self._places(self.inputs), bits, strict=True):
                eigenstate(circuit, circuit.qubits[place], "Z", bit)

        return prepare

    def _places(self, names: Sequence[str]) -> list[int]:
        registers = {register.name: register for register in self.protocol.qregs}
        return [self.protocol.find_bit(registers[name][0]).index for name in names]


def _right(table: Sequence[QuantumCircuit], readings: Sequence[Reading]) -> list[Estimate]:
    """How often each input of the truth table gives the right output."""
    found = []
    for circuit, reading, (control, target) in zip(table, readings, _INPUTS, strict=True):
        codes = reading.codes(register_places(circuit, OUTCOME))
        hit = codes == control + 2 * (control ^ target)
        found.append(mean(hit.astype(float), reading.weights, low=0, high=1))
    return found
