"""Error instructions through `to_stim`, against their superoperators and an exact Stim simulation."""

from __future__ import annotations

import numpy as np
import pytest
import stim
from qiskit import QuantumCircuit
from qiskit.quantum_info import Kraus, Pauli, SuperOp, random_clifford
from qiskit_aer.noise import (
    PauliError,
    PauliLindbladError,
    QuantumError,
    amplitude_damping_error,
    coherent_unitary_error,
    depolarizing_error,
    mixed_unitary_error,
    pauli_error,
    phase_damping_error,
    reset_error,
    thermal_relaxation_error,
)
from support.exact import branches
from support.exact_stim import stim_branches

from circuits.bridge import to_qiskit, to_stim
from circuits.errors import NotTranslatable

TWO_LETTERS = [a + b for a in "IXYZ" for b in "IXYZ"]


def on_random_state(error: object, width: int) -> QuantumCircuit:
    """The error in the middle of a random Clifford circuit, on shuffled qubits."""
    circuit = QuantumCircuit(width + 1)
    circuit.append(random_clifford(width + 1, seed=width).to_instruction(), range(width + 1))
    circuit.append(error, list(np.random.default_rng(width).permutation(width + 1)[:width]))
    circuit.append(random_clifford(width + 1, seed=7).to_instruction(), range(width + 1))
    return circuit


def half_pi(sign: int) -> np.ndarray:
    return np.diag([1, np.exp(0.3j * sign)])


CHANNELS = {
    "bit flip": pauli_error([("X", 0.1), ("I", 0.9)]),
    "y alone": pauli_error([("Y", 0.25), ("I", 0.75)]),
    "certain": pauli_error([("Z", 1.0)]),
    "nothing": pauli_error([("I", 1.0)]),
    "biased": pauli_error([("X", 0.1), ("Z", 0.2), ("Y", 0.05), ("I", 0.65)]),
    "depolarizing": depolarizing_error(0.2, 1),
    "fully depolarizing": depolarizing_error(1.0, 1),
    "beyond fully depolarizing": depolarizing_error(4 / 3, 1),
    "two-qubit depolarizing": depolarizing_error(0.3, 2),
    "two-qubit biased": pauli_error([(label, 0.025 + 0.005 * k) for k, label in enumerate(TWO_LETTERS)]),
    "one two-qubit string": pauli_error([("XY", 0.3), ("II", 0.7)]),
    "three-qubit strings": pauli_error([("XYZ", 0.1), ("IIZ", 0.2), ("YXI", 0.15), ("III", 0.55)]),
    "three-qubit strings, no rest": pauli_error([("XYZ", 0.5), ("IIZ", 0.5)]),
    "three-qubit depolarizing": depolarizing_error(0.4, 3),
    "composed": depolarizing_error(0.1, 1).compose(pauli_error([("X", 0.1), ("I", 0.9)])),
    "product": depolarizing_error(0.1, 1).tensor(pauli_error([("X", 0.1), ("I", 0.9)])),
    "phase damping": phase_damping_error(0.3),
    "relaxation without decay": thermal_relaxation_error(np.inf, 1.0, 0.2),
    "opposite rotations": mixed_unitary_error([(half_pi(1), 0.5), (half_pi(-1), 0.5)]),
    "coherent pauli": coherent_unitary_error(Pauli("Y").to_matrix()),
    "certain reset": reset_error(1.0),
    "certain reset to a mixture": reset_error(0.75, 0.25),
    "pauli error": PauliError(["XXI", "ZYI", "III"], [0.1, 0.2, 0.7]),
    "pauli lindblad error": PauliLindbladError(["XXI", "ZYI", "IIY"], [0.1, 0.2, 0.05]),
    "kraus": Kraus(SuperOp(depolarizing_error(0.2, 2))).to_instruction(),
}


@pytest.mark.parametrize("what", CHANNELS)
def test_channels(what: str) -> None:
    circuit = on_random_state(CHANNELS[what], CHANNELS[what].num_qubits)
    (expected,) = branches(circuit).values()
    made = to_stim(circuit)
    (found,) = stim_branches(made, circuit.num_qubits).values()
    np.testing.assert_allclose(found, expected.data, atol=1e-6)
    (back,) = branches(to_qiskit(made)).values()
    np.testing.assert_allclose(back.data, expected.data, atol=1e-6)


def lines(error: object, width: int) -> str:
    circuit = QuantumCircuit(width)
    circuit.append(error, range(width))
    return str(to_stim(circuit))


def test_probabilities_are_those_of_an_error() -> None:
    assert lines(depolarizing_error(0.04, 1), 1) == "DEPOLARIZE1(0.03) 0"
    assert lines(depolarizing_error(0.16, 2), 2) == "DEPOLARIZE2(0.15) 0 1"
    assert lines(pauli_error([("X", 0.25), ("I", 0.75)]), 1) == "X_ERROR(0.25) 0"
    chain = lines(pauli_error([("XIZ", 0.25), ("IYI", 0.375), ("III", 0.375)]), 3)
    assert chain == "E(0.25) Z0 X2\nELSE_CORRELATED_ERROR(0.5) Y1"


def test_a_channel_is_read_once_however_often_it_is_put_on() -> None:
    error = depolarizing_error(0.04, 1)
    circuit = QuantumCircuit(2)
    for _ in range(3):
        circuit.append(error, [0])
        circuit.append(error, [1])
    assert str(to_stim(circuit)) == "DEPOLARIZE1(0.03) 0 1 0 1 0 1"


def test_noise_in_a_body_that_is_always_or_never_run() -> None:
    circuit = QuantumCircuit(1, 1)
    for value in (0, 1):
        with circuit.if_test((circuit.clbits[0], value)):
            circuit.append(pauli_error([("X", 0.25), ("I", 0.75)]), [0])
    assert to_stim(circuit) == stim.Circuit("X_ERROR(0.25) 0")


def _conditional() -> QuantumCircuit:
    circuit = QuantumCircuit(1, 1)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(0)
        circuit.append(depolarizing_error(0.1, 1), [0])
    return circuit


def _alone(error: QuantumError, width: int = 1) -> QuantumCircuit:
    circuit = QuantumCircuit(width)
    circuit.append(error, range(width))
    return circuit


NOT_PAULI = r"^instruction 0 .*: its error channel is not a mixture of Pauli errors, which Stim .*"
RESETS = r"^instruction 0 .*: its error channel resets with a probability, which Stim .*"
TWIRL = r"use its Pauli twirl \(CircuitNoise\.from_backend\(…, twirl='pauli'\)\), or run it on Aer$"
REFUSED = [
    (
        _conditional(),
        r"^instruction 1 \('if_else' on qubits \[0\]\), body 0, instruction 1 \('quantum_channel' on qubits "
        r"\[0\]\): noise in a conditional body has no counterpart in Stim; put the noise after the block",
    ),
    (_alone(amplitude_damping_error(0.1)), NOT_PAULI + TWIRL),
    (_alone(reset_error(0.1)), RESETS + TWIRL),
    (_alone(thermal_relaxation_error(1.0, 0.9, 0.1)), RESETS + TWIRL),
    (_alone(thermal_relaxation_error(1.0, 1.9, 0.1)), NOT_PAULI + TWIRL),
    (_alone(PauliLindbladError(["X"], [-0.1])), NOT_PAULI + TWIRL),
    (_alone(coherent_unitary_error(half_pi(1))), NOT_PAULI + TWIRL),
]


@pytest.mark.parametrize(("circuit", "line"), REFUSED)
def test_refusals(circuit: QuantumCircuit, line: str) -> None:
    with pytest.raises(NotTranslatable, match=line) as caught:
        to_stim(circuit)
    assert "\n" not in str(caught.value)
