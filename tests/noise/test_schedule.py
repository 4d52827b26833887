"""Idling in Qiskit circuits: against Qiskit's own scheduler, and by hand through conditionals."""

import random
from itertools import permutations

import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Delay, Measure, Parameter, Reset
from qiskit.circuit.library import CXGate, HGate, RYGate
from qiskit.transpiler import InstructionProperties, PassManager, Target
from qiskit.transpiler.passes import ASAPScheduleAnalysis, PadDelay, TimeUnitConversion
from support.exact import branches, trace_to

from circuits.noise import CircuitNoise, Override, PauliChannel, strip
from circuits.noise._aer import error_instruction
from circuits.noise.channels import in_sequence, relaxation

T1, T2 = 3e-5, 4e-5
TIMES = {"gate_1q_s": 1e-6, "gate_2q_s": 3e-6, "measurement_s": 7e-6, "reset_s": 2e-6}
NOISE = CircuitNoise(t1_s=T1, t2_s=T2, **TIMES)


def waiting(circuit: QuantumCircuit, qubit: int, microseconds: float) -> None:
    error = relaxation(microseconds * 1e-6, T1, T2)
    circuit.append(error_instruction(error, 1), [qubit])


def same_channel(
    found: QuantumCircuit, expected: QuantumCircuit, qubits: tuple[int, ...] = (0, 1, 2)
) -> None:
    """Equal outcomes, and for each equal states of some qubits."""
    ours, theirs = branches(found), branches(expected)
    kept = [q for q in qubits if q < found.num_qubits]
    assert ours.keys() == theirs.keys()
    for bits, rho in ours.items():
        assert trace_to(rho, kept).data == pytest.approx(trace_to(theirs[bits], kept).data, abs=1e-12)


def random_circuit(rng: random.Random) -> QuantumCircuit:
    circuit = QuantumCircuit(3, 2)
    for _ in range(10):
        kind = rng.choice(["h", "ry", "cx", "cx", "measure", "reset", "barrier", "delay"])
        a, b = rng.sample(range(3), 2)
        if kind == "cx":
            circuit.cx(a, b)
        elif kind == "measure":
            circuit.measure(a, rng.randrange(2))
        elif kind == "barrier":
            circuit.barrier(a, b)
        elif kind == "delay":
            circuit.delay(rng.randrange(1, 6) * 1000, a, unit="ns")
        elif kind == "ry":
            circuit.ry(rng.random(), a)
        else:
            getattr(circuit, kind)(a)
    for qubit in range(3):
        circuit.h(qubit)
    return circuit


def padded(circuit: QuantumCircuit) -> QuantumCircuit:
    """Qiskit's own schedule, each of its delays as relaxation."""
    target = Target(num_qubits=3, dt=1e-9)
    for gate, length in (
        (HGate(), 1),
        (RYGate(Parameter("a")), 1),
        (CXGate(), 3),
        (Measure(), 7),
        (Reset(), 2),
    ):
        places = permutations(range(3), gate.num_qubits)
        target.add_instruction(gate, {q: InstructionProperties(duration=length * 1e-6) for q in places})
    target.add_instruction(Delay(Parameter("t")), {(q,): None for q in range(3)})
    dated = QuantumCircuit(*circuit.qregs, *circuit.cregs)
    for item in circuit.data:
        if item.name == "delay":
            dated.delay(int(item.operation.duration), item.qubits[0], unit="dt")
        else:
            dated.append(item)
    stages = TimeUnitConversion(target=target), ASAPScheduleAnalysis(target=target), PadDelay(target=target)
    passes = PassManager(list(stages))
    made = circuit.copy_empty_like()
    for item in passes.run(dated).data:
        if item.name == "delay":
            waiting(made, circuit.qubits.index(item.qubits[0]), item.operation.duration / 1000)
        else:
            made.append(item)
    return made


@pytest.mark.parametrize("seed", range(12))
def test_waits_are_those_of_qiskits_scheduler(seed):
    circuit = random_circuit(random.Random(seed))
    found = NOISE.apply(circuit)
    same_channel(found, padded(circuit))
    assert strip(found) == circuit


def test_a_conditional_waits_for_its_bit_and_lasts_as_long_as_its_longest_branch():
    circuit = QuantumCircuit(3, 1)
    circuit.ry(1.0, [0, 1, 2])
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)) as otherwise:
        circuit.x(1)
        circuit.cx(0, 1)
    with otherwise:
        circuit.x(1)
    circuit.cx(1, 2)
    expected = QuantumCircuit(3, 1)
    expected.ry(1.0, [0, 1, 2])
    expected.measure(0, 0)
    waiting(expected, 1, 7)
    expected.append(circuit.data[4])
    waiting(expected, 0, 1)
    waiting(expected, 2, 11)
    expected.cx(1, 2)
    waiting(expected, 0, 3)
    same_channel(NOISE.apply(circuit), expected)


def test_nested_conditionals_and_loops_take_their_time():
    circuit = QuantumCircuit(3, 2)
    circuit.ry(1.0, [0, 1, 2])
    circuit.measure([0, 1], [0, 1])
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(0)
        with circuit.if_test((circuit.clbits[1], 1)):
            circuit.x(0)
            circuit.x(0)
    with circuit.for_loop(range(2)):
        circuit.cx(0, 2)
        circuit.x(2)
    expected = QuantumCircuit(3, 2)
    expected.ry(1.0, [0, 1, 2])
    expected.measure([0, 1], [0, 1])
    expected.append(circuit.data[5])
    waiting(expected, 2, 7 + 3)
    for _ in range(2):
        expected.cx(0, 2)
        expected.x(2)
        waiting(expected, 0, 1)
    same_channel(NOISE.apply(circuit), expected, [0, 2])


def test_times_and_coherence_of_single_gates_and_qubits():
    noise = CircuitNoise(
        t1_s=T1,
        t2_s=T2,
        gate_1q_s=1e-6,
        overrides=(
            Override(gate="cx", qubits=(0, 1), time_s=5e-6),
            Override(gate="if_else", time_s=2e-6),
            Override(qubits=2, t1_s=1e-5, t2_s=1e-5),
        ),
    )
    circuit = QuantumCircuit(3, 1)
    circuit.h(2)
    circuit.cx(0, 1)
    with circuit.if_test((circuit.clbits[0], 0)):
        circuit.x(1)
    circuit.cz(1, 2)
    expected = QuantumCircuit(3, 1)
    expected.h(2)
    expected.cx(0, 1)
    waiting(expected, 1, 2)
    expected.append(circuit.data[2])
    expected.append(error_instruction(relaxation(7e-6, 1e-5, 1e-5), 1), [2])
    expected.cz(1, 2)
    waiting(expected, 0, 3)
    same_channel(noise.apply(circuit), expected)


def test_delays_count_in_every_unit():
    for duration, unit in ((4e-6, "s"), (4e-3, "ms"), (4, "us"), (4000.0, "ns"), (4e6, "ps"), (2000, "dt")):
        circuit = QuantumCircuit(1)
        circuit.ry(1.0, 0)
        circuit.delay(duration, 0, unit=unit)
        expected = circuit.copy()
        waiting(expected, 0, 4)
        same_channel(CircuitNoise(t1_s=T1, t2_s=T2, dt_s=2e-9).apply(circuit), expected)
    with pytest.raises(ValueError, match=r"a delay lasts 2000 dt and dt_s is None: give dt_s in seconds"):
        NOISE.apply(circuit)
    assert CircuitNoise(after_1q=0.1).apply(circuit).count_ops()["delay"] == 1
    stretched = QuantumCircuit(1)
    stretched.delay(stretched.add_stretch("a"), 0)
    with pytest.raises(ValueError, match=r"a delay has the duration .*: bind it to a number first"):
        NOISE.apply(stretched)


def test_without_dephasing_t2_is_twice_t1():
    circuit = QuantumCircuit(1)
    circuit.delay(1, 0, unit="us")
    assert CircuitNoise(t1_s=T1).apply(circuit) == CircuitNoise(t1_s=T1, t2_s=2 * T1).apply(circuit)


def test_layers_of_si1000_by_hand():
    p = 0.01
    circuit = QuantumCircuit(3, 2)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.reset(2)
    circuit.measure(0, 0)
    circuit.cx(1, 2)
    circuit.x(2)
    circuit.measure(2, 1)
    noise = CircuitNoise(idle=p / 10, resonator_idle=2 * p)
    expected = QuantumCircuit(3, 2)

    def idle(qubit: int, layers: int, waits: int) -> None:
        rate = in_sequence([(p / 10, layers), (2 * p, waits)])
        expected.append(error_instruction(rate, 1), [qubit])

    expected.h(0)
    idle(1, 1, 1)
    expected.cx(0, 1)
    expected.reset(2)
    idle(2, 1, 0)
    expected.measure(0, 0)
    expected.cx(1, 2)
    expected.x(2)
    expected.measure(2, 1)
    idle(1, 2, 1)
    same_channel(noise.apply(circuit), expected)


def test_both_kinds_of_idling_at_once():
    circuit = QuantumCircuit(2)
    circuit.ry(1.0, [0, 1])
    circuit.h(0)
    noise = CircuitNoise(t1_s=T1, t2_s=T2, gate_1q_s=1e-6, idle=0.01)
    expected = circuit.copy()
    waiting(expected, 1, 1)
    expected.append(error_instruction(0.01, 1), [1])
    same_channel(noise.apply(circuit), expected)
    assert isinstance(in_sequence([(relaxation(1e-6, T1, T2), 1), (0.01, 1)]), PauliChannel)
