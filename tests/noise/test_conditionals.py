"""The noise of conditional gates goes after the block, whether or not it was taken."""

import pytest
from qiskit import QuantumCircuit
from qiskit.circuit.classical import expr, types
from support.exact import branches, distribution

from circuits.noise import CircuitNoise, Override, PauliChannel, strip
from circuits.noise._aer import error_instruction

P1, P2, R = 0.03, 0.05, 0.02
NOISE = CircuitNoise(after_1q=P1, after_2q=P2, reset=R)
FLIP = PauliChannel(probabilities={"X": R})


def same_channel(found: QuantumCircuit, expected: QuantumCircuit) -> None:
    """Equal outcomes, and equal states for each."""
    ours, theirs = branches(found), branches(expected)
    assert ours.keys() == theirs.keys()
    for bits, rho in ours.items():
        assert rho.data == pytest.approx(theirs[bits].data, abs=1e-12)


def start(qubits: int, bits: int) -> QuantumCircuit:
    """Tilted qubits, half of which are measured, without noise on the way."""
    circuit = QuantumCircuit(qubits, bits)
    for k in range(qubits):
        circuit.unitary(ROTATION, [k])
    circuit.measure(range(bits), range(bits))
    return circuit


ROTATION = [[0.8, -0.6], [0.6, 0.8]]
QUIET = CircuitNoise(after_1q=P1, after_2q=P2, reset=R, overrides=(Override(gate="unitary", error=0.0),))


def noisy(circuit: QuantumCircuit, *errors: tuple[object, list[int]]) -> QuantumCircuit:
    for rate, qubits in errors:
        circuit.append(error_instruction(rate, len(qubits)), qubits)
    return circuit


def test_after_an_if():
    circuit = start(3, 1)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(1)
        circuit.cx(1, 2)
        circuit.reset(0)
    expected = noisy(circuit.copy(), (P1, [1]), (P2, [1, 2]), (FLIP, [0]))
    found = QUIET.apply(circuit)
    same_channel(found, expected)
    body = next(item for item in found.data if item.is_control_flow()).operation.blocks[0]
    assert "quantum_channel" not in body.count_ops()
    assert strip(found) == circuit


def test_of_exclusive_branches_the_one_that_has_an_error_most_often_counts():
    circuit = start(3, 2)
    with circuit.switch(circuit.cregs[0]) as case:
        with case(0):
            circuit.x(2)
        with case(1):
            circuit.h(2)
            circuit.z(2)
        with case(2, 3):
            circuit.cz(1, 2)
            circuit.y(2)
    expected = noisy(circuit.copy(), (P1, [2]), (P1, [2]), (P2, [1, 2]))
    same_channel(QUIET.apply(circuit), expected)


def test_through_nested_conditionals_and_loops_inside_them():
    circuit = start(3, 2)
    with circuit.if_test((circuit.clbits[0], 1)) as otherwise:
        circuit.x(1)
        with circuit.if_test((circuit.clbits[1], 0)):
            circuit.y(2)
            with circuit.for_loop(range(3)):
                circuit.cx(2, 1)
    with otherwise:
        circuit.z(1)
        circuit.z(1)
    errors = [(P1, [1])] * 2 + [(P1, [2])] + [(P2, [2, 1])] * 3
    same_channel(QUIET.apply(circuit), noisy(circuit.copy(), *errors))


def test_an_expression_and_a_variable_hold_the_condition():
    circuit = start(2, 2)
    odd = circuit.add_var("odd", expr.bit_xor(*circuit.clbits))
    assert odd.type == types.Bool()
    with circuit.if_test(odd):
        circuit.x(1)
    found = CircuitNoise(after_1q=P1, idle=0.01, overrides=(Override(gate="unitary", error=0.0),)).apply(
        circuit
    )
    last = found.data[-1]
    assert last.name == "quantum_channel"
    assert strip(found) == circuit


def test_loops_carry_their_own_noise():
    circuit = start(2, 1)
    with circuit.for_loop(range(2)):
        circuit.h(0)
        with circuit.if_test((circuit.clbits[0], 1)):
            circuit.x(1)
        circuit.cx(0, 1)
    expected = start(2, 1)
    for _ in range(2):
        expected.h(0)
        noisy(expected, (P1, [0]))
        with expected.if_test((expected.clbits[0], 1)):
            expected.x(1)
        noisy(expected, (P1, [1]))
        expected.cx(0, 1)
        noisy(expected, (P2, [0, 1]))
    same_channel(QUIET.apply(circuit), expected)


def test_a_while_loop_and_a_box_carry_theirs():
    circuit = QuantumCircuit(1, 1)
    circuit.h(0)
    circuit.measure(0, 0)
    with circuit.while_loop((circuit.clbits[0], 1)):
        circuit.h(0)
        circuit.measure(0, 0)
    with circuit.box():
        circuit.x(0)
    found = CircuitNoise(after_1q=P1, measurement=0.1).apply(circuit)
    inside = [dict(b.count_ops()) for i in found.data if i.is_control_flow() for b in i.operation.blocks]
    assert inside == [
        {"h": 1, "quantum_channel": 2, "reset": 1, "cx": 1, "measure": 1},
        {"x": 1, "quantum_channel": 1},
    ]
    assert strip(found) == circuit


def test_a_flipped_outcome_is_what_the_conditional_sees():
    circuit = QuantumCircuit(2, 2)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(1)
    circuit.measure(1, 1)
    m = 0.1
    assert distribution(CircuitNoise(measurement=m).apply(circuit)) == pytest.approx(
        {(0, 0): (1 - m) ** 2, (0, 1): (1 - m) * m, (1, 1): m * (1 - m), (1, 0): m**2}
    )
