"""`qnet code show`: the checks and the logical operators of a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from qnet.cli._options import Debug, Json
from qnet.cli.commands.code._options import Code, answer

if TYPE_CHECKING:
    from circuits.codes import StabilizerCode
    from qnet.cli._face import Face

__all__ = ["show"]


def show(context: typer.Context, code: Code, json: Json = False, debug: Debug = False) -> None:
    """Show a code's parameters, checks and logical operators."""
    face: Face = context.obj
    from circuits.codes.naming import named_code

    found = named_code(code)
    n, k, d = found.parameters
    face.give(
        answer(
            "code show",
            {"code": found.name},
            n=n,
            k=k,
            d=d,
            css=found.is_css,
            checks=found.checks,
            logical_x=found.logical_x,
            logical_z=found.logical_z,
            source=found.source,
        )
    )
    if not face.json:
        print(as_text(found))


def as_text(code: StabilizerCode) -> str:
    """The code in words and Pauli strings.

    Example:
        >>> from circuits.codes import repetition
        >>> print(as_text(repetition(3)))
        repetition:3: [[3, 1, 1]], CSS
        checks
          ZZI
          IZZ
        logical X
          XXX
        logical Z
          ZII
    """
    n, k, d = code.parameters
    kind = "CSS" if code.is_css else "not CSS"
    lines = [f"{code.name}: [[{n}, {k}, {d if d is not None else '?'}]], {kind}"]
    for title, strings in (
        ("checks", code.checks),
        ("logical X", code.logical_x),
        ("logical Z", code.logical_z),
    ):
        lines += [title, *(f"  {string}" for string in strings)]
    return "\n".join([*lines, *([f"source: {code.source}"] if code.source else [])])
