"""The noise as a pass of Qiskit's transpiler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiskit.converters import circuit_to_dag, dag_to_circuit
from qiskit.dagcircuit import DAGCircuit
from qiskit.transpiler import TransformationPass

if TYPE_CHECKING:
    from circuits.noise.value import CircuitNoise


class NoisePass(TransformationPass):  # type: ignore[misc]
    """Puts a noise into the circuit; the last pass of a pass manager."""

    def __init__(self, noise: CircuitNoise) -> None:
        super().__init__()
        self.noise = noise

    def run(self, dag: DAGCircuit) -> DAGCircuit:
        """The noisy circuit as a DAG."""
        return circuit_to_dag(self.noise.apply(dag_to_circuit(dag)))
