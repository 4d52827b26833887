"""Where the bridge finds classical bits and variables: as parities of measurement records."""

from __future__ import annotations

import numpy as np
import stim
from qiskit import QuantumCircuit
from qiskit.circuit.classical import expr, types
from support.entangled import start
from support.exact_stim import stim_branches

from circuits.bridge import to_stim, translate


def test_variables() -> None:
    circuit = start(2)
    a, b = circuit.clbits
    count = circuit.add_var("count", expr.lift(2, types.Uint(3)))
    odd = circuit.add_var("odd", expr.bit_xor(a, b))
    with circuit.if_test((a, 1)):
        circuit.store(count, expr.add(count, 1))
        inside = circuit.add_var("inside", odd)
        with circuit.if_test(inside):
            circuit.z(3)
        with circuit.if_test(expr.logic_not(inside)):
            circuit.z(3)
    with circuit.if_test(odd):
        circuit.x(3)
    with circuit.if_test(expr.equal(count, 3)):
        circuit.x(3)
    with circuit.box():
        circuit.h(3)
    expected = start(2)
    with expected.if_test((expected.clbits[0], 1)):
        expected.z(3)
    with expected.if_test(expr.bit_xor(a, b)):
        expected.x(3)
    with expected.if_test((expected.clbits[0], 1)):
        expected.x(3)
    expected.h(3)
    found = stim_branches(to_stim(circuit))
    for record, rho in stim_branches(to_stim(expected)).items():
        np.testing.assert_allclose(found[record], rho, atol=1e-6)


def test_loops_over_a_variable() -> None:
    circuit = start(2)
    index = expr.Var.new("index", types.Uint(3))
    body = QuantumCircuit(circuit.qubits, circuit.clbits)
    body.add_input(index)
    with body.if_test(expr.equal(index, 2)):
        body.h(3)
    with body.if_test(expr.logic_and(expr.less(index, 3), circuit.clbits[0])):
        body.x(3)
    circuit.for_loop(range(5), index, body, circuit.qubits, circuit.clbits)
    expected = start(2)
    for gate in (expected.x, expected.x, expected.h, expected.x):
        if gate == expected.h:
            expected.h(3)
        else:
            with expected.if_test((expected.clbits[0], 1)):
                gate(3)
    assert to_stim(circuit) == to_stim(expected)


def test_order_of_records_and_bits() -> None:
    circuit = QuantumCircuit(3, 3)
    circuit.x(2)
    circuit.measure(2, 1)
    circuit.measure(0, 2)
    circuit.measure(1, 1)
    circuit.measure(2, 0)
    made = translate(circuit)
    assert made.circuit == stim.Circuit("X 2\nM 2 0 1 2")
    assert made.records == (((3,), False), ((2,), False), ((1,), False))


def test_constant_and_stored_bits_in_the_records() -> None:
    circuit = QuantumCircuit(2, 4)
    circuit.measure([0, 1], [0, 1])
    circuit.store(circuit.clbits[2], expr.lift(True))
    circuit.store(circuit.clbits[0], expr.logic_not(expr.bit_xor(circuit.clbits[0], circuit.clbits[1])))
    records = translate(circuit).records
    assert records == (((0, 1), True), ((1,), False), ((), True), ((), False))


def test_parity_of_many_bits() -> None:
    circuit = QuantumCircuit(101, 100)
    circuit.measure(range(100), range(100))
    parity = expr.lift(circuit.clbits[0])
    for bit in circuit.clbits[1:]:
        parity = expr.bit_xor(parity, bit)
    with circuit.if_test(parity):
        circuit.z(100)
    assert str(to_stim(circuit)).count("rec[") == 100
