"""Read-out mitigation: against the exact inverse, terminal read-outs alone, and named where it is missing."""

import importlib.util
import sys

import numpy as np
import pytest
from qiskit import QuantumCircuit

from qnet.execution import Outcomes
from qnet.execution.jobs import fetch, mitigated, submit
from qnet.execution.jobs.errors import MissingExtra
from qnet.execution.jobs.mitigation import readout_errors, terminal_bits
from qnet.protocols import PROTOCOLS

HAS_MTHREE = importlib.util.find_spec("mthree") is not None
ERRORS = {0: (0.02, 0.10), 1: (0.05, 0.03), 2: (0.01, 0.2)}


def terminal(n):
    circuit = QuantumCircuit(n, n)
    circuit.measure(range(n), range(n))
    return circuit


def everything(n):
    """Every outcome of n bits, the k-th k+1 times."""
    table = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    return Outcomes(bits=np.repeat(table, np.arange(2**n) + 1, axis=0))


def test_on_this_python_mitigation_works_or_names_its_extra(monkeypatch):
    if HAS_MTHREE and sys.version_info < (3, 13):
        assert mitigated(everything(1), terminal(1), ERRORS).weights.sum() == pytest.approx(3)
    monkeypatch.setitem(sys.modules, "mthree", None)
    with pytest.raises(MissingExtra, match=r"pip install 'qnet-infra\[mitigation\]'"):
        mitigated(everything(1), terminal(1), ERRORS)


def solves(outcomes, circuit):
    """Mitigated, where mthree is there; else the refusal, which is what this Python has."""
    if HAS_MTHREE:
        return mitigated(outcomes, circuit, ERRORS)
    with pytest.raises(MissingExtra, match="needs mthree"):
        mitigated(outcomes, circuit, ERRORS)
    return None


@pytest.mark.parametrize("n", [1, 2, 3])
def test_with_every_outcome_seen_it_is_the_inverse_of_the_confusion_matrix(n):
    outcomes = everything(n)
    found = solves(outcomes, terminal(n))
    whole = np.ones((1, 1))
    for qubit in range(n):
        up, down = ERRORS[qubit]
        whole = np.kron(np.array([[1 - up, down], [up, 1 - down]]), whole)
    counts = np.arange(2**n) + 1
    exact = np.linalg.solve(whole, counts)
    codes = outcomes.bits @ (1 << np.arange(n))
    if found is not None:
        assert np.allclose(np.bincount(codes, weights=found.weights), exact, atol=1e-3 * counts.sum())


def test_bits_that_drove_feed_forward_stay_raw():
    circuit = QuantumCircuit(3, 3)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(1)
    circuit.measure([1, 2], [1, 2])
    assert terminal_bits(circuit) == {1: 1, 2: 2}
    outcomes = everything(3)
    found = solves(outcomes, circuit)
    if found is not None:
        for bit in (0, 1):
            mine = outcomes.bits[:, 0] == bit
            assert found.weights[mine].sum() == pytest.approx(mine.sum(), rel=1e-4)


def test_what_is_measured_again_or_used_again_is_not_terminal():
    circuit = QuantumCircuit(3, 3)
    circuit.measure([0, 1, 2], [0, 1, 2])
    circuit.barrier()
    circuit.measure(0, 0)
    circuit.h(1)
    assert terminal_bits(circuit) == {2: 2}


def test_a_read_out_that_tells_nothing_is_refused():
    with pytest.raises(ValueError, match="leave nothing to mitigate"):
        mitigated(everything(1), terminal(1), {0: (0.5, 0.5)})


def test_mitigation_is_off_by_default_said_and_nearer_to_the_device_without_read_out_errors(book):
    job = submit(PROTOCOLS["ghz"](n=3), "fake_manila", shots=1000, seed=2)
    raw = fetch(job.id)
    assert not any("mitigated" in note for note in raw.notes)
    if not HAS_MTHREE:
        with pytest.raises(MissingExtra, match="needs mthree"):
            fetch(job.id, mitigate=True)
        return
    better = fetch(job.id, mitigate=True)
    assert any("mitigated by M3" in note for note in better.notes)
    one, other = raw.figures["fidelity"], better.figures["fidelity"]
    assert other.stderr >= one.stderr
    assert one.value + 3 * one.stderr < other.value < 1 + 5 * other.stderr


def test_read_out_errors_are_those_that_the_device_reports():
    from qnet.execution.fake_devices import fake_device

    device = fake_device("fake_torino")
    properties, found = device.properties(), readout_errors(device.target)
    for qubit in (0, 5, 36):
        mean = sum(found[qubit]) / 2
        assert mean == pytest.approx(properties.readout_error(qubit), abs=2e-3)
