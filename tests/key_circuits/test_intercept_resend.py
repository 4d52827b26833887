"""An eavesdropper built from the local parts: she measures in a basis and sends what she saw."""

import pytest
from qiskit import QuantumCircuit
from support.exact import distribution

from circuits.library.key_distribution.bb84 import bb84_measurement, bb84_preparation
from circuits.library.key_distribution.six_state import six_state_measurement, six_state_preparation

PARTS = {
    "bb84": (bb84_preparation, bb84_measurement),
    "six_state": (six_state_preparation, six_state_measurement),
}


def error_rate(name: str, basis: str, eves_bases: str) -> float:
    """The share of Bob's wrong bits in a basis when Eve chooses evenly among some bases."""
    prepare, measure = PARTS[name]
    wrong = 0.0
    for bit in (0, 1):
        for eve in eves_bases:
            circuit = QuantumCircuit(1, 2)
            circuit.compose(prepare(bit, basis), [0], inplace=True)
            circuit.compose(measure(eve), [0], [0], inplace=True)
            circuit.reset(0)
            for seen in (0, 1):
                with circuit.if_test((circuit.clbits[0], seen)):
                    circuit.compose(prepare(seen, eve), [0], inplace=True)
            circuit.compose(measure(basis), [0], [1], inplace=True)
            wrong += sum(p for bits, p in distribution(circuit).items() if bits[1] != bit)
    return wrong / (2 * len(eves_bases))


@pytest.mark.parametrize(
    ("name", "eves_bases", "basis", "expected"),
    [
        ("bb84", "ZX", "Z", 1 / 4),
        ("bb84", "ZX", "X", 1 / 4),
        ("bb84", "Z", "Z", 0),
        ("bb84", "Z", "X", 1 / 2),
        ("six_state", "ZXY", "Z", 1 / 3),
        ("six_state", "ZXY", "X", 1 / 3),
        ("six_state", "ZXY", "Y", 1 / 3),
        ("six_state", "ZX", "Z", 1 / 4),
        ("six_state", "ZX", "X", 1 / 4),
        ("six_state", "ZX", "Y", 1 / 2),
    ],
)
def test_the_error_rate_that_eve_causes(name, eves_bases, basis, expected):
    assert error_rate(name, basis, eves_bases) == pytest.approx(expected, abs=1e-12)
