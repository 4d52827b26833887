"""What each import package says it exports is what it gives."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

PACKAGES = ("circuits", "decoders", "qnet")


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


@pytest.mark.parametrize("package", PACKAGES)
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
