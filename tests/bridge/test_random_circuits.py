"""Random dynamic Clifford circuits with noise: `translate` and `to_qiskit` against exact distributions."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, QuantumRegister
from qiskit.circuit.classical import expr
from qiskit_aer import AerSimulator
from qiskit_aer.noise import depolarizing_error, pauli_error
from support.exact import branches, distribution
from support.exact_stim import stim_branches, stim_distribution, values

from circuits.bridge import to_qiskit, translate

QUBITS, SIZES = 3, (2, 2)
ONE = ("h", "s", "sdg", "sx", "sxdg", "x", "y", "z", "id")
TWO = ("cx", "cy", "cz", "swap", "iswap", "ecr", "dcx")
CHANNELS = (
    depolarizing_error(0.1, 1),
    pauli_error([("X", 0.05), ("Y", 0.2), ("I", 0.75)]),
    depolarizing_error(0.2, 2),
    pauli_error([("XZ", 0.1), ("YI", 0.3), ("II", 0.6)]),
    pauli_error([("XZY", 0.1), ("IYI", 0.3), ("III", 0.6)]),
)

qubit = st.integers(0, QUBITS - 1)
bit = st.integers(0, sum(SIZES) - 1)
value = st.integers(0, 3)
order = st.permutations(range(QUBITS))
pauli = st.tuples(st.sampled_from("xyz"), qubit)
paulis = st.lists(pauli, max_size=3)
step = st.one_of(
    st.tuples(st.just("one"), st.sampled_from(ONE), qubit),
    st.tuples(st.just("two"), st.sampled_from(TWO), order),
    st.tuples(st.just("measure"), qubit, bit),
    st.tuples(st.just("reset"), qubit),
    st.tuples(st.just("noise"), st.sampled_from(range(len(CHANNELS))), order),
    st.tuples(st.just("if"), bit, st.integers(0, 1), paulis, paulis),
    st.tuples(st.just("nested"), bit, bit, pauli, pauli),
    st.tuples(st.just("parity"), st.sets(bit, min_size=1), st.booleans(), pauli),
    st.tuples(st.just("chain"), st.integers(0, 1), pauli, pauli, qubit),
    st.tuples(st.just("switch"), st.integers(0, 1), st.booleans(), pauli),
    st.tuples(st.just("store"), bit, st.sets(bit, min_size=1), st.booleans()),
    st.tuples(st.just("loop"), qubit, bit),
)


def build(steps: list[tuple]) -> QuantumCircuit:
    """A circuit of these steps, all of which translate."""
    registers = [ClassicalRegister(size, f"c{k}") for k, size in enumerate(SIZES)]
    circuit = QuantumCircuit(QuantumRegister(QUBITS, "q"), *registers)
    circuit.h(range(QUBITS))
    for kind, *what in steps:
        BUILDERS[kind](circuit, *what)
    return circuit


def _one(circuit: QuantumCircuit, name: str, q: int) -> None:
    getattr(circuit, name)(q)


def _two(circuit: QuantumCircuit, name: str, q: list[int]) -> None:
    getattr(circuit, name)(q[0], q[1])


def _noise(circuit: QuantumCircuit, channel: int, q: list[int]) -> None:
    circuit.append(CHANNELS[channel], q[: CHANNELS[channel].num_qubits])


def _if(circuit: QuantumCircuit, b: int, wanted: int, then: list, otherwise: list) -> None:
    with circuit.if_test((circuit.clbits[b], wanted)) as other:
        for name, q in then:
            _one(circuit, name, q)
    with other:
        for name, q in otherwise:
            _one(circuit, name, q)


def _nested(circuit: QuantumCircuit, a: int, b: int, first: tuple, second: tuple) -> None:
    """The same Pauli in both inner bodies, H X H for Z, so that only the outer bit decides."""
    with circuit.if_test((circuit.clbits[a], 1)):
        with circuit.if_test((circuit.clbits[b], 1)) as other:
            circuit.h(first[1])
            _one(circuit, *first)
            circuit.h(first[1])
        with other:
            circuit.h(first[1])
            _one(circuit, *first)
            circuit.h(first[1])
        _one(circuit, *second)


def _parity_of(circuit: QuantumCircuit, bits: set[int], flipped: bool) -> expr.Expr:
    first, *rest = [circuit.clbits[b] for b in sorted(bits)]
    total = expr.lift(first)
    for other in rest:
        total = expr.bit_xor(total, other)
    return expr.logic_not(total) if flipped else total


def _parity(circuit: QuantumCircuit, bits: set[int], flipped: bool, letter: tuple) -> None:
    with circuit.if_test(_parity_of(circuit, bits, flipped)):
        _one(circuit, *letter)


def _chain(circuit: QuantumCircuit, register: int, low: tuple, high: tuple, q: int) -> None:
    """The textbook chain: one Pauli for each bit, told by comparing the whole register."""
    for wanted in (1, 2, 3):
        with circuit.if_test((circuit.cregs[register], wanted)):
            if wanted & 1:
                circuit.x(q)
                _one(circuit, low[0], q)
            if wanted & 2:
                _one(circuit, high[0], q)


def _switch(circuit: QuantumCircuit, register: int, default: bool, letter: tuple) -> None:
    with circuit.switch(circuit.cregs[register]) as which:
        with which(0, 3):
            _one(circuit, *letter)
        with which(which.DEFAULT) if default else which(1, 2):
            circuit.z(letter[1])


def _store(circuit: QuantumCircuit, target: int, bits: set[int], flipped: bool) -> None:
    circuit.store(circuit.clbits[target], _parity_of(circuit, bits, flipped))


def _loop(circuit: QuantumCircuit, q: int, b: int) -> None:
    with circuit.for_loop(range(2)):
        circuit.h(q)
        circuit.measure(q, b)
        with circuit.if_test((circuit.clbits[b], 1)):
            circuit.y((q + 1) % QUBITS)


BUILDERS = {
    "one": _one,
    "two": _two,
    "measure": lambda circuit, q, b: circuit.measure(q, b),
    "reset": lambda circuit, q: circuit.reset(q),
    "noise": _noise,
    "if": _if,
    "nested": _nested,
    "parity": _parity,
    "chain": _chain,
    "switch": _switch,
    "store": _store,
    "loop": _loop,
}


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.lists(step, min_size=6, max_size=16))
def test_states_and_probabilities_agree(steps: list[tuple]) -> None:
    circuit = build(steps)
    made = translate(circuit)
    found: dict[tuple[int, ...], np.ndarray] = {}
    for record, rho in stim_branches(made.circuit, QUBITS).items():
        key = values(record, made.records)
        found[key] = found.get(key, 0) + rho
    expected = {bits: rho.data for bits, rho in branches(circuit).items()}
    assert found.keys() == expected.keys()
    for bits, rho in expected.items():
        np.testing.assert_allclose(found[bits], rho, atol=2e-6)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(step, min_size=4, max_size=10))
def test_there_and_back(steps: list[tuple]) -> None:
    made = translate(build(steps)).circuit
    expected = stim_branches(made)
    found = branches(to_qiskit(made))
    assert found.keys() == expected.keys()
    for record, rho in expected.items():
        np.testing.assert_allclose(found[record].data, rho, atol=2e-6)


AER_STEPS = [
    [
        ("two", "cx", [0, 1, 2]),
        ("noise", 2, [0, 1, 2]),
        ("measure", 0, 0),
        ("if", 0, 1, [("x", 1)], []),
        ("measure", 1, 1),
        ("chain", 0, ("y", 0), ("z", 0), 2),
        ("one", "h", 2),
        ("measure", 2, 2),
    ],
    [
        ("noise", 4, [2, 0, 1]),
        ("two", "cz", [2, 1, 0]),
        ("loop", 1, 3),
        ("reset", 0),
        ("noise", 0, [0, 1, 2]),
        ("measure", 0, 1),
        ("parity", {1, 3}, True, ("x", 2)),
        ("measure", 2, 0),
    ],
]


@pytest.mark.parametrize("steps", AER_STEPS)
def test_aer_counts_what_stim_says(steps: list[tuple]) -> None:
    circuit, shots = build(steps), 5_000
    made = translate(circuit)
    expected = stim_distribution(made.circuit, made.records)
    assert expected == pytest.approx(distribution(circuit), abs=1e-6)
    counts = AerSimulator(seed_simulator=11).run(circuit, shots=shots).result().get_counts()
    found = Counter({tuple(int(c) for c in key.replace(" ", "")[::-1]): n for key, n in counts.items()})
    for bits, p in expected.items():
        assert abs(found[bits] - shots * p) <= 5 * np.sqrt(shots * p * (1 - p)) + 1e-9
    assert sum(found[bits] for bits in expected) == shots
