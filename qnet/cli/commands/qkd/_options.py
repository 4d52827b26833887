"""What the commands about key rates share: options, and how texts become places and blocks."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DEFAULT_PRESET", "Csv", "Finite", "PresetName", "RateSettings", "curve_lengths", "number"]

DEFAULT_PRESET = "snspd-metro"


def number(text: str) -> float:
    """A finite number, for typer; what is none is refused by its value.

    Example:
        >>> number("1e7")
        10000000.0
    """
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise typer.BadParameter(f"{text!r} is no number")
    return value


PresetName = Annotated[
    str,
    typer.Option("--preset", metavar="NAME", help="Link and devices; 'qnet qkd presets' lists them."),
]
Finite = Annotated[
    list[float] | None,
    typer.Option(
        "--finite",
        parser=number,
        metavar="N",
        help="A key from N sifted bits of the key's basis, in place of an endless one.",
        show_default=False,
    ),
]
RateSettings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Set a parameter of the protocol, the detector, the fibre or the failure probabilities; what is"
        " set is not optimised. May be given again.",
        show_default=False,
    ),
]
Csv = Annotated[
    Path | None,
    typer.Option("--csv", metavar="FILE", help="Write the table as CSV.", show_default=False),
]


def curve_lengths(text: str) -> NDArray[Any]:
    """The lengths of a curve START:STOP:STEP, its stop included.

    Raises:
        ValueError: If the text does not read, or is no curve of at least two and at most 10 000 points.

    Example:
        >>> curve_lengths("0:20:5").tolist()
        [0.0, 5.0, 10.0, 15.0, 20.0]
    """
    import numpy as np

    parts = text.split(":")
    try:
        start, stop, step = (float(part) for part in parts)
    except ValueError:
        raise ValueError(f"--curve {text!r} does not read; write START:STOP:STEP, such as 0:400:5") from None
    if not (isfinite(start) and isfinite(stop) and step > 0 and 0 <= start < stop):
        raise ValueError(
            f"--curve {text!r} is no curve; give 0 <= START < STOP and STEP > 0, such as 0:400:5"
        )
    count = int(np.floor((stop - start) / step + 1e-9)) + 1
    if not 2 <= count <= 10_000:
        raise ValueError(f"--curve {text!r} has {count} points; give a step for 2 to 10000 of them")
    return np.asarray(np.round(start + step * np.arange(count), 9))
