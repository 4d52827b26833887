"""Pauli channel arithmetic against superoperators."""

import math

import numpy as np
import pytest
from qiskit.quantum_info import PTM, Kraus, Pauli, SuperOp

from circuits.noise._aer import error_instruction
from circuits.noise.channels import PauliChannel, depolarizing, in_sequence, relaxation


def superop(channel: PauliChannel) -> SuperOp:
    left = 1 - sum(p for _, p in channel.items())
    terms = [("I" * channel.num_qubits, left), *channel.items()]
    return SuperOp(sum(p * SuperOp(Pauli(label[::-1])).data for label, p in terms))


@pytest.mark.parametrize(
    ("t", "t1", "t2"), [(1e-6, 1e-4, 8e-5), (3e-5, 1e-5, 2e-5), (1.0, 2.0, 0.1), (0.5, math.inf, 1)]
)
def test_relaxation_is_the_twirl_of_both_dampings(t, t1, t2):
    gamma = 1 - math.exp(-t / t1)
    damped = Kraus([[[1, 0], [0, math.sqrt(1 - gamma)]], [[0, math.sqrt(gamma)], [0, 0]]])
    kept = math.exp(-t / t2) / math.sqrt(1 - gamma)
    dephased = Kraus([math.sqrt((1 + kept) / 2) * np.eye(2), math.sqrt((1 - kept) / 2) * np.diag([1, -1])])
    exact = PTM(SuperOp(damped).compose(SuperOp(dephased))).data
    twirled = PTM(superop(relaxation(t, t1, t2))).data
    assert np.allclose(np.diag(twirled), np.diag(exact), atol=1e-12)
    assert np.allclose(twirled, np.diag(np.diag(twirled)), atol=1e-12)


def test_in_sequence_is_composition():
    rates = [(0.02, 3), (relaxation(1e-5, 1e-4, 1e-4 / 3), 1), (PauliChannel(probabilities={"Y": 0.2}), 2)]
    one = in_sequence(rates)
    whole = SuperOp(np.eye(4))
    for rate, count in rates:
        channel = rate if isinstance(rate, PauliChannel) else depolarizing(rate, 1)
        for _ in range(count):
            whole = whole.compose(superop(channel))
    assert np.allclose(superop(one).data, whole.data, atol=1e-14)


def test_depolarising_errors_stay_depolarising():
    found = in_sequence([(0.1, 2), (0.05, 1)])
    expected = superop(depolarizing(0.1, 1)).compose(superop(depolarizing(0.1, 1)))
    expected = expected.compose(superop(depolarizing(0.05, 1)))
    assert np.allclose(superop(depolarizing(found, 1)).data, expected.data, atol=1e-14)


def test_the_first_letter_is_the_first_qubit():
    instruction = error_instruction(PauliChannel(probabilities={"XZ": 0.25}), 2)
    expected = 0.75 * np.eye(16) + 0.25 * SuperOp(Pauli("ZX")).data
    assert np.allclose(SuperOp(instruction._quantum_error).data, expected)


def test_equal_errors_are_one_object():
    again = PauliChannel(probabilities={"Z": 0.25})
    one = error_instruction(PauliChannel(probabilities={"Z": 0.25}), 1)
    assert error_instruction(again, 1) is one
    assert error_instruction(0.01, 2) is error_instruction(0.01, 2)
