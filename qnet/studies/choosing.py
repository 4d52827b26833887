"""Decoders by name, as studies and the face ask for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import sinter

__all__ = ["check_decoders", "chosen_decoders"]


def check_decoders(names: Iterable[str], low_confidence: float | None = None) -> None:
    """Refuse decoders that are not known by name, or that cannot flag what they are unsure of.

    Raises:
        ValueError: If there is no such decoder; the nearest name is given.
        ValueError: If `low_confidence` is asked of a decoder that has no such level.
    """
    chosen_decoders(names, low_confidence)


def chosen_decoders(names: Iterable[str], low_confidence: float | None = None) -> dict[str, sinter.Decoder]:
    """Decoders by name, at a level of confidence.

    Args:
        names: Names of `decoders.sinter_decoders()`.
        low_confidence: They flag the shots whose answer has at most this probability; None for their own way.

    Raises:
        ValueError: As `check_decoders`.

    Example:
        >>> chosen_decoders(["lookup"], 0.9)
        {'lookup': LookupDecoder(low_confidence=0.9)}
    """
    from decoders.registry import sinter_decoders

    known = sinter_decoders()
    found = {}
    for name in names:
        if name not in known:
            near = get_close_matches(str(name), known, n=1)
            mend = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(known)}"
            raise ValueError(f"there is no decoder {name!r}; {mend}")
        found[name] = known[name]
        if low_confidence is not None:
            if not _has_level(known[name]):
                able = ", ".join(name for name, decoder in known.items() if _has_level(decoder))
                raise ValueError(
                    f"low_confidence={low_confidence!r}: the decoder {name!r} has no such level; "
                    f"leave it out, or choose one of {able}"
                )
            found[name] = replace(cast(Any, known[name]), low_confidence=low_confidence)
    return found


def _has_level(decoder: Any) -> bool:
    return any(field.name == "low_confidence" for field in fields(decoder))
