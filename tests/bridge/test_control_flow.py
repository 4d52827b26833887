"""Measurements, classical bits and control flow through `translate`, against exact branches."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import stim
from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, Clbit, Parameter, QuantumRegister, Qubit
from qiskit.circuit.classical import expr, types
from support.exact import branches
from support.exact_stim import stim_branches, values

from circuits.bridge import to_qiskit, to_stim, translate
from circuits.errors import NotClifford, NotTranslatable


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


def start(*registers: int) -> QuantumCircuit:
    """Four entangled qubits; the first ones measured into the bits of registers of these sizes."""
    names = [ClassicalRegister(size, f"c{k}") for k, size in enumerate(registers)]
    circuit = QuantumCircuit(QuantumRegister(4, "q"), *names)
    circuit.h([0, 1, 2])
    circuit.sx(2)
    circuit.cx(0, 1)
    circuit.cx(1, 3)
    circuit.h(0)
    circuit.sdg(3)
    for k, bit in enumerate(circuit.clbits[:3]):
        circuit.measure(k, bit)
    return circuit


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


def refused(build: Callable[[], QuantumCircuit]) -> Callable[[], QuantumCircuit]:
    REFUSED[build.__name__] = build
    return build


REFUSED: dict[str, Callable[[], QuantumCircuit]] = {}


@refused
def lone_and() -> QuantumCircuit:
    circuit = start(2)
    with circuit.if_test((circuit.cregs[0], 3)):
        circuit.x(3)
    circuit.measure(3, 0)
    return circuit


@refused
def unfinished_chain() -> QuantumCircuit:
    circuit = start(2)
    with circuit.if_test((circuit.cregs[0], 1)):
        circuit.x(3)
    circuit.h(3)
    circuit.cx(3, 2)
    return circuit


@refused
def wide_equality() -> QuantumCircuit:
    circuit = QuantumCircuit(41, 40)
    circuit.measure(range(40), range(40))
    with circuit.if_test((circuit.cregs[0], 0)):
        circuit.x(40)
    return circuit


@refused
def conditional_hadamard() -> QuantumCircuit:
    circuit = start(2)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(3)
        circuit.h(2)
    return circuit


@refused
def conditional_t() -> QuantumCircuit:
    circuit = start(2)
    with circuit.if_test((circuit.clbits[0], 1)) as otherwise:
        circuit.x(3)
    with otherwise:
        circuit.z(3)
        circuit.t(2)
    return circuit


@refused
def conditional_reset() -> QuantumCircuit:
    circuit = start(2)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.reset(3)
    return circuit


@refused
def conditional_measurement() -> QuantumCircuit:
    circuit = start(2)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(3)
        circuit.measure(3, 1)
    return circuit


@refused
def while_loop() -> QuantumCircuit:
    circuit = start(2)
    with circuit.while_loop((circuit.clbits[0], 1)):
        circuit.h(0)
        circuit.measure(0, 0)
    return circuit


@refused
def broken_loop() -> QuantumCircuit:
    circuit = start(2)
    with circuit.for_loop(range(2)):
        circuit.x(3)
        circuit.break_loop()
    return circuit


@refused
def continued_loop() -> QuantumCircuit:
    circuit = start(2)
    with circuit.for_loop(range(2)), circuit.if_test((circuit.clbits[0], 1)):
        circuit.continue_loop()
    return circuit


@refused
def stored_and() -> QuantumCircuit:
    circuit = start(2, 1)
    circuit.store(circuit.clbits[2], expr.logic_and(*circuit.clbits[:2]))
    return circuit


@refused
def input_variable() -> QuantumCircuit:
    circuit = start(2)
    given = circuit.add_input("given", types.Bool())
    with circuit.if_test(given):
        circuit.x(3)
    return circuit


@refused
def division() -> QuantumCircuit:
    circuit = start(2)
    with circuit.if_test(expr.equal(expr.div(circuit.cregs[0], 2), 1)):
        circuit.x(3)
    return circuit


LINES = {
    "lone_and": r"^instruction 10 \('if_else' on qubits \[3\]\): the Pauli it puts on qubit 3 is not an "
    r"affine function of the measurement outcomes; condition on single bits",
    "unfinished_chain": r"^instruction 10 \('if_else' on qubits \[3\]\): the Pauli it puts on qubit 3 ",
    "wide_equality": r"^instruction 40 \('if_else' .*\): its condition joins too many .*; test fewer",
    "conditional_hadamard": r"^instruction 10 \('if_else' on qubits \[.*\]\): its branches differ by more "
    r"than Pauli gates; let the condition decide on X, Y and Z only",
    "conditional_t": r"^instruction 10 \('if_else' .*\), body 1, instruction 1 \('t' .*\): it is not Clif",
    "conditional_reset": r"'if_else' .*, body 0, instruction 0 \('reset' on qubits \[3\]\): a reset in a "
    r"conditional body has no counterpart in Stim; reset after the block",
    "conditional_measurement": r", body 0, instruction 1 \('measure' on qubits \[3\]\): a measurement in a "
    r"conditional body .*; measure before or after",
    "while_loop": r"^instruction 10 \('while_loop' on qubits \[0\]\): a loop whose length .*; use a for loop",
    "broken_loop": r"\('for_loop' .*\), round 0, instruction 1 \('break_loop' .*\): a loop cannot be left",
    "continued_loop": r"round 0, instruction 0 \('if_else' .*, body 0, instruction 0 \('continue_loop'",
    "stored_and": r"^classical bit 2 ends as a function .* not affine; store single bits or their parities",
    "input_variable": r"^instruction 10 \('if_else' .*\): the variable 'given' has no value; give it one",
    "division": r"^instruction 10 \('if_else' .*\): its classical expression uses DIV, .*; use bits,",
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_name_instruction_place_and_mend(name: str) -> None:
    error = NotClifford if name == "conditional_t" else NotTranslatable
    with pytest.raises(error, match=LINES[name]) as caught:
        translate(REFUSED[name]())
    assert "\n" not in str(caught.value)
