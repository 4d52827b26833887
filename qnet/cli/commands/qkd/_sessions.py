"""What the commands about sessions in several processes share: options, the plan, what is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qnet.cli._options import whole_number
from qnet.cli.commands.qkd._options import number
from qnet.cli.commands.qkd._plan_fields import PLAN, plan_fields

if TYPE_CHECKING:
    from qnet.cli._face import Face
    from qnet.qkd.sessions.ledger import SessionResult
    from qnet.qkd.sessions.plan import SessionPlan
    from qnet.qkd.sessions.storage import FileVault
    from qnet.qkd.sessions.transcript import Transcript

__all__ = [
    "Keys",
    "Length",
    "Listen",
    "PartySeed",
    "PoolFile",
    "Pulses",
    "SessionProtocol",
    "SessionSettings",
    "Timeout",
    "TranscriptFile",
    "give_session",
    "plan_of",
    "plan_settings",
    "session_name",
    "tell_port",
]

SessionProtocol = Annotated[
    str,
    typer.Argument(
        metavar="PROTOCOL", help="bb84, six-state, bb84-decoy, bbm92, e91 and others.", show_default=False
    ),
]
Pulses = Annotated[
    int,
    typer.Option(
        "--pulses", parser=whole_number, metavar="N", help="Pulses (or pairs) in all.", show_default=False
    ),
]
SessionSettings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Set a parameter of the protocol, the plan or the failure probabilities; the same at all three."
        " May be given again.",
        show_default=False,
    ),
]
Listen = Annotated[
    str,
    typer.Option(
        "--listen",
        metavar="HOST:PORT",
        help="Where to wait; port 0 for a free one. This machine alone by default.",
    ),
]
PoolFile = Annotated[
    Path,
    typer.Option(
        "--pool", metavar="FILE", help="The pre-shared key ('qnet qkd pool' makes it).", show_default=False
    ),
]
Keys = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="The folder of this end's keys.", show_default=False)
]
PartySeed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        parser=whole_number,
        metavar="N",
        help="Seed of this end's randomness, for study; the operating system's if not given.",
        show_default=False,
    ),
]
Timeout = Annotated[
    float, typer.Option("--timeout", parser=number, metavar="S", help="How long to wait for anybody.")
]
Length = Annotated[
    float | None,
    typer.Option(
        "--length",
        parser=number,
        metavar="KM",
        help="Length of the fibre of --preset; what the protocol leaves open is chosen at its best for it.",
        show_default=False,
    ),
]
TranscriptFile = Annotated[
    Path | None,
    typer.Option(
        "--transcript", metavar="FILE", help="Write down the classical channel.", show_default=False
    ),
]

_LONGER = (1, 30, 1000, 100_000)
_USUAL = {"test_probability": 0.5, "signal_probability": 0.5, "decoy_probability": 0.3}


def plan_of(
    protocol: str, pulses: int, settings: list[str] | None, *, preset: str, length: float | None
) -> tuple[SessionPlan, Any]:
    """The plan, and the link's devices.

    Raises:
        ValueError: If the protocol or a setting is unknown, or something is left open.
    """
    from qnet.cli.commands.qkd._asked import asked_for
    from qnet.qkd.registry import RATES
    from qnet.qkd.sessions.plan import SessionPlan

    name = session_name(protocol)
    chosen, others = plan_settings(settings)
    if length is not None and name == "b92":
        others += _b92_defaults(others)
    rates = [RATES[name]] if name in RATES else []
    asked = asked_for(rates, preset, others, session=True)
    rate: Any = asked.protocols[0] if rates else name
    if rates and length is not None and (rate.proof is not None or rate.sought(finite=False)):
        rate = _optimised(rate, asked.preset.link(length), pulses, asked.epsilon)
    return SessionPlan(protocol=rate, pulses=pulses, epsilon=asked.epsilon, **chosen), asked.preset


def session_name(protocol: str) -> str:
    """The name of a protocol that has sessions.

    Raises:
        ValueError: If there is none.
    """
    from difflib import get_close_matches

    from qnet.qkd.sessions._scheme_of import SESSION_PROTOCOLS

    name = protocol.strip().lower().replace("_", "-")
    if name not in SESSION_PROTOCOLS:
        near = get_close_matches(name, list(SESSION_PROTOCOLS), n=1, cutoff=0.7)
        mend = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(SESSION_PROTOCOLS)}"
        raise ValueError(f"protocol {protocol!r} has no session; {mend}")
    return name


def plan_settings(settings: list[str] | None) -> tuple[dict[str, Any], list[str]]:
    """The settings that are the plan's own, typed, and the others.

    Raises:
        ValueError: If one of the plan's does not read.
    """
    from qnet.cli._settings import configured

    ours = [text for text in settings or () if _name(text) in PLAN]
    fields = configured(plan_fields(), ours)
    chosen = {one: getattr(fields, one) for one in PLAN if one in {_name(text) for text in ours}}
    return chosen, [text for text in settings or () if _name(text) not in PLAN]


def _b92_defaults(given: list[str]) -> list[str]:
    """The angle between a session's two states, and a usual intensity: with loss none leaves a key."""
    names = {one.partition("=")[0].strip().replace("-", "_") for one in given}
    single = any(one.replace(" ", "") == "source=single" for one in given)
    usual = {"angle_deg": "45"} if single else {"angle_deg": "45", "intensity": "0.1"}
    return [f"{name}={value}" for name, value in usual.items() if name not in names]


def _optimised(rate: Any, link: Any, pulses: int, epsilon: Any) -> Any:
    """What the protocol leaves open, at its best for the link and so many pulses."""
    from qnet.qkd.rates.shape import Block

    # Where so few pulses bring no key, what is best for more of them at least tells the most of the link.
    for times in _LONGER if rate.proof is not None else ():
        block = Block(pulses=pulses * times, epsilon=epsilon)
        best = rate.optimised(link, block)
        counts = best.expected_counts(link, block)
        if best.finite_key_length(counts, epsilon=epsilon).length > 0:
            return best
    chosen = rate.optimised(link)
    left = {name: _USUAL[name] for name in chosen.sought(finite=True) if name in _USUAL}
    if "test_probability" in left and rate.name == "six-state":
        left["test_probability"] = 2 / 3
    return replace(chosen, **left)


def _name(text: str) -> str:
    return text.partition("=")[0].strip().replace("-", "_")


def tell_port(face: Face, host: str) -> Callable[[int], None]:
    """How a command says where it waits: one line on stderr."""

    def tell(port: int) -> None:
        face.note(f"listening at {host}:{port}")

    return tell


def give_session(
    face: Face,
    result: SessionResult,
    *,
    vault: FileVault,
    put_down: Transcript,
    transcript: Path | None,
    seed: int | None,
) -> None:
    """Write the transcript, if it is wanted, and the account of a session, without a bit of its key."""
    from qnet.cli._versions import all_versions
    from qnet.qkd.sessions.figures import session_figures

    files = {} if result.key is None else {"key": str(vault.path_of(result.session))}
    if transcript is not None:
        put_down.save(transcript)
        files["transcript"] = str(transcript)
    figures = session_figures(result.ledger)
    face.give(
        {
            "command": f"qkd {result.party}",
            "parameters": result.ledger.parameters,
            "seed": seed,
            "figures": {name: one.as_dict() for name, one in figures.items()},
            "session": result.session,
            "ledger": result.ledger.as_dict(),
            "files": files,
            "versions": all_versions(),
            "elapsed_s": face.elapsed_s,
        }
    )
    if face.json:
        return
    from qnet.cli.commands.qkd._shown import figure_rows

    told = result.ledger
    face.show(f"{told.protocol}, session {result.session}, {result.party}", figure_rows(figures))
    face.show(f"disclosed: {', '.join(f'{kind} {bits}' for kind, bits in told.disclosed.items())}")
    face.show(told.stopped or f"key: {files.get('key', '')}, {result.key!r}")
