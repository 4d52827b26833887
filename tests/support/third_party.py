"""A backend of a provider that nobody has heard of: a line of seven qubits with names of its own."""

from __future__ import annotations

from typing import Any

from qiskit import QuantumCircuit
from qiskit.circuit import IfElseOp, Parameter
from qiskit.circuit.library import CZGate, Measure, Reset, RZGate, SXGate, XGate
from qiskit.providers import BackendV2, Options
from qiskit.transpiler import Target
from qiskit_aer import AerSimulator


class LineBackend(BackendV2):
    """Runs on Aer, refuses whatever is not in its instructions or not between neighbours.

    Args:
        dynamic: Whether it knows `if_else` and `reset`.
        counts_only: Whether it gives counts in place of the memory.
    """

    def __init__(self, *, dynamic: bool = True, counts_only: bool = False) -> None:
        super().__init__(name="line_of_seven")
        self._target = Target(num_qubits=7)
        single = {(q,): None for q in range(7)}
        for gate in (
            RZGate(Parameter("angle")),
            SXGate(),
            XGate(),
            Measure(),
            *([Reset()] if dynamic else []),
        ):
            self._target.add_instruction(gate, dict(single))
        self._target.add_instruction(CZGate(), {(q, q + 1): None for q in range(6)})
        if dynamic:
            self._target.add_instruction(IfElseOp, name="if_else")
        self._counts_only = counts_only
        self._simulator = AerSimulator()

    @property
    def target(self) -> Target:
        return self._target

    @property
    def max_circuits(self) -> int | None:
        return None

    @classmethod
    def _default_options(cls) -> Options:
        return Options(shots=1024, memory=False, seed_simulator=None)

    def run(self, run_input: QuantumCircuit | list[QuantumCircuit], **options: Any) -> Any:
        for circuit in [run_input] if isinstance(run_input, QuantumCircuit) else run_input:
            self._check(circuit)
        if self._counts_only:
            options["memory"] = False
        return self._simulator.run(run_input, **options)

    def _check(self, circuit: QuantumCircuit) -> None:
        for item in circuit.data:
            places = tuple(circuit.find_bit(qubit).index for qubit in item.qubits)
            name = item.operation.name
            if name not in ("barrier", "quantum_channel") and not self._target.instruction_supported(
                name, places
            ):
                raise ValueError(f"{self.name} has no {name} on {places}")


def line_of_seven() -> LineBackend:
    """What a provider's function gives, for the command line."""
    return LineBackend()


def no_backend() -> int:
    """A function that gives something else."""
    return 7
