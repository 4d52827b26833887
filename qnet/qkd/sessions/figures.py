"""The figures of a session, as results have them."""

from __future__ import annotations

from math import sqrt
from typing import Any

from qnet.qkd.sessions.error_rate import ErrorRate
from qnet.qkd.sessions.ledger import Ledger
from qnet.results import Figure

__all__ = ["session_figures", "session_funnel"]


def session_figures(ledger: Ledger) -> dict[str, Figure]:
    """The figures of a ledger by name: error rates, shares, what reconciliation took, and the key.

    Args:
        ledger: The account of a session.

    Returns:
        `qber`, and `qber_z`, `qber_x`, `qber_y` where there are such bases; `sifted_share` of the clicks;
        `f_ec`, `round_trips`; `key_bits` and `rate` (secret bits per pulse), both 0 where there is no
        finite-key bound; and what the protocol has besides, such as `chsh_s`.
    """
    found = {"qber": _rate(ledger.qber)}
    for name, rate in ledger.error_rates.items():
        if name in ("z", "x", "y"):
            found[f"qber_{name}"] = _rate(rate)
    share = ledger.sifted / ledger.raw if ledger.raw else float("nan")
    key = ledger.final or 0
    return {
        **found,
        **{name: Figure(value) for name, value in ledger.figures.items()},
        "sifted_share": Figure(share, stderr=_spread(share, ledger.raw)),
        "f_ec": Figure(ledger.f_ec),
        "round_trips": Figure(float(ledger.round_trips)),
        "key_bits": Figure(float(key), unit="bit"),
        "rate": Figure(key / ledger.pulses, unit="bit/pulse"),
    }


def _spread(share: float, count: int) -> float | None:
    return sqrt(share * (1 - share) / count) if count else None


def _rate(rate: ErrorRate) -> Figure:
    return Figure(rate.value, stderr=rate.stderr)


def session_funnel(ledger: Ledger) -> list[dict[str, Any]]:
    """What is left of the pulses, stage by stage.

    Args:
        ledger: The account of a session.

    Returns:
        Rows with `stage`, `bits`, and `share` of the stage before.
    """
    left = {
        "pulses": ledger.pulses,
        "detected": ledger.raw,
        "sifted": ledger.sifted,
        "key": ledger.estimated,
        "reconciled": ledger.reconciled,
        "verified": ledger.verified,
        "secret": ledger.final or 0,
    }
    before = [ledger.pulses, *left.values()]
    return [
        {"stage": stage, "bits": bits, "share": bits / last if last else None}
        for (stage, bits), last in zip(left.items(), before, strict=False)
    ]
