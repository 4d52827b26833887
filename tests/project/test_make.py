"""`make`: which Python it takes, and when the environment is made, renewed or left alone.

The Pythons here are stand-ins: shell scripts that write down what they were asked to do.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKS = """#!/bin/sh
echo "$0 $*" >> "$CALLS"
case "$*" in
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  *"{refused}"*) exit 1 ;;
esac
"""
FAILS = "#!/bin/sh\necho 'pyenv: command not found' >&2\nexit 127\n"
TOOLS = ("sh", "make", "rm", "mkdir", "cp", "cat", "touch", "test", "grep", "sed", "printf", "pwd", "uname")


def stand_in(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def working(refused: str = "nothing is refused") -> str:
    return WORKS.replace("{refused}", refused)


class Checkout:
    """A folder with the project's Makefile, and a PATH on which only the given Pythons are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "a clone"
        (self.folder / "tools").mkdir(parents=True)
        for name in ("Makefile", "pyproject.toml", "constraints.txt"):
            shutil.copy(ROOT / name, self.folder)
        for path in (ROOT / "tools").iterdir():
            if path.is_file():
                shutil.copy(path, self.folder / "tools")
        self.bin, self.tools, self.log = folder / "bin", folder / "tools", folder / "calls.txt"
        self.tools.mkdir()
        for name in TOOLS:
            if found := shutil.which(name):
                (self.tools / name).symlink_to(found)

    def make(self, *arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
        self.log.write_text("", encoding="utf-8")
        given = path or f"{self.bin}{os.pathsep}{self.tools}"
        return subprocess.run(
            ["make", *arguments],
            cwd=self.folder,
            env={"PATH": given, "CALLS": str(self.log), "HOME": str(self.folder)},
            capture_output=True,
            text=True,
        )

    def calls(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines()

    def installs(self) -> int:
        return sum(" -m pip install " in call for call in self.calls())


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.mark.parametrize(
    ("pythons", "taken"),
    [
        ({"python3.11": working(), "python3.13": working(), "python3.12": working()}, "python3.13"),
        ({"python3.14": FAILS, "python3.13": working("ensurepip"), "python3.12": working()}, "python3.12"),
        ({"python3.15": working(), "python3.14": working(), "python3.9": working()}, "python3.14"),
        ({"python3": working(), "python3.11": working()}, "python3.11"),
    ],
)
def test_the_newest_that_runs_is_taken(checkout: Checkout, pythons: dict[str, str], taken: str) -> None:
    for name, text in pythons.items():
        stand_in(checkout.bin, name, text)
    done = checkout.make("demo")
    assert done.returncode == 0, done.stderr
    (made,) = [call for call in checkout.calls() if " -m venv " in call]
    assert Path(made.split(" -m venv ")[0]).name == taken
    assert checkout.calls()[-1].endswith(".venv/bin/python -m qnet demo")


def test_a_shim_that_fails_does_not_hide_the_python_behind_it(checkout: Checkout) -> None:
    shims = checkout.bin.parent / "shims"
    stand_in(shims, "python3.13", FAILS)
    real = stand_in(checkout.bin, "python3.13", working())
    done = checkout.make("demo", path=os.pathsep.join([str(shims), str(checkout.bin), str(checkout.tools)]))
    assert done.returncode == 0, done.stderr
    assert any(call.startswith(f"{real} -m venv") for call in checkout.calls())


@pytest.mark.parametrize("pythons", [{}, {"python3.13": FAILS}, {"python3.10": working()}])
def test_without_a_python_one_line_says_the_mend_and_nothing_is_made(
    checkout: Checkout, pythons: dict[str, str]
) -> None:
    for name, text in pythons.items():
        stand_in(checkout.bin, name, text)
    before = sorted(checkout.folder.rglob("*"))
    done = checkout.make("test")
    assert done.returncode != 0
    (line,) = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert "no python3.11 to python3.14 on PATH has venv and pip: install one" in line
    assert "make PYTHON=/path/to/python" in line
    assert sorted(checkout.folder.rglob("*")) == before


def test_a_named_python_is_taken_or_refused(checkout: Checkout) -> None:
    stand_in(checkout.bin, "python3.13", working())
    mine = stand_in(checkout.bin.parent / "my python", "python", working())
    assert checkout.make("demo", f"PYTHON={mine}").returncode == 0
    assert any(call.startswith(f"{mine} -m venv") for call in checkout.calls())
    broken = stand_in(checkout.bin.parent, "broken", FAILS)
    shutil.rmtree(checkout.folder / ".venv")
    done = checkout.make("demo", f"PYTHON={broken}")
    assert done.returncode != 0
    assert f"PYTHON={broken} is not a Python 3.11 to 3.14 with venv and pip" in done.stderr


def test_a_whole_environment_is_left_alone(checkout: Checkout) -> None:
    stand_in(checkout.bin, "python3.12", working())
    assert checkout.make("demo").returncode == 0
    assert checkout.installs() == 1
    assert checkout.make("demo").returncode == 0
    assert checkout.installs() == 0
    assert checkout.make("test").returncode == 0
    assert checkout.installs() == 1
    assert any(call.endswith(" -m pytest -n logical") for call in checkout.calls())


@pytest.mark.parametrize("changed", ["pyproject.toml", "constraints.txt"])
def test_a_change_of_what_is_to_be_installed_installs_again(checkout: Checkout, changed: str) -> None:
    stand_in(checkout.bin, "python3.12", working())
    assert checkout.make("test").returncode == 0
    os.utime(checkout.folder / changed, (2e9, 2e9))
    assert checkout.make("test").returncode == 0
    assert checkout.installs() == 2
    assert not any(" -m venv " in call for call in checkout.calls())


def test_a_half_made_environment_is_made_again(checkout: Checkout) -> None:
    stand_in(checkout.bin, "python3.12", working())
    half = checkout.folder / ".venv" / "lib"
    half.mkdir(parents=True)
    (half / "left over").touch()
    assert checkout.make("demo").returncode == 0
    assert any(" -m venv " in call for call in checkout.calls())
    assert not (half / "left over").exists()


def test_an_install_that_fails_is_not_taken_for_done(checkout: Checkout) -> None:
    stand_in(checkout.bin, "python3.12", working("pip install"))
    assert checkout.make("demo").returncode != 0
    assert not any(" -m qnet " in call for call in checkout.calls())
    stand_in(checkout.folder / ".venv" / "bin", "python", working())
    assert checkout.make("demo").returncode == 0
    assert checkout.installs() == 1


def test_an_environment_without_its_python_or_from_elsewhere_is_made_again(checkout: Checkout) -> None:
    stand_in(checkout.bin, "python3.12", working())
    assert checkout.make("demo").returncode == 0
    (checkout.folder / ".venv" / "bin" / "python").unlink()
    assert checkout.make("demo").returncode == 0
    assert checkout.installs() == 1
    moved = checkout.folder.with_name("moved clone")
    checkout.folder.rename(moved)
    checkout.folder = moved
    assert checkout.make("demo").returncode == 0
    assert any(" -m venv " in call for call in checkout.calls())
    assert checkout.installs() == 1


def test_help_names_every_target(checkout: Checkout) -> None:
    done = checkout.make()
    assert done.returncode == 0, done.stderr
    named = {line.split()[1] for line in done.stdout.splitlines()}
    assert named == {"help", "demo", "test", "lint", "notebooks", "notebooks-save", "bench", "docs", "clean"}
    assert not (checkout.folder / ".venv").exists()
