"""Libraries that are installed by an extra of this distribution."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from decoders.errors import MissingExtra

__all__ = ["imported"]


def imported(module: str, decoder: str) -> Any:
    """The library's module, for the decoder of this name."""
    try:
        return import_module(module)
    except ImportError as error:
        package = module.partition(".")[0].replace("_", "-")
        raise MissingExtra(
            f"the decoder '{decoder}' needs the library {package}, which cannot be imported ({error}); "
            "install the extra 'decoders': pip install 'qnet-infra[decoders]'"
        ) from error
