"""The parameters of a session's plan that `--set` may set."""

from __future__ import annotations

from typing import Any

__all__ = ["PLAN", "plan_fields"]

PLAN = ("sample_share", "highest_qber", "reconciliation", "round_trip_s", "block_length", "replenish_bytes")


def plan_fields() -> type[Any]:
    """The parameters of a plan that may be set, as a class that has them."""
    from dataclasses import field, make_dataclass
    from typing import get_type_hints

    from qnet.qkd.sessions.plan import SessionPlan

    hints = get_type_hints(SessionPlan)
    return make_dataclass(
        "Plan", [(name, hints[name], field(default=None)) for name in PLAN], namespace={"name": "the plan"}
    )
