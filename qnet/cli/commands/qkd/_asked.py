"""From a preset and `--set` to a protocol, a link and a budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, make_dataclass, replace
from typing import TYPE_CHECKING, Any, get_type_hints

if TYPE_CHECKING:
    from qnet.qkd.epsilon import EpsilonBudget
    from qnet.qkd.presets import Preset
    from qnet.qkd.rates.shape import Block, RateProtocol

__all__ = ["Asked", "asked_for", "blocks_of", "budget_of", "detector_count", "values_of"]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a command was asked to reckon.

    Args:
        protocols: The protocols, with what was set.
        preset: The link's devices, with what was set.
        epsilon: The failure probabilities of a finite key.
    """

    protocols: Sequence[RateProtocol]
    preset: Preset
    epsilon: EpsilonBudget


def asked_for(
    protocols: Sequence[type[RateProtocol]], preset: str, settings: list[str] | None, *, session: bool = False
) -> Asked:
    """The protocols, link and budget that a preset and settings stand for.

    Args:
        protocols: The protocols.
        preset: Name of a preset.
        settings: Texts `name=value`.
        session: Whether it is for a session, whose plan has parameters, too.

    Raises:
        ValueError: If there is no such preset.
        ValueError: If a setting has no `=`, is given twice, is nobody's parameter or is refused.
    """
    from qnet.devices import Detector
    from qnet.qkd.epsilon import EpsilonBudget
    from qnet.qkd.presets import preset as named_preset

    base = named_preset(preset)
    values = values_of(protocols, settings, session=session)
    detector = replace(base.detector, **_of(Detector, values))
    loss = values.get("loss_db_per_km", base.loss_db_per_km)
    if "loss_db_per_km" in values and base.loss_db_per_km is None:
        raise ValueError(f"loss_db_per_km does not go with preset {base.name}, a link through space")
    made = [one(**{**base.settings_of(one), **_of(one, values)}) for one in protocols]
    return Asked(
        protocols=made,
        preset=replace(base, detector=detector, loss_db_per_km=loss),
        epsilon=_budget(EpsilonBudget, base.settings, values),
    )


def detector_count(preset: str, settings: list[str] | None) -> int:
    """How many detectors the receiver has; the preset's, unless it is set.

    Example:
        >>> detector_count("micius2017", None), detector_count("micius2017", ["count=2"])
        (4, 2)
    """
    from qnet.qkd.presets import preset as named_preset
    from qnet.qkd.registry import RATES

    given = values_of(list(RATES.values()), settings).get("count")
    return named_preset(preset).detector.count if given is None else int(given)


def blocks_of(
    epsilon: EpsilonBudget, *, finite: Sequence[float] | None, pulses: float | None = None
) -> list[Block | None]:
    """The blocks that were asked for; an endless key if none was."""
    from qnet.qkd.rates.shape import Block

    if finite and pulses is not None:
        raise ValueError("--finite and --pulses: the block has one size; give one of the two")
    if pulses is not None:
        return [Block(pulses=pulses, epsilon=epsilon)]
    return [Block(bits=one, epsilon=epsilon) for one in finite or ()] or [None]


def values_of(
    protocols: Sequence[type[RateProtocol]],
    settings: list[str] | None,
    *,
    link: bool = True,
    session: bool = False,
) -> dict[str, Any]:
    """Settings by name, typed by whoever has a parameter of that name.

    Args:
        protocols: The protocols.
        settings: Texts `name=value`.
        link: Whether there is a link, whose detector and fibre have parameters, too.
        session: Whether there is a session, whose plan has parameters, too.
    """
    from qnet.cli._settings import configured
    from qnet.cli.commands.qkd._plan_fields import plan_fields
    from qnet.devices import Detector
    from qnet.qkd.epsilon import EpsilonBudget

    hints: dict[str, Any] = {"epsilon": float, **({"loss_db_per_km": float} if link else {})}
    plan = (plan_fields(),) if session else ()
    for owner in (EpsilonBudget, *((Detector,) if link else ()), *plan, *protocols):
        known = get_type_hints(owner)
        hints |= {one.name: known[one.name] for one in fields(owner)}
    hints = {
        name: hints[name] for name in sorted(hints, key=lambda key: key in ("loss_db_per_km", "epsilon"))
    }
    who = protocols[0].name if len(protocols) == 1 else "the comparison" if protocols else "this session"
    shape = make_dataclass(
        "Settings",
        [(name, hint, field(default=None)) for name, hint in hints.items()],
        namespace={"name": who},
    )
    read = configured(shape, settings)
    given = {text.partition("=")[0].strip().replace("-", "_") for text in settings or ()}
    return {name: getattr(read, name) for name in hints if name in given}


def budget_of(values: Mapping[str, Any]) -> EpsilonBudget:
    """The failure probabilities, with what was set."""
    from qnet.qkd.epsilon import EpsilonBudget

    return _budget(EpsilonBudget, {}, values)


def _of(owner: type[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    known = {one.name for one in fields(owner)}
    return {name: value for name, value in values.items() if name in known}


def _budget(
    budget: type[EpsilonBudget], preset: Mapping[str, Any], values: Mapping[str, Any]
) -> EpsilonBudget:
    parts = _of(budget, values)
    if "epsilon" in values:
        if parts:
            raise ValueError(f"epsilon and {', '.join(parts)}: give the total or its parts, not both")
        return budget.of_total(values["epsilon"])
    whole = {"per_bit": False} if "secrecy" in parts else {}
    return budget(**{**_of(budget, preset), **whole, **parts})
