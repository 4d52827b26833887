"""What a run costs: against counts by hand, Qiskit's own schedule, and the run itself."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from qiskit import QuantumCircuit
from support.ibm_stand_in import StandIn
from support.third_party import LineBackend

from circuits import ghz, graph_state
from qnet.execution import run, sampler
from qnet.execution.cost import duration_s, estimate, two_qubit_gates
from qnet.execution.fake_devices import fake_device
from qnet.execution.fitting import Fitter
from qnet.protocols import protocol


@pytest.mark.parametrize("name", ["fake_torino", "fake_kolkata", "fake_miami"])
@pytest.mark.parametrize("size", [2, 5, 9])
def test_the_duration_is_that_of_qiskits_schedule(name: str, size: int) -> None:
    backend = fake_device(name)
    circuit = graph_state(itertools.pairwise(range(size)))
    circuit.measure_all()
    ready = Fitter(backend).fit(circuit).circuit
    assert duration_s(ready, backend.target) == pytest.approx(
        ready.estimate_duration(backend.target), rel=1e-6
    )


def test_a_branch_takes_as_long_as_its_longest_body() -> None:
    target = fake_device("fake_torino").target
    pulse, reading = target["sx"][(4,)].duration, target["measure"][(4,)].duration
    circuit = QuantumCircuit(133, 1)
    circuit.measure(4, 0)
    with circuit.if_test((circuit.clbits[0], 1)) as otherwise:
        circuit.sx(4)
    with otherwise:
        circuit.sx(4)
        circuit.sx(4)
    circuit.delay(1000, 4, unit="ns")
    assert duration_s(circuit, target) == pytest.approx(reading + 2 * pulse + 1e-6)


def test_gates_in_bodies_count_once() -> None:
    circuit = QuantumCircuit(2, 1)
    circuit.cx(0, 1)
    with circuit.if_test((0, 1)) as otherwise:
        circuit.cx(0, 1)
    with otherwise:
        circuit.cz(0, 1)
        circuit.cx(0, 1)
    assert two_qubit_gates(circuit) == 3


def test_the_cost_of_a_chain_of_twelve() -> None:
    cost = estimate(
        protocol("entanglement_swapping")(stations=5), sampler("fake_torino", seed=1), shots=2000, seed=1
    )
    assert (cost.circuits, cost.shots) == (3, (2000, 2000, 2000))
    assert (cost.two_qubit_gates, cost.most_two_qubit_gates) == (33, 11)
    assert 2 + 6000 * 250e-6 < cost.quantum_seconds < 2 + 6000 * 260e-6
    assert cost.model == "Pauli twirl on Stim"
    assert 100 < cost.payload_bytes < 100_000
    assert all(len(set(each)) == 12 for each in cost.qubits)


@pytest.mark.parametrize(
    ("name", "engine", "model"), [("entanglement_swapping", "stim", "Stim"), ("chsh", "aer", "Aer")]
)
def test_the_expected_figure_is_what_the_device_gives(name: str, engine: str, model: str) -> None:
    experiment = protocol(name)()
    cost = estimate(experiment, fake_device("fake_manila"), shots=3000, seed=3)
    assert model in cost.model
    found = run(experiment, sampler("fake_manila", engine=engine, seed=4), shots=3000, seed=4)
    assert set(found.figures) == set(cost.figures)
    for figure, expected in cost.figures.items():
        got = found.figures[figure]
        spread = np.hypot(got.stderr or 0.0, expected.stderr or 0.0)
        assert spread > 0
        assert abs(got.value - expected.value) < 5 * spread


def test_only_circuits_that_are_run_are_paid() -> None:
    experiment = protocol("bb84")()
    cost = estimate(experiment, fake_device("fake_manila"), shots=40, seed=1, figures=False)
    assert sum(cost.shots) == 40
    assert cost.circuits == len(cost.shots) <= len(list(experiment.circuits()))
    assert cost.figures == {}


def test_nothing_is_sent(ibm: StandIn) -> None:
    cost = estimate(protocol("ghz")(), sampler("ibm_manila"), shots=100)
    assert cost.backend == "ibm_manila"
    assert not ibm.jobs
    assert ibm.count("POST /jobs") == 0
    assert cost.as_dict()["figures"]["fidelity"]["value"] == cost.figures["fidelity"].value


def test_a_machine_without_durations_or_a_device() -> None:
    cost = estimate(protocol("ghz")(), LineBackend(), shots=1000, figures=False, rep_delay_s=1e-3)
    assert cost.quantum_seconds == pytest.approx(2 + cost.circuits * 1.0)
    with pytest.raises(ValueError, match="has no device; give 'ibm_…', 'fake_…' or a BackendV2"):
        estimate(protocol("ghz")(), sampler("aer"))
    with pytest.raises(ValueError, match="shots=0 must be a positive whole number"):
        estimate(protocol("ghz")(), LineBackend(), shots=0)


@pytest.mark.parametrize("count", [3])
def test_a_plain_backend_serves_too(count: int) -> None:
    circuit: Any = ghz(count)
    circuit.measure_all()
    assert two_qubit_gates(Fitter(LineBackend()).fit(circuit).circuit) == count - 1
