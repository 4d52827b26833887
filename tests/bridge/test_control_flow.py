"""Measurements, classical bits and control flow through `translate`, against exact branches."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Clbit, Parameter, Qubit
from qiskit.circuit.classical import expr, types
from support.entangled import start
from support.exact import branches
from support.exact_stim import stim_branches, values

from circuits.bridge import to_qiskit, translate


def assert_same(circuit: QuantumCircuit) -> None:
    """The states and probabilities of all values of the classical bits agree."""
    made = translate(circuit)
    found: dict[tuple[int, ...], np.ndarray] = {}
    for record, rho in stim_branches(made.circuit, circuit.num_qubits).items():
        key = values(record, made.records)
        found[key] = found.get(key, 0) + rho
    expected = {bits: rho.data for bits, rho in branches(circuit).items()}
    assert found.keys() == expected.keys()
    for bits, rho in expected.items():
        np.testing.assert_allclose(found[bits], rho, atol=1e-6)


def case(build: Callable[[], QuantumCircuit]) -> Callable[[], QuantumCircuit]:
    CASES[build.__name__] = build
    return build


CASES: dict[str, Callable[[], QuantumCircuit]] = {}


@case
def single_bits() -> QuantumCircuit:
    circuit = start(2)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(3)
    with circuit.if_test((circuit.clbits[1], 0)):
        circuit.y(3)
    return circuit


@case
def else_bodies() -> QuantumCircuit:
    circuit = start(2)
    with circuit.if_test((circuit.clbits[0], 1)) as otherwise:
        circuit.x(3)
        circuit.z(2)
    with otherwise:
        circuit.y(3)
        circuit.x(2)
    return circuit


@case
def nested_bodies() -> QuantumCircuit:
    circuit = start(2)
    with circuit.if_test((circuit.clbits[0], 1)) as outer:
        with circuit.if_test((circuit.clbits[1], 1)) as inner:
            circuit.z(3)
        with inner:
            circuit.x(3)
    with outer, circuit.if_test((circuit.clbits[1], 1)):
        circuit.y(3)
    return circuit


@case
def textbook_chain() -> QuantumCircuit:
    circuit = start(2)
    register = circuit.cregs[0]
    with circuit.if_test((register, 1)):
        circuit.x(3)
    with circuit.if_test((register, 2)):
        circuit.z(3)
    with circuit.if_test((register, 3)):
        circuit.x(3)
        circuit.z(3)
    return circuit


@case
def chain_with_gates_between() -> QuantumCircuit:
    circuit = start(2)
    register = circuit.cregs[0]
    with circuit.if_test((register, 1)):
        circuit.x(3)
    circuit.h(3)
    circuit.cx(3, 0)
    circuit.cx(3, 1)
    with circuit.if_test((register, 3)):
        circuit.z(3)
    circuit.measure(2, 0)
    with circuit.if_test((register, 1)):
        circuit.y(0)
    circuit.s(0)
    with circuit.if_test((register, 3)):
        circuit.x(0)
    return circuit


@case
def waiting_forgotten_by_reset() -> QuantumCircuit:
    circuit = start(2)
    with circuit.if_test((circuit.cregs[0], 0)):
        circuit.x(3)
    circuit.reset(3)
    circuit.h(3)
    return circuit


@case
def waiting_phase_unseen_by_measurement() -> QuantumCircuit:
    circuit = start(3)
    with circuit.if_test((circuit.cregs[0], 5)):
        circuit.z(3)
    circuit.measure(3, 1)
    circuit.reset(3)
    return circuit


@case
def wide_register_mostly_unwritten() -> QuantumCircuit:
    circuit = start(70)
    register = circuit.cregs[0]
    for value in (1, 2, 3, 4, 5, 6, 7):
        with circuit.if_test((register, value)):
            circuit.x(3) if bin(value).count("1") % 2 else circuit.z(3)
    with circuit.if_test((register, 2**69)):
        circuit.t(3)
    with circuit.if_test((register, 0)):
        circuit.z(3)
    return circuit


@case
def switch_on_a_register() -> QuantumCircuit:
    circuit = start(2)
    with circuit.switch(circuit.cregs[0]) as which:
        with which(0):
            circuit.x(3)
        with which(1, 2):
            circuit.y(3)
        with which(which.DEFAULT):
            circuit.x(3)
    return circuit


@case
def switch_with_clifford_bodies() -> QuantumCircuit:
    circuit = start(2)
    with circuit.switch(circuit.cregs[0]) as which:
        with which(0):
            circuit.h(3)
        with which(1):
            circuit.x(3)
            circuit.h(3)
        with which(2):
            circuit.h(3)
            circuit.x(3)
        with which(3):
            circuit.x(3)
            circuit.h(3)
            circuit.x(3)
    return circuit


@case
def conjugated_paulis() -> QuantumCircuit:
    circuit = start(2)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.h(3)
        circuit.cx(3, 2)
        with circuit.if_test((circuit.clbits[0], 1)):
            circuit.x(3)
            circuit.sdg(2)
            circuit.s(2)
        circuit.cx(3, 2)
        circuit.h(3)
    return circuit


@case
def expressions() -> QuantumCircuit:
    circuit = start(3)
    a, b, c = circuit.clbits
    register = circuit.cregs[0]
    with circuit.if_test(expr.bit_xor(expr.bit_xor(a, b), expr.logic_not(c))):
        circuit.x(3)
    with circuit.if_test(expr.less(register, 4)):
        circuit.z(3)
    with circuit.if_test(expr.not_equal(expr.bit_and(register, 2), 0)):
        circuit.y(3)
    with circuit.if_test(expr.index(expr.shift_right(register, 1), 0)):
        circuit.x(0)
    with circuit.if_test(expr.index(expr.bit_not(register), expr.lift(2, types.Uint(2)))):
        circuit.z(0)
    with circuit.if_test(expr.greater_equal(register, 4)):
        circuit.x(1)
    with circuit.if_test(expr.index(expr.add(register, 1), 0)):
        circuit.x(1)
    with circuit.if_test(expr.index(expr.mul(register, 6), 1)):
        circuit.z(1)
    with circuit.if_test(expr.equal(expr.sub(register, register), 0)):
        circuit.h(1)
    return circuit


@case
def and_plus_and() -> QuantumCircuit:
    circuit = start(2)
    a, b = circuit.clbits
    with circuit.if_test(expr.logic_and(a, b)):
        circuit.x(3)
    with circuit.if_test(expr.logic_or(a, b)):
        circuit.x(3)
    return circuit


@case
def repeated_measurement() -> QuantumCircuit:
    circuit = start(2)
    circuit.h(0)
    circuit.measure(0, 0)
    circuit.measure(1, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(3)
    circuit.measure(3, 0)
    return circuit


@case
def stored_parities() -> QuantumCircuit:
    circuit = start(3, 2)
    a, b, c, d, e = circuit.clbits
    circuit.store(d, expr.bit_xor(a, b))
    circuit.store(e, expr.bit_xor(d, expr.logic_not(c)))
    with circuit.if_test((e, 1)):
        circuit.x(3)
    with circuit.if_test((circuit.cregs[1], 2)):
        circuit.z(3)
    with circuit.if_test((circuit.cregs[1], 3)):
        circuit.z(3)
    circuit.store(circuit.cregs[1], 2)
    return circuit


@case
def stores_in_bodies() -> QuantumCircuit:
    circuit = start(3, 2)
    a, b, _, c, d = circuit.clbits
    with circuit.if_test((a, 1)) as otherwise:
        circuit.store(c, expr.lift(True))
        circuit.store(d, b)
    with otherwise:
        circuit.store(d, b)
    with circuit.if_test((c, 1)):
        circuit.z(3)
    return circuit


@case
def never_written_bits() -> QuantumCircuit:
    circuit = start(2, 3)
    with circuit.if_test((circuit.clbits[3], 0)):
        circuit.h(3)
        circuit.measure(3, 4)
        circuit.reset(2)
    with circuit.if_test((circuit.cregs[1], 3)):
        circuit.t(3)
    return circuit


@case
def loops() -> QuantumCircuit:
    circuit = start(2)
    with circuit.for_loop(range(3)):
        circuit.h(3)
        circuit.measure(3, 0)
        with circuit.if_test((circuit.clbits[0], 1)):
            circuit.x(2)
    angle = Parameter("angle")
    with circuit.for_loop((0, 1, 3), angle):
        circuit.rz(angle * np.pi / 2, 3)
        circuit.rx(-angle * np.pi, 2)
        with circuit.if_test((circuit.clbits[1], 1)):
            circuit.rx(np.pi * angle, 3)
    return circuit


@case
def bodies_that_contradict_the_outer_condition() -> QuantumCircuit:
    circuit = start(2)
    with circuit.if_test((circuit.clbits[0], 1)):
        with circuit.if_test((circuit.clbits[0], 0)):
            circuit.t(3)
            circuit.reset(2)
        with circuit.if_test((circuit.clbits[0], 1)):
            circuit.z(3)
        with circuit.switch(circuit.cregs[0]) as which:
            with which(0, 2):
                circuit.h(3)
            with which(1, 3):
                circuit.x(2)
    return circuit


@case
def bodies_with_bits_of_their_own() -> QuantumCircuit:
    circuit = start(2)
    body = QuantumCircuit([Qubit(), Qubit(), Clbit(), Clbit()])
    body.x(0)
    inner = QuantumCircuit([Qubit(), Clbit()])
    inner.z(0)
    body.if_test((body.clbits[1], 1), inner, [1], [1])
    circuit.if_test((circuit.clbits[1], 1), body, [3, 2], [0, 1])
    return circuit


@case
def composites_with_measurements() -> QuantumCircuit:
    part = QuantumCircuit(2, 2)
    part.h(0)
    part.cx(0, 1)
    part.measure([0, 1], [1, 0])
    part.reset(0)
    circuit = start(2)
    circuit.append(part.to_instruction(), [3, 1], [1, 0])
    return circuit


@case
def delays_and_barriers() -> QuantumCircuit:
    circuit = start(2)
    circuit.delay(100, 3)
    circuit.barrier(2, 3)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.delay(10, 3)
        circuit.barrier()
        circuit.x(3)
    return circuit


@case
def idle_qubits() -> QuantumCircuit:
    circuit = QuantumCircuit(3, 1)
    circuit.x(0)
    circuit.measure(0, 0)
    return circuit


@pytest.mark.parametrize("name", CASES)
def test_against_exact_branches(name: str) -> None:
    assert_same(CASES[name]())


@pytest.mark.parametrize("name", CASES)
def test_there_and_back(name: str) -> None:
    made = translate(CASES[name]())
    back = to_qiskit(made.circuit)
    expected = stim_branches(made.circuit)
    found = branches(back)
    assert found.keys() == expected.keys()
    for record, rho in expected.items():
        np.testing.assert_allclose(found[record].data, rho, atol=1e-6)
