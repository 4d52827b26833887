"""Noise of gates, read-out and reset in Qiskit circuits, against density matrices and formulas."""

from itertools import product

import numpy as np
import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Parameter
from qiskit.circuit.classical import expr
from qiskit.quantum_info import DensityMatrix, Statevector
from qiskit.transpiler import PassManager
from support.exact import distribution, reduced

from circuits.library.bell import bell_pair
from circuits.library.swapping import entanglement_swapping
from circuits.noise import CircuitNoise, Override, PauliChannel, strip

BELL = [
    Statevector(np.array(v) / np.sqrt(2)) for v in ([1, 0, 0, 1], [0, 1, 1, 0], [0, 1, -1, 0], [1, 0, 0, -1])
]


def weights(rho: DensityMatrix) -> list[float]:
    return [float(np.real(rho.expectation_value(state.to_operator()))) for state in BELL]


def noisy_swap(c: float, m: float, *, fidelity: float | None = None) -> list[float]:
    """Pairs (0, 1) and (2, 3) swapped by a CNOT and read-outs of 1 and 2: weights of 0 and 3."""
    circuit = QuantumCircuit(4, 2)
    for a, b in ((0, 1), (2, 3)):
        circuit.compose(bell_pair(fidelity=fidelity), [a, b], inplace=True)
    circuit.cx(1, 2)
    circuit.h(1)
    circuit.measure(1, 0)
    circuit.measure(2, 1)
    with circuit.if_test((circuit.clbits[1], 1)):
        circuit.x(3)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.z(3)
    noise = CircuitNoise(measurement=m, overrides=(Override(gate="cx", qubits=(1, 2), error=c),))
    return weights(reduced(noise.apply(circuit), [0, 3]))


def test_noisy_swap_has_the_reference_weights():
    assert noisy_swap(0.05, 0.1) == pytest.approx([0.780133, 0.098533, 0.022800, 0.098533], abs=1e-6)


@pytest.mark.parametrize(("c", "m"), [(0.05, 0.1), (0.3, 0.0), (0.0, 0.2), (0.12, 0.07)])
@pytest.mark.parametrize("fidelity", [None, 0.9])
def test_noisy_swap_follows_its_formula(c, m, fidelity):
    f = (1 - 12 * c / 15) * (1 - m) ** 2 + 4 * c / 15 * (2 * m * (1 - m) + m**2)
    g = 1.0 if fidelity is None else fidelity**2 + (1 - fidelity) ** 2 / 3
    expected = f * g + (1 - f) * (1 - g) / 3
    assert noisy_swap(c, m, fidelity=fidelity)[0] == pytest.approx(expected, abs=1e-8)


def test_p_is_the_probability_that_an_error_happens():
    circuit = QuantumCircuit(2)
    circuit.h(0)
    circuit.cx(0, 1)
    p = 0.3
    rho = reduced(CircuitNoise(after_2q=p).apply(circuit), [0, 1])
    # Three of the fifteen errors (XX, YY, ZZ) leave the pair as it is.
    assert weights(rho)[0] == pytest.approx(1 - 12 * p / 15, abs=1e-12)
    one = QuantumCircuit(1)
    one.x(0)
    assert reduced(CircuitNoise(after_1q=p).apply(one), [0]).probabilities() == pytest.approx(
        [2 * p / 3, 1 - 2 * p / 3]
    )


def test_pauli_channels_and_overrides_land_on_their_qubits():
    circuit = QuantumCircuit(3)
    circuit.cx(2, 0)
    noise = CircuitNoise(overrides=(Override(qubits=(2, 0), error=PauliChannel(probabilities={"XI": 0.25})),))
    assert DensityMatrix(reduced(noise.apply(circuit), [0, 1, 2])).probabilities_dict() == pytest.approx(
        {"000": 0.75, "100": 0.25}
    )
    other = CircuitNoise(overrides=(Override(qubits=(0, 2), error=0.5),))
    assert other.apply(circuit) == circuit


def test_reset_leaves_the_wrong_state():
    circuit = QuantumCircuit(1, 1)
    circuit.reset(0)
    circuit.measure(0, 0)
    assert distribution(CircuitNoise(reset=0.2).apply(circuit)) == pytest.approx({(0,): 0.8, (1,): 0.2})


def reused() -> QuantumCircuit:
    """Measured twice, fed forward, and used after its measurement."""
    circuit = QuantumCircuit(2, 4)
    circuit.h(0)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(1)
    circuit.measure(0, 1)
    circuit.cx(0, 1)
    circuit.reset(0)
    circuit.measure(1, 2)
    circuit.ry(0.7, 0)
    circuit.cx(0, 1)
    circuit.measure(0, 3)
    circuit.measure(1, 2)
    return circuit


def conditional_measurement() -> QuantumCircuit:
    """Measurements inside conditionals, nested, with an else branch."""
    circuit = QuantumCircuit(2, 3)
    circuit.ry(1.1, 0)
    circuit.ry(0.4, 1)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)) as otherwise:
        circuit.measure(1, 1)
        with circuit.if_test((circuit.clbits[1], 0)):
            circuit.measure(0, 2)
    with otherwise:
        circuit.measure(1, 2)
    circuit.ry(0.3, 1)
    circuit.measure(1, 0)
    return circuit


def looped_measurement() -> QuantumCircuit:
    circuit = QuantumCircuit(2, 2)
    circuit.ry(1.1, 0)
    with circuit.for_loop(range(2)):
        circuit.measure(0, 0)
        with circuit.if_test((circuit.clbits[0], 1)):
            circuit.x(0)
            circuit.measure(0, 1)
        circuit.ry(0.5, 0)
    return circuit


def flipped(circuit: QuantumCircuit, m: float) -> dict[tuple[int, ...], float]:
    """The reference: after each measurement the classical bit itself is negated with probability m."""

    def with_flips(body: QuantumCircuit, pattern: list[int]) -> QuantumCircuit:
        made = body.copy_empty_like()
        for item in body.data:
            operation = item.operation
            if operation.name == "for_loop":
                indices, _, inner = operation.params
                for _ in indices:
                    made.compose(with_flips(inner, pattern), item.qubits, item.clbits, inplace=True)
                continue
            if item.is_control_flow():
                blocks = [with_flips(block, pattern) for block in operation.blocks]
                item = item.replace(operation=operation.replace_blocks(blocks))
            made.append(item)
            if operation.name == "measure" and pattern.pop():
                made.store(item.clbits[0], expr.logic_not(item.clbits[0]))
        return made

    count, trial = 0, [0] * 64
    with_flips(circuit, trial)
    count = 64 - len(trial)
    total: dict[tuple[int, ...], float] = {}
    for pattern in product((0, 1), repeat=count):
        weight = m ** sum(pattern) * (1 - m) ** (count - sum(pattern))
        for bits, p in distribution(with_flips(circuit, list(pattern))).items():
            total[bits] = total.get(bits, 0.0) + weight * p
    return total


@pytest.mark.parametrize("make", [reused, conditional_measurement, looped_measurement])
def test_read_out_error_is_exact_on_qubits_that_are_used_again(make):
    circuit = make()
    noisy = CircuitNoise(measurement=0.1).apply(circuit)
    expected = flipped(circuit, 0.1)
    found = distribution(noisy)
    assert found.keys() == expected.keys()
    assert found == pytest.approx(expected, abs=1e-12)
    assert noisy.clbits == circuit.clbits
    assert [register.name for register in noisy.qregs] == ["q", "readout_ancilla"]
    assert strip(noisy) == circuit


def test_a_final_measurement_needs_no_ancilla():
    circuit = QuantumCircuit(1, 2)
    circuit.h(0)
    circuit.measure(0, 0)
    circuit.reset(0)
    circuit.measure(0, 1)
    noisy = CircuitNoise(measurement=0.1).apply(circuit)
    assert noisy.num_qubits == 1
    assert dict(noisy.count_ops()) == {"h": 1, "quantum_channel": 2, "measure": 2, "reset": 1}


def test_the_circuit_is_kept_and_its_copy_has_its_names():
    a, c = QuantumRegister(2, "alice"), ClassicalRegister(2, "key")
    theta = Parameter("theta")
    circuit = QuantumCircuit(a, c, name="send", global_phase=0.3, metadata={"keep": [[0]]})
    circuit.rx(theta, 0)
    circuit.barrier()
    circuit.cx(0, 1)
    circuit.measure(a, c)
    before = circuit.copy()
    noisy = CircuitNoise.uniform_depolarizing(0.1).apply(circuit)
    assert circuit == before
    assert (noisy.name, noisy.global_phase, noisy.metadata) == ("send", 0.3, {"keep": [[0]]})
    assert (noisy.qregs, noisy.cregs) == (circuit.qregs, circuit.cregs)
    assert noisy.parameters == circuit.parameters
    assert noisy.count_ops()["barrier"] == 1
    assert strip(noisy) == circuit


def test_noise_of_nothing_changes_nothing():
    circuit = entanglement_swapping(2)
    assert CircuitNoise().apply(circuit) == circuit


def test_the_pass_does_what_apply_does():
    circuit = reused()
    noise = CircuitNoise(after_1q=0.01, after_2q=0.02, measurement=0.03)
    passed = PassManager([noise.as_pass()]).run(circuit)
    assert distribution(passed) == pytest.approx(distribution(noise.apply(circuit)))


def test_large_gates_need_an_override():
    circuit = QuantumCircuit(3, 3)
    circuit.x([0, 1])
    circuit.ccx(0, 1, 2)
    circuit.measure(range(3), range(3))
    with pytest.raises(
        ValueError, match=r"gate 'ccx' on qubits \[0, 1, 2\] has no error in this noise: transpile to"
    ):
        CircuitNoise(after_2q=0.1).apply(circuit)
    p = 0.21
    noise = CircuitNoise(overrides=(Override(gate="ccx", error=p),))
    assert distribution(noise.apply(circuit))[(1, 1, 1)] == pytest.approx(1 - p * 56 / 63)


def test_gates_without_an_error_are_refused_by_name():
    circuit = QuantumCircuit(2)
    circuit.h(0)
    with pytest.raises(
        ValueError, match=r"gate 'h' on qubits \[0\] has no error in this noise: transpile to the gates"
    ):
        CircuitNoise(after_1q=None).apply(circuit)
    inner = QuantumCircuit(1, 1, name="look")
    inner.measure(0, 0)
    hidden = QuantumCircuit(1, 1)
    hidden.append(inner.to_instruction(), [0], [0])
    with pytest.raises(ValueError, match=r"instruction 'look' has classical bits inside: call decompose\(\)"):
        CircuitNoise(measurement=0.1).apply(hidden)
    loop = QuantumCircuit(1, 1)
    with loop.if_test((loop.clbits[0], 0)), loop.for_loop(range(2)):
        loop.measure(0, 0)
    with pytest.raises(
        ValueError, match=r"qubit 0 is measured in a loop inside a conditional, .* unroll the loop"
    ):
        CircuitNoise(measurement=0.1).apply(loop)
