"""README and guide: their Python and their commands do what the page says."""

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
GUIDES = sorted((ROOT / "docs").rglob("*.md"))
PAGES = [README, ROOT / "CONTRIBUTING.md", *GUIDES]


def blocks(page: Path, language: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "pycon")], ids=named)
def test_the_examples_of_a_page_print_what_it_shows(page: Path) -> None:
    examples = doctest.DocTestParser().get_doctest(
        "\n".join(blocks(page, "pycon")), {}, named(page), str(page), 0
    )
    assert examples.examples
    said: list[str] = []
    outcome = doctest.DocTestRunner(verbose=False).run(examples, out=said.append)
    assert outcome.failed == 0, "".join(said)


def test_the_guide_has_examples() -> None:
    assert len([page for page in GUIDES if blocks(page, "pycon")]) >= 6


def test_the_python_of_the_readme_runs(tmp_path: Path) -> None:
    script = "\n".join(blocks(README, "python"))
    assert len([line for line in script.splitlines() if line.strip()]) >= 10
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    shown = [comment.strip() for comment in re.findall(r"^print\(.*#\s(.*)$", script, flags=re.MULTILINE)]
    assert done.stdout.splitlines() == shown


def commands() -> list[str]:
    lines = "".join(blocks(README, "sh")).splitlines()
    return [line.partition("  #")[0].strip() for line in lines if line.startswith("qnet ")]


@pytest.mark.parametrize("command", [line for line in commands() if not line.startswith("qnet demo")])
def test_a_command_of_the_readme_runs(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from qnet.cli import main

    words = shlex.split(command.partition(" > ")[0])
    monkeypatch.chdir(tmp_path)
    assert main(words[1:]) == 0
    said = capfd.readouterr()
    assert said.out.strip()
    for option in ("--output", "--plot"):
        assert option not in words or (tmp_path / words[words.index(option) + 1]).stat().st_size > 1000


def test_the_readme_shows_ten_commands() -> None:
    assert len(commands()) >= 10


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    assert {"demo", "test"} <= targets
    text = page.read_text(encoding="utf-8")
    asked = set(re.findall(r"(?:^|`)make ([a-z-]+)", text, flags=re.MULTILINE))
    assert asked <= targets
    assert page != README or {"demo", "test"} <= asked


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_file_that_a_page_links_to_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), f"{named(page)} links to {target}"
