"""Three directives: the tables of the circuits and of the key rates, and the API of a package.

The tables come from the catalogues that the tests and the command line use, and the API from each package's
`__all__`: none is written a second time by hand.
"""

from __future__ import annotations

import inspect
import re
import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class CircuitsTable(SphinxDirective):
    """One row for each circuit of the catalogue."""

    def run(self) -> list[nodes.Node]:
        """The table, from the catalogue."""
        from circuits.library.catalogue import CATALOGUE

        lines = [".. list-table::", "   :header-rows: 1", "   :widths: 35 40 17 8", ""]
        lines += row("for example", "what it is", "corrections", "Clifford")
        for entry in CATALOGUE:
            forms = ", ".join(entry.forms) if len(entry.forms) > 1 else "–"
            lines += row(
                f"``{entry.example}``", prose(entry.summary), forms, "yes" if entry.clifford else "no"
            )
        return parsed(self, lines)


class RatesTable(SphinxDirective):
    """One row for each protocol whose key rate is known, and by which proof it has finite keys."""

    def run(self) -> list[nodes.Node]:
        """The table, from the catalogue of key rates."""
        from qnet.qkd.catalogue import rate_table

        lines = [".. list-table::", "   :header-rows: 1", "   :widths: 17 41 42", ""]
        lines += row("protocol", "what it is", "finite keys, and the bound of their statistics")
        for one in rate_table():
            finite = f"{one['proof']}; {one['bound']}" if one["finite"] else "no proof here"
            lines += row(f"``{one['name']}``", prose(one["summary"]), prose(finite))
        return parsed(self, lines)


class PackageApi(SphinxDirective):
    """Every name in a package's `__all__`, leaving out those that the packages of `:except:` export."""

    required_arguments = 1
    option_spec = {"except": str.split}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        """The package's docstring, and the names in the order of `__all__`."""
        package = import_module(self.arguments[0])
        elsewhere = {
            place(module, name)
            for module in map(import_module, self.options.get("except", ()))
            for name in module.__all__
        }
        lines = [*plain((inspect.getdoc(package) or "").splitlines()), ""]
        described = [name for name in package.__all__ if place(package, name) in elsewhere]
        if described:
            others = " and ".join(f":doc:`{other}`" for other in self.options["except"])
            lines += [f"Described in {others}: {', '.join(f'``{name}``' for name in described)}.", ""]
        for name in package.__all__:
            if name not in described:
                path = place(package, name)
                lines += [f".. {directive(getattr(package, name))}:: {path}", ""]
        return parsed(self, lines)


def row(*cells: str) -> list[str]:
    """The lines of one row of a list-table."""
    return [f"   {'* -' if not number else '  -'} {cell}" for number, cell in enumerate(cells)]


def parsed(directive: SphinxDirective, lines: list[str]) -> list[nodes.Node]:
    """The nodes that the lines of reStructuredText make."""
    container = nodes.container()
    directive.state.nested_parse(StringList(lines, source=directive.env.docname), 0, container)
    return container.children


def directive(value: Any) -> str:
    """The autodoc directive for a value."""
    if inspect.isclass(value):
        return "autoexception" if issubclass(value, BaseException) else "autoclass"
    return "autofunction" if inspect.isfunction(value) else "autodata"


def place(package: ModuleType, name: str) -> str:
    """The full path at which an exported name is defined: a constant's by the module that lists it."""
    value = getattr(package, name)
    if inspect.isfunction(value) or inspect.isclass(value):
        return f"{value.__module__}.{value.__qualname__}"
    homes = [
        home
        for home, module in list(sys.modules.items())
        if home.startswith(f"{package.__name__}.")
        and name in getattr(module, "__all__", ())
        and not hasattr(module, "__path__")
    ]
    return f"{min(homes, default=package.__name__)}.{name}"


def plain(lines: list[str]) -> list[str]:
    """Docstring lines as reStructuredText: `code` is literal, and the bar of a ket |0⟩ is a bar."""
    written, in_example = [], False
    for line in lines:
        in_example = bool(line.strip()) and (in_example or line.lstrip().startswith(">>>"))
        written.append(line if in_example else prose(line))
    return written


def prose(line: str) -> str:
    """One line outside an example."""
    parts = re.split(r"(``.+?``|`[^`]+`)", line)
    literals = [f"``{part.strip('`')}``" for part in parts[1::2]]
    between = [re.sub(r"([|*\\])", r"\\\1", part) for part in parts[::2]]
    written = between[0]
    for literal, after in zip(literals, between[1:], strict=True):
        written += literal + ("\\ " if after[:1].isalnum() else "") + after
    return written


def on_docstring(app: Sphinx, what: str, name: str, value: Any, options: Any, lines: list[str]) -> None:
    """Before Napoleon reads a docstring; a constant without one has its type's, which says nothing of it."""
    of_type = (inspect.getdoc(type(value)) or "").splitlines()
    lines[:] = [] if what == "data" and lines[:1] == of_type[:1] else plain(lines)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("circuits-table", CircuitsTable)
    app.add_directive("rates-table", RatesTable)
    app.add_directive("package-api", PackageApi)
    app.connect("autodoc-process-docstring", on_docstring, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
