"""Every Pauli error in every place of every purification: found or not, and what is left of the pair."""

from itertools import product

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit.library import PauliGate
from support.pauli_bits import PAULI_BITS, effect
from support.purified import probability_and_weights

from circuits.library.pumping import entanglement_pumping
from circuits.library.purification import bbpssw, dejmps
from circuits.library.selection import double_selection

CIRCUITS = {
    "bbpssw": bbpssw(),
    "bbpssw_twirled": bbpssw(twirl=(5, 10)),
    "dejmps": dejmps(),
    "double_selection": double_selection(),
    "pumping": entanglement_pumping(2),
    "pumping_bbpssw": entanglement_pumping(2, step="bbpssw"),
}


def prepared(circuit: QuantumCircuit) -> int:
    """How many instructions prepare the pairs: two for each."""
    return 2 * (circuit.num_qubits // 2)


def with_errors(circuit: QuantumCircuit, errors: dict[int, str], before: int) -> QuantumCircuit:
    broken = circuit.copy_empty_like()
    for item in circuit.data[:before]:
        broken.append(item)
    for qubit, pauli in errors.items():
        broken.append(PauliGate(pauli), [qubit])
    for item in circuit.data[before:]:
        broken.append(item)
    return broken


def expected(circuit: QuantumCircuit, errors: dict[int, str], before: int) -> tuple[float, np.ndarray]:
    """Acceptance (0 or 1) and Bell weights, from bits alone."""
    left = effect(circuit, errors, before)
    if any(len(left.flips & set(parity)) % 2 for parity in circuit.metadata["keep"]):
        return 0.0, np.zeros(4)
    bob = circuit.find_bit(circuit.qregs[1][0]).index
    bits = (left.x[0] ^ left.x[bob], left.z[0] ^ left.z[bob])
    return 1.0, np.array([bits == PAULI_BITS[p] for p in "IXYZ"], dtype=float)


def agrees(circuit: QuantumCircuit, errors: dict[int, str], before: int) -> None:
    p, weights = probability_and_weights(with_errors(circuit, errors, before))
    expected_p, expected_weights = expected(circuit, errors, before)
    assert p == pytest.approx(expected_p, abs=1e-12), (errors, before)
    np.testing.assert_allclose(weights, expected_weights, atol=1e-12, err_msg=f"{errors} before {before}")


@pytest.mark.parametrize("name", CIRCUITS)
def test_every_single_error_on_the_pairs(name):
    circuit = CIRCUITS[name]
    for qubit, pauli in product(range(circuit.num_qubits), "XYZ"):
        agrees(circuit, {qubit: pauli}, prepared(circuit))


@pytest.mark.parametrize("name", CIRCUITS)
def test_every_single_error_after_every_gate(name):
    circuit = CIRCUITS[name]
    for before in range(prepared(circuit) + 1, len(circuit.data) + 1):
        for qubit, pauli in product(range(circuit.num_qubits), "XYZ"):
            agrees(circuit, {qubit: pauli}, before)


@pytest.mark.parametrize("name", ["bbpssw", "dejmps"])
def test_every_pattern_of_errors_on_the_pairs(name):
    circuit = CIRCUITS[name]
    for pattern in product("IXYZ", repeat=4):
        agrees(circuit, dict(enumerate(pattern)), prepared(circuit))


@pytest.mark.parametrize("name", ["double_selection", "pumping", "pumping_bbpssw"])
def test_every_pattern_of_errors_on_bobs_side(name):
    circuit = CIRCUITS[name]
    for pattern in product("IXYZ", repeat=3):
        agrees(circuit, dict(zip(range(3, 6), pattern, strict=True)), prepared(circuit))


@pytest.mark.parametrize("qubit", range(4))
@pytest.mark.parametrize(
    ("name", "pauli", "found", "left"),
    [
        ("dejmps", "X", True, None),
        ("dejmps", "Y", False, 0.0),
        ("dejmps", "Z", True, None),
        ("bbpssw", "X", True, None),
        ("bbpssw", "Y", True, None),
        ("bbpssw", "Z", False, 0.0),
    ],
)
def test_the_reference_table_of_single_errors(name, pauli, found, left, qubit):
    circuit = CIRCUITS[name]
    p, weights = probability_and_weights(with_errors(circuit, {qubit: pauli}, prepared(circuit)))
    assert p == pytest.approx(0.0 if found else 1.0, abs=1e-12)
    if not found:
        assert weights[0] == pytest.approx(left, abs=1e-12)


def test_double_selection_lets_pass_only_what_the_kept_pair_brings():
    circuit = CIRCUITS["double_selection"]
    passed = {
        (qubit, pauli)
        for qubit, pauli in product(range(6), "XYZ")
        if expected(circuit, {qubit: pauli}, prepared(circuit))[0] == 1
    }
    harmful = {e for e in passed if expected(circuit, dict([e]), prepared(circuit))[1][0] == 0}
    assert harmful == {(0, "Z"), (3, "Z")}
    assert passed == harmful


def test_perfect_pairs_are_always_kept_and_stay_perfect():
    for name, circuit in CIRCUITS.items():
        p, weights = probability_and_weights(circuit)
        assert p == pytest.approx(1, abs=1e-12), name
        np.testing.assert_allclose(weights, [1, 0, 0, 0], atol=1e-12, err_msg=name)
