"""Callbacks are told, a bar shows on terminals only, and nothing is printed elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.collecting import repetition, task

from decoders import Progress, collect

SCRIPT = """
from support.collecting import task
from decoders import collect
collect([task()], decoders="pymatching", max_shots=2000, seed=1, progress={progress})
print("done")
"""


def test_a_callback_hears_of_every_step() -> None:
    heard: list[Progress] = []
    tasks = [task(), task(repetition(0.2), json_metadata=2)]
    stats = collect(tasks, decoders="pymatching", max_shots=10_000, seed=1, progress=heard.append)
    assert [step.stats.shots for step in heard] == [1024, 3072, 7168, 10_000] * 2
    assert [step.finished_tasks for step in heard] == [0, 0, 0, 1, 1, 1, 1, 2]
    assert all(step.tasks == 2 for step in heard)
    fractions = [step.fraction for step in heard]
    assert fractions == sorted(fractions)
    assert fractions[0] == pytest.approx(1024 / 20_000)
    assert fractions[-1] == 1
    assert heard[-1].stats == stats[1]


def test_an_exception_of_the_callback_comes_through() -> None:
    def enough(progress: Progress) -> None:
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        collect([task()], decoders="pymatching", max_shots=2000, progress=enough)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "TERM": "xterm", "COLUMNS": "120"}


def test_without_a_terminal_nothing_is_printed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(progress=True)],
        capture_output=True,
        text=True,
        env=environment(),
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")


@pytest.mark.parametrize("progress", [True, False])
def test_a_terminal_sees_a_bar_unless_it_is_unwanted(progress: bool) -> None:
    near, far = os.openpty()
    run = subprocess.Popen(
        [sys.executable, "-c", SCRIPT.format(progress=progress)],
        stdout=subprocess.PIPE,
        stderr=far,
        env=environment(),
    )
    out, _ = run.communicate(timeout=60)
    os.set_blocking(near, False)
    try:
        shown = os.read(near, 100_000).decode()
    except BlockingIOError:
        shown = ""
    finally:
        os.close(far)
        os.close(near)
    assert out == b"done\n"
    assert ("1/1 tasks, pymatching: 2000 shots" in shown) is progress
