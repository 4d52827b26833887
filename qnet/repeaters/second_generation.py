"""Second generation: pairs are heralded, then swapped, as they are or encoded; errors are left to a code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import comb
from typing import Protocol

import numpy as np

from qnet.repeaters._checks import probability, whole
from qnet.repeaters.chains import Chain, waiting_s
from qnet.repeaters.conditions import Conditions
from qnet.repeaters.delivery import Delivery
from qnet.repeaters.logical_pair import LogicalPair
from qnet.repeaters.pair_maps import swap_errors

__all__ = ["GOLAY", "STEANE", "PairSource", "PerfectCode", "SwappedPairs", "swapping_lines"]


class PairSource(Protocol):
    """Whatever makes a logical pair over a link: a closed form, or a simulation that was kept."""

    @property
    def generation(self) -> str:
        """`"second"`, `"second encoded"` or `"second simulated"`."""
        ...

    def pair(self, conditions: Conditions) -> LogicalPair:
        """The pair of one link with the swap of one station; `memories` are the qubits of one side.

        `pairs` of the link are needed at once in each of its `rounds` (0 counts as one).
        """
        ...


@dataclass(frozen=True, kw_only=True)
class SwappedPairs:
    """Heralded pairs, swapped as they come.

    Example:
        >>> pair = SwappedPairs().pair(Conditions(length_km=100, gate_error=1e-3, coupling=0.9))
        >>> print(pair.infidelity)
        0.002547
    """

    generation: str = "second"

    def pair(self, conditions: Conditions) -> LogicalPair:
        """A Werner pair of neighbours, and what the swap of one station adds."""
        swap = swap_errors(conditions.gate_error, conditions.readout)
        x, y, z = (_odd(conditions.weights[k], swap[k], conditions.weights, swap, k) for k in (1, 2, 3))
        return LogicalPair(e_x=x, e_y=y, e_z=z, memories=1, scheme="swapped")


@dataclass(frozen=True, kw_only=True)
class PerfectCode:
    """A self-dual CSS code from a perfect classical code; blocks are entangled gate by gate and measured.

    A link's pair is made by a CX between each qubit of two blocks and its partner, over one heralded pair; a
    station measures two blocks in the Bell basis. An outcome of a code's qubit is wrong by itself with the
    probability `flip`; each of X⊗X and Z⊗Z is decoded classically, which is exact here.

    Args:
        name: What it is called.
        n: Qubits.
        corrects: Errors that the classical code corrects, perfectly.
        stabilizers: How many words of each weight its even subcode, the checks of one kind, has.

    Source: Jiang et al., PRA 79, 032325 (2009), arXiv:0809.3629.

    Example:
        >>> round(STEANE.logical_error(0.01), 9), round(GOLAY.logical_error(0.01), 9)
        (0.002004075, 7.3674e-05)
    """

    name: str
    n: int
    corrects: int
    stabilizers: tuple[tuple[int, int], ...]
    generation: str = "second encoded"

    def logical_error(self, flip: float) -> float:
        """Probability that a block's outcome is wrong after decoding, when each qubit's is with `flip`.

        Raises:
            ValueError: If `flip` is no probability.
        """
        probability("flip", flip)
        return sum(
            count * flip**w * (1 - flip) ** (self.n - w)
            for w, count in enumerate(_uncorrected(self))
            if count
        )

    def flip(self, conditions: Conditions) -> float:
        """Probability that what a station reads of a qubit, Z⊗Z or X⊗X, is wrong.

        An odd number of: the pair of one link; the residual error, ε_G with the three Paulis alike, of three
        blocks, of which one reaches the station over the link; four gates (two of one link, one of the other,
        and the station's); an outcome of the link and one of the station.
        """
        error = conditions.gate_error
        right = (1 - 4 * (1 - conditions.fidelity) / 3) * (1 - 16 * error / 15) ** 4
        right *= (1 - 2 * conditions.readout) ** 2 * (1 - 4 * error / 3) ** 3
        return min(max((1 - right) / 2, 0.0), 1.0)

    def pair(self, conditions: Conditions) -> LogicalPair:
        """The logical pair of a link."""
        wrong = self.logical_error(self.flip(conditions))
        return LogicalPair(
            e_x=wrong * (1 - wrong),
            e_y=wrong**2,
            e_z=wrong * (1 - wrong),
            pairs=self.n,
            memories=2 * self.n,
            scheme=self.name,
        )


STEANE = PerfectCode(name="steane", n=7, corrects=1, stabilizers=((0, 1), (4, 7)))
GOLAY = PerfectCode(name="golay", n=23, corrects=3, stabilizers=((0, 1), (8, 506), (12, 1288), (16, 253)))


def swapping_lines(
    source: PairSource, conditions: Conditions, links: Sequence[int] | None = None
) -> list[Delivery]:
    """What a source's pairs give over a line, for each number of links.

    All links try at once until the last of them has all its pairs; every pair has a memory of its own. Swaps
    do not wait for messages.

    Args:
        source: Where the pairs come from.
        conditions: Distance and technology.
        links: Numbers of links; if not given, those whose length is from 1 km to 100 km, about 40 of them.

    Raises:
        ValueError: If a number of links is not whole, or below 1.

    Example:
        >>> here = Conditions(length_km=1000, gate_error=1e-3, coupling=0.9)
        >>> best = min(swapping_lines(STEANE, here), key=lambda one: one.cost_coefficient.value)
        >>> best.scheme, best.qubits
        ('steane', 28)
    """
    pair = source.pair(conditions)
    found = []
    for count in links or links_for(conditions.length_km):
        whole("links", count)
        spacing = conditions.length_km / count
        if not conditions.heralding(spacing) > 0:
            continue
        chain = Chain.of(pair, count)
        found.append(
            Delivery(
                generation=source.generation,
                scheme=pair.scheme,
                length_km=conditions.length_km,
                spacing_km=spacing,
                rate_hz=1 / waiting_s(conditions, pair, count),
                fidelity=chain.fidelity,
                secret_fraction=chain.secret_fraction,
                qubits=2 * pair.memories,
                source=pair.source,
            )
        )
    return found


def links_for(length_km: float, shortest_km: float = 1.0, longest_km: float = 100.0) -> list[int]:
    """About 40 numbers of links, so that a link is neither very short nor very long.

    Example:
        >>> links_for(10)[:3], links_for(1000)[-1]
        ([1, 2, 3], 1000)
    """
    few = max(int(np.ceil(length_km / longest_km)), 1)
    many = max(int(length_km / shortest_km), few)
    counts = np.unique(np.round(np.geomspace(few, many, 40)).astype(int))
    return [int(count) for count in counts]


def _odd(here: float, there: float, first: Sequence[float], second: Sequence[float], k: int) -> float:
    """Probability of Pauli k of a product of two Pauli errors."""
    other = [j for j in (1, 2, 3) if j != k]
    return (
        here * second[0]
        + first[0] * there
        + first[other[0]] * second[other[1]]
        + first[other[1]] * second[other[0]]
    )


@lru_cache
def _uncorrected(code: PerfectCode) -> tuple[int, ...]:
    """How many flips of each weight are decoded wrongly: those not near a word of the checks."""
    right = [0] * (code.n + 1)
    for weight, words in code.stabilizers:
        for distance in range(code.corrects + 1):
            for undone in range(distance + 1):
                ways = comb(weight, undone) * comb(code.n - weight, distance - undone)
                if ways:
                    right[weight + distance - 2 * undone] += words * ways
    return tuple(comb(code.n, w) - right[w] for w in range(code.n + 1))
