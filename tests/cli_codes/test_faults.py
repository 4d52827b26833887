"""Faults through the command line: one line with the mend, and no finished shot lost."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import sinter

from circuits.codes import memory, rotated_surface
from circuits.noise import CircuitNoise

CIRCUIT = "X_ERROR(0.1) 0 1 2\nM 0 1 2\nDETECTOR rec[-3] rec[-2]\nDETECTOR rec[-2] rec[-1]\n"
CIRCUIT += "OBSERVABLE_INCLUDE(0) rec[-1]"


BEGUN = ("--shots", "2000000000", "--workers", "2")


def called(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, after some lines that bring a fault about."""
    (folder / "c.stim").write_text(CIRCUIT)
    text = f"import sys\n{script}\n"
    return subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, cwd=folder, env={**os.environ}
    )


def main(*arguments: str) -> str:
    return f"from qnet.cli import main\nsys.exit(main({list(arguments)!r}))"


def test_an_extra_that_is_missing_is_named(tmp_path):
    hidden = "sys.modules['tesseract_decoder'] = None\n"
    done = called(hidden + main("decode", "c.stim", "--decoder", "tesseract", "--json"), tmp_path)
    message = json.loads(done.stdout)["error"]["message"]
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "the decoder 'tesseract' needs the library tesseract-decoder" in message
    assert "pip install 'qnet-infra[decoders]'" in message


def test_a_full_disk_loses_no_finished_shot(qnet, tmp_path):
    (tmp_path / "c.stim").write_text(CIRCUIT)
    asked = ("decode", "c.stim", "--seed", "1", "--save-resume", "k.csv", "--json")
    assert qnet(*asked, "--shots", "1000").code == 0
    before = (tmp_path / "k.csv").read_bytes()
    limit = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({len(before) + 10},) * 2)\n"
    full = called(limit + main(*asked, "--shots", "9000"), tmp_path)
    assert (full.returncode, full.stderr.count("\n")) == (1, 1)
    assert "cannot append to 'k.csv' (File too large): make room, and collect again" in full.stderr
    assert (tmp_path / "k.csv").read_bytes() == before
    healed = qnet(*asked, "--shots", "9000").json
    assert (
        healed["figures"]
        == qnet("decode", "c.stim", "--seed", "1", "--shots", "9000", "--json").json["figures"]
    )


def test_a_killed_worker_loses_no_counted_shot(tmp_path):
    kill = (
        "import os, signal, threading, time\n"
        "import concurrent.futures.process as process\n"
        "def kill():\n"
        "    while True:\n"
        "        time.sleep(0.05)\n"
        "        found = os.path.exists('k.csv') and open('k.csv').read().count(chr(10)) > 1\n"
        "        if found:\n"
        "            pool = next(p for p in __import__('gc').get_objects()"
        " if isinstance(p, process.ProcessPoolExecutor))\n"
        "            os.kill(next(iter(pool._processes)), signal.SIGKILL)\n"
        "            return\n"
        "if __name__ == '__main__':\n"
        "    threading.Thread(target=kill, daemon=True).start()\n"
    )
    asked = ("decode", "c.stim", "--seed", "1", "--workers", "2", "--save-resume", "k.csv")
    done = called(kill + main(*asked, "--shots", "2000000000"), tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "the executor lost a worker" in done.stderr
    (kept,) = sinter.read_stats_from_csv_files(tmp_path / "k.csv")
    assert kept.shots > 0


def test_a_file_of_another_circuit_is_refused(qnet, tmp_path):
    (tmp_path / "c.stim").write_text(CIRCUIT)
    asked = ("decode", "c.stim", "--shots", "500", "--save-resume", "k.csv")
    assert qnet(*asked).code == 0
    before = (tmp_path / "k.csv").read_bytes()
    (tmp_path / "c.stim").write_text(CIRCUIT + "\nM 0")
    refused = qnet(*asked)
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "'k.csv' holds shots of another circuit, error model or mask" in refused.err
    assert (tmp_path / "k.csv").read_bytes() == before


def test_an_interrupted_run_goes_on_with_other_workers(qnet, tmp_path):
    noise = CircuitNoise.uniform_depolarizing(0.01)
    (tmp_path / "c.stim").write_text(str(memory(rotated_surface(3), rounds=3, noise=noise)))
    asked = ["decode", "c.stim", "--seed", "1", "--save-resume", "k.csv"]
    # Who is started in the background of a shell ignores interrupts, and so do its children.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    steps = "; ".join([heard, *main(*asked, *BEGUN).splitlines()])
    script = f"import sys\nif __name__ == '__main__':\n    {steps}"
    run = subprocess.Popen(
        [sys.executable, "-c", script], cwd=tmp_path, stdout=-1, stderr=-1, text=True, start_new_session=True
    )
    while not (tmp_path / "k.csv").exists() or (tmp_path / "k.csv").read_text().count("\n") < 2:
        assert run.poll() is None
        time.sleep(0.02)
    os.killpg(run.pid, signal.SIGINT)
    try:
        out, err = run.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        raise
    assert (run.returncode, out, err) == (130, "", "qnet: interrupted\n")
    (kept,) = sinter.read_stats_from_csv_files(tmp_path / "k.csv")
    more = str(kept.shots + 5000)
    whole = qnet(*asked, "--shots", more, "--json").json
    once = qnet("decode", "c.stim", "--seed", "1", "--shots", more, "--json").json
    assert whole["figures"] == once["figures"]
    assert whole["rows"][0]["errors"] == once["rows"][0]["errors"] > kept.errors
