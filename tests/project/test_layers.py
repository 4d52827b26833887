"""Imports run one way, and the contracts that say so can fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = "from importlinter.cli import lint_imports_command as lint; lint()"


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-logo", "--no-cache"], cwd=folder, capture_output=True, text=True
    )


def test_the_house_keeps_its_layers() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "upward"),
    [
        ("circuits/errors.py", "import circuits.library"),
        ("circuits/noise/__init__.py", "import circuits.bridge"),
        ("circuits/errors.py", "import qnet.results"),
        ("decoders/errors.py", "import circuits"),
        ("qnet/results.py", "import qnet.execution"),
        ("qnet/execution/__init__.py", "import qnet.cli"),
        ("qnet/qkd/link.py", "import qnet.repeaters"),
        ("qnet/qkd/rates/bb84.py", "import qnet.qkd.sessions"),
        ("qnet/qkd/eavesdroppers/shape.py", "import qnet.qkd.photons"),
        ("qnet/repeaters/encoded_link.py", "import qnet.repeaters.comparison"),
        ("qnet/execution/running.py", "import qnet.execution.jobs"),
        ("circuits/library/bell.py", "from circuits import teleportation"),
    ],
)
def test_an_upward_import_is_found(tmp_path: Path, module: str, upward: str) -> None:
    for package in ("circuits", "decoders", "qnet"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    target = tmp_path / module
    assert target.is_file()
    target.write_text(target.read_text(encoding="utf-8") + f"\n{upward}\n", encoding="utf-8")
    done = lint_imports(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout
