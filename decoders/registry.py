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

    Those that need the extra `decoders` (`tesseract`, `ldpc_…`, `chromobius`) are listed whether it is
    installed or not; without it they raise `MissingExtra` when a model is given to them.

    Example:
        >>> for name, decoder in sinter_decoders().items():
        ...     print(name, decoder)
        vacuous VacuousDecoder()
        lookup LookupDecoder(low_confidence=0.5)
        pymatching PyMatchingDecoder(correlated=True, low_confidence=None)
        pymatching_plain PyMatchingDecoder(correlated=False, low_confidence=None)
        erasure ErasureDecoder(exact=False, low_confidence=None)
        erasure_exact ErasureDecoder(exact=True, low_confidence=None)
        peeling PeelingDecoder()
        tesseract TesseractDecoder(beam=15, orders=16, queue=200000)
        ldpc_bposd BpOsdDecoder(iterations=30, order=10)
        ldpc_bplsd BpLsdDecoder(iterations=30, order=0)
        chromobius ChromobiusDecoder()
    """
    from decoders.chromobius import ChromobiusDecoder
    from decoders.erasure import ErasureDecoder
    from decoders.ldpc import BpLsdDecoder, BpOsdDecoder
    from decoders.lookup import LookupDecoder
    from decoders.peeling import PeelingDecoder
    from decoders.pymatching import PyMatchingDecoder
    from decoders.tesseract import TesseractDecoder
    from decoders.vacuous import VacuousDecoder

    return {
        "vacuous": VacuousDecoder(),
        "lookup": LookupDecoder(),
        "pymatching": PyMatchingDecoder(),
        "pymatching_plain": PyMatchingDecoder(correlated=False),
        "erasure": ErasureDecoder(),
        "erasure_exact": ErasureDecoder(exact=True),
        "peeling": PeelingDecoder(),
        "tesseract": TesseractDecoder(),
        "ldpc_bposd": BpOsdDecoder(),
        "ldpc_bplsd": BpLsdDecoder(),
        "chromobius": ChromobiusDecoder(),
    }
