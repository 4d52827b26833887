"""IBM's machines, reached through IBM's own client, at the stand-in of its service."""

from __future__ import annotations

import logging
import time
from typing import Any

import numpy as np
import pytest
from qiskit.qasm3 import dumps
from support.ibm_stand_in import StandIn

from circuits import CircuitNoise, bell_pair, chsh, ghz, teleportation
from qnet.errors import (
    DamagedResult,
    HardwareError,
    JobCancelled,
    JobFailed,
    NoAnswer,
    NotAuthorized,
    ServiceUnavailable,
    TooManyRequests,
    UnknownDevice,
    UnsuitableBackend,
)
from qnet.execution import execute, run, sampler
from qnet.execution._ibm_connection import Patience
from qnet.execution.ibm import IBMJob, IBMOptions, IBMSampler
from qnet.execution.ibm_service import open_service, telling
from qnet.protocols import protocol

HASTY = Patience(read_s=0.6, submit_s=0.6, pause_s=0.05, told_s=0.2)


def machine(name: str = "ibm_manila", **options: Any) -> IBMSampler:
    return IBMSampler(open_service(patience=HASTY).backend(name), seed=1, **options)


def counted(count: int = 3) -> Any:
    circuit = ghz(count)
    circuit.measure_all()
    return circuit


def test_a_run_at_ibm_gives_the_figure_of_the_same_device_here(ibm: StandIn) -> None:
    experiment = protocol("entanglement_swapping")(stations=1)
    there = run(experiment, sampler("ibm_torino", seed=1), shots=800, seed=1)
    here = run(experiment, sampler("fake_torino", seed=1), shots=800, seed=1)
    a, b = there.figures["fidelity"], here.figures["fidelity"]
    assert a.stderr
    assert b.stderr
    assert abs(a.value - b.value) < 5 * np.hypot(a.stderr, b.stderr)
    assert there.qubits == here.qubits
    assert there.sampler == "ibm_torino"
    assert ibm.count("POST /jobs") == 1


def test_a_dynamic_circuit_on_133_qubits_goes_through(ibm: StandIn) -> None:
    (outcomes,) = execute([teleportation()], sampler("ibm_torino", seed=1), shots=50)
    (job,) = ibm.jobs.values()
    (sent,) = job.circuits()
    assert sent.num_qubits == 133
    assert "if_else" in sent.count_ops()
    assert len(outcomes) == 50
    assert set(outcomes.qubits) <= set(range(133))


def test_three_hundred_circuits_are_one_request(ibm: StandIn) -> None:
    ibm.hold()
    job = machine().run([counted(2)] * 300, shots=10)
    assert ibm.count("POST /jobs") == 1
    assert len(ibm.jobs[job.job_id()].circuits()) == 300


def test_unequal_shots_are_one_request_too(ibm: StandIn) -> None:
    outcomes = execute([counted(2), counted(3), counted(2)], machine(), shots=[10, 0, 30])
    assert [len(each) for each in outcomes] == [10, 0, 30]
    assert ibm.count("POST /jobs") == 1


def test_a_device_without_branches_runs_frame_and_refuses_feed_forward(ibm: StandIn) -> None:
    miami = machine("ibm_miami")
    with pytest.raises(
        UnsuitableBackend, match="ibm_miami has no 'if_else'; take corrections='frame'"
    ) as told:
        miami.run([teleportation()], shots=10)
    assert "\n" not in str(told.value)
    assert ibm.count("POST /jobs") == 0
    figures = run(protocol("teleportation")(corrections="frame"), miami, shots=200, seed=1).figures
    assert figures["fidelity"].value > 0.8


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"dynamical_decoupling": "XY4"}, "dynamical_decoupling"),
        ({"gate_twirling": True}, "twirling"),
        ({"measurement_twirling": True}, "twirling"),
    ],
)
def test_feed_forward_refuses_decoupling_and_twirling(ibm: StandIn, options: Any, name: str) -> None:
    asked = machine(options=IBMOptions(**options))
    with pytest.raises(ValueError, match=f"{name} does not go with feed-forward .*corrections='frame'"):
        asked.run([teleportation()], shots=10)
    assert ibm.count("POST /jobs") == 0


def test_decoupling_and_twirling_reach_the_service(ibm: StandIn) -> None:
    options = IBMOptions(dynamical_decoupling="XpXm", gate_twirling=True, measurement_twirling=True)
    data = machine(options=options).run([counted(4)], shots=256).result()[0].data
    counts = data.meas.get_counts()
    assert data.meas.num_shots == 256
    assert counts["0000"] + counts["1111"] > 0.6 * 256
    (job,) = ibm.jobs.values()
    assert job.params["quantum_program"]["items"][0]["item_type"] == "samplex"
    bare = machine(options=IBMOptions(dynamical_decoupling="XX"))
    bare.run([counted(4)], shots=8).result()
    sent = list(ibm.jobs.values())[-1].circuits()[0]
    assert sent.count_ops()["delay"] > 0


def test_sessions_and_batches(ibm: StandIn) -> None:
    for mode, name in (("session", "dedicated"), ("batch", "batch")):
        with machine(options=IBMOptions(mode=mode)) as opened:
            jobs = [opened.run([counted(2)], shots=5) for _ in range(2)]
            assert [len(job.result()[0].data.meas.get_int_counts()) > 0 for job in jobs] == [True, True]
        *_, made = ibm.sessions.values()
        assert made["mode"] == name
        assert made["accepting_jobs"] is False
        assert {ibm.jobs[job.job_id()].session_id for job in jobs} == {made["id"]}


def test_tags_are_how_a_job_is_found_again(ibm: StandIn) -> None:
    here = machine()
    here.submit([(here.fit(counted(2)).circuit, None, 5)], tags=["qnet", "qnet-1"])
    service = open_service()
    assert len(service.jobs(job_tags=["qnet-1"])) == 1
    assert service.jobs(job_tags=["qnet-2"]) == []


def test_the_least_busy(ibm: StandIn) -> None:
    ibm.queue |= {"ibm_torino": 3, "ibm_manila": 1, "ibm_miami": 8}
    assert sampler("ibm_least_busy").name == "ibm_manila"
    assert sampler("ibm_least_busy", min_qubits=100).name == "ibm_torino"
    ibm.pause("ibm_torino")
    assert sampler("ibm_least_busy", min_qubits=100).name == "ibm_miami"
    with pytest.raises(UnknownDevice, match="no machine with at least 500 qubits"):
        sampler("ibm_least_busy", min_qubits=500)


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, NotAuthorized, "does not accept the token .*save_account"),
        (403, NotAuthorized, "may not do this .*instance"),
        (404, UnknownDevice, "knows no such device"),
        (429, TooManyRequests, "wait until pending jobs are done"),
        (500, ServiceUnavailable, "try again later"),
        (503, ServiceUnavailable, "try again later"),
    ],
)
def test_a_refused_submission_is_one_line_and_is_not_repeated(
    ibm: StandIn, status: int, kind: type[Exception], words: str
) -> None:
    here = machine()
    ibm.answer("POST /jobs", status, times=2, message="because of the test")
    with pytest.raises(kind, match=words) as told:
        here.run([counted()], shots=5)
    assert "\n" not in str(told.value)
    assert f"({status}: because of the test" in str(told.value)
    assert told.value.__suppress_context__
    assert ibm.count("POST /jobs") == (2 if status == 401 else 1)
    assert not ibm.jobs


@pytest.mark.parametrize("status", [500, 503])
def test_repetitions_are_told_and_bounded(ibm: StandIn, status: int, caplog: Any) -> None:
    ibm.answer("GET /backends", status, times=2)
    with caplog.at_level(logging.WARNING, "qnet.execution.ibm"):
        open_service(patience=HASTY)
    told = [record.message for record in caplog.records]
    assert sum(f"answers {status}; asking again in" in line for line in told) == 2
    ibm.answer("GET /backends", status, times=99)
    with pytest.raises(ServiceUnavailable, match=f"cannot work now \\({status}"):
        open_service(patience=HASTY)


@pytest.mark.parametrize("status", [401, 403, 429])
def test_an_account_that_is_refused_at_once(ibm: StandIn, status: int) -> None:
    ibm.answer("GET /backends", status, times=4)
    before = time.monotonic()
    with pytest.raises(HardwareError, match=f"'ibm_manila': .*\\({status}"):
        sampler("ibm_manila")
    assert time.monotonic() - before < 5


def test_a_revoked_key_is_told_without_being_sent(ibm: StandIn) -> None:
    ibm.revoke()
    with pytest.raises(NotAuthorized, match="does not accept the token of your account"):
        sampler("ibm_manila")
    assert ibm.count("GET /backends") == 0


def test_a_token_that_expires_in_mid_session_is_renewed(ibm: StandIn) -> None:
    here = machine()
    for _ in range(2):
        ibm.expire_tokens()
        (outcomes,) = execute([counted()], here, shots=20)
        assert len(outcomes) == 20
    assert len(ibm.jobs) == 2


def test_a_lost_answer_is_told_as_what_may_have_been_done(ibm: StandIn) -> None:
    here = machine()
    ibm.lose_answer("POST /jobs")
    with pytest.raises(NoAnswer, match="may have been carried out all the same"):
        here.run([counted()], shots=5)
    assert len(ibm.jobs) == ibm.count("POST /jobs") == 1


@pytest.mark.parametrize("route", ["GET /backends", "POST /jobs"])
def test_a_connection_that_hangs_is_bounded_and_told(ibm: StandIn, route: str, caplog: Any) -> None:
    here = machine()
    ibm.hang(route, times=9)
    before = time.monotonic()
    with (
        caplog.at_level(logging.WARNING, "qnet.execution.ibm"),
        pytest.raises(NoAnswer, match="no answer from IBM"),
    ):
        here.run([counted()], shots=5) if route == "POST /jobs" else open_service(patience=HASTY)
    assert time.monotonic() - before < 10
    assert any("waiting for IBM's service" in record.message for record in caplog.records)


def test_a_job_that_failed_tells_why(ibm: StandIn) -> None:
    ibm.fail_next("the fridge is warm", code=1234)
    with pytest.raises(JobFailed, match="failed at IBM: Error code 1234; the fridge is warm"):
        execute([counted()], machine(), shots=5)


def test_a_job_that_was_cancelled(ibm: StandIn) -> None:
    ibm.hold()
    job = machine().run([counted()], shots=5)
    ibm.cancel(job.job_id())
    with pytest.raises(JobCancelled, match=f"job {job.job_id()} was cancelled"):
        job.result()


def test_a_truncated_result_can_be_fetched_again(ibm: StandIn) -> None:
    job = machine().run([counted()], shots=5)
    ibm.truncate("GET /jobs/*/results")
    with pytest.raises(DamagedResult, match="fetch it again"):
        job.result()
    assert IBMJob(open_service().job(job.job_id())).result()[0].data.meas.num_shots == 5


def test_a_device_that_is_taken_off(ibm: StandIn) -> None:
    here = machine()
    ibm.retire("ibm_manila")
    with pytest.raises(UnknownDevice, match="no such device"):
        here.run([counted()], shots=5)
    with pytest.raises(UnknownDevice, match="no machine 'ibm_manila'; it has ibm_miami, ibm_torino"):
        sampler("ibm_manila")


def test_a_new_calibration_changes_what_a_machine_says_and_does(ibm: StandIn) -> None:
    before = machine().fit(counted()).fidelity
    ibm.recalibrate("ibm_manila", 4.0)
    assert machine().fit(counted()).fidelity < before
    (outcomes,) = execute([counted()], machine(), shots=2000)
    flat = outcomes.bits.min(axis=1) == outcomes.bits.max(axis=1)
    assert flat.mean() < 0.75


def test_a_backend_of_the_users_own_service_is_taken_by_object(ibm: StandIn) -> None:
    backend = ibm.service().backend("ibm_manila")
    made = sampler(backend, seed=1, measurement_twirling=True)
    assert isinstance(made, IBMSampler)
    assert made.options.measurement_twirling
    (outcomes,) = execute([counted()], sampler(backend), shots=20)
    assert len(outcomes) == 20
    ibm.answer("POST /jobs", 429)
    with pytest.raises(TooManyRequests, match="wait until pending jobs are done"):
        execute([counted()], sampler(backend), shots=20)
    with pytest.raises(ValueError, match="is a real machine with noise of its own"):
        sampler(backend, noise=CircuitNoise.uniform_depolarizing(0.01))


def test_wrong_options(ibm: StandIn) -> None:
    with pytest.raises(
        ValueError, match="min_qubits=5 chooses a machine; give it with 'ibm_least_busy' alone"
    ):
        sampler("ibm_manila", min_qubits=5)
    with pytest.raises(ValueError, match="IBM's machines have no option 'resilience'; they have"):
        sampler("ibm_manila", resilience=2)
    with pytest.raises(ValueError, match="dynamical_decoupling='XZ' must be one of XX, XpXm, XY4"):
        sampler("ibm_manila", dynamical_decoupling="XZ")
    with pytest.raises(ValueError, match="gate_twirling='yes' must be True or False"):
        IBMOptions(gate_twirling="yes")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="mode='queue' must be one of job, session, batch"):
        IBMOptions(mode="queue")
    with pytest.raises(ValueError, match="max_seconds=0 must be a positive whole number"):
        IBMOptions(max_seconds=0)
    with pytest.raises(ValueError, match=r"options=\{\} must be IBMOptions"):
        machine(options={})
    assert not ibm.jobs


def test_error_instructions_never_leave(ibm: StandIn) -> None:
    noisy = bell_pair(fidelity=0.9)
    noisy.measure_all()
    with pytest.raises(ValueError, match="runs no error instructions"):
        sampler("ibm_manila").run([noisy])


def test_parameters_and_angles_survive_the_way(ibm: StandIn) -> None:
    circuit = chsh(0, 1)
    (outcomes,) = execute([circuit], machine(), shots=4000)
    agree = (outcomes.bits[:, 0] == outcomes.bits[:, 1]).mean()
    assert abs(agree - (1 + 1 / np.sqrt(2)) / 2) < 0.1
    (job,) = ibm.jobs.values()
    assert "cx" in dumps(job.circuits()[0])


def test_errors_of_ours_pass_through_the_teller() -> None:
    with pytest.raises(UnsuitableBackend, match="too small"), telling("x"):
        raise UnsuitableBackend("too small")
    with pytest.raises(HardwareError, match="x: KeyError: y"), telling("x"):
        raise KeyError("y")
