"""`qnet code show`: the checks and the logical operators of a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from qnet.cli._options import Debug, Json
from qnet.cli.commands.code._options import Code, answer

if TYPE_CHECKING:
    from circuits.codes import StabilizerCode
    from circuits.codes.distance import CircuitDistance
    from qnet.cli._face import Face

__all__ = ["show"]

SMALL = 25


def show(context: typer.Context, code: Code, json: Json = False, debug: Debug = False) -> None:
    """Show a code's parameters, checks and logical operators, and the circuit distance of its memories."""
    face: Face = context.obj
    from circuits.codes.naming import named_code

    found = named_code(code)
    n, k, d = found.parameters
    distances = _distances(found)
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
            rows=[
                {"extraction": way, "rounds": 1, "lower": one.lower, "upper": one.upper}
                for way, one in distances.items()
            ],
        )
    )
    if not face.json:
        print(as_text(found))
        for way, one in distances.items():
            print(f"circuit distance, 1 round, {way}: {one}")


def _distances(code: StabilizerCode) -> dict[str, CircuitDistance]:
    """The circuit distance of a memory of one round for every way to extract its syndrome.

    Of large codes, of which it would take long, only with bare ancillas, or not at all.
    """
    if not code.k:
        return {}
    from circuits.codes.extraction import EXTRACTIONS
    from qnet.cli.commands.code._distance import told_distance
    from qnet.studies import CodeStudy

    found = {}
    for way in EXTRACTIONS if code.n <= SMALL else EXTRACTIONS[:1]:
        try:
            study = CodeStudy(codes=(code.name,), noises=("uniform:0",), rounds=1, extraction=way)
            one = told_distance(study.points()[0])
        except ValueError:
            continue
        if one is not None:
            found[way] = one
    return found


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
