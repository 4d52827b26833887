"""Control flow that Stim cannot express: refused in one line that names the instruction and the mend."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from qiskit import QuantumCircuit
from qiskit.circuit.classical import expr, types
from support.entangled import start

from circuits.bridge import translate
from circuits.errors import NotClifford, NotTranslatable


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
