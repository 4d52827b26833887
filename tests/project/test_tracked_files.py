"""What lies in the repository: no addresses of package indexes, no machine's paths, tried versions."""

import re
import subprocess
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
INDEX = re.compile(
    r"pypi[.]org|pythonhosted[.]|conda[.]anaconda|registry[.]npmjs|--(extra-)?index-url|--find-links",
    re.IGNORECASE,
)
LOCAL = re.compile(r"(?<![\w.])/(home|root|work|Users)/\w")


def tracked_texts() -> dict[str, str]:
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    texts = {}
    for name in filter(None, names):
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            texts[name] = content.decode("utf-8")
    return texts


def places(pattern: re.Pattern[str]) -> list[str]:
    here = Path(__file__).relative_to(ROOT).as_posix()
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in tracked_texts().items()
        if name != here
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_address_of_a_package_index_is_written_down() -> None:
    assert INDEX.search("see https://pypi" + ".org/simple")
    assert places(INDEX) == []


def test_no_path_of_a_machine_is_written_down() -> None:
    assert LOCAL.search('open("/home/' + 'somebody/data.csv")')
    assert places(LOCAL) == []


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def requirements() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for extra in project["project"]["optional-dependencies"].values():
        declared += extra
    own = project["project"]["name"]
    return [found for text in declared if (found := Requirement(text)).name != own]


def test_every_declared_dependency_has_a_tried_version_within_its_bounds() -> None:
    tried = pins()
    for requirement in requirements():
        version = tried[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version, prereleases=True), f"{requirement} but {version}"


def test_dependencies_of_the_main_job_have_a_lower_bound() -> None:
    for requirement in requirements():
        assert any(part.operator == ">=" for part in requirement.specifier), requirement
