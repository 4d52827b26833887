"""The noisy swap: errors after the station's CNOT and in its read-out, against the closed form."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit_aer.noise import depolarizing_error, pauli_error
from support.exact import distribution

from qnet.execution import Outcomes
from qnet.protocols import EntanglementSwapping

STATION = (1, 2)


def with_errors(circuit: QuantumCircuit, c: float, m: float) -> QuantumCircuit:
    """The circuit with a two-qubit error of probability c and read-out flips of probability m."""
    noisy = circuit.copy_empty_like()
    for item in circuit.data:
        places = tuple(circuit.find_bit(qubit).index for qubit in item.qubits)
        if item.operation.name == "measure" and places[0] in STATION:
            noisy.append(pauli_error([("I", 1 - m), ("X", m)]), item.qubits)
        noisy.append(item)
        if item.operation.name == "cx" and places == STATION:
            noisy.append(depolarizing_error(16 * c / 15, 2), item.qubits)
    return noisy


def fidelity(experiment: EntanglementSwapping, c: float, m: float) -> float:
    outcomes = []
    for circuit in experiment.circuits():
        found = distribution(with_errors(circuit, c, m))
        outcomes.append(Outcomes(bits=np.array(list(found)), weights=np.array(list(found.values()))))
    return experiment.interpret(outcomes)["fidelity"].value


@pytest.mark.parametrize("form", ["feedforward", "frame", "postselect"])
@pytest.mark.parametrize(("c", "m"), [(0.05, 0.1), (0.2, 0.0), (0.0, 0.3)])
def test_noise_of_the_station(form: str, c: float, m: float) -> None:
    expected = (1 - 12 * c / 15) * (1 - m) ** 2 + (4 * c / 15) * (2 * m * (1 - m) + m**2)
    assert fidelity(EntanglementSwapping(corrections=form), c, m) == pytest.approx(expected, abs=1e-8)


def test_noise_of_the_station_and_of_the_links() -> None:
    swap, links = 0.780133333333, 0.95**2 + 0.05**2 / 3
    found = fidelity(EntanglementSwapping(fidelity=0.95), 0.05, 0.1)
    assert found == pytest.approx(swap * links + (1 - swap) * (1 - links) / 3, abs=1e-8)
