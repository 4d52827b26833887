"""What each import package says it exports is what it gives."""

import ast
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

PACKAGES = ("circuits", "decoders", "qnet")
API = Path(__file__).parents[2] / "docs" / "api"


def public_packages() -> list[str]:
    """Every package that exports names, but for the command line, whose face is its commands."""
    found = [
        module.name
        for root in PACKAGES
        for module in walk_packages(import_module(root).__path__, f"{root}.")
        if module.ispkg and not module.name.startswith("qnet.cli")
    ]
    return [name for name in (*PACKAGES, *found) if hasattr(import_module(name), "__all__")]


def exported(package: str) -> list[object]:
    module = import_module(package)
    return [getattr(module, name) for name in module.__all__]


def imported_for_type_checkers(package: str) -> list[str]:
    """The names that the root module imports under TYPE_CHECKING, read from its source."""
    source = Path(str(import_module(package).__file__)).read_text(encoding="utf-8")
    guarded = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    return [
        alias.asname or alias.name
        for block in guarded
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]


@pytest.mark.parametrize("package", PACKAGES)
def test_all_is_what_is_exported(package: str) -> None:
    module = import_module(package)
    assert len(set(module.__all__)) == len(module.__all__)
    assert sorted(imported_for_type_checkers(package)) == sorted(module.__all__)


@pytest.mark.parametrize("package", public_packages())
def test_every_exported_name_resolves_and_says_what_it_is(package: str) -> None:
    module = import_module(package)
    for name in module.__all__:
        value = getattr(module, name)
        assert name in dir(module)
        if callable(value):
            assert value.__doc__, f"{package}.{name} has no docstring"


@pytest.mark.parametrize("package", PACKAGES)
def test_a_wrong_name_is_an_attribute_error(package: str) -> None:
    with pytest.raises(AttributeError, match=f"module '{package}' has no attribute 'nothing_of_this_name'"):
        import_module(package).nothing_of_this_name  # noqa: B018


def test_the_packages_have_one_version() -> None:
    versions = {import_module(package).__version__ for package in PACKAGES}
    project = Path(__file__).parents[2] / "pyproject.toml"
    (version,) = versions
    assert f'version = "{version}"' in project.read_text(encoding="utf-8")


def test_every_room_exports_its_names() -> None:
    rooms = {
        "qnet.bounds",
        "qnet.devices",
        "qnet.qkd.sessions",
        "qnet.repeaters.one_way",
        "qnet.execution.jobs",
    }
    assert rooms <= set(public_packages())


@pytest.mark.parametrize("package", public_packages())
def test_every_exported_name_is_in_the_api_reference(package: str) -> None:
    """A page lists the `__all__` of its package; what a package without one exports is on another page."""
    pages = {page.stem: page.read_text(encoding="utf-8") for page in API.glob("*.rst")}
    if package in pages:
        assert f".. package-api:: {package}\n" in pages[package]
        assert f"api/{package}\n" in (API.parent / "index.md").read_text(encoding="utf-8")
    else:
        told = [value for page in pages for value in exported(page)]
        missing = [one for one in exported(package) if not any(one is other for other in told)]
        assert not missing, f"there is no docs/api/{package}.rst"
