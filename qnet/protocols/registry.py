"""The experiments by name, and their parameters from text."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from qnet.errors import QnetError
from qnet.protocols.b92 import B92
from qnet.protocols.bb84 import BB84
from qnet.protocols.bbm92 import BBM92
from qnet.protocols.bbpssw import BBPSSW
from qnet.protocols.bell_pair import BellPair
from qnet.protocols.chsh import CHSH
from qnet.protocols.code_memory import DetectionMemory, EncodedSwapping, RepetitionMemory
from qnet.protocols.dejmps import DEJMPS
from qnet.protocols.double_selection import DoubleSelection
from qnet.protocols.e91 import E91
from qnet.protocols.entanglement_pumping import EntanglementPumping
from qnet.protocols.entanglement_swapping import EntanglementSwapping
from qnet.protocols.ghz import GHZ
from qnet.protocols.ghz_distribution import GHZDistribution
from qnet.protocols.mdi import MDI
from qnet.protocols.remote_cx import RemoteCX
from qnet.protocols.sarg04 import SARG04
from qnet.protocols.six_state import SixState
from qnet.protocols.superdense_coding import SuperdenseCoding
from qnet.protocols.teledata import Teledata
from qnet.protocols.teleportation import Teleportation

__all__ = ["PROTOCOLS", "UnknownProtocol", "from_text", "protocol"]

_ALL: tuple[type[Any], ...] = (
    BellPair,
    Teleportation,
    EntanglementSwapping,
    SuperdenseCoding,
    BBPSSW,
    DEJMPS,
    DoubleSelection,
    EntanglementPumping,
    GHZ,
    GHZDistribution,
    RemoteCX,
    Teledata,
    CHSH,
    BB84,
    SixState,
    B92,
    SARG04,
    E91,
    BBM92,
    MDI,
)
_ON_CODES: tuple[type[Any], ...] = (RepetitionMemory, DetectionMemory, EncodedSwapping)

PROTOCOLS: Mapping[str, type[Any]] = MappingProxyType({one.name: one for one in (*_ALL, *_ON_CODES)})


class UnknownProtocol(QnetError, ValueError):
    """There is no experiment of that name."""


def protocol(name: str) -> type[Any]:
    """The experiment of that name.

    Args:
        name: Its name, with hyphens or underscores, in any case, or a word that only this name has; a
            word of an experiment on codes counts where no other protocol has it.

    Returns:
        The class; its fields are the parameters.

    Raises:
        UnknownProtocol: If there is none, or several have the word; the nearest names are given.

    Example:
        >>> protocol("swapping").name, protocol("six-state").name
        ('entanglement_swapping', 'six_state')
    """
    plain = str(name).strip().lower().replace("-", "_")
    if plain in PROTOCOLS:
        return PROTOCOLS[plain]
    with_word = [key for key in PROTOCOLS if plain and plain in key.split("_")]
    others = [key for key in with_word if PROTOCOLS[key] not in _ON_CODES]
    with_word = others or with_word
    if len(with_word) == 1:
        return PROTOCOLS[with_word[0]]
    if with_word:
        raise UnknownProtocol(f"protocol {name!r} may be any of {', '.join(with_word)}; give the whole name")
    hint = _nearest(plain, [one.name for one in _ALL], words=True)
    hint = hint or _nearest(plain, list(PROTOCOLS), words=True)
    mend = f"did you mean {hint}?" if hint else f"choose one of {', '.join(PROTOCOLS)}"
    raise UnknownProtocol(f"there is no protocol {name!r}; {mend}")


def from_text(experiment: type[Any], parameters: Mapping[str, str]) -> Any:
    """An experiment with parameters that are given as text.

    Numbers are written as in Python, truth values as true or false, lists as numbers with commas between
    them, and `none` stands for a parameter that is not given.

    Args:
        experiment: The class.
        parameters: Text by the name of the parameter; hyphens stand for underscores.

    Returns:
        The experiment.

    Raises:
        ValueError: If there is no such parameter; the nearest name is given.
        ValueError: If a text does not read as the parameter's type.
        ValueError: If the experiment refuses a value.

    Example:
        >>> from_text(DEJMPS, {"weights": "0.7,0.1,0.1,0.1"}).weights
        (0.7, 0.1, 0.1, 0.1)
    """
    hints = typing.get_type_hints(experiment)
    known = [field.name for field in fields(experiment)]
    values = {}
    for given, text in parameters.items():
        name = given.strip().replace("-", "_")
        if name not in known:
            raise ValueError(_no_parameter(experiment, given, known))
        values[name] = _typed(name, text, hints[name])
    return experiment(**values)


def _no_parameter(experiment: type[Any], given: str, known: list[str]) -> str:
    if not known:
        return f"{experiment.name} has no parameter {given!r}; it has none at all"
    hint = _nearest(given, known)
    mend = f"did you mean {hint}?" if hint else f"choose one of {', '.join(known)}"
    return f"{experiment.name} has no parameter {given!r}; {mend}"


def _typed(name: str, text: str, hint: Any) -> Any:
    options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    kind = next(option for option in options if option is not types.NoneType)
    plain = str(text).strip()
    if types.NoneType in options and plain.lower() in ("none", ""):
        return None
    try:
        return _READ.get(kind, _numbers)(plain)
    except (ValueError, KeyError):
        raise ValueError(f"{name}={text!r} does not read; give {_WANTED.get(kind, _LIST)}") from None


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.strip("()[]").split(","))


_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_READ: dict[Any, Any] = {int: int, float: float, str: str, bool: lambda text: _TRUTH[text.lower()]}
_WANTED = {int: "a whole number", float: "a number", bool: "true or false"}
_LIST = "numbers with commas between them, such as 0.7,0.1,0.1,0.1"


def _nearest(name: str, known: list[str], *, words: bool = False) -> str | None:
    """The nearest of the known names, or the name that has the nearest word."""
    pool = {key: key for key in known}
    if words:
        pool |= {word: key for key in known for word in key.split("_") if word not in pool}
    found = get_close_matches(name, list(pool), n=1, cutoff=0.6)
    return pool[found[0]] if found else None


if TYPE_CHECKING:
    from qnet.execution import Experiment

    _check: tuple[Experiment, ...] = (BellPair(), Teleportation(), GHZ(), DEJMPS(), RemoteCX(), BB84())
