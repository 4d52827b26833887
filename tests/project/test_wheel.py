"""The wheel: what is in it, and that the main job runs from it, away from the checkout."""

import json
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT
    run(sys.executable, *build, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment with the wheel in it.

    It finds the dependencies where this Python has them, but not the editable install of the checkout:
    the .pth files of a folder that a .pth file names are not read.
    """
    folder = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    binaries = folder / ("Scripts" if sys.platform == "win32" else "bin")
    installed = binaries / "python"
    site = Path(
        run(installed, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
    )
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    install = "-m", "pip", "--python", installed, "install", "--quiet", "--no-deps", "--no-index", wheel
    run(sys.executable, *install, cwd=folder)
    return installed


def test_the_wheel_holds_the_packages_and_nothing_of_the_checkout(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {f"{package}/py.typed" for package in ("circuits", "decoders", "qnet")} <= set(names)
    assert "qnet/qkd/reconciliation/mothers.npz" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    top = {name.partition("/")[0] for name in names}
    assert top == {"circuits", "decoders", "qnet", "qnet_infra-0.1.0.dist-info"}
    sources = {
        path.relative_to(ROOT).as_posix()
        for package in ("circuits", "decoders", "qnet")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert sources == {name for name in names if ".dist-info/" not in name}


def test_the_main_job_runs_from_the_wheel(python: Path, tmp_path: Path) -> None:
    where = run(
        python, "-c", "import circuits, decoders, qnet; print(circuits.__file__, qnet.__file__)", cwd=tmp_path
    )
    assert str(ROOT) not in where
    assert where.count(str(python.parents[1])) == 2
    told = json.loads(run(python.with_name("qnet"), "demo", "--quick", "--json", "--seed", "1", cwd=tmp_path))
    assert told["command"] == "demo"
    assert told["figures"]
