"""Aer's traps, its methods, and the same noise on both engines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Gate, Parameter
from qiskit.circuit.classical import expr, types
from qiskit.circuit.library import HGate, PermutationGate, XGate
from qiskit.quantum_info import Clifford
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel, thermal_relaxation_error
from qiskit_aer.primitives import SamplerV2
from qiskit_ibm_runtime.fake_provider import FakeManilaV2
from support.exact import distribution
from support.sampled import assert_sampled_from

from circuits import bell_pair, entanglement_swapping, ghz
from circuits.noise import CircuitNoise
from qnet.errors import ExecutionError
from qnet.execution import execute, sampler
from qnet.execution._aer_engine import method_for


class _Impostor(Gate):
    """A gate that is called x and is a Hadamard."""

    def __init__(self) -> None:
        super().__init__("x", 1, [])

    def _define(self) -> None:
        self.definition = QuantumCircuit(1)
        self.definition.h(0)


def _run(circuit: QuantumCircuit, shots: int = 4000, **options: Any) -> np.ndarray:
    return execute([circuit], sampler("aer", seed=6, **options), shots=shots)[0].bits


def test_gates_that_aer_does_not_know_are_opened() -> None:
    circuit = QuantumCircuit(3, 3)
    circuit.ry(0.7, 0)
    circuit.iswap(0, 1)
    circuit.dcx(1, 2)
    circuit.append(PermutationGate([2, 0, 1]), [0, 1, 2])
    circuit.append(XGate().control(2, ctrl_state=1), [0, 1, 2])
    circuit.append(HGate().control(1, annotated=True), [2, 0])
    circuit.append(Clifford(QuantumCircuit(1)), [0])
    circuit.measure(range(3), range(3))
    assert_sampled_from(_run(circuit), distribution(_without_last_clifford(circuit)))


def _without_last_clifford(circuit: QuantumCircuit) -> QuantumCircuit:
    made = circuit.copy_empty_like()
    made.data = [item for item in circuit.data if item.operation.name != "clifford"]
    return made


def test_a_gate_is_what_it_does_and_not_what_it_is_called() -> None:
    circuit = QuantumCircuit(2, 2)
    circuit.append(_Impostor(), [0])
    circuit.cx(0, 1)
    circuit.measure([0, 1], [0, 1])
    assert_sampled_from(_run(circuit), {(0, 0): 0.5, (1, 1): 0.5})


@pytest.mark.parametrize("read", ["constant", "register", "masked"])
def test_an_index_in_a_condition_is_read(read: str) -> None:
    place, word = ClassicalRegister(2, "place"), ClassicalRegister(4, "word")
    circuit = QuantumCircuit(QuantumRegister(7), place, word, ClassicalRegister(1, "out"))
    circuit.h([0, 1, 2, 3])
    circuit.x(4)
    circuit.measure([0, 1], place)
    circuit.measure([2, 3, 4, 5], word)
    target = expr.bit_and(word, 0b0110) if read == "masked" else word
    condition = expr.index(target, 1) if read == "constant" else expr.index(target, place)
    with circuit.if_test(condition):
        circuit.x(6)
    circuit.measure(6, 6)
    assert_sampled_from(_run(circuit), distribution(circuit))


def test_a_qubit_touched_only_in_nested_bodies_runs() -> None:
    circuit = QuantumCircuit(6, 3)
    circuit.h(3)
    circuit.measure(3, 0)
    with circuit.if_test((0, 1)) as otherwise:
        circuit.x(1)
        with circuit.if_test((0, 1)):
            circuit.cx(1, 5)
    with otherwise, circuit.for_loop(range(3)):
        circuit.x(2)
    circuit.measure([5, 2], [1, 2])
    assert_sampled_from(_run(circuit), {(1, 1, 0): 0.5, (0, 0, 1): 0.5})
    assert_sampled_from(_run(circuit, method="statevector"), {(1, 1, 0): 0.5, (0, 0, 1): 0.5})


def test_switches_and_boxes_run() -> None:
    circuit = QuantumCircuit(QuantumRegister(3), ClassicalRegister(2, "a"), ClassicalRegister(1, "b"))
    circuit.h([0, 1])
    circuit.measure([0, 1], [0, 1])
    with circuit.switch(circuit.cregs[0]) as case, case(1, 2):
        circuit.x(2)
    with circuit.box():
        circuit.x(2)
    circuit.measure(2, 2)
    assert_sampled_from(_run(circuit), dict.fromkeys([(0, 0, 1), (1, 1, 1), (1, 0, 0), (0, 1, 0)], 0.25))


def test_sixty_clifford_qubits_run_noisy_and_with_feed_forward() -> None:
    chain = entanglement_swapping(29, pair=bell_pair(fidelity=1.0))
    chain.add_register(ClassicalRegister(2, "ends"))
    chain.measure([0, 59], chain.cregs[-1])
    bits = _run(chain, shots=40)[:, -2:]
    assert set(map(tuple, bits.tolist())) == {(0, 0), (1, 1)}


def test_what_aer_cannot_hold_is_one_line() -> None:
    circuit = QuantumCircuit(60)
    circuit.h(range(60))
    circuit.t(range(60))
    for k in range(59):
        circuit.cx(k, k + 1)
    circuit.measure_all()
    with pytest.raises(ExecutionError, match=r"Aer could not run it: .*memory") as caught:
        _run(circuit, shots=1, method="statevector")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("method", ["density_matrix", "matrix_product_state", "statevector", "automatic"])
def test_each_method_gets_gates_that_it_knows(method: str) -> None:
    circuit = QuantumCircuit(3, 3)
    circuit.initialize([0.6, 0.8], 0)
    circuit.h([1, 2])
    circuit.ccz(0, 1, 2)
    circuit.cswap(0, 1, 2)
    circuit.cu(0.3, 0.2, 0.1, 0.4, 2, 1)
    circuit.h([1, 2])
    circuit.measure(range(3), range(3))
    assert_sampled_from(_run(circuit, method=method), distribution(circuit))


@pytest.mark.parametrize("name", ["aer", "fake_torino"])
def test_a_loop_may_turn_by_its_own_parameter(name: str) -> None:
    circuit, angle = QuantumCircuit(1, 1), Parameter("angle")
    circuit.h(0)
    with circuit.for_loop(range(3), angle):
        circuit.rz(angle / 2, 0)
    circuit.h(0)
    circuit.measure(0, 0)
    machine = sampler(name, seed=6, noise=CircuitNoise())
    (outcomes,) = execute([circuit], machine, shots=2000)
    assert_sampled_from(outcomes.bits, distribution(circuit))


@pytest.mark.parametrize("qubits", [2, 12])
def test_a_noise_model_among_the_options_is_run(qubits: int) -> None:
    model = NoiseModel()
    model.add_all_qubit_quantum_error(thermal_relaxation_error(50e-6, 70e-6, 50e-6), ["x"])
    circuit = QuantumCircuit(qubits)
    circuit.x(range(qubits))
    circuit.measure_all()
    (outcomes,) = execute([circuit], sampler("aer", noise_model=model, seed=4), shots=1000)
    p, n = float(np.exp(-1)), outcomes.bits.size
    assert abs(outcomes.bits.mean() - p) < 5 * np.sqrt(p * (1 - p) / n)


def test_what_aer_refuses_is_said_once(capfd: Any) -> None:
    circuit = QuantumCircuit(1, 1)
    circuit.measure(0, 0)
    with pytest.raises(ExecutionError, match=r"Aer could not run it: .* for .unitary. method"):
        execute([circuit], sampler("aer", method="unitary"), shots=5)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("kind", ["bool", "uint"])
def test_variables_are_refused_where_aer_would_end_the_process(kind: str) -> None:
    circuit = QuantumCircuit(1, 1)
    start = expr.lift(False) if kind == "bool" else expr.lift(0, types.Uint(1))
    flag = circuit.add_var("flag", start)
    with circuit.if_test(flag if kind == "bool" else expr.equal(flag, 1)):
        circuit.x(0)
    circuit.measure(0, 0)
    device = AerSimulator.from_backend(FakeManilaV2())
    for machine in (sampler("aer"), sampler("fake_torino"), sampler(device), SamplerV2()):
        with pytest.raises(ExecutionError, match="no classical variables, and the circuit has flag; hold"):
            execute([circuit], machine, shots=5)
    assert not execute([circuit], sampler("stim"), shots=5)[0].bits.any()


def test_a_delay_of_unknown_length_is_refused_in_one_line() -> None:
    circuit = QuantumCircuit(1, 1)
    circuit.delay(circuit.add_stretch("wait"), 0)
    circuit.measure(0, 0)
    with pytest.raises(ExecutionError, match="Aer could not run it") as caught:
        _run(circuit, shots=1)
    assert "\n" not in str(caught.value)


def test_a_method_that_cannot_run_the_circuit_says_so() -> None:
    circuit = QuantumCircuit(1)
    circuit.t(0)
    circuit.measure_all()
    with pytest.raises(ExecutionError, match=r"Aer could not run it: .*stabilizer"):
        _run(circuit, shots=1, method="stabilizer")


def test_an_aer_simulator_of_ones_own_is_used_as_it_is() -> None:
    circuit = ghz(3)
    circuit.measure_all()
    (outcomes,) = execute([circuit], sampler(AerSimulator(method="stabilizer"), seed=1), shots=3000)
    assert_sampled_from(outcomes.bits, {(0, 0, 0): 0.5, (1, 1, 1): 0.5})


@pytest.mark.parametrize(
    ("circuit", "shots", "method"),
    [
        (ghz(3), 1000, "automatic"),
        (ghz(40), 1000, "stabilizer"),
        (bell_pair(fidelity=0.9), 10_000, "density_matrix"),
        (bell_pair(fidelity=0.9), 0, "stabilizer"),
        (entanglement_swapping(1, pair=bell_pair(fidelity=0.9)), 10_000, "stabilizer"),
        (entanglement_swapping(9), 10_000, "stabilizer"),
    ],
    ids=["small", "large", "noisy", "few shots", "feed-forward", "large feed-forward"],
)
def test_the_method_follows_the_circuit(circuit: QuantumCircuit, shots: int, method: str) -> None:
    assert method_for(circuit, shots) == method


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["h", "s", "sx", "y", "sdg"]), st.integers(0, 2)),
        st.tuples(st.sampled_from(["cx", "cz", "iswap", "swap", "ecr"]), st.permutations([0, 1, 2])),
        st.tuples(st.sampled_from(["measure", "reset", "if"]), st.integers(0, 2)),
    ),
    min_size=4,
    max_size=10,
)


def _built(steps: list[Any]) -> QuantumCircuit:
    circuit = QuantumCircuit(3, 3)
    for name, where in steps:
        if name == "if":
            with circuit.if_test((where, 1)):
                circuit.x((where + 1) % 3)
        elif name == "measure":
            circuit.measure(where, where)
        elif isinstance(where, int):
            getattr(circuit, name)(where)
        else:
            getattr(circuit, name)(where[0], where[1])
    circuit.measure(range(3), range(3))
    return circuit


@settings(derandomize=True, deadline=None, max_examples=6)
@given(_STEPS)
def test_the_same_noise_gives_the_same_distribution_on_both_engines(steps: list[Any]) -> None:
    circuit = _built(steps)
    noise = CircuitNoise(after_1q=0.05, after_2q=0.1, measurement=0.08, reset=0.1)
    exact = distribution(noise.apply(circuit))
    expected: dict[tuple[int, ...], float] = {}
    for bits, p in exact.items():
        expected[bits[:3]] = expected.get(bits[:3], 0.0) + p
    for name in ("aer", "stim"):
        (outcomes,) = execute([circuit], sampler(name, noise=noise, seed=1), shots=2500)
        assert_sampled_from(outcomes.bits, expected)


def test_noise_opens_composite_gates_alike_on_both_engines() -> None:
    inner = QuantumCircuit(3, name="turn")
    inner.swap(0, 1)
    inner.cx(1, 2)
    circuit, opened = QuantumCircuit(3, 3), QuantumCircuit(3, 3)
    for made in (circuit, opened):
        made.x([0, 1])
    circuit.append(inner.to_gate(), [0, 1, 2])
    opened.compose(inner, inplace=True)
    for made in (circuit, opened):
        made.measure(range(3), range(3))
    noise = CircuitNoise(after_1q=0.1, after_2q=0.2)
    for name in ("aer", "stim"):
        (outcomes,) = execute([circuit], sampler(name, noise=noise, seed=1), shots=20_000)
        assert_sampled_from(outcomes.bits, distribution(noise.apply(opened)))
