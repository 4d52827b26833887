"""`.ci/run`: the three checks in order, all of them even when one fails, and pytest's summary at the end."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "run"
MAKE = """#!/bin/sh
echo "$1" >> "$CALLS"
[ "$1" = test ] && echo "=========== 41 passed, 1 failed in 9.00s ==========="
echo "output of $1"
[ "$1" != "$FAILS" ]
"""


def run_ci(folder: Path, fails: str) -> tuple[int, list[str], list[str]]:
    """Exit code, the targets that were made, and the lines printed, with a stand-in for `make`."""
    stand_in, calls = folder / "make", folder / "calls"
    stand_in.write_text(MAKE, encoding="utf-8")
    stand_in.chmod(0o755)
    environment = {**os.environ, "CALLS": str(calls), "FAILS": fails}
    environment["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(["bash", SCRIPT], env=environment, cwd=folder, capture_output=True, text=True)
    return done.returncode, calls.read_text(encoding="utf-8").split(), done.stdout.splitlines()


@pytest.mark.parametrize("fails", ["nothing", "test", "lint", "notebooks"])
def test_ci_runs_every_check_and_fails_with_any(tmp_path: Path, fails: str) -> None:
    code, made, lines = run_ci(tmp_path, fails)
    assert made == ["test", "lint", "notebooks"]
    assert (code == 0) == (fails == "nothing")
    assert "41 passed, 1 failed" in lines[-1]
    assert (f"failed: {fails}" in lines) == (fails != "nothing")
