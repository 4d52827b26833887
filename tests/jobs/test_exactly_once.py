"""A job is run once: whatever is lost, and whenever the client dies."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qnet.errors import UnknownDevice
from qnet.execution.jobs import NotReady, refresh, send, settling, submit
from qnet.execution.jobs._local_target import LocalTarget
from qnet.execution.jobs.remote import Remote
from qnet.execution.jobs.targets import target_of
from qnet.protocols import GHZ

SUPPORT = Path(__file__).resolve().parents[1] / "support"


def test_a_client_killed_before_any_step_leaves_no_second_job(tmp_path):
    """SIGKILL before each statement of SQLite, before and after the request."""
    script = [sys.executable, str(SUPPORT / "killed_clients.py"), str(tmp_path)]
    ran = subprocess.run(script, capture_output=True, text=True, timeout=120, check=True)
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [one["killed"] for one in found] == [True] * (len(found) - 1) + [False]
    assert {one["after_kill"] for one in found} == {None, "prepared", "sending", "submitted"}
    for one in found:
        assert one["at_service"] == one["rows"], one
        assert one["early"] == 0, one
        assert one.get("state", "submitted") == "submitted", one


def test_a_lost_answer_leaves_exactly_one_job_which_is_adopted(ibm, book):
    ibm.lose_answer("POST /jobs")
    job = submit(GHZ(n=2), "ibm_manila", shots=20, seed=1)
    assert (job.state, list(ibm.jobs)) == ("submitted", [job.remote])
    assert ibm.jobs[job.remote].tags == [job.tag]
    assert ibm.count("POST /jobs") == 1


def test_an_error_after_the_job_was_taken_leaves_exactly_one_job(ibm, book):
    for status in (403, 429, 500, 503):
        ibm.answer("POST /jobs", status, done=True)
        job = submit(GHZ(n=2), "ibm_manila", shots=20, seed=1)
        assert job.state == "submitted"
        assert [one.id for one in ibm.jobs.values() if job.tag in one.tags] == [job.remote]


def test_no_answer_is_unknown_and_sent_again_only_when_it_is_settled(ibm, book):
    ibm.refuse("POST /jobs")
    job = submit(GHZ(n=2), "ibm_manila", shots=20, seed=1)
    assert (job.state, job.absences, len(ibm.jobs)) == ("unknown", 1, 0)
    with pytest.raises(NotReady, match="is unknown and is not sent again"):
        send(job, book=book)
    target, begin = target_of(job, book), job.absent_since
    for later in (1.0, 2.0, 60.0, settling.SETTLING_S - 1):
        job = settling.looked_up(job, book=book, target=target, now=begin + later)
        assert job.state == "unknown"
    job = settling.looked_up(job, book=book, target=target, now=begin + settling.SETTLING_S)
    assert job.state == "absent"
    job = send(job, book=book)
    assert (job.state, list(ibm.jobs)) == ("submitted", [job.remote])


def test_a_job_that_appears_late_is_adopted_and_not_sent_again(ibm, book):
    ibm.refuse("POST /jobs")
    job = submit(GHZ(n=2), "ibm_manila", shots=20, seed=1)
    other = submit(GHZ(n=2), "ibm_manila", shots=20, seed=1)
    ibm.jobs[other.remote].tags = [job.tag]  # as if it had been on the way until now
    job = refresh(job.id)
    assert (job.state, job.remote) == ("submitted", other.remote)


def test_two_jobs_of_one_row_are_reduced_to_one_and_others_are_let_be(ibm, book):
    ibm.hold()
    job = submit(GHZ(n=2), "ibm_manila", shots=20, seed=1)
    stranger = submit(GHZ(n=2), "ibm_manila", shots=20, seed=1)
    doubled = ibm.add({**_body(ibm.jobs[job.remote]), "tags": [job.tag]})
    refresh(job.id)
    assert ibm.jobs[doubled.id].status == "Cancelled"
    assert ibm.jobs[job.remote].status not in ("Cancelled", "Failed")
    assert ibm.jobs[stranger.remote].status not in ("Cancelled", "Failed")
    ibm.release()


def _body(job):
    return {"backend": job.backend, "program_id": job.program_id, "params": job.params}


class Careless(LocalTarget):
    """A service that answers a look-up with jobs of other tags, too."""

    def find(self, tag):
        return [Remote(id="stranger", tags=("qnet-another",), status="queued")]


def test_a_job_with_another_tag_is_never_adopted(book):
    target = LocalTarget.opened("fake_manila", book, seed=1, options={})
    careless = Careless(target.backend, book.path.parent / "elsewhere", seed=1)

    def lost(*_, **__):
        raise TimeoutError("no answer")

    careless.send = lost
    job = submit(GHZ(n=2), "fake_manila", shots=20, seed=1, book=book, target=careless)
    assert (job.state, job.remote, job.reason) == ("unknown", None, "no answer")


def test_of_two_processes_that_send_one_row_one_does(book):
    target = LocalTarget.opened("fake_manila", book, seed=1, options={})
    first = submit(GHZ(n=2), "fake_manila", shots=20, seed=1, book=book, target=target)
    with pytest.raises(NotReady, match="is submitted and is not sent again"):
        send(first, book=book, target=target)
    assert len(target.find(first.tag)) == 1


def test_while_its_sender_may_live_a_job_is_not_counted_absent(book):
    target = LocalTarget.opened("fake_manila", book, seed=1, options={})
    job = submit(GHZ(n=2), "fake_manila", shots=20, seed=1, book=book, target=target)
    book.change(job, only_from=("submitted",), state="sending", remote=None)
    empty = LocalTarget(target.backend, book.path.parent / "elsewhere", seed=1)
    job = book.job(job.id)
    for k in range(10):
        late = job.sent_at + settling.REQUEST_S * k / 10
        job = settling.looked_up(job, book=book, target=empty, now=late)
        assert (job.state, job.absences) == ("sending", 0)


def test_a_client_killed_while_it_waits_for_the_answer(ibm, book):
    """The whole command, at the stand-in: the job has been taken, the client dies, another adopts it."""
    ibm.hang("POST /jobs", seconds=60, done=True)
    command = [sys.executable, "-m", "qnet", "submit", "ghz", "--sampler", "ibm_manila", "--shots", "20"]
    client = subprocess.Popen(command, env=dict(os.environ), stderr=subprocess.PIPE)
    limit = time.monotonic() + 60
    while not ibm.jobs and time.monotonic() < limit:
        time.sleep(0.02)
    client.send_signal(signal.SIGKILL)
    assert client.wait(10) == -signal.SIGKILL
    client.stderr.close()
    (job,) = book.jobs()
    assert (job.state, job.remote) == ("sending", None)
    job = refresh(job.id)
    assert (job.state, list(ibm.jobs)) == ("submitted", [job.remote])


def test_the_least_busy_machine_is_large_enough_and_stays_the_one_of_the_job(ibm, book):
    ibm.refuse("POST /jobs")
    job = submit(GHZ(n=3), "ibm_least_busy", shots=20, seed=1)
    assert (job.state, job.backend, job.details["options"]) == ("unknown", "ibm_manila", {"min_qubits": 3})
    book.change(job, only_from=("unknown",), state="absent")
    job = send(job, book=book)
    assert (job.state, ibm.jobs[job.remote].backend) == ("submitted", "ibm_manila")
    with pytest.raises(UnknownDevice, match="at least 9 qubits"):
        submit(GHZ(n=9), "ibm_least_busy", shots=20, seed=1)


def test_three_hundred_circuits_are_one_request(ibm, book):
    class Many:
        """As many circuits."""

        name = "many"

        def circuits(self):
            return GHZ(n=2).circuits()[:1] * 300

        def interpret(self, outcomes):
            return {}

    ibm.hold()
    job = submit(Many(), "ibm_manila", shots=5, seed=1)
    assert (ibm.count("POST /jobs"), len(ibm.jobs[job.remote].circuits())) == (1, 300)
    ibm.cancel(job.remote)
    ibm.release()


@pytest.mark.parametrize("mode", ["session", "batch"])
def test_a_submission_leaves_no_session_open(mode, ibm, book):
    job = submit(GHZ(n=2), "ibm_manila", shots=20, seed=1, mode=mode)
    (session,) = ibm.sessions.values()
    assert ibm.jobs[job.remote].session_id == session["id"]
    assert not session["accepting_jobs"]
    assert job.state == "submitted"
