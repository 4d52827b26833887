"""A planted token is nowhere: in no error, no representation, no log and no traceback."""

from __future__ import annotations

import json
import logging
import traceback
from pathlib import Path
from typing import Any

import pytest
from support.ibm_stand_in import API_KEY, StandIn

from circuits import ghz
from qnet.cli import main
from qnet.errors import HardwareError
from qnet.execution import execute, sampler
from qnet.execution.secrets import account_file, account_warning, scrubbed

PLANTED = "planted-in-a-file-0123456789"


def _saved(mode: int) -> Path:
    path = account_file()
    path.parent.mkdir()
    path.write_text(json.dumps({"default-ibm-quantum-platform": {"token": PLANTED, "channel": "ibm_cloud"}}))
    path.chmod(mode)
    return path


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "the home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o622])
def test_a_saved_account_that_others_can_read_is_mended_by_a_command(home: Path, mode: int) -> None:
    import shlex
    import subprocess

    path = _saved(mode)
    warning = account_warning()
    assert warning is not None
    assert PLANTED not in warning
    command = warning.partition("mend it with: ")[2]
    assert shlex.split(command) == ["chmod", "600", str(path)]
    subprocess.run(shlex.split(command), check=True)
    assert account_warning() is None


def test_no_account_and_a_closed_one_warn_of_nothing(home: Path) -> None:
    assert account_warning() is None
    _saved(0o600)
    assert account_warning() is None


def test_the_warning_comes_when_the_service_is_opened(ibm: StandIn, caplog: Any) -> None:
    _saved(0o644)
    with caplog.at_level(logging.WARNING, "qnet.execution.ibm"):
        sampler("ibm_manila")
    assert any("chmod 600" in record.message for record in caplog.records)


def test_what_looks_like_a_token_is_taken_out(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _saved(0o600)
    monkeypatch.setenv("QISKIT_IBM_TOKEN", "short")
    assert scrubbed("a short text") == "a short text"
    monkeypatch.setenv("QISKIT_IBM_TOKEN", "env-token-98765")
    text = f"x {PLANTED} y env-token-98765 z eyJhbGciOi.eyJpYXQiOj.AAAA apikey=abcdefgh12 Bearer abcdefghij"
    assert scrubbed(text) == "x … y … z … apikey=… Bearer …"


def _everything(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + repr(error) + repr(error.args)


def test_no_token_in_errors_representations_and_logs(ibm: StandIn, caplog: Any) -> None:
    said = []
    circuit = ghz(2)
    circuit.measure_all()
    with caplog.at_level(logging.DEBUG):
        machine = sampler("ibm_manila")
        said += [repr(machine), repr(machine.run([circuit], shots=3)), repr(machine.options)]
        execute([circuit], machine, shots=3)
        ibm.expire_tokens()
        execute([circuit], machine, shots=3)
        ibm.fail_next(f"could not run with key {API_KEY} and {ibm.tokens[-1]}")
        for fault in (
            lambda: None,
            lambda: ibm.answer("POST /jobs", 403, message=f"key {API_KEY}, Bearer {ibm.tokens[-1]}"),
            lambda: ibm.answer("POST /jobs", 500, message=f"apikey {API_KEY}"),
            lambda: ibm.lose_answer("POST /jobs"),
            ibm.revoke,
        ):
            fault()
            with pytest.raises(HardwareError) as told:
                execute([circuit], machine, shots=3)
            said.append(_everything(told.value))
    told_all = "\n".join([*said, *(record.getMessage() for record in caplog.records)])
    assert len(ibm.tokens) >= 3
    for token in ibm.tokens:
        assert token not in told_all


@pytest.mark.parametrize("debug", [[], ["--debug"]])
def test_no_token_on_the_command_line(ibm: StandIn, debug: list[str], capfd: Any) -> None:
    ibm.answer("POST /jobs", 403, times=9, message=f"no {API_KEY}, no {ibm.tokens[-1]}")
    arguments = ["run", "ghz", "--sampler", "ibm_manila", "--shots", "5", "--json", *debug]
    assert main(arguments) == 1
    out, err = capfd.readouterr()
    assert "may not do this" in out
    for token in ibm.tokens:
        assert token not in out + err


def test_a_token_in_an_error_of_a_provider_is_taken_out(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    _saved(0o600)
    (tmp_path / "leaky_lab.py").write_text(
        f"def machine():\n    raise RuntimeError('no machine for ' + {PLANTED!r})\n"
    )
    monkeypatch.chdir(tmp_path)
    for more in ([], ["--debug"]):
        assert main(["run", "ghz", "--sampler", "backend:leaky_lab:machine", *more]) == 2
        out, err = capfd.readouterr()
        assert "no machine for" in err
        assert PLANTED not in out + err.replace(repr(PLANTED), "")
