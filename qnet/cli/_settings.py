"""`--set name=value`: parameters of an experiment, typed by its own fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, get_args, get_type_hints

__all__ = ["configured", "parameters"]


def configured(experiment: type, settings: Sequence[str] | None) -> Any:
    """An experiment with its parameters set.

    Args:
        experiment: The experiment's class, a dataclass.
        settings: Texts `name=value`.

    Returns:
        The experiment.

    Raises:
        ValueError: If a setting has no `=`, or names a parameter for the second time.
        ValueError: If there is no such parameter, or a value is not of its type.
        ValueError: If the experiment refuses a value.

    Example:
        >>> from dataclasses import dataclass
        >>> @dataclass(frozen=True, kw_only=True)
        ... class Chain:
        ...     stations: int = 1
        ...     weights: tuple[float, float] | None = None
        >>> configured(Chain, ["stations=5", "weights=0.9,0.1"])
        Chain(stations=5, weights=(0.9, 0.1))
    """
    from qnet.protocols import from_text

    texts: dict[str, str] = {}
    for setting in settings or ():
        name, equals, text = setting.partition("=")
        name = name.strip().replace("-", "_")
        if not equals:
            raise ValueError(f"--set {setting!r} has no '='; write --set NAME=VALUE")
        if name in texts:
            raise ValueError(f"--set {name} is given twice; give it once")
        texts[name] = text
    return from_text(experiment, texts)


def parameters(experiment: type) -> list[dict[str, Any]]:
    """The parameters of an experiment: the name, type and default of each.

    Example:
        >>> from dataclasses import dataclass
        >>> @dataclass(frozen=True, kw_only=True)
        ... class Chain:
        ...     stations: int = 1
        >>> parameters(Chain)
        [{'name': 'stations', 'type': 'int', 'default': 1}]
    """
    defaults = experiment()
    known = _types(experiment)
    return [
        {"name": name, "type": _described(kind), "default": getattr(defaults, name)}
        for name, kind in known.items()
    ]


def _types(experiment: type) -> Mapping[str, Any]:
    hints = get_type_hints(experiment)
    return {field.name: hints[field.name] for field in fields(experiment) if field.init}


def _described(kind: Any) -> str:
    plain = isinstance(kind, type) and not get_args(kind)
    return kind.__name__ if plain else str(kind).replace("typing.", "")
