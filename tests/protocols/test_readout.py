"""Reading outcomes: the Pauli frame, and the shots that count."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit import QuantumCircuit

from qnet.execution import Outcomes
from qnet.protocols._readout import read, register_places


def test_bits_are_selected_as_they_were_read_and_corrected_afterwards() -> None:
    circuit = QuantumCircuit(1, 3, metadata={"keep": [[0]], "frame": {"bits": {"0": [1], "2": [0, 1]}}})
    every = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)])
    reading = read(circuit, Outcomes(bits=every, weights=np.arange(1.0, 9.0)))
    assert reading.bits.tolist() == [[0, 0, 0], [0, 0, 1], [1, 1, 1], [1, 1, 0]]
    assert reading.weights.tolist() == [1, 2, 3, 4]
    assert reading.kept.value == pytest.approx(10 / 36)
    assert reading.codes((2, 0)).tolist() == [0, 1, 3, 2]


def test_a_register_is_found_among_all_bits() -> None:
    from qiskit.circuit import ClassicalRegister

    circuit = QuantumCircuit(1)
    for name, size in (("first", 2), ("outcome", 3)):
        circuit.add_register(ClassicalRegister(size, name))
    assert register_places(circuit, "outcome") == [2, 3, 4]
