"""Chains of logical pairs, in closed form: what is left after swapping, and how often a pair comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum, prod, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qnet.repeaters._checks import at_least_zero, probability
from qnet.repeaters.conditions import Conditions
from qnet.repeaters.logical_pair import LogicalPair
from qnet.repeaters.secrecy import bbm92_fraction
from qnet.results import Figure

__all__ = ["Chain", "chained_fidelity", "expected_maximum", "waiting_s"]

Floats = NDArray[np.float64]


def chained_fidelity(e_x: ArrayLike, e_y: ArrayLike, e_z: ArrayLike, links: ArrayLike) -> Floats:
    """F_k = (1 + λ_X^k + λ_Y^k + λ_Z^k)/4: the fidelity after swapping k alike pairs without further errors.

    λ_X = 1 − 2(e_Z + e_Y), λ_Y = 1 − 2(e_X + e_Z), λ_Z = 1 − 2(e_X + e_Y): the correlations of the pair.
    A product of Pauli errors multiplies them.

    Args:
        e_x: Probability of an X error of a pair; all broadcast.
        e_y: The same of Y.
        e_z: The same of Z.
        links: k, whole numbers of at least 1.

    Raises:
        ValueError: If there are no links, or a number of them is not whole.

    Example:
        >>> chained_fidelity(0.01, 0.01, 0.01, [1, 2, 10]).round(6)
        array([0.97    , 0.9412  , 0.748624])
    """
    x, y, z = (np.asarray(e, dtype=np.float64) for e in (e_x, e_y, e_z))
    k = np.asarray(links, dtype=np.float64)
    if not ((k >= 1) & (k == np.floor(k))).all():
        raise ValueError(f"links={links!r}: a chain has at least one link, and a whole number of them")
    return np.asarray((1 + (1 - 2 * (z + y)) ** k + (1 - 2 * (x + z)) ** k + (1 - 2 * (x + y)) ** k) / 4)[()]


def expected_maximum(success: float, count: int) -> float:
    """Expected attempts until the last of some links has succeeded, all of which try at once.

    Attempts count from 1. Where success is rare the sum is taken by Euler and Maclaurin: H_n/ln(1/(1−p)) + ½.

    Args:
        success: Probability that an attempt succeeds.
        count: How many links there are.

    Raises:
        ValueError: If `success` is not above 0 and at most 1, or `count` below 1.

    Example:
        >>> round(expected_maximum(0.130599, 2), 6), expected_maximum(1.0, 50)
        (11.218074, 1.0)
    """
    if not 0 < success <= 1:
        raise ValueError(f"success={success!r} must be above 0 and at most 1")
    if count < 1:
        raise ValueError(f"count={count!r}: there is at least one link")
    if success == 1:
        return 1.0
    decay = -float(np.log1p(-success))
    if decay < 1e-3:
        return float((1 / np.arange(1, count + 1)).sum()) / decay + 0.5 + (decay / 12 if count == 1 else 0.0)
    attempts = np.arange(1, int((np.log(count) + 40) / decay) + 2)
    return 1.0 + float(-np.expm1(count * np.log1p(-np.exp(-decay * attempts))).sum())


@dataclass(frozen=True, kw_only=True)
class Chain:
    """Logical pairs over consecutive links, swapped by logical Bell measurements.

    Errors multiply as Pauli errors do, exactly; those of the swap itself belong to the pairs, or are given as
    `swap`. All links make their pairs at once; the slowest sets the pace.

    Args:
        pairs: The pair of every link, in order.
        swap: Probabilities of an X, Y or Z error by a station's logical Bell measurement.
        message_time_s: Seconds for the outcomes to reach the ends, once a pair; 0 where frames follow later.

    Raises:
        ValueError: If there is no link, a probability is none or they add up to more than 1, or a time is
            negative.

    Example:
        >>> link = LogicalPair(e_x=1e-3, e_y=0.0, e_z=2e-3, stderr_x=1e-4, stderr_z=1e-4, source="measured")
        >>> print(Chain(pairs=(link,) * 10).fidelity)
        0.9706 ± 0.0014
    """

    pairs: tuple[LogicalPair, ...]
    swap: tuple[float, float, float] = (0.0, 0.0, 0.0)
    message_time_s: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "pairs", tuple(self.pairs))
        if not self.pairs:
            raise ValueError("pairs is empty: a chain has at least one link")
        for value in self.swap:
            probability("swap", value)
        if sum(self.swap) > 1 + 1e-9:
            raise ValueError(f"swap={self.swap} adds up to more than 1; its errors exclude each other")
        at_least_zero("message_time_s", self.message_time_s, "seconds")

    @classmethod
    def of(cls, pair: LogicalPair, links: int, **more: object) -> Chain:
        """A chain of alike links.

        Raises:
            ValueError: If there is no link.
        """
        if isinstance(links, bool) or not isinstance(links, int) or links < 1:
            raise ValueError(f"links={links!r}: a chain has at least one link, and a whole number of them")
        made = cls(pairs=(pair,) * links, **more)  # type: ignore[arg-type]
        made.__dict__["groups"] = ((pair, links),)
        return made

    @property
    def links(self) -> int:
        """How many links there are."""
        return len(self.pairs)

    @cached_property
    def groups(self) -> tuple[tuple[LogicalPair, int], ...]:
        """The pairs, each with how often it is there; one value is one measurement."""
        places: dict[int, int] = {}
        for pair in self.pairs:
            places[id(pair)] = places.get(id(pair), 0) + 1
        by_id = {id(pair): pair for pair in self.pairs}
        merged: dict[LogicalPair, int] = {}
        for key, times in places.items():
            merged[by_id[key]] = merged.get(by_id[key], 0) + times
        return tuple(merged.items())

    @cached_property
    def correlations(self) -> tuple[float, float, float]:
        """⟨XX⟩, −⟨YY⟩, ⟨ZZ⟩ of the pair at the ends."""
        swap = _correlations(self.swap)
        each = [(_correlations(pair.errors), times) for pair, times in self.groups]
        x, y, z = (
            prod(one[k] ** times for one, times in each) * swap[k] ** (self.links - 1) for k in range(3)
        )
        return x, y, z

    @property
    def weights(self) -> tuple[float, float, float, float]:
        """The state at the ends: weights of Φ+, Ψ+, Ψ−, Φ−."""
        x, y, z = self.correlations
        return (
            (1 + x + y + z) / 4,
            (1 + x - y - z) / 4,
            (1 - x + y - z) / 4,
            (1 - x - y + z) / 4,
        )

    @property
    def fidelity(self) -> Figure:
        """F, with the standard error that the pairs bring."""
        return Figure(self.weights[0], stderr=self._propagated((1.0, 1.0, 1.0)))

    @property
    def errors(self) -> tuple[Figure, Figure, Figure]:
        """Probabilities of an X, a Y and a Z error of the pair at the ends."""
        signs = ((1.0, -1.0, -1.0), (-1.0, 1.0, -1.0), (-1.0, -1.0, 1.0))
        x, y, z = (
            Figure(max(weight, 0.0), stderr=self._propagated(sign))
            for weight, sign in zip(self.weights[1:], signs, strict=True)
        )
        return x, y, z

    @property
    def qber_z(self) -> Figure:
        """How often the Z outcomes of the ends disagree."""
        return Figure((1 - self.correlations[2]) / 2, stderr=self._propagated((0.0, 0.0, 2.0)))

    @property
    def qber_x(self) -> Figure:
        """How often the X outcomes of the ends disagree."""
        return Figure((1 - self.correlations[0]) / 2, stderr=self._propagated((2.0, 0.0, 0.0)))

    @property
    def secret_fraction(self) -> Figure:
        """BBM92's secret bits a pair."""
        value = _fraction(self.correlations)
        if all(pair.exact for pair, _ in self.groups):
            return Figure(value)
        variance = 0.0
        for pair, times in self.groups:
            for letter, stderr in zip("xyz", pair.stderrs, strict=True):
                if stderr:
                    ends = (self._shifted(pair, times, letter, sign * stderr) for sign in (1, -1))
                    variance += ((next(ends) - next(ends)) / 2) ** 2
        return Figure(value, stderr=sqrt(variance))

    def _shifted(self, pair: LogicalPair, times: int, letter: str, step: float) -> float:
        """The secret share if one error of one group's pairs were larger by a step."""
        errors = list(pair.errors)
        place = "xyz".index(letter)
        errors[place] = min(max(errors[place] + step, 0.0), 1.0)
        swap, own = _correlations(self.swap), _correlations(errors)
        x, y, z = (
            prod(_correlations(one.errors)[k] ** number for one, number in self.groups if one != pair)
            * own[k] ** times
            * swap[k] ** (self.links - 1)
            for k in range(3)
        )
        return _fraction((x, y, z))

    @property
    def physical_pairs(self) -> float:
        """Physical pairs, over all links, that one pair at the ends takes."""
        return fsum(pair.pairs * times for pair, times in self.groups)

    @property
    def memories(self) -> int:
        """Qubits that all nodes hold together, both ends of every link."""
        return 2 * sum(pair.memories * times for pair, times in self.groups)

    @property
    def time_s(self) -> float:
        """Seconds from one pair at the ends to the next; NaN where a link does not say how fast it is."""
        return float(np.max([pair.time_s for pair, _ in self.groups])) + self.message_time_s

    @property
    def extrapolated(self) -> bool:
        """Whether any of its pairs is extrapolated, not measured."""
        return any(pair.source == "extrapolated" for pair, _ in self.groups)

    def _propagated(self, wanted: tuple[float, float, float]) -> float | None:
        """Standard error of ¼ Σ wanted_k λ_k; alike pairs, which were measured once, err together."""
        if all(pair.exact for pair, _ in self.groups):
            return None
        variance = 0.0
        for pair, times in self.groups:
            slopes = [weight * self._slope(k, pair, times) for k, weight in enumerate(wanted)]
            for error, stderr in enumerate(pair.stderrs):
                slope = sum(s for k, s in enumerate(slopes) if k != error) / 2
                variance += (slope * stderr) ** 2
        return sqrt(variance)

    def _slope(self, k: int, pair: LogicalPair, times: int) -> float:
        """How the correlation changes with that of one group's pairs."""
        others = prod(_correlations(one.errors)[k] ** number for one, number in self.groups if one != pair)
        own = times * _correlations(pair.errors)[k] ** (times - 1)
        return others * own * _correlations(self.swap)[k] ** (self.links - 1)


def _fraction(correlations: Sequence[float]) -> float:
    x, _, z = correlations
    return float(bbm92_fraction((1 - z) / 2, (1 - x) / 2))


def _correlations(errors: Sequence[float]) -> tuple[float, float, float]:
    x, y, z = errors
    return 1 - 2 * (z + y), 1 - 2 * (x + z), 1 - 2 * (x + y)


def waiting_s(conditions: Conditions, pair: LogicalPair, links: int) -> float:
    """Seconds until all links of a line have the pairs of a logical pair.

    All links try at once, with a memory for every physical pair that a round needs; rounds follow each other.

    Args:
        conditions: Distance and technology.
        pair: What each link makes: its `pairs` are spent in its `rounds` (0 counts as one).
        links: How many links.

    Example:
        >>> here = Conditions(length_km=100, gate_error=0.0, coupling=1.0, gate_time_s=1e-6)
        >>> pair = LogicalPair(e_x=0.0, e_y=0.0, e_z=0.0, pairs=7)
        >>> round(waiting_s(here, pair, 5), 6)
        0.002111
    """
    spacing = conditions.length_km / links
    rounds = max(pair.rounds, 1)
    at_once = max(round(pair.pairs / rounds), 1)
    chance = conditions.heralding(spacing)
    if not chance > 0:
        return float("inf")
    return rounds * conditions.attempt_s(spacing) * expected_maximum(chance, at_once * links)
