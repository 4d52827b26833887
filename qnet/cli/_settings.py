"""`--set name=value`: parameters of an experiment, typed by its own fields."""

from __future__ import annotations

import types
from ast import literal_eval
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from difflib import get_close_matches
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

__all__ = ["configured", "parameters"]

_UNREADABLE = (ValueError, SyntaxError, TypeError, KeyError)
_WORDS: Mapping[Any, Mapping[str, Any]] = {
    bool: {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False},
    type(None): {"none": None},
}


def configured(experiment: type, settings: Sequence[str] | None) -> Any:
    """An experiment with its parameters set.

    Args:
        experiment: The experiment's class, a dataclass.
        settings: Texts `name=value`.

    Returns:
        The experiment.

    Raises:
        ValueError: If a setting has no `=`, names no parameter, or names one for the second time.
        ValueError: If a value is not of the parameter's type.
        ValueError: If the experiment refuses a value.

    Example:
        >>> from dataclasses import dataclass
        >>> @dataclass(frozen=True, kw_only=True)
        ... class Chain:
        ...     stations: int = 1
        ...     weights: tuple[float, ...] | None = None
        >>> configured(Chain, ["stations=5", "weights=0.9,0.1"])
        Chain(stations=5, weights=(0.9, 0.1))
    """
    known = _types(experiment)
    chosen: dict[str, Any] = {}
    for setting in settings or ():
        name, equals, text = setting.partition("=")
        name = name.strip().replace("-", "_")
        if not equals:
            raise ValueError(f"--set {setting!r} has no '='; write --set NAME=VALUE")
        if name not in known:
            raise ValueError(_unknown(experiment, name, known))
        if name in chosen:
            raise ValueError(f"--set {name} is given twice; give it once")
        chosen[name] = _typed(name, text.strip(), known[name])
    return experiment(**chosen)


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


def _unknown(experiment: type, name: str, known: Mapping[str, Any]) -> str:
    title = getattr(experiment, "name", experiment.__name__)
    if not known:
        return f"{title} has no parameter {name!r}, nor any other; leave --set out"
    near = get_close_matches(name, known, n=1)
    mend = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(known)}"
    return f"{title} has no parameter {name!r}; {mend}"


def _typed(name: str, text: str, kind: Any) -> Any:
    try:
        return _read(text, kind)
    except _UNREADABLE:
        raise ValueError(f"--set {name}={text}: {text!r} does not do; give {_wanted(kind)}") from None


def _read(text: str, kind: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _first(text, inner)
    if origin is Literal:
        return {str(choice): choice for choice in inner}[text]
    if origin in (tuple, list, Sequence):
        return _several(text, inner)
    if kind in _WORDS:
        return _WORDS[kind][text.lower()]
    return kind(text) if kind in (int, float, str) else literal_eval(text)


def _first(text: str, kinds: Sequence[Any]) -> Any:
    """The value as the first of the kinds that reads it; text only where nothing else does."""
    for kind in sorted(kinds, key=lambda k: (k is str, k is not type(None))):
        with suppress(*_UNREADABLE):
            return _read(text, kind)
    raise ValueError(text)


def _several(text: str, inner: Sequence[Any]) -> tuple[Any, ...]:
    parts = [part.strip() for part in text.strip("()[]").split(",") if part.strip()]
    open_ended = (len(inner) == 2 and inner[1] is Ellipsis) or len(inner) == 1
    kinds = [inner[0]] * len(parts) if open_ended else list(inner)
    return tuple(_read(part, kind) for part, kind in zip(parts, kinds, strict=True))


def _described(kind: Any) -> str:
    plain = isinstance(kind, type) and not get_args(kind)
    return kind.__name__ if plain else str(kind).replace("typing.", "")


def _wanted(kind: Any) -> str:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return " or ".join(_wanted(one) for one in inner)
    if origin is Literal:
        return f"one of {', '.join(map(str, inner))}"
    if origin in (tuple, list, Sequence):
        count = "" if len(inner) == 1 or inner[-1] is Ellipsis else f"{len(inner)} "
        return f"{count}values with commas between them"
    if kind in _WORDS:
        return " or ".join(list(_WORDS[kind])[:2])
    return {int: "a whole number", float: "a number", str: "a text"}.get(kind, f"a {_described(kind)}")
