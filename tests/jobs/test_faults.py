"""Faults of the service while a job is asked for: told in one line, bounded, and the job stays."""

import logging
import time

import pytest

from qnet.errors import (
    DamagedResult,
    HardwareError,
    NotAuthorized,
    RequestRefused,
    ServiceUnavailable,
    TooManyRequests,
    UnknownDevice,
    UnknownJob,
)
from qnet.execution import Outcomes
from qnet.execution.jobs import fetch, submit
from qnet.protocols import GHZ


@pytest.fixture
def done(ibm, book):
    """A job that is done at the service."""
    job = submit(GHZ(n=2), "ibm_manila", shots=50, seed=3)
    ibm.wait()
    return job


@pytest.mark.parametrize(
    ("status", "error"),
    [(403, NotAuthorized), (404, UnknownDevice), (422, RequestRefused), (429, TooManyRequests)],
)
def test_a_submission_that_is_refused_is_noted_and_not_there(status, error, ibm, book):
    ibm.answer("POST /jobs", status)
    with pytest.raises(error, match=str(status)) as caught:
        submit(GHZ(n=2), "ibm_manila", shots=50, seed=3)
    assert "\n" not in str(caught.value)
    (job,) = book.jobs()
    assert (job.state, str(status) in job.reason, ibm.jobs) == ("refused", True, {})


def test_a_key_that_is_refused_is_said(ibm, book):
    ibm.revoke()
    with pytest.raises(NotAuthorized, match="IBM"):
        submit(GHZ(n=2), "ibm_manila", shots=50, seed=3)
    assert book.jobs() == []


@pytest.mark.parametrize("status", [500, 503])
def test_a_service_that_cannot_work_is_asked_again_and_says_so(status, ibm, book, done, caplog):
    caplog.set_level(logging.WARNING, "qnet.execution.ibm")
    ibm.answer("GET /jobs/*", status, times=2)
    assert fetch(done.id).figures["fidelity"].value > 0.8
    assert any(str(status) in record.getMessage() for record in caplog.records)


def test_a_service_that_stays_away_is_one_line(ibm, book, done):
    ibm.answer("GET /jobs/*", 503, times=50)
    with pytest.raises(ServiceUnavailable, match="503") as caught:
        fetch(done.id)
    assert "\n" not in str(caught.value)
    ibm.faults.clear()
    assert fetch(done.id).figures["fidelity"].value > 0.8


def test_a_token_that_expires_in_mid_session_is_renewed(ibm, book, done):
    ibm.expire_tokens()
    assert fetch(done.id).figures["fidelity"].value > 0.8


def test_a_truncated_result_can_be_fetched_again(ibm, book, done):
    ibm.truncate("GET /jobs/*/results")
    with pytest.raises(DamagedResult, match=r"incomplete .*fetch it again"):
        fetch(done.id)
    assert book.job(done.id).state == "done"
    assert fetch(done.id).figures["fidelity"].value > 0.8


@pytest.mark.parametrize("cut", ["circuits", "shots"])
def test_a_result_of_fewer_circuits_or_shots_is_not_taken_for_whole(cut, ibm, book, done, monkeypatch):
    from qnet.execution.jobs._ibm_target import IBMTarget

    plainly = IBMTarget.outcomes

    def short(self, remote, circuits):
        made = plainly(self, remote, circuits)
        return made[:-1] if cut == "circuits" else [made[0], Outcomes(bits=made[1].bits[:-3]), *made[2:]]

    with monkeypatch.context() as patched:
        patched.setattr(IBMTarget, "outcomes", short)
        with pytest.raises(DamagedResult, match=r"\d+ shots of \d circuits in place of 1\d\d of \d;"):
            fetch(done.id)
    assert book.job(done.id).state == "done"
    assert fetch(done.id).figures["fidelity"].value > 0.8


def test_a_job_that_the_service_has_lost_is_one_line(ibm, book, done):
    ibm.jobs.clear()
    with pytest.raises(UnknownJob, match="IBM knows no such job"):
        fetch(done.id)


def test_a_connection_that_hangs_is_given_up(ibm, book, done, monkeypatch):
    from qnet.execution import _ibm_connection

    short = dict(_ibm_connection.Patience.__init__.__kwdefaults__, read_s=0.5, retries=1, pause_s=0.01)
    monkeypatch.setattr(_ibm_connection.Patience.__init__, "__kwdefaults__", short)
    ibm.hang("GET /jobs/*", seconds=60, times=50)
    started = time.monotonic()
    with pytest.raises(HardwareError, match="no answer from IBM's service"):
        fetch(done.id)
    assert time.monotonic() - started < 20
