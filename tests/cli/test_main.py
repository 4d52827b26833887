"""Errors that are nobody's mistake, interruptions, closed pipes, foreign packages, and a quick help."""

import io
import os
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

import qnet.protocols
from qnet.cli import main
from qnet.cli._start_up import foreign_package
from qnet.errors import QnetError

HEAVY = ("numpy", "qiskit", "qiskit_aer", "qiskit_ibm_runtime", "stim", "matplotlib", "pymatching", "sinter")


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (QnetError("the device\nwent away"), 1, "qnet: the device went away\n"),
        (ValueError("p=2 is too large"), 2, "qnet: p=2 is too large\n"),
        (OSError(28, "No space left on device", "a.png"), 1, "qnet: No space left on device: a.png\n"),
        (
            MemoryError("11.4 TiB"),
            1,
            "qnet: not enough memory; take fewer shots, or a smaller circuit\n",
        ),
        (KeyError("x"), 1, "qnet: unexpected KeyError: 'x' (--debug shows where)\n"),
        (KeyboardInterrupt(), 130, "qnet: interrupted\n"),
    ],
)
def test_every_error_has_one_line_and_its_exit_code(qnet, monkeypatch, error, code, line):
    def fail(name):
        raise error

    monkeypatch.setattr(qnet_protocols(), "protocol", fail)
    called = qnet("run", "chsh")
    assert (called.code, called.err, called.out) == (code, line, "")
    assert qnet("run", "chsh", "--json").json["error"]["type"] == type(error).__name__


def qnet_protocols():
    return sys.modules[qnet.protocols.__name__]


def test_without_a_command_the_help_is_shown(qnet):
    called = qnet()
    assert called.code == 0
    assert "Usage: qnet" in called.out


@pytest.mark.parametrize("command", ["list", "run", "prove", "draw", "export", "demo"])
def test_the_help_of_every_command_has_examples(qnet, command):
    called = qnet(command, "--help")
    assert called.code == 0
    assert "Examples:" in called.out
    assert f"qnet {command}" in called.out.split("Examples:")[1]
    assert max(map(len, called.out.splitlines())) <= 80


def test_help_imports_nothing_heavy():
    script = (
        "import sys; from qnet.cli import main; main(['--help']); "
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    assert python("-c", script).stdout.splitlines()[-1] == "[]"


def test_a_closed_pipe_is_no_traceback():
    script = (
        "import os, sys; from qnet.cli import main; reader, writer = os.pipe(); os.close(reader); "
        "os.dup2(writer, 1); sys.exit(main(['--version']))"
    )
    done = python("-c", script)
    assert (done.returncode, done.stderr) == (1, "")


class Full(io.StringIO):
    """Standard output on a full disk."""

    def write(self, text):
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    "arguments", [("--version",), ("--version", "--json"), ("list", "--json"), ("list",)]
)
def test_a_full_disk_is_one_line(arguments):
    err = io.StringIO()
    with redirect_stdout(Full()), redirect_stderr(err):
        assert main(arguments) == 1
    assert err.getvalue() == "qnet: No space left on device\n"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("prove", "teleportation"), "+ teleportation: X[message] -> X[bob]"),
        (("run", "bell_pair", "--sampler", "stim"), "fidelity  1.00000 ~ 0.000"),
        (("draw", "bell_pair"), "b: -----+ X +"),
    ],
)
def test_a_terminal_of_ascii_gets_plain_characters(arguments, line):
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True)
    with redirect_stdout(out):
        assert main(arguments) == 0
    assert line in out.buffer.getvalue().decode("ascii")


def test_an_interruption_ends_the_process_although_a_simulation_runs(tmp_path):
    """The simulation is a thread that would sleep for a minute, started after the signal's handler."""
    script = (
        "import signal, sys, threading, time; import qnet.protocols as protocols; from qnet.cli import main\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "def slow(name):\n"
        "    threading.Thread(target=time.sleep, args=(50,)).start()\n"
        "    signal.raise_signal(signal.SIGINT)\n"
        "protocols.protocol = slow\n"
        "sys.argv = ['qnet', 'run', 'chsh', '--plot', 'chsh.png']\n"
        "sys.exit(main())"
    )
    started = time.monotonic()
    done = python("-c", script, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "qnet: interrupted\n")
    assert time.monotonic() - started < 45
    assert list(tmp_path.iterdir()) == []


def test_a_foreign_circuits_module_is_told_in_one_line(tmp_path):
    (tmp_path / "circuits.py").write_text("print_board = None\n")
    done = python("-m", "qnet", "list", "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert (
        f"the import package 'circuits' is not qnet's: {tmp_path / 'circuits.py'} took the name"
        in done.stderr
    )
    assert '"type": "ImportError"' in done.stdout


def test_the_check_sees_a_package_of_the_same_place_that_is_not_ours(tmp_path, monkeypatch):
    (tmp_path / "circuits").mkdir()
    (tmp_path / "circuits" / "__init__.py").write_text("__all__ = ['Component']\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "circuits")
    assert "the import package 'circuits' is not qnet's" in (foreign_package(tmp_path) or "")


def test_ours_pass_the_check():
    assert foreign_package() is None


def python(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    root = str(Path(qnet.protocols.__file__).parents[2])
    path = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), root]))
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
