"""The noise of a device against its own properties, and against Aer's noise model of it."""

import math
from types import SimpleNamespace

import pytest
from qiskit import QuantumCircuit, transpile
from qiskit.circuit import Measure, Parameter
from qiskit.circuit.library import CXGate, RZGate, SXGate
from qiskit.providers.fake_provider import GenericBackendV2
from qiskit.quantum_info import DensityMatrix, SuperOp, average_gate_fidelity, state_fidelity
from qiskit.transpiler import InstructionProperties, QubitProperties, Target
from support.exact import distribution

from circuits.noise import CircuitNoise, Override, PauliChannel
from circuits.noise._aer import error_instruction


@pytest.fixture(scope="module")
def torino():
    from qiskit_ibm_runtime.fake_provider import FakeTorino

    return FakeTorino()


@pytest.fixture(scope="module")
def noise(torino):
    return CircuitNoise.from_backend(torino, twirl="pauli")


def test_numbers_are_those_of_the_target(torino, noise):
    properties = torino.properties()
    checked = 0
    for gate in properties.gates:
        reported = next((p.value for p in gate.parameters if p.name == "gate_error"), None)
        if reported is None or gate.gate not in ("sx", "x", "cz", "id"):
            continue
        qubits = tuple(gate.qubits)
        expected = min(1.0, reported * (1.5 if len(qubits) == 1 else 1.25))
        assert noise.lookup.gate(gate.gate, qubits) == pytest.approx(expected, rel=1e-12)
        checked += 1
    assert checked > 500
    for qubit in range(torino.num_qubits):
        up = properties.qubit_property(qubit, "prob_meas1_prep0")[0]
        down = properties.qubit_property(qubit, "prob_meas0_prep1")[0]
        assert noise.lookup.flip("measure", (qubit,)) == pytest.approx((up + down) / 2, abs=1e-9)
        t1, t2 = noise.lookup.coherence(qubit)
        assert t1 == pytest.approx(properties.t1(qubit))
        assert t2 == pytest.approx(min(properties.t2(qubit), 2 * properties.t1(qubit)))
        assert noise.lookup.seconds("measure", (qubit,)) == torino.target["measure"][(qubit,)].duration
    assert noise.lookup.gate("rz", (0,)) == 0
    assert noise.dt_s == torino.target.dt


def test_the_average_gate_fidelity_is_the_reported_one(torino, noise):
    for name, qubits in (("sx", (5,)), ("cz", next(iter(torino.target["cz"])))):
        rate = noise.lookup.gate(name, qubits)
        channel = SuperOp(error_instruction(rate, len(qubits))._quantum_error)
        reported = torino.target[name][qubits].error
        assert 1 - average_gate_fidelity(channel) == pytest.approx(reported, rel=1e-9)


def cut(target: Target, a: int, b: int) -> Target:
    """Two qubits of a device as a device of their own."""
    small = Target(num_qubits=2, qubit_properties=[target.qubit_properties[q] for q in (a, b)])
    for name in ("sx", "x", "rz"):
        places = {(0,): target[name][(a,)], (1,): target[name][(b,)]}
        small.add_instruction(target.operation_from_name(name), places)
    small.add_instruction(target.operation_from_name("cz"), {(0, 1): target["cz"][(a, b)]})
    return small


def test_a_bell_pair_is_about_as_good_as_with_aers_model(torino, noise):
    """Aer relaxes inside the gates and we depolarise: the same gate fidelities, another kind of error.

    Idling of the second qubit, which Aer leaves out, is 0.1 µs at T1, T2 above 50 µs.
    """
    from qiskit_aer import AerSimulator
    from qiskit_aer.noise import NoiseModel
    from qiskit_aer.noise.device.models import basic_device_gate_errors

    bell = QuantumCircuit(2)
    bell.h(0)
    bell.cx(0, 1)
    a, b = next(pair for pair in torino.target["cz"] if torino.target["cz"][pair].error < 0.005)
    physical = transpile(bell, torino, initial_layout=[a, b], optimization_level=1, seed_transpiler=1)
    small = QuantumCircuit(2)
    used = {physical.qubits[a]: 0, physical.qubits[b]: 1}
    for item in physical.data:
        small.append(item.operation, [used[q] for q in item.qubits])
    ideal = DensityMatrix(small)
    model = NoiseModel()
    for name, qubits, error in basic_device_gate_errors(target=cut(torino.target, a, b)):
        model.add_quantum_error(error, name, qubits)
    ours = noise.apply(physical)
    mine = QuantumCircuit(2)
    for item in ours.data:
        mine.append(item.operation, [used[q] for q in item.qubits])
    fidelities = []
    for circuit, options in ((mine, {}), (small, {"noise_model": model, "basis_gates": model.basis_gates})):
        run = circuit.copy()
        run.save_density_matrix()
        simulator = AerSimulator(method="density_matrix", **options)
        rho = simulator.run(run, shots=1).result().data()["density_matrix"]
        fidelities.append(float(state_fidelity(DensityMatrix(rho), ideal)))
    assert fidelities[0] < 0.9995
    assert fidelities[0] == pytest.approx(fidelities[1], abs=1e-4)


def small_target() -> Target:
    target = Target(
        num_qubits=2, dt=1e-9, qubit_properties=[QubitProperties(t1=1e-4, t2=5e-4), QubitProperties()]
    )
    target.add_instruction(RZGate(Parameter("t")))
    target.add_instruction(SXGate(), {(0,): InstructionProperties(error=0.01), (1,): None})
    target.add_instruction(CXGate(), {(0, 1): InstructionProperties(error=1.0, duration=3e-7)})
    target.add_instruction(Measure(), {(0,): InstructionProperties(error=0.2), (1,): None})
    return target


def test_what_a_target_does_not_say_is_zero():
    noise = CircuitNoise.from_backend(SimpleNamespace(target=small_target()), twirl="pauli")
    assert noise.lookup.gate("rz", (1,)) == noise.lookup.gate("sx", (1,)) == 0
    assert noise.lookup.gate("sx", (0,)) == pytest.approx(0.015)
    assert noise.lookup.gate("cx", (0, 1)) == 1.0
    assert noise.lookup.seconds("cx", (0, 1)) == 3e-7
    assert noise.lookup.flip("measure", (0,)) == 0.2
    assert noise.lookup.flip("measure", (1,)) == 0
    assert noise.lookup.coherence(0) == (1e-4, 2e-4)
    assert noise.lookup.coherence(1) == (math.inf, math.inf)


def test_unequal_read_out_errors_become_their_mean():
    class Unequal(InstructionProperties):
        prob_meas1_prep0 = 0.02
        prob_meas0_prep1 = 0.06

    target = Target(num_qubits=1)
    target.add_instruction(Measure(), {(0,): Unequal(error=0.9)})
    noise = CircuitNoise.from_backend(SimpleNamespace(target=target), twirl="pauli")
    assert noise.lookup.flip("measure", (0,)) == pytest.approx(0.04)


def test_gates_and_pairs_that_the_device_lacks_are_refused(noise):
    for circuit, name in ((QuantumCircuit(2), "h"), (QuantumCircuit(133), "cz")):
        circuit.cz(0, 100) if name == "cz" else circuit.h(0)
        with pytest.raises(
            ValueError, match=rf"gate '{name}' on qubits \[0.* has no error in this noise: transpile"
        ):
            noise.apply(circuit)


def test_the_twirl_must_be_asked_for(torino):
    with pytest.raises(ValueError, match=r"twirl is None: say twirl='pauli' to accept that relaxation"):
        CircuitNoise.from_backend(torino)
    with pytest.raises(ValueError, match=r"twirl is 'clifford': say twirl='pauli'"):
        CircuitNoise.from_backend(torino, twirl="clifford")
    with pytest.raises(ValueError, match=r"backend is a str: it must have a target"):
        CircuitNoise.from_backend("fake_torino", twirl="pauli")


def test_it_is_a_value_that_its_text_makes_again(noise):
    names = {"CircuitNoise": CircuitNoise, "Override": Override, "PauliChannel": PauliChannel}
    assert eval(repr(noise), names) == noise


def test_a_dynamic_circuit_on_a_device():
    backend = GenericBackendV2(3, seed=4, control_flow=True)
    circuit = QuantumCircuit(3, 2)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(1)
    circuit.measure(1, 1)
    made = transpile(circuit, backend, seed_transpiler=1)
    found = distribution(CircuitNoise.from_backend(backend, twirl="pauli").apply(made))
    assert sum(p for bits, p in found.items() if bits[1] == 0) == pytest.approx(1, abs=0.1)
    assert sum(p for bits, p in found.items() if bits[1] == 0) < 1
