"""`qnet code failure`: exact answers about a small code."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import Debug, Json, Plot
from qnet.cli.commands.code._options import Code, answer, probability

if TYPE_CHECKING:
    from collections.abc import Callable

    from circuits.codes import StabilizerCode
    from qnet.cli._face import Face
    from qnet.results import Figure

__all__ = ["failure"]


def failure(
    context: typer.Context,
    code: Code,
    p: Annotated[
        float,
        typer.Option(
            "--p", parser=probability, metavar="P", help="Probability of an error, or a loss, of each qubit."
        ),
    ],
    erasure: Annotated[
        bool, typer.Option("--erasure", help="Qubits are lost, at known places, instead of depolarised.")
    ] = False,
    detection: Annotated[
        bool, typer.Option("--detection", help="Throw away every shot in which a check fires.")
    ] = False,
    json: Json = False,
    plot: Plot = None,
    debug: Debug = False,
) -> None:
    """Tell how often a code fails with perfect checks and the best possible decoder, exactly.

    Each qubit suffers X, Y or Z with P/3 each (figure
    `failure`); with --erasure it is lost (figure `uncorrectable`: some logical operator lies on the lost
    qubits, and the logical state is not recovered). For small codes: qubits and logical qubits at most 24
    together, at most 20 qubits with --erasure.
    """
    face: Face = context.obj
    if erasure and detection:
        raise ValueError("--erasure and --detection: losses are known, there is nothing to detect; give one")
    if plot is not None:
        from qnet.plotting import check_writable

        check_writable(plot)
    from circuits.codes.naming import named_code

    started = perf_counter()
    found = named_code(code)
    figures_at = _figures_at(found, erasure=erasure, detection=detection)
    figures = figures_at(p)
    rows = _rows(found) if erasure else []
    asked = {"code": found.name, "p": p, "erasure": erasure, "detection": detection}
    elapsed_s = perf_counter() - started
    face.give(answer("code failure", asked, figures=figures, elapsed_s=elapsed_s, rows=rows))
    if not face.json:
        face.show(*(f"{name} = {figure.value:.6e} (exact)" for name, figure in figures.items()))
    if plot is not None:
        _draw(found, figures_at, p, plot)
        face.show(f"picture: {plot}")


def _figures_at(
    code: StabilizerCode, *, erasure: bool, detection: bool
) -> Callable[[float], dict[str, Figure]]:
    from circuits.codes.oracles import maximum_likelihood_failure, post_selected, uncorrectable_erasures
    from qnet.results import Figure

    if not code.k:
        raise ValueError(f"{code.name} encodes no qubit: nothing can fail")
    if erasure:
        counts = uncorrectable_erasures(code)

        def lost(p: float) -> dict[str, Figure]:
            n = len(counts) - 1
            return {"uncorrectable": Figure(sum(c * p**w * (1 - p) ** (n - w) for w, c in enumerate(counts)))}

        return lost
    if detection:

        def kept(p: float) -> dict[str, Figure]:
            found = post_selected(code, p)
            return {"accepted": Figure(found.accepted), "error": Figure(found.error)}

        return kept
    return lambda p: {"failure": Figure(maximum_likelihood_failure(code, p))}


def _rows(code: StabilizerCode) -> list[dict[str, Any]]:
    from math import comb

    from circuits.codes.oracles import uncorrectable_erasures

    return [
        {"lost": lost, "uncorrectable": count, "sets": comb(code.n, lost)}
        for lost, count in enumerate(uncorrectable_erasures(code))
    ]


def _draw(
    code: StabilizerCode, figures_at: Callable[[float], dict[str, Figure]], p: float, plot: Path
) -> None:
    import numpy as np

    from qnet.plotting import save
    from qnet.plotting.codes import draw_failure

    many = 60 if code.n < 16 else 12
    at = np.geomspace(max(p / 30, 1e-4), min(max(3 * p, 1e-2), 1.0), many)
    curves = [figures_at(float(x)) for x in at]
    names = [name for name in curves[0] if name != "accepted"]
    save(
        draw_failure(
            at.tolist(),
            {name: [curve[name].value for curve in curves] for name in names},
            mark=(p, [figures_at(p)[name].value for name in names]),
            title=code.name,
        ),
        plot,
    )
