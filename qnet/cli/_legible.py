"""Text for terminals that know fewer characters than we use: plain ones of the same width."""

from __future__ import annotations

import codecs
from typing import Any

__all__ = ["legible"]

_PLAIN = {
    **dict.fromkeys("─╌┄╴╶—–−", "-"),
    **dict.fromkeys("│┃║╎░▒", "|"),
    **dict.fromkeys("═╞╡╪", "="),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯■●•✓╔╗╚╝╠╣╦╩╬╥╨╫╟╢╓╖╙╜", "+"),
    **{
        "±": "~",
        "✗": "x",
        "×": "x",
        "σ": "s",
        "…": ".",
        "»": ">",
        "«": "<",
        "→": ">",
        "⊗": "x",
        "\u00a0": " ",
    },
}


def legible(*streams: Any) -> None:
    """Have these streams write a plain character for each that their encoding lacks.

    Example:
        >>> codecs.register_error("qnet.plain", _replaced)
        >>> "✓ 0.903 ± 0.001, 2 σ – Φ".encode("ascii", "qnet.plain")
        b'+ 0.903 ~ 0.001, 2 s - ?'
    """
    codecs.register_error("qnet.plain", _replaced)
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="qnet.plain")


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join(_PLAIN.get(character, "?") for character in lost), error.end
