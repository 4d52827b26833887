"""`eavesdropper`: Eve from a text, as on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from qnet.qkd.eavesdroppers.blinding import DetectorBlinding
from qnet.qkd.eavesdroppers.intercept_resend import InterceptResend
from qnet.qkd.eavesdroppers.photon_number_splitting import PhotonNumberSplitting
from qnet.qkd.eavesdroppers.shape import Eavesdropper
from qnet.qkd.errors import UnknownEavesdropper

__all__ = ["EAVESDROPPERS", "eavesdropper"]

_ALL: tuple[type[Eavesdropper], ...] = (InterceptResend, PhotonNumberSplitting, DetectorBlinding)

EAVESDROPPERS: Mapping[str, type[Eavesdropper]] = MappingProxyType({one.name: one for one in _ALL})


def eavesdropper(text: str) -> Eavesdropper:
    """Eve from a text `NAME[:SHARE[:BASES]]`.

    Args:
        text: Her name; the share of the pulses on which she acts; the letters of the bases in which she
            measures, such as `ZX` (or the digits of E91's settings).

    Raises:
        UnknownEavesdropper: If there is none of this name.
        ValueError: If she does not take a share or bases, or they are none.

    Example:
        >>> eavesdropper("intercept-resend:0.3:ZX")
        InterceptResend(share=0.3, bases=('Z', 'X'))
        >>> eavesdropper("photon-number-splitting")
        PhotonNumberSplitting(share=1.0)
    """
    name, *rest = str(text).strip().split(":")
    plain = name.strip().lower().replace("_", "-").replace(" ", "-")
    kind = EAVESDROPPERS.get({"pns": "photon-number-splitting"}.get(plain, plain))
    if kind is None:
        near = get_close_matches(plain, list(EAVESDROPPERS), n=1, cutoff=0.5)
        mend = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(EAVESDROPPERS)}"
        raise UnknownEavesdropper(f"there is no eavesdropper {name!r}; {mend}")
    if kind is InterceptResend and len(rest) == 2:
        return InterceptResend(share=_share(text, rest[0] or "1"), bases=tuple(rest[1].strip().upper()))
    if kind is InterceptResend and len(rest) <= 1:
        return InterceptResend(share=_share(text, rest[0])) if rest else InterceptResend()
    if kind is PhotonNumberSplitting and len(rest) <= 1:
        return PhotonNumberSplitting(share=_share(text, rest[0])) if rest else PhotonNumberSplitting()
    if not rest:
        return kind()
    raise ValueError(f"eavesdropper {text!r} has too many parts; give {_form(kind)}")


def _form(kind: type[Eavesdropper]) -> str:
    parts = {InterceptResend: "[:SHARE[:BASES]]", PhotonNumberSplitting: "[:SHARE]"}
    return kind.name + parts.get(kind, "")


def _share(text: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise ValueError(f"eavesdropper {text!r}: share={value!r} must be a number from 0 to 1") from None
