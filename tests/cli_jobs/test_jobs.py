"""qnet submit, qnet jobs and qnet hardware check, as a user meets them."""

import os
import subprocess
import sys

import pytest

from qnet.execution import run
from qnet.protocols import protocol


@pytest.fixture
def submitted(qnet, book):
    """A job on a fake device."""
    chosen = ("ghz", "--set", "n=2", "--sampler", "fake_manila", "--shots", "400", "--seed", "3")
    called = qnet("submit", *chosen, "--json")
    assert called.code == 0
    return called.json["job"]["id"]


def test_submit_tells_the_id_and_writes_the_job_down(qnet, book):
    called = qnet("submit", "ghz", "--sampler", "fake_manila", "--shots", "50", "--seed", "3")
    (job,) = book.jobs()
    assert (called.code, called.err) == (0, "")
    assert called.out.startswith(f"{job.id}: ghz submitted to fake_manila as {job.remote}")
    assert f"fetch it with: qnet jobs fetch {job.id}" in called.out


def test_another_process_fetches_the_figures_of_a_local_run(submitted, book):
    command = [sys.executable, "-m", "qnet", "jobs", "fetch", submitted, "--json"]
    ran = subprocess.run(command, env=dict(os.environ), capture_output=True, text=True, check=True)
    import json

    found = json.loads(ran.stdout)
    local = run(protocol("ghz")(n=2), "fake_manila", shots=400, seed=3).as_dict()
    assert found["command"] == "jobs fetch"
    assert found["figures"].keys() == local["figures"].keys()
    for name in ("experiment", "parameters", "sampler", "shots", "seed", "qubits"):
        assert found[name] == local[name]
    error = found["figures"]["fidelity"]["stderr"]
    assert abs(found["figures"]["fidelity"]["value"] - local["figures"]["fidelity"]["value"]) < 8 * error


def test_the_jobs_are_listed_shown_cancelled_and_forgotten(qnet, submitted, book):
    listed = qnet("jobs", "list")
    assert listed.out.splitlines()[1].split()[:3] == [submitted, "submitted", "ghz"]
    shown = qnet("jobs", "show", submitted[:6])
    assert "state          done (run, not fetched)" in shown.out
    assert "calibrated 20" in shown.out
    assert qnet("jobs", "cancel", submitted).out == f"{submitted} is cancelled\n"
    assert qnet("jobs", "fetch", submitted).code == 1
    assert qnet("jobs", "forget", submitted).out == f"{submitted} is forgotten\n"
    assert qnet("jobs", "list").out.startswith("no jobs in ")


def test_what_may_still_run_is_forgotten_by_force_alone(qnet, submitted):
    called = qnet("jobs", "forget", submitted)
    assert (called.code, called.err.count("\n")) == (2, 1)
    assert "cancel it first, or give --force" in called.err
    assert qnet("jobs", "forget", submitted, "--force").code == 0


def test_a_report_has_the_ideal_two_models_and_a_picture(qnet, submitted, tmp_path):
    called = qnet("jobs", "report", submitted, "--plot", "report.svg", "--json")
    assert called.code == 0
    (row,) = called.json["rows"]
    assert row["name"] == "fidelity"
    assert row["ideal"] == 1.0
    for model in ("aer", "stim"):
        assert abs(row[f"{model}_sigmas"]) < 5
    assert (tmp_path / "report.svg").read_text().startswith("<?xml")
    assert "Stim twirl" in qnet("jobs", "report", submitted).out


def test_a_dry_run_sends_nothing_and_tells_the_cost(qnet, book):
    asked = ("submit", "teleportation", "--sampler", "fake_torino", "--shots", "500", "--dry-run")
    called = qnet(*asked, "--json")
    assert called.code == 0
    cost = called.json["cost"]
    assert cost["circuits"] == 6
    assert cost["two_qubit_gates"] > 0
    assert cost["quantum_seconds"] > 2
    assert 0.8 < called.json["figures"]["fidelity"]["value"] < 1
    assert book.jobs() == []
    assert "nothing was sent" in qnet(*asked).out


def test_too_many_seconds_are_refused_before_anything_is_sent(qnet, book):
    called = qnet("submit", "ghz", "--sampler", "fake_manila", "--shots", "4000", "--max-seconds", "2.1")
    assert (called.code, called.err.count("\n")) == (2, 1)
    assert "Nothing was sent" in called.err
    assert book.jobs() == []
    assert qnet("submit", "ghz", "--sampler", "fake_manila", "--shots", "10", "--max-seconds", "99").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("submit", "ghz", "--sampler", "aer"), "nothing is submitted to 'aer'"),
        (("submit", "ghz", "--sampler", "fake_nowhere"), "there is no sampler 'fake_nowhere'"),
        (("submit", "ghz", "--sampler", "fake_manila", "--shots", "0"), "--shots 0 leaves nothing"),
        (
            ("submit", "ghz", "--sampler", "fake_manila", "--max-seconds", "-1"),
            "--max-seconds -1 allows nothing",
        ),
        (("submit", "ghz", "--sampler", "fake_manila", "--twirl"), "has no option 'gate_twirling'"),
        (("submit", "bbpssw", "--sampler", "fake_torino", "--set", "fidelity=0.9"), "noise of its own"),
        (("jobs", "show", "nought"), "there is no job 'nought'"),
        (("jobs", "fetch", "nought", "--wait", "-1"), "--wait -1 is negative"),
        (("jobs", "list", "--state", "lost"), "--state 'lost' is unknown"),
        (("jobs", "list", "--limit", "0"), "--limit 0 shows nothing"),
        (("jobs",), "a command is missing"),
    ],
)
def test_mistakes_are_one_line(arguments, said, qnet, book):
    called = qnet(*arguments, "--json")
    assert called.code == 2
    assert called.err.count("\n") == 1
    assert said in called.err
    assert said in called.json["error"]["message"]


def test_a_damaged_book_is_one_line_and_the_next_command_works(qnet, submitted, book):
    book.path.write_bytes(b"This is no database." * 500)
    called = qnet("jobs", "list")
    assert (called.code, called.err.count("\n")) == (1, 1)
    assert "it is kept as jobs.sqlite.damaged-" in called.err
    assert qnet("jobs", "list").code == 0


def test_an_unknown_submission_is_told_and_is_an_error(qnet, ibm, book):
    ibm.refuse("POST /jobs")
    called = qnet("submit", "ghz", "--sampler", "ibm_manila", "--shots", "20", "--json")
    assert called.code == 1
    assert called.json["job"]["state"] == "unknown"
    assert called.err.splitlines()[-1].startswith("qnet: job q")
    assert "is not sent again by itself" in called.err
    assert ibm.jobs == {}
    again = qnet("jobs", "send", called.json["job"]["id"])
    assert (again.code, "is unknown and is not sent again" in again.err) == (1, True)


def test_a_job_at_the_service_from_submission_to_report(qnet, ibm, book):
    called = qnet("submit", "ghz", "--set", "n=2", "--sampler", "ibm_manila", "--shots", "200", "--json")
    job = called.json["job"]["id"]
    fetched = qnet("jobs", "fetch", job, "--wait", "60", "--json")
    assert fetched.json["figures"]["fidelity"]["value"] > 0.8
    assert qnet("jobs", "list", "--json").json["rows"][0]["state"] == "fetched"
    assert ibm.count("POST /jobs") == 1


def test_a_refusal_shows_no_token_even_in_its_traceback(qnet, ibm, book):
    (key,) = ibm.tokens
    for status in (401, 403):
        ibm.answer("POST /jobs", status, message=f"bad token {key}", times=2)
        called = qnet("submit", "ghz", "--sampler", "ibm_manila", "--shots", "20", "--debug")
        assert called.code == 1
        assert "Traceback" in called.err
        for token in ibm.tokens:
            assert token not in called.err + called.out


def test_the_hardware_check_goes_the_whole_path(qnet, book, tmp_path):
    called = qnet(
        "hardware", "check", "--sampler", "fake_manila", "--seed", "7", "--plot", "check.png", "--json"
    )
    assert called.code == 0
    steps = [row["step"] for row in called.json["rows"]]
    assert steps == ["account", "backend", "transpile", "submit", "fetch", "report"]
    assert 0.5 < called.json["figures"]["fidelity"]["value"] < 1
    assert (tmp_path / "check.png").read_bytes().startswith(b"\x89PNG")
    assert book.jobs() == []  # it has a book of its own


def test_the_hardware_check_sends_nothing_to_ibm(qnet, ibm, book):
    called = qnet("hardware", "check", "--sampler", "ibm_manila", "--json")
    assert [row["step"] for row in called.json["rows"]] == ["account", "backend", "transpile"]
    assert ibm.count("POST /jobs") == 0


def test_decoupled_and_twirled_from_submission_to_result(qnet, ibm, book):
    chosen = ("ghz", "--set", "n=3", "--sampler", "ibm_manila", "--shots", "256", "--seed", "5")
    plain = qnet("submit", *chosen, "--json").json["job"]
    asked = qnet("submit", *chosen, "--decoupling", "XpXm", "--twirl", "--json").json["job"]
    bare, sent = (ibm.jobs[job["remote"]].params for job in (plain, asked))
    kinds = [{item["item_type"] for item in one["quantum_program"]["items"]} for one in (bare, sent)]
    assert kinds == [{"circuit"}, {"samplex"}]
    found = [qnet("jobs", "fetch", job["id"], "--wait", "60", "--json").json for job in (plain, asked)]
    one, other = (each["figures"]["fidelity"] for each in found)
    assert abs(one["value"] - other["value"]) < 5 * (one["stderr"] ** 2 + other["stderr"] ** 2) ** 0.5
    options = book.job(asked["id"]).details["options"]
    assert options == {
        "dynamical_decoupling": "XpXm",
        "gate_twirling": True,
        "measurement_twirling": True,
    }


def test_feed_forward_goes_with_neither(qnet, ibm, book):
    for option in (("--decoupling", "XY4"), ("--twirl",)):
        called = qnet("submit", "teleportation", "--sampler", "ibm_manila", "--shots", "20", *option)
        assert (called.code, called.err.count("\n")) == (2, 1)
        assert "take corrections='frame'" in called.err
    assert book.jobs() == []
