"""Pauli channels: the only kind of error that Aer's stabilizer method and Stim both run exactly."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from numbers import Real
from typing import Any

__all__ = ["PauliChannel", "Rate", "depolarizing", "in_sequence", "is_channel", "relaxation"]


@dataclass(frozen=True, kw_only=True, repr=False)
class PauliChannel:
    """Pauli errors and the probability of each; what is left of 1 is no error.

    Attributes:
        probabilities: Pauli string → probability, as a mapping or as pairs; kept as sorted pairs. The
            first letter belongs to the first qubit of the gate. Strings of zero probability are dropped.

    Raises:
        ValueError: If it is no mapping, has no string, or strings that differ in length.
        ValueError: If a string has a letter other than I, X, Y, Z, or is the identity.
        ValueError: If a probability is not a number from 0 to 1, or their sum is above 1.

    Example:
        >>> PauliChannel(probabilities={"ZI": 0.01, "IX": 0.02})
        PauliChannel(probabilities={'IX': 0.02, 'ZI': 0.01})
    """

    probabilities: Mapping[str, float] | tuple[tuple[str, float], ...]

    def __post_init__(self) -> None:
        if not isinstance(self.probabilities, Mapping | tuple):
            raise ValueError(f"probabilities is {self.probabilities!r}: it must be like {{'Z': 0.01}}")
        given = {str(label): p for label, p in dict(self.probabilities).items()}
        widths = {len(label) for label in given}
        if len(widths) != 1:
            raise ValueError(
                f"probabilities is {given}: give Pauli strings of one length, like {{'Z': 0.01}}"
            )
        for label, p in given.items():
            if set(label) - set("IXYZ") or not set(label) - {"I"}:
                raise ValueError(
                    f"probabilities has {label!r}: it must be a string of I, X, Y, Z, not only I"
                )
            probability(f"probabilities[{label!r}]", p)
        if math.fsum(given.values()) > 1 + 1e-12:
            raise ValueError(f"probabilities sum to {math.fsum(given.values())}: they must sum to at most 1")
        kept = tuple(sorted((label, float(p)) for label, p in given.items()))
        object.__setattr__(self, "probabilities", kept)

    @property
    def num_qubits(self) -> int:
        """How many qubits a Pauli string of this channel has."""
        return len(next(iter(dict(self.probabilities))))

    def items(self) -> tuple[tuple[str, float], ...]:
        """The Pauli strings of non-zero probability with their probabilities, sorted."""
        return tuple((label, p) for label, p in dict(self.probabilities).items() if p > 0)

    def __repr__(self) -> str:
        return f"PauliChannel(probabilities={dict(self.probabilities)!r})"


Rate = float | PauliChannel
"""An error: the probability of a depolarising one, or a Pauli channel."""


def is_channel(name: str) -> bool:
    """Whether an instruction of Qiskit with this name is noise."""
    return name in ("quantum_channel", "kraus", "superop", "roerror")


def is_number(value: Any, kind: type = Real) -> bool:
    """Whether a value is a number, Python's or NumPy's; a bool is none."""
    return isinstance(value, kind) and not isinstance(value, bool)


def probability(name: str, value: Any) -> float:
    """The value as a float from 0 to 1, or a ValueError that names the argument."""
    if not is_number(value) or not 0 <= value <= 1:
        raise ValueError(f"{name} is {value!r}: it must be a probability from 0 to 1")
    return float(value)


def depolarizing(p: float, num_qubits: int) -> PauliChannel:
    """Each of the 4ⁿ − 1 non-identity Paulis with the same probability, p in all.

    This p is the probability that an error happens, as in Stim; Aer's `depolarizing_error` takes
    p·4ⁿ/(4ⁿ − 1) instead.

    Args:
        p: Probability of a non-identity Pauli, from 0 to 1.
        num_qubits: Number of qubits.

    Returns:
        The channel.

    Raises:
        ValueError: If `p` is not a probability.

    Example:
        >>> depolarizing(0.03, 1)
        PauliChannel(probabilities={'X': 0.01, 'Y': 0.01, 'Z': 0.01})
    """
    labels = ["".join(letters) for letters in product("IXYZ", repeat=num_qubits)][1:]
    share = probability("p", p) / len(labels)
    return PauliChannel(probabilities=dict.fromkeys(labels, share))


def relaxation(time_s: float, t1_s: float, t2_s: float) -> PauliChannel:
    """The Pauli twirl of amplitude and phase damping.

    pX = pY = (1 − e^{−t/T1})/4 and pZ = (1 − e^{−t/T2})/2 − pX: Tomita and Svore, Phys. Rev. A 90, 062320
    (2014), arXiv:1404.3747, eqs. 9 and 10. The twirl has no memory of which state is the ground
    state: it excites |0⟩ as often as it relaxes |1⟩.

    Args:
        time_s: How long the qubit idles, in seconds.
        t1_s: Energy relaxation time, in seconds; infinity for none.
        t2_s: Coherence time, in seconds, at most 2·T1; infinity for none.

    Returns:
        The channel on one qubit.

    Example:
        >>> channel = relaxation(1e-6, 100e-6, 80e-6)
        >>> {letter: round(p, 6) for letter, p in channel.items()}
        {'X': 0.002488, 'Y': 0.002488, 'Z': 0.003724}
    """
    flip = -math.expm1(-time_s / t1_s) / 4
    phase = max(0.0, -math.expm1(-time_s / t2_s) / 2 - flip)
    return PauliChannel(probabilities={"X": flip, "Y": flip, "Z": phase})


def in_sequence(rates: list[tuple[Rate, int]]) -> Rate:
    """One one-qubit error that does what these do one after the other.

    Args:
        rates: Each error with the number of times that it happens.

    Returns:
        A probability where all are depolarising, else a channel.

    Example:
        >>> round(in_sequence([(0.03, 2)]), 6)
        0.0588
    """
    if len(rates) == 1 and rates[0][1] == 1:
        return rates[0][0]
    if all(not isinstance(rate, PauliChannel) for rate, _ in rates):
        shrink = math.prod((1 - 4 * _number(rate) / 3) ** count for rate, count in rates)
        return 0.75 * (1 - shrink)
    kept = [1.0, 1.0, 1.0]
    for rate, count in rates:
        channel = rate if isinstance(rate, PauliChannel) else depolarizing(rate, 1)
        p = dict(channel.items())
        for k, letter in enumerate("XYZ"):
            flips = math.fsum(p.get(other, 0.0) for other in "XYZ" if other != letter)
            kept[k] *= (1 - 2 * flips) ** count
    x, y, z = kept
    found = {"X": (1 + x - y - z) / 4, "Y": (1 + y - x - z) / 4, "Z": (1 + z - x - y) / 4}
    return PauliChannel(probabilities={letter: max(0.0, p) for letter, p in found.items()})


def _number(rate: Rate) -> float:
    assert not isinstance(rate, PauliChannel)
    return rate
