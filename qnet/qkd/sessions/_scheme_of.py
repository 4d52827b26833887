"""From a protocol to its scheme."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from qnet.qkd.quantum import Alphabet
from qnet.qkd.sessions._other_schemes import ConclusiveScheme, EkertScheme, PairScheme, StationScheme
from qnet.qkd.sessions.schemes import Scheme

__all__ = ["SESSION_PROTOCOLS", "scheme_of"]

_BB84, _SIX_STATE = 0.11, 0.126


def _test_share(rate: Any, symmetric: float) -> float:
    if rate is None or getattr(rate, "bases", "symmetric") == "symmetric":
        return symmetric
    if rate.test_probability is None:
        raise ValueError(
            f"test_probability=None in {rate.name}: a session must know how often the test's basis is "
            "chosen; give it, or use the protocol's `optimised(link, block)`"
        )
    return float(rate.test_probability)


def _lights(rate: Any) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Intensities and how often each is sent."""
    if hasattr(rate, "_intensities"):
        missing = [name for name in rate.sought(finite=True) if name != "test_probability"]
        if missing:
            raise ValueError(f"{missing[0]}=None in {rate.name}: a session must know it; give a number")
        return tuple(map(float, rate._intensities())), tuple(map(float, rate._probabilities()))
    for name in ("signal_intensity", "intensity"):
        if getattr(rate, name, None) is not None:
            return (float(getattr(rate, name)),), (1.0,)
    return (), ()


def _alphabet(bases: tuple[str, ...], test: float, sends: bool, rate: Any = None) -> Alphabet:
    others = len(bases) - 1
    light = _lights(rate) if sends and rate is not None else ((), ())
    return Alphabet(
        bases=bases,
        chances=(1 - test, *(test / others,) * others),
        sends=sends,
        intensities=light[0],
        intensity_chances=light[1],
    )


def _two_bases(rate: Any) -> Scheme:
    test = _test_share(rate, 0.5)
    bases = ("Z", "X")
    return Scheme(
        alice=_alphabet(bases, test, True, rate),
        bob=_alphabet(bases, test, False),
        classes=("z", "x"),
        highest_qber=_BB84,
    )


def _six_state(rate: Any) -> Scheme:
    test = _test_share(rate, 2 / 3)
    bases = ("Z", "X", "Y")
    return Scheme(
        alice=_alphabet(bases, test, True, rate),
        bob=_alphabet(bases, test, False),
        classes=("z", "x", "y"),
        highest_qber=_SIX_STATE,
    )


def _pairs(rate: Any) -> Scheme:
    test = _test_share(rate, 0.5)
    end = _alphabet(("Z", "X"), test, False)
    return Scheme(alice=end, bob=end, classes=("z", "x"), highest_qber=_BB84)


def _conclusive(rate: Any) -> Scheme:
    ends = (_alphabet(("Z", "X"), 0.5, True, rate), _alphabet(("Z", "X"), 0.5, False))
    return ConclusiveScheme(alice=ends[0], bob=ends[1], classes=("key",), highest_qber=_BB84)


def _announced_pairs(rate: Any) -> Scheme:
    ends = (_alphabet(("Z", "X"), 0.5, True, rate), _alphabet(("Z", "X"), 0.5, False))
    return PairScheme(alice=ends[0], bob=ends[1], classes=("key",), highest_qber=_BB84)


def _station(rate: Any) -> Scheme:
    end = _alphabet(("Z", "X"), 0.5, True, rate)
    return StationScheme(alice=end, bob=end, classes=("z", "x"), highest_qber=_BB84)


def _ekert(rate: Any) -> Scheme:
    third = Alphabet(bases=("0", "1", "2"), chances=(1 / 3,) * 3, sends=False)
    return EkertScheme(alice=third, bob=third, classes=("key", "00", "02", "20", "22"), highest_qber=_BB84)


SESSION_PROTOCOLS: Mapping[str, Callable[[Any], Scheme]] = MappingProxyType(
    {
        "bb84": _two_bases,
        "six-state": _six_state,
        "bb84-decoy": _two_bases,
        "bb84-one-decoy": _two_bases,
        "bbm92": _pairs,
        "mdi": _station,
        "e91": _ekert,
        "b92": _conclusive,
        "sarg04": _announced_pairs,
        "bb84-no-decoy": _two_bases,
    }
)
"""The protocols that sessions run, by name, and how each makes its scheme from the protocol's parameters."""


def scheme_of(name: str, rate: Any) -> Scheme:
    """The scheme of a protocol.

    Args:
        name: Its name, one of `SESSION_PROTOCOLS`.
        rate: The protocol of `qnet.qkd.rates` with its parameters, or None.

    Raises:
        ValueError: If there is no such protocol, or it leaves open what both ends must know.
    """
    if name not in SESSION_PROTOCOLS:
        raise ValueError(f"protocol={name!r} has no session; choose one of {', '.join(SESSION_PROTOCOLS)}")
    return SESSION_PROTOCOLS[name](rate)
