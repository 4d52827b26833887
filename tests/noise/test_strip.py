"""Noise comes off again: whole catalogue, variables, noise over noise."""

import pytest
from qiskit import AncillaRegister, ClassicalRegister, QuantumCircuit, QuantumRegister, transpile
from qiskit.circuit.classical import expr, types
from qiskit.providers.fake_provider import GenericBackendV2

from circuits.library.bell import bell_pair
from circuits.library.catalogue import CATALOGUE
from circuits.noise import CircuitNoise, strip

NOISE = CircuitNoise(
    after_1q=0.01,
    after_2q=0.02,
    measurement=0.03,
    reset=0.04,
    idle=0.001,
    resonator_idle=0.002,
    t1_s=1e-4,
    gate_1q_s=1e-8,
    gate_2q_s=1e-7,
    measurement_s=1e-6,
)


def channels(circuit: QuantumCircuit) -> int:
    inside = [block for item in circuit.data if item.is_control_flow() for block in item.operation.blocks]
    return circuit.count_ops().get("quantum_channel", 0) + sum(map(channels, inside))


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_every_circuit_of_the_library_takes_noise_and_loses_it(entry):
    for form in entry.forms or (None,):
        built = entry.build(form)
        for circuit in built if isinstance(built, list | tuple) else [built]:
            plain = strip(circuit)
            noisy = NOISE.apply(plain)
            assert channels(plain) == 0
            assert channels(noisy) > 0 or circuit.size() == 0
            assert strip(noisy) == plain
            assert noisy.clbits == circuit.clbits
            assert noisy.qubits[: circuit.num_qubits] == circuit.qubits


def everything() -> QuantumCircuit:
    circuit = QuantumCircuit(2, 2, name="everything", metadata={"a": 1}, global_phase=0.5)
    flag = circuit.add_var("flag", expr.lift(True))
    given = circuit.add_input("given", types.Bool())
    circuit.h(0)
    circuit.measure(0, 0)
    circuit.h(0)
    circuit.store(flag, expr.bit_xor(circuit.clbits[0], flag))
    with circuit.if_test(expr.logic_and(flag, given)):
        circuit.measure(1, 1)
        circuit.x(0)
        circuit.store(flag, expr.lift(False))
    with circuit.while_loop(flag):
        circuit.measure(0, 0)
        with circuit.if_test((circuit.clbits[0], 1)):
            circuit.break_loop()
        circuit.store(flag, circuit.clbits[0])
    return circuit


def test_variables_stay():
    circuit = everything()
    noisy = NOISE.apply(circuit)
    stripped = strip(noisy)
    assert stripped == circuit
    assert (stripped.name, stripped.metadata, stripped.global_phase) == ("everything", {"a": 1}, 0.5)
    assert stripped.qregs == circuit.qregs
    assert list(stripped.iter_input_vars()) == list(circuit.iter_input_vars())


def test_noise_over_noise_comes_off_as_well():
    circuit = everything()
    twice = NOISE.apply(NOISE.apply(circuit))
    assert [register.name for register in twice.qregs] == ["q", "readout_ancilla", "readout_ancilla1"]
    assert strip(twice) == circuit


def test_a_register_of_that_name_that_noise_did_not_make_stays():
    own = AncillaRegister(1, "readout_ancilla")
    circuit = QuantumCircuit(own, QuantumRegister(1, "q"), ClassicalRegister(2, "c"))
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure([0, 1], [0, 1])
    assert strip(circuit) == circuit
    circuit.x(1)
    noisy = CircuitNoise.uniform_depolarizing(0.1).apply(circuit)
    assert [register.name for register in noisy.qregs] == ["readout_ancilla", "q", "readout_ancilla1"]
    assert strip(noisy) == circuit


def test_prepared_mixtures_go_too():
    pair = bell_pair(fidelity=0.9)
    assert channels(pair) == 1
    assert strip(pair) == bell_pair()


@pytest.mark.filterwarnings("error")
def test_the_layout_of_a_transpiled_circuit_stays():
    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure(0, 0)
    circuit.cx(0, 1)
    circuit.measure([0, 1], [0, 1])
    made = transpile(circuit, GenericBackendV2(4, seed=1), initial_layout=[3, 1], seed_transpiler=1)
    noisy = NOISE.apply(made)
    assert noisy.num_qubits == 5
    assert noisy.layout == strip(noisy).layout == made.layout
    assert strip(noisy) == made
