"""`qnet prove`: prove that a protocol does what it says."""

from __future__ import annotations

from dataclasses import fields
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import Debug, Json, Settings

if TYPE_CHECKING:
    from qnet.cli._face import Face
    from qnet.protocols import Proof

__all__ = ["prove"]


def prove(
    context: typer.Context,
    protocol: Annotated[
        str | None, typer.Argument(help="Name of a protocol, or a word of it.", show_default=False)
    ] = None,
    set_: Settings = None,
    all_: Annotated[bool, typer.Option("--all", help="Prove every protocol that is Clifford.")] = False,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Prove by stabilizer flows that a protocol does what it says, for every input and every outcome.

    The exit code is 1 where it does not.
    """
    face: Face = context.obj
    if (protocol is None) != all_:
        raise ValueError("give either the name of a protocol or --all, as in: qnet prove teleportation")
    return _prove_all(face, set_) if protocol is None else _prove_one(face, protocol, set_)


def _prove_one(face: Face, name: str, settings: list[str] | None) -> int:
    from qnet.cli._settings import configured
    from qnet.protocols import protocol
    from qnet.protocols import prove as proved

    experiment = configured(protocol(name), settings)
    started = perf_counter()
    proof = proved(experiment)
    parameters = {field.name: getattr(experiment, field.name) for field in fields(experiment)}
    rows = [_row(experiment.name, flow) for flow in proof.flows]
    face.give(_answer(parameters, rows, perf_counter() - started, experiment.name, proof))
    face.show(*map(str, proof.flows), *(f"  {one.circuit}: {one}" for one in proof.counterexamples))
    kept = f"proved: {len(proof.flows)} flows hold for every input and every outcome"
    face.show(kept if proof.holds else "refuted: the circuit does not do what it says")
    return 0 if proof.holds else 1


def _prove_all(face: Face, settings: list[str] | None) -> int:
    if settings:
        raise ValueError("--all proves the protocols as they are; leave --set out, or name one protocol")
    started = perf_counter()
    rows = _verdicts()
    face.give(_answer({}, rows, perf_counter() - started))
    face.show(*(f"{row['verdict']:13} {row['protocol']}: {row['detail']}" for row in rows))
    return 1 if any(row["verdict"] == "refuted" for row in rows) else 0


def _verdicts() -> list[dict[str, Any]]:
    from circuits.errors import NotClifford
    from qnet.protocols import PROTOCOLS
    from qnet.protocols import prove as proved

    rows = []
    for name, experiment in PROTOCOLS.items():
        try:
            proof = proved(experiment())
        except NotClifford:
            rows.append({"protocol": name, "verdict": "not Clifford", "detail": "can only be sampled"})
            continue
        detail = str(proof.counterexample) if proof.counterexample else f"{len(proof.flows)} flows"
        rows.append({"protocol": name, "verdict": "proved" if proof.holds else "refuted", "detail": detail})
    return rows


def _row(name: str, flow: Any) -> dict[str, Any]:
    return {
        "protocol": name,
        "circuit": flow.circuit,
        "claimed": flow.claimed,
        "flow": flow.flow,
        "holds": flow.holds,
    }


def _answer(
    parameters: dict[str, Any],
    rows: list[dict[str, Any]],
    elapsed_s: float,
    name: str | None = None,
    proof: Proof | None = None,
) -> dict[str, Any]:
    from qnet.cli._versions import all_versions

    answer: dict[str, Any] = {"command": "prove", "parameters": parameters, "seed": None, "figures": {}}
    if proof is not None:
        counterexample = None if proof.counterexample is None else str(proof.counterexample)
        answer |= {"experiment": name, "holds": proof.holds, "counterexample": counterexample}
    else:
        answer["holds"] = all(row["verdict"] != "refuted" for row in rows)
    return answer | {"versions": all_versions(), "elapsed_s": elapsed_s, "rows": rows}
