"""One hop of a one-way repeater: what stations do wrong, and what a code makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import comb
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qnet.repeaters._checks import probability

if TYPE_CHECKING:
    from circuits.codes.stabilizer import StabilizerCode

__all__ = ["Hop", "OneWayCode", "StationErrors", "majority_error"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class StationErrors:
    """What goes wrong when a station measures a photon that arrived with one of a fresh block.

    Args:
        gate: Probability of a two-qubit Pauli error after the CX of the Bell measurement (each of the 15
            alike).
        measurement: Probability that an outcome is read wrongly.
        preparation: Probability of a Pauli error (each of the three alike) on every qubit of a fresh block;
            both qubits of a Bell measurement come from one.

    Raises:
        ValueError: If one of them is no probability.

    Example:
        >>> round(StationErrors(gate=0.015).flip, 12)
        0.008
    """

    gate: float = 0.0
    measurement: float = 0.0
    preparation: float = 0.0

    def __post_init__(self) -> None:
        for name in ("gate", "measurement", "preparation"):
            probability(name, getattr(self, name))

    @property
    def flip(self) -> float:
        """Probability that an outcome (X⊗X or Z⊗Z, they are alike) of a photon that arrived is wrong."""
        unflipped = (1 - 16 * self.gate / 15) * (1 - 2 * self.measurement)
        unflipped *= (1 - 4 * self.preparation / 3) ** 2
        return (1 - unflipped) / 2


@dataclass(frozen=True, kw_only=True)
class Hop:
    """What one hop does to the encoded qubit; numbers, or arrays over transmissions.

    Args:
        success: Probability that the loss can be made up for. Otherwise the station knows.
        e_x: Probability that the hop, if it succeeds, leaves a logical error that flips Z.
        e_z: The same for a logical error that flips X. A Y error counts in both.
    """

    success: Floats
    e_x: Floats
    e_z: Floats


class OneWayCode(Protocol):
    """A code that photons carry from station to station."""

    @property
    def name(self) -> str:
        """How it is written: `parity:13,6`, `tree:4,14,4`."""
        ...

    @property
    def photons(self) -> int:
        """Photons that a block takes."""
        ...

    def hop(self, transmission: ArrayLike, flip: float = 0.0) -> Hop:
        """What one hop does at a transmission, with a probability that an outcome is wrong."""
        ...

    def stabilizer_code(self) -> StabilizerCode:
        """The same code for simulations."""
        ...


def majority_error(votes: ArrayLike, error: ArrayLike) -> Floats:
    """Probability that most of some votes, each wrong by itself with a probability, are wrong.

    A tie is decided by a coin.

    Args:
        votes: Numbers of votes, at least 1.
        error: Probability that a vote is wrong; broadcast with `votes`.

    Example:
        >>> majority_error([1, 2, 3], 0.1).round(12)
        array([0.1  , 0.1  , 0.028])
    """
    counts, wrong = np.broadcast_arrays(np.asarray(votes, dtype=np.int64), np.asarray(error, dtype=float))
    found = np.empty(counts.shape)
    for k in np.unique(counts).tolist():
        here = counts == k
        found[here] = _majority(k, wrong[here])
    return found


def _majority(votes: int, error: Floats) -> Floats:
    right = 1 - error
    total = np.zeros_like(error)
    for j in range(votes // 2 + 1, votes + 1):
        total = total + comb(votes, j) * error**j * right ** (votes - j)
    if votes % 2 == 0:
        total = total + comb(votes, votes // 2) * (error * right) ** (votes // 2) / 2
    return total


def majority_errors(most: int, error: ArrayLike) -> Floats:
    """The same for 1, 2 … `most` votes at once, along a first axis.

    E_{2t+1} = E_{2t−1} − (1−2e)·C(2t−1, t)·(e(1−e))ᵗ, and E_{2t} = E_{2t−1}.

    Example:
        >>> majority_errors(3, 0.1).round(12)
        array([0.1  , 0.1  , 0.028])
    """
    wrong = np.asarray(error, dtype=np.float64)
    if wrong.ndim == 0:
        return np.repeat(_odd_votes(most, float(wrong)), 2)[:most]
    variance = wrong * (1 - wrong)
    odd, step = [wrong], variance
    for t in range(1, most // 2 + 1):
        odd.append(np.clip(odd[-1] - (1 - 2 * wrong) * step, 0.0, 1.0))
        step = step * variance * (2 * (2 * t + 1) / (t + 1))
    return np.repeat(np.stack(odd), 2, axis=0)[:most]


@lru_cache(maxsize=4096)
def _odd_votes(most: int, error: float) -> tuple[float, ...]:
    """The same for one error alone, of 1, 3, 5 … votes."""
    variance = error * (1 - error)
    odd, step = [error], variance
    for t in range(1, most // 2 + 1):
        odd.append(min(max(odd[-1] - (1 - 2 * error) * step, 0.0), 1.0))
        step *= variance * 2 * (2 * t + 1) / (t + 1)
    return tuple(odd)
