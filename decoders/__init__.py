"""Decoders: from detector error models to corrections, each a `sinter.Decoder`.

Every name is loaded when it is first used, so that importing the package imports no matching library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from decoders.chromobius import ChromobiusDecoder
    from decoders.collection import CollectionError, NotSaved, Progress, WorkerLost, collect, process_pool
    from decoders.confidence import CompiledWithConfidence, Decoded, DiscardingDecoder
    from decoders.erasure import ErasureDecoder
    from decoders.errors import DecodersError, MissingExtra, NoHeralds, NotDecodable, NotMatchable
    from decoders.heralds import herald_aware_model
    from decoders.ldpc import BpLsdDecoder, BpOsdDecoder
    from decoders.lookup import LookupDecoder
    from decoders.peeling import PeelingDecoder
    from decoders.pymatching import PyMatchingDecoder
    from decoders.registry import sinter_decoders
    from decoders.statistics import Suppression, Threshold, error_rate, fit_lambda, fit_threshold
    from decoders.tesseract import TesseractDecoder
    from decoders.timing import Latency, latency
    from decoders.vacuous import VacuousDecoder

__version__ = "0.1.0"

__all__ = [
    "sinter_decoders",
    "VacuousDecoder",
    "LookupDecoder",
    "PyMatchingDecoder",
    "ErasureDecoder",
    "PeelingDecoder",
    "TesseractDecoder",
    "BpOsdDecoder",
    "BpLsdDecoder",
    "ChromobiusDecoder",
    "herald_aware_model",
    "CompiledWithConfidence",
    "Decoded",
    "DiscardingDecoder",
    "collect",
    "process_pool",
    "Progress",
    "error_rate",
    "fit_threshold",
    "Threshold",
    "fit_lambda",
    "Suppression",
    "latency",
    "Latency",
    "DecodersError",
    "NotDecodable",
    "NotMatchable",
    "NoHeralds",
    "MissingExtra",
    "CollectionError",
    "WorkerLost",
    "NotSaved",
]

_HOME = {
    "collect": "decoders.collection",
    "process_pool": "decoders.collection",
    "Progress": "decoders.collection",
    "CollectionError": "decoders.collection",
    "WorkerLost": "decoders.collection",
    "NotSaved": "decoders.collection",
    "error_rate": "decoders.statistics",
    "fit_threshold": "decoders.statistics",
    "Threshold": "decoders.statistics",
    "fit_lambda": "decoders.statistics",
    "Suppression": "decoders.statistics",
    "sinter_decoders": "decoders.registry",
    "VacuousDecoder": "decoders.vacuous",
    "LookupDecoder": "decoders.lookup",
    "PyMatchingDecoder": "decoders.pymatching",
    "ErasureDecoder": "decoders.erasure",
    "PeelingDecoder": "decoders.peeling",
    "TesseractDecoder": "decoders.tesseract",
    "BpOsdDecoder": "decoders.ldpc",
    "BpLsdDecoder": "decoders.ldpc",
    "ChromobiusDecoder": "decoders.chromobius",
    "herald_aware_model": "decoders.heralds",
    "CompiledWithConfidence": "decoders.confidence",
    "Decoded": "decoders.confidence",
    "DiscardingDecoder": "decoders.confidence",
    "latency": "decoders.timing",
    "Latency": "decoders.timing",
    "DecodersError": "decoders.errors",
    "NotDecodable": "decoders.errors",
    "NotMatchable": "decoders.errors",
    "NoHeralds": "decoders.errors",
    "MissingExtra": "decoders.errors",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'decoders' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
