"""Tree codes under loss and wrong outcomes, by recursion."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import comb
from operator import mul
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qnet.repeaters._checks import probability, whole
from qnet.repeaters.one_way.hop import Hop, majority_errors
from qnet.repeaters.one_way.parity import MOST, checked_transmission

if TYPE_CHECKING:
    from circuits.codes.stabilizer import StabilizerCode

__all__ = ["TreeCode"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class TreeCode:
    """A qubit in a tree of photons: b₀ of them, each with b₁ below it, each with b₂ below it.

    The tree is a graph state whose root held the qubit. Photons are measured one by one: one of the b₀ that
    arrived as the qubit is to be measured, its b₁ below in Z, the others of the first level in Z. The Z of a
    photon that is lost follows from any photon below it that arrived, measured in X, with all of those below
    *that* in Z, themselves measured or inferred; by the majority where there are several, a tie by a coin.

    Args:
        branching: b₀, b₁, …, whole numbers from 1 to 1000.

    Raises:
        ValueError: If `branching` is empty or holds anything else.

    Source: Varnava, Browne, Rudolph, PRL 97, 120501 (2006), quant-ph/0507036, Eqs. (1)-(2); as a one-way
    repeater: Borregaard et al., PRX 10, 021071 (2020), arXiv:1907.05101.

    Example:
        >>> code = TreeCode(branching=(4, 14, 4))
        >>> round(float(code.hop(0.8).success), 6), code.photons
        (0.990894, 284)
    """

    branching: tuple[int, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "branching", tuple(self.branching))
        if not self.branching:
            raise ValueError("branching is empty; give at least one number")
        for number in self.branching:
            whole("branching", number)
            if number > MOST:
                raise ValueError(f"branching={number} is above {MOST}, the most that is reckoned with")
        if self.branching == (1,):
            raise ValueError("branching=(1,) encodes nothing; give more than one photon")

    @property
    def name(self) -> str:
        """How it is written.

        Example:
            >>> TreeCode(branching=(4, 14, 4)).name
            'tree:4,14,4'
        """
        return "tree:" + ",".join(map(str, self.branching))

    @property
    def photons(self) -> int:
        """b₀ + b₀b₁ + b₀b₁b₂ + …; the root is measured before anything is sent."""
        return sum(accumulate(self.branching, mul))

    def hop(self, transmission: ArrayLike, flip: float = 0.0) -> Hop:
        """What one hop does.

        P = [(1−μ+μR₁)^b₀ − (μR₁)^b₀]·(1−μ+μR₂)^b₁ with the loss μ and the probability
        R_k = 1 − [1 − (1−μ)(1−μ+μR_{k+2})^b_{k+1}]^b_k that the Z of a photon on level k is found below it.

        Args:
            transmission: η = 1 − μ of a photon; a number or an array.
            flip: Probability that an outcome of a photon that arrived is wrong.

        Raises:
            ValueError: If a transmission is not from 0 to 1, or `flip` is no probability.
        """
        eta = checked_transmission(transmission)
        probability("flip", flip)
        found, signed = self._below(eta, flip)
        first, second = self.branching[0], self._branches(1)
        sign = 1 - 2 * flip
        known = [eta + (1 - eta) * found[k] for k in (1, 2)]
        some = known[0] ** first - ((1 - eta) * found[1]) ** first
        success = some * known[1] ** second
        signs = [eta * sign + (1 - eta) * signed[k] for k in (1, 2)]
        product_of_z = signs[0] ** first - ((1 - eta) * signed[1]) ** first
        with np.errstate(invalid="ignore", divide="ignore"):
            e_x = np.where(some > 0, (1 - product_of_z / some) / 2, 0.5)
            e_z = np.where(success > 0, (1 - sign * (signs[1] / known[1]) ** second) / 2, 0.5)
        return Hop(success=success, e_x=np.maximum(e_x, 0), e_z=np.maximum(e_z, 0))

    def correctable(self, transmission: ArrayLike) -> Floats:
        """Probability that no logical operator is lost: what Bell measurements of all photons achieve.

        B^b₀ − (B−A)^b₀ with B = 1−μ+μR₁, A = (1−μ)(1−μ+μR₂)^b₁: the Z of every photon of the first level is
        known, and below one that arrived everything. Above the success of `hop`, which has to choose that
        one first.

        Raises:
            ValueError: If a transmission is not from 0 to 1.

        Example:
            >>> round(float(TreeCode(branching=(4, 14, 4)).correctable(0.8)), 6)
            0.995228
        """
        eta = checked_transmission(transmission)
        found, _ = self._below(eta, 0.0)
        first, second = (eta + (1 - eta) * found[k] for k in (1, 2))
        below = eta * second ** self._branches(1)
        return np.asarray(first ** self.branching[0] - (first - below) ** self.branching[0])

    def stabilizer_code(self) -> StabilizerCode:
        """The code for simulations, with H on every second level, which makes its checks of X or of Z alone.

        Photons are numbered level by level.
        """
        from circuits.codes.stabilizer import StabilizerCode

        levels, neighbours = self._graph()
        stars = [_star(v, near, len(levels)) for v, near in enumerate(neighbours)]
        top = [stars[v] for v, level in enumerate(levels) if level == 1]
        x = [a ^ b for a, b in pairwise(top)]
        x += [stars[v] for v, level in enumerate(levels) if level % 2 and level > 1]
        z = [stars[v] for v, level in enumerate(levels) if level % 2 == 0]
        return StabilizerCode(
            name=self.name,
            checks=(*(_letters(row, "X") for row in x), *(_letters(row, "Z") for row in z)),
            logical_x=(_letters(top[0], "X"),),
            logical_z=("".join("Z" if level == 1 else "I" for level in levels),),
            source="quant-ph/0507036",
        )

    def _branches(self, level: int) -> int:
        return self.branching[level] if level < len(self.branching) else 0

    def _below(self, eta: Floats, flip: float) -> tuple[list[Floats], list[Floats]]:
        """R_k for every level k, and R_k weighted by 1 − 2 × the probability that the inferred Z is wrong."""
        depth, sign = len(self.branching), 1 - 2 * flip
        found = [np.zeros_like(eta) for _ in range(depth + 3)]
        signed = [np.zeros_like(eta) for _ in range(depth + 3)]
        for level in range(depth - 1, 0, -1):
            below = self._branches(level + 1)
            ready = eta * (eta + (1 - eta) * found[level + 2]) ** below
            signed_ready = eta * sign * (eta * sign + (1 - eta) * signed[level + 2]) ** below
            branches = self.branching[level]
            found[level] = 1 - (1 - ready) ** branches
            signed[level] = _voted(ready, signed_ready, branches) if flip else found[level]
        return found, signed

    def _graph(self) -> tuple[list[int], list[set[int]]]:
        """The level of every photon, and its neighbours."""
        levels: list[int] = []
        neighbours: list[set[int]] = []
        row: list[int] = []
        for level, branches in enumerate(self.branching, start=1):
            parents, row = (row or [-1]), []
            for parent in parents:
                for _ in range(branches):
                    levels.append(level)
                    neighbours.append({parent} - {-1})
                    row.append(len(levels) - 1)
                    if parent >= 0:
                        neighbours[parent].add(row[-1])
        return levels, neighbours


def _voted(ready: Floats, signed: Floats, branches: int) -> Floats:
    """The mean, over how many votes there are, of 1 − 2 × the chance that their majority is wrong."""
    with np.errstate(invalid="ignore", divide="ignore"):
        wrong = np.where(ready > 0, (1 - signed / ready) / 2, 0.5)
    signs = 1 - 2 * majority_errors(branches, wrong)
    total = np.zeros_like(ready)
    for votes, sign in enumerate(signs, start=1):
        chance = comb(branches, votes) * ready**votes * (1 - ready) ** (branches - votes)
        total = total + chance * sign
    return total


def _star(vertex: int, near: set[int], size: int) -> NDArray[np.uint8]:
    row = np.zeros(size, dtype=np.uint8)
    row[[vertex, *near]] = 1
    return row


def _letters(row: NDArray[np.uint8], letter: str) -> str:
    return "".join(letter if bit else "I" for bit in row)
