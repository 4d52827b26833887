"""The decoders by name, as sinter wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sinter

__all__ = ["sinter_decoders"]


def sinter_decoders() -> dict[str, sinter.Decoder]:
    """Every decoder of this package by name.

    For `sinter.collect(custom_decoders=sinter_decoders())`, and on the command line
    `sinter collect --custom_decoders_module_function "decoders:sinter_decoders"`. The names `pymatching`
    and `vacuous` then mean the decoders of this package instead of sinter's own.

    Returns:
        A new dict from name to decoder.

    Example:
        >>> for name, decoder in sinter_decoders().items():
        ...     print(name, decoder)
        pymatching PyMatchingDecoder(correlated=False)
        pymatching_correlated PyMatchingDecoder(correlated=True)
        vacuous VacuousDecoder()
    """
    from decoders.pymatching import PyMatchingDecoder
    from decoders.vacuous import VacuousDecoder

    return {
        "pymatching": PyMatchingDecoder(),
        "pymatching_correlated": PyMatchingDecoder(correlated=True),
        "vacuous": VacuousDecoder(),
    }
