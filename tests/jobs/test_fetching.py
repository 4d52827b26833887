"""From the book to the named result: the same as of a local run, later, elsewhere, with another qnet."""

from dataclasses import dataclass
from math import hypot

import numpy as np
import pytest

from qnet.errors import JobCancelled, JobFailed, UnknownSampler
from qnet.execution import Outcomes, run
from qnet.execution.jobs import JobBookError, NotReady, cancel, fetch, refresh, report, submit
from qnet.execution.jobs._packing import packed_outcomes, unpacked_outcomes
from qnet.protocols import PROTOCOLS, protocol
from qnet.results import Figure

GHZ, Teleportation = PROTOCOLS["ghz"], PROTOCOLS["teleportation"]


@pytest.mark.parametrize("name", ["superdense_coding", "bb84", "chsh"])
def test_a_fetched_result_is_the_result_of_a_local_run(name, book):
    experiment = protocol(name)()
    job = submit(experiment, "fake_manila", shots=400, seed=5)
    found = fetch(job.id)
    local = run(experiment, job.backend, shots=400, seed=5)
    assert found.figures.keys() == local.figures.keys()
    assert found.parameters == local.parameters
    assert [row["name"] for row in found.rows] == [row["name"] for row in local.rows]
    assert (found.experiment, found.seed, found.shots) == (name, 5, 400)
    for key, figure in found.figures.items():
        other = local.figures[key]
        assert figure.ideal == other.ideal
        assert abs(figure.value - other.value) <= 5 * hypot(figure.stderr, other.stderr)


def test_the_same_figure_through_the_stand_in_and_through_aer(large_ibm, book):
    job = submit(Teleportation(), "ibm_torino", shots=500, seed=3)
    large_ibm.wait()
    far, near = fetch(job.id), run(Teleportation(), "fake_torino", shots=500, seed=3)
    one, other = far.figures["fidelity"], near.figures["fidelity"]
    assert abs(one.value - other.value) < 5 * hypot(one.stderr, other.stderr)
    assert far.qubits == near.qubits
    assert large_ibm.count("POST /jobs") == 1  # six circuits, one request


def test_what_is_fetched_is_fetched_once(ibm, book):
    job = submit(GHZ(n=2), "ibm_manila", shots=100, seed=3)
    ibm.wait()
    first, asked = fetch(job.id), len(ibm.requests)
    second = fetch(job.id[:5])
    assert (second.figures, second.qubits, len(ibm.requests)) == (first.figures, first.qubits, asked)
    assert book.job(job.id).state == "fetched"


def test_outcomes_are_read_by_the_circuits_that_ran(book, monkeypatch):
    """A newer qnet that writes other circuits, with bits in another order, reads old outcomes rightly."""
    job = submit(GHZ(n=3), "fake_manila", shots=2000, seed=3)
    before = fetch(job.id).figures
    kind, plainly = GHZ, GHZ.circuits

    def reversed_bits(self):
        made = []
        for circuit in plainly(self):
            turned = circuit.copy_empty_like()
            turned.measure(turned.qubits[0], turned.clbits[-1])
            made.append(turned)
        return made[::-1]

    monkeypatch.setattr(kind, "circuits", reversed_bits)
    assert fetch(job.id).figures == before


def test_an_experiment_that_this_qnet_does_not_know_is_one_line(book):
    job = submit(GHZ(n=2), "fake_manila", shots=50, seed=3)
    details = {**job.details, "parameters": {**job.parameters, "removed": 1}}
    book.change(job, only_from=("submitted",), details=details)
    with pytest.raises(JobBookError, match=r"does not know the experiment .*removed.* with qnet 0\.1\.0"):
        fetch(job.id)


@dataclass(frozen=True, kw_only=True)
class Coin:
    """An experiment of somebody's own."""

    name = "coin"
    turns: int = 1

    def circuits(self):
        from qiskit import QuantumCircuit

        circuit = QuantumCircuit(1)
        for _ in range(self.turns):
            circuit.x(0)
        circuit.measure_all()
        return [circuit]

    def interpret(self, outcomes):
        return {"heads": Figure(outcomes[0].bits.mean(), stderr=0.1)}


def test_an_experiment_of_ones_own_is_given_again(book):
    job = submit(Coin(turns=3), "fake_manila", shots=200, seed=3)
    with pytest.raises(JobBookError, match="not qnet's own: give it in Python"):
        fetch(job.id)
    assert fetch(job.id, experiment=Coin(turns=3)).figures["heads"].value > 0.9


def test_outcomes_of_any_width_are_kept_bit_by_bit():
    rng = np.random.default_rng(1)
    made = [
        Outcomes(bits=rng.integers(0, 2, size=(11, width)), qubits=tuple(range(width)))
        for width in (1, 7, 8, 9, 130)
    ]
    for one, other in zip(made, unpacked_outcomes(packed_outcomes(made)), strict=True):
        assert np.array_equal(one.bits, other.bits)
        assert one.qubits == other.qubits


@pytest.mark.parametrize("content", [b"", b"nonsense", None])
def test_damaged_outcomes_are_one_line(content, book):
    made = packed_outcomes([Outcomes(bits=np.ones((9, 3), dtype=np.uint8))])
    with pytest.raises(JobBookError, match=r"^the outcomes of the job .* are damaged \(\w+") as caught:
        unpacked_outcomes(made[:-40] if content is None else content)
    assert "\n" not in str(caught.value)


def test_a_job_that_is_queued_is_not_ready(ibm, book):
    ibm.hold()
    job = submit(GHZ(n=2), "ibm_manila", shots=20, seed=1)
    with pytest.raises(NotReady, match="is not done yet at ibm_manila"):
        fetch(job.id)
    assert cancel(job.id).state == "cancelled"
    assert ibm.jobs[job.remote].status == "Cancelled"
    with pytest.raises(JobCancelled, match="was cancelled"):
        fetch(job.id)
    ibm.release()


def test_a_job_that_failed_tells_why(ibm, book):
    ibm.fail_next("Error 8020: the quantum computer is on fire", code=8020)
    job = submit(GHZ(n=2), "ibm_manila", shots=20, seed=1)
    ibm.wait()
    with pytest.raises(JobFailed, match=r"failed at the service: .*on fire"):
        fetch(job.id)
    assert "on fire" in book.job(job.id).reason
    with pytest.raises(NotReady, match="is failed; there is nothing to cancel"):
        cancel(job.id)


def test_a_job_cancelled_by_somebody_else_is_told(ibm, book):
    ibm.hold()
    job = submit(GHZ(n=2), "ibm_manila", shots=20, seed=1)
    ibm.cancel(job.remote)
    with pytest.raises(JobCancelled, match="was cancelled"):
        fetch(job.id)
    assert refresh(job.id).state == "cancelled"
    ibm.release()


def test_a_cancelled_local_job_does_not_run(book):
    job = submit(GHZ(n=2), "fake_manila", shots=20, seed=1)
    assert cancel(job.id).state == "cancelled"
    with pytest.raises(JobCancelled, match="cancelled by you"):
        fetch(job.id)


def test_a_new_calibration_is_said_and_the_report_is_by_the_old_one(ibm, book):
    job = submit(GHZ(n=2), "ibm_manila", shots=300, seed=3)
    ibm.wait()
    ibm.recalibrate("ibm_manila", 8.0)
    found = fetch(job.id)
    (note,) = found.notes
    assert note.startswith("ibm_manila was calibrated at 20")
    assert "and again at 20" in note
    assert fetch(job.id).notes == found.notes  # also when it is read from the book
    made = report(job.id)
    assert all(abs(made.rows()[0][f"{model}_sigmas"]) < 5 for model in ("aer", "stim"))
    assert "the twirl on Stim lets them relax" in made.notes[-1]


def test_a_device_that_was_taken_off_keeps_its_jobs(ibm, book):
    job = submit(GHZ(n=2), "ibm_manila", shots=100, seed=3)
    ibm.wait()
    ibm.retire("ibm_manila")
    found = fetch(job.id)
    assert found.figures["fidelity"].value > 0.8
    assert "is not known" in found.notes[0]
    assert "aer" in report(job.id).models


@pytest.mark.parametrize("name", ["aer", "stim", "backend:package.module:function"])
def test_what_is_no_service_takes_no_jobs(name, book):
    with pytest.raises(UnknownSampler, match="nothing is submitted to"):
        submit(GHZ(n=2), name, shots=20)


def test_circuits_with_noise_are_not_sent(book):
    with pytest.raises(ValueError, match="fake_manila has noise of its own"):
        submit(Teleportation(fidelity=0.9), "fake_manila", shots=20)
    assert book.jobs() == []


def test_what_the_device_cannot_run_is_not_written_down(book):
    with pytest.raises(ValueError, match="fake_miami has no 'if_else'"):
        submit(Teleportation(), "fake_miami", shots=20, seed=1)
    assert submit(Teleportation(corrections="frame"), "fake_miami", shots=20, seed=1).state == "submitted"
    assert len(book.jobs()) == 1
