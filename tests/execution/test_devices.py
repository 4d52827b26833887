"""Fake devices, backends that lack something, names, and IBM's adapter."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import qiskit_ibm_runtime
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Parameter
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel, depolarizing_error, pauli_error
from qiskit_ibm_runtime.fake_provider import FakeManilaV2
from support.exact import distribution
from support.sampled import assert_sampled_from, frequencies
from support.third_party import LineBackend

from circuits import bell_pair, entanglement_swapping, ghz, teleportation
from circuits.noise import CircuitNoise
from qnet.errors import ExecutionError, UnknownSampler, UnsuitableBackend
from qnet.execution import execute, sampler
from qnet.execution._channels import masked, unmasked
from qnet.execution._compaction import compacted, used_qubits
from qnet.execution._device_noise import device_noise_model
from qnet.execution._lowering import in_bits
from qnet.execution.fitting import Fitter
from qnet.execution.ibm import IBMSampler

NOISELESS = CircuitNoise.uniform_depolarizing(0.0)


def _lopsided() -> QuantumCircuit:
    """Errors that tell their qubits apart, between gates that a transpiler would merge or move."""
    circuit = QuantumCircuit(4, 4)
    circuit.h([0, 1])
    circuit.append(pauli_error([("IZ", 0.25), ("ZI", 0.1), ("II", 0.65)]), [1, 0])
    circuit.h([0, 1])
    circuit.swap(0, 3)
    circuit.append(pauli_error([("IX", 0.3), ("II", 0.7)]), [0, 2])
    circuit.cx(3, 1)
    circuit.cx(0, 2)
    circuit.append(depolarizing_error(0.2, 1), [1])
    circuit.measure(range(4), range(4))
    return circuit


@pytest.mark.parametrize("level", range(4))
@pytest.mark.parametrize("name", ["fake_manila", "fake_torino"])
def test_errors_stay_in_their_place_through_every_level_of_the_transpiler(name: str, level: int) -> None:
    machine = sampler(name, noise=NOISELESS, engine="stim", optimization_level=level, seed=level)
    (outcomes,) = execute([_lopsided()], machine, shots=20_000)
    assert_sampled_from(outcomes.bits, distribution(_lopsided()))


def test_masking_takes_errors_out_of_bodies_and_composites_and_puts_them_back() -> None:
    inner = QuantumCircuit(1, name="noisy")
    inner.x(0)
    inner.append(pauli_error([("X", 0.5), ("I", 0.5)]), [0])
    circuit = QuantumCircuit(2, 1)
    circuit.append(inner.to_instruction(), [1])
    with circuit.if_test((0, 1)):
        circuit.append(depolarizing_error(0.1, 1), [0])
    bare, channels = masked(circuit)
    assert len(channels) == 2
    assert masked(bare) == (bare, [])
    flat = QuantumCircuit(2, 1)
    flat.compose(inner, [1], inplace=True)
    flat.append(circuit.data[1])
    for made in (flat, back := unmasked(bare, channels)):
        made.measure(1, 0)
    assert back.count_ops() == flat.count_ops()
    assert distribution(back) == pytest.approx(distribution(flat))


def test_the_noise_of_the_used_qubits_is_the_devices() -> None:
    backend, circuit = FakeManilaV2(), ghz(3)
    circuit.measure_all()
    ready = Fitter(backend, optimization_level=1, seed=3).fit(circuit).circuit
    used = used_qubits(ready)
    whole = AerSimulator(method="density_matrix", noise_model=NoiseModel.from_backend(backend))
    part = AerSimulator(method="density_matrix", noise_model=device_noise_model(backend, used))
    counts = [
        simulator.run(made, shots=40_000, seed_simulator=1).result().get_counts()
        for simulator, made in ((whole, ready), (part, compacted(ready, used)))
    ]
    for outcome in counts[0] | counts[1]:
        a, b = (count.get(outcome, 0) for count in counts)
        assert abs(a - b) <= 5 * np.sqrt(a + b + 1)


def test_the_devices_own_noise_is_there_and_its_twirl_is_near() -> None:
    circuit = ghz(3)
    circuit.measure_all()
    wrong = []
    for engine in ("aer", "stim"):
        machine = sampler("fake_manila", engine=engine, seed=4)
        (outcomes,) = execute([circuit], machine, shots=6000)
        found = frequencies(outcomes.bits)
        wrong.append(1 - found[0, 0, 0] - found[1, 1, 1])
    assert 0.02 < wrong[0] < 0.3
    assert abs(wrong[0] - wrong[1]) < 0.06


def test_feed_forward_runs_with_the_devices_noise() -> None:
    circuit = teleportation(pair=bell_pair(fidelity=0.9))
    circuit.measure_all()
    (outcomes,) = execute([circuit], sampler("fake_manila", seed=1), shots=300)
    bob = outcomes.bits[:, -1].mean()
    assert 0.02 < bob < 0.4


@pytest.mark.parametrize("backend", ["fake_berlin", LineBackend(dynamic=False)], ids=["berlin", "line"])
def test_a_backend_without_branches_or_reset_names_the_forms_that_work(backend: Any) -> None:
    with pytest.raises(UnsuitableBackend, match=r"no 'if_else'; take corrections='frame' or 'postselect'"):
        execute([teleportation()], sampler(backend), shots=1)
    circuit = QuantumCircuit(1, 1)
    circuit.reset(0)
    circuit.measure(0, 0)
    with pytest.raises(UnsuitableBackend, match="no 'reset'; take corrections='frame'"):
        execute([circuit], sampler(backend), shots=1)
    whole = teleportation(corrections="frame")
    (outcomes,) = execute([whole], sampler(backend, noise=NOISELESS), shots=2000)
    assert_sampled_from(outcomes.bits, distribution(whole))


def test_control_flow_that_no_form_of_the_corrections_replaces_is_told_otherwise() -> None:
    switch, loop = QuantumCircuit(1, 1), QuantumCircuit(1, 1)
    with switch.switch(switch.cregs[0]) as case, case(1):
        switch.x(0)
    with loop.while_loop((loop.clbits[0], 1)):
        loop.measure(0, 0)
    with pytest.raises(UnsuitableBackend, match="no 'switch_case'; it has 'if_else': write the cases with"):
        execute([switch], sampler("fake_kingston"), shots=1)
    with pytest.raises(UnsuitableBackend, match="fake_berlin has no 'switch_case'; take corrections='frame'"):
        execute([switch], sampler("fake_berlin"), shots=1)
    with pytest.raises(UnsuitableBackend, match="no 'while_loop'; take a number of rounds that is fixed"):
        execute([loop], sampler("fake_torino"), shots=1)


@pytest.mark.parametrize("engine", ["aer", "stim"])
def test_a_box_is_opened_on_a_device(engine: str) -> None:
    circuit = QuantumCircuit(2, 2)
    with circuit.box():
        circuit.h(0)
        circuit.cx(0, 1)
    circuit.measure([0, 1], [0, 1])
    machine = sampler("fake_torino", engine=engine, noise=NOISELESS, seed=3)
    (outcomes,) = execute([circuit], machine, shots=1000)
    assert_sampled_from(outcomes.bits, distribution(in_bits(circuit)))


@pytest.mark.parametrize("level", [2, 3])
def test_clifford_circuits_stay_clifford_on_a_device(level: int) -> None:
    circuit = entanglement_swapping(2, corrections="deferred")
    ends = ClassicalRegister(2, "ends")
    circuit.add_register(ends)
    circuit.measure([0, 5], ends)
    machine = sampler("fake_berlin", engine="stim", noise=NOISELESS, optimization_level=level, seed=1)
    (outcomes,) = execute([circuit], machine, shots=500)
    assert np.array_equal(outcomes.bits[:, -1], outcomes.bits[:, -2])


def test_what_the_transpiler_refuses_is_one_line() -> None:
    circuit = QuantumCircuit(1, 1)
    circuit.delay(100, 0, unit="ns")
    circuit.measure(0, 0)
    with pytest.raises(
        UnsuitableBackend, match=r"fake_manila cannot take the circuit: .*delays must be"
    ) as caught:
        execute([circuit], sampler("fake_manila"), shots=1)
    assert "\n" not in str(caught.value)


def test_a_backend_that_is_too_small_says_so() -> None:
    with pytest.raises(UnsuitableBackend, match="fake_manila has 5 qubits and the circuit needs 12"):
        execute([entanglement_swapping(5)], sampler("fake_manila"), shots=1)
    with pytest.raises(UnsuitableBackend, match="line_of_seven has 7 qubits and the circuit needs 12"):
        execute([entanglement_swapping(5)], sampler(LineBackend()), shots=1)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("stmi", "stim"),
        ("aerr", "aer"),
        ("AER", "aer"),
        ("aer_simulator", "aer"),
        ("fake_tornio", "fake_torino"),
        ("torino", "fake_torino"),
        ("FAKE-TORINO", "fake_torino"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(UnknownSampler, match=f"no sampler '{name}'; did you mean '{near}'"):
        sampler(name)


def test_what_is_no_backend_is_refused() -> None:
    with pytest.raises(UnknownSampler, match="3 is no sampler"):
        sampler(3)
    with pytest.raises(UnknownSampler, match="'xyzzy-42'; there are 'aer', 'stim'"):
        sampler("xyzzy-42")


def test_wrong_options_are_named() -> None:
    with pytest.raises(ValueError, match="'stim' has no option 'method'; it has default_shots"):
        sampler("stim", method="stabilizer")
    with pytest.raises(ValueError, match=r"options=\{'metod': 'stabilizer'\} do not suit AerSimulator"):
        sampler("aer", metod="stabilizer")
    with pytest.raises(ValueError, match="engine='qutip' is unknown; it may be 'aer' or 'stim'"):
        sampler("fake_manila", engine="qutip")
    with pytest.raises(ValueError, match="optimization_level=4 must be 0, 1, 2 or 3"):
        sampler("fake_manila", optimization_level=4)
    with pytest.raises(ValueError, match="optimization_level=-1 must be 0, 1, 2 or 3"):
        sampler(LineBackend(), optimization_level=-1)
    with pytest.raises(ValueError, match="engine='stim' has no option 'method'; options of Aer are for"):
        sampler("fake_manila", engine="stim", method="stabilizer")
    with pytest.raises(ValueError, match="a device has noise of its own: give noise= in its place"):
        sampler("fake_manila", noise_model=NoiseModel())
    with pytest.raises(ValueError, match=r"'shots' is set by the sampler; give default_shots="):
        sampler("aer", shots=100)
    with pytest.raises(ValueError, match=r"'seed_simulator' is set by the sampler; give seed="):
        sampler("aer", seed_simulator=1)


def test_ibm_without_an_account_is_one_line_without_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    class Service:
        def __init__(self) -> None:
            raise RuntimeError("token abc-secret is wrong\nand so on")

    monkeypatch.setattr(qiskit_ibm_runtime, "QiskitRuntimeService", Service)
    with pytest.raises(ExecutionError, match="'ibm_torino' needs an IBM account") as caught:
        sampler("ibm_torino")
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_ibms_adapter_transpiles_and_submits() -> None:
    a, b = ClassicalRegister(2, "a"), ClassicalRegister(1, "b")
    circuit = QuantumCircuit(QuantumRegister(3), a, b)
    angle = Parameter("angle")
    circuit.ry(angle, 0)
    circuit.cx(0, 2)
    circuit.measure([0, 1, 2], [a[1], a[0], b[0]])
    job = IBMSampler(FakeManilaV2(), seed=1).run(
        [(circuit, [[0.0], [np.pi]]), circuit.assign_parameters([0.0])], shots=400
    )
    first, second = job.result()
    assert (first.data.a.shape, first.data.b.num_shots) == ((2,), 400)
    assert [max(first.data.a[k].get_int_counts().items(), key=lambda x: x[1])[0] for k in (0, 1)] == [0, 2]
    assert second.data.b.get_int_counts()[0] > 350


def test_noise_on_a_device_with_reused_qubits_warns_of_nothing() -> None:
    circuit = QuantumCircuit(1, 2)
    circuit.x(0)
    circuit.measure(0, 0)
    circuit.measure(0, 1)
    noise = CircuitNoise(after_1q=0.0, after_2q=0.0, measurement=0.2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (outcomes,) = execute(
            [circuit], sampler("fake_manila", noise=noise, engine="stim", seed=1), shots=9000
        )
    assert_sampled_from(outcomes.bits, {(1, 1): 0.64, (0, 1): 0.16, (1, 0): 0.16, (0, 0): 0.04})


def test_ibm_refuses_noise_and_error_instructions(monkeypatch: pytest.MonkeyPatch) -> None:
    class Service:
        def backend(self, name: str) -> Any:
            return FakeManilaV2()

    monkeypatch.setattr(qiskit_ibm_runtime, "QiskitRuntimeService", Service)
    with pytest.raises(ValueError, match="'ibm_x' is a real machine with noise of its own"):
        sampler("ibm_x", noise=NOISELESS)
    noisy = bell_pair(fidelity=0.9)
    noisy.measure_all()
    with pytest.raises(ValueError, match=r"runs no error instructions .*CircuitNoise.strip first"):
        sampler("ibm_x").run([noisy])
    with pytest.raises(UnsuitableBackend, match="has 5 qubits and the circuit needs 12"):
        sampler("ibm_x").run([entanglement_swapping(5)])
