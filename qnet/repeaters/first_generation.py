"""First generation: pairs that are purified and swapped, level by level, with messages both ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from qnet.repeaters._checks import whole
from qnet.repeaters.chains import expected_maximum
from qnet.repeaters.conditions import LIGHT_KM_PER_S, Conditions
from qnet.repeaters.delivery import Delivery
from qnet.repeaters.pair_maps import purified, swap_errors, swapped
from qnet.repeaters.secrecy import bbm92_fraction
from qnet.results import Figure

__all__ = ["FirstGeneration", "NestedPurification", "NestedPurifications"]

Weights = tuple[float, float, float, float]


class FirstGeneration(Protocol):
    """Whatever delivers pairs by purification and swapping: rate, fidelity and memories for a length.

    The closed form here is `NestedPurifications`; an engine of another room, which simulates such a line, is
    handed to the comparison in its place.
    """

    def deliveries(self, conditions: Conditions) -> Sequence[Delivery]:
        """What the line can do under these conditions, one for each way to run it; the cheapest counts."""
        ...


@dataclass(frozen=True, kw_only=True)
class NestedPurification:
    """One nested line: 2ⁿ links, on every level some rounds of DEJMPS on alike pairs, then swaps by twos.

    A round takes two pairs, made side by side in memories of their own, so that each doubles the memories of
    a station. Waiting for two of a kind takes 3/2 of waiting for one above the lowest level (the usual
    estimate, Sangouard et al., RMP 83, 33 (2011), Eq. (14)), and exactly the expected maximum at the lowest.
    A round waits for the message of its level and is repeated until it succeeds; a swap waits for its
    message, too. Memories do not decay.

    Args:
        levels: n; 0 is one link.
        rounds: Rounds of purification on each level, n + 1 whole numbers from the links up.

    Raises:
        ValueError: If `levels` is negative, or `rounds` holds not one number from 0 up for each level.

    Source: Briegel, Dür, Cirac, Zoller, PRL 81, 5932 (1998), quant-ph/9803056.

    Example:
        >>> line = NestedPurification(levels=1, rounds=(1, 0))
        >>> here = Conditions(length_km=40, gate_error=1e-3, coupling=0.9)
        >>> made = line.delivery(here)
        >>> round(made.fidelity.value, 5), made.qubits
        (0.99544, 4)
    """

    levels: int
    rounds: tuple[int, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "rounds", tuple(self.rounds))
        whole("levels", self.levels, 0)
        if len(self.rounds) != self.levels + 1:
            raise ValueError(f"rounds={self.rounds} must hold {self.levels + 1} numbers, one for each level")
        for number in self.rounds:
            whole("rounds", number, 0)

    @property
    def qubits(self) -> int:
        """Qubits a station holds: two sides, doubled by every round."""
        return int(2 ** (1 + sum(self.rounds)))

    def delivery(self, conditions: Conditions) -> Delivery:
        """What comes out at the ends."""
        weights, chances = _states(conditions.weights, conditions.gate_error, conditions.readout, self.rounds)
        _, x, y, z = weights
        return Delivery(
            generation="first",
            scheme=f"{2**self.levels} links, rounds {','.join(map(str, self.rounds))}",
            length_km=conditions.length_km,
            spacing_km=conditions.length_km / 2**self.levels,
            rate_hz=1 / self._time_s(conditions, chances),
            fidelity=Figure(weights[0]),
            secret_fraction=Figure(float(bbm92_fraction(x + y, y + z))),
            qubits=self.qubits,
        )

    def _time_s(self, conditions: Conditions, chances: Sequence[Sequence[float]]) -> float:
        """Expected seconds a pair at the ends."""
        spacing = conditions.length_km / 2**self.levels
        gate, chance = conditions.gate_time_s, conditions.heralding(spacing)
        attempt = conditions.attempt_s(spacing)
        if chance <= 0:
            return float("inf")
        time, waited = attempt / chance, False
        for level, level_chances in enumerate(chances):
            message = spacing * 2**level / LIGHT_KM_PER_S
            if level:
                both = 1.5 * time if waited else attempt * expected_maximum(chance, 2)
                time, waited = both + spacing * 2 ** (level - 1) / LIGHT_KM_PER_S + 2 * gate, True
            for success in level_chances:
                both = 1.5 * time if waited else attempt * expected_maximum(chance, 2)
                time, waited = (both + message + 2 * gate) / success, True
        return time


@dataclass(frozen=True, kw_only=True)
class NestedPurifications:
    """All nested lines up to a size that purify at all, with as many rounds on each level above the links.

    Args:
        most_levels: n, at most.
        most_rounds: Rounds on the lowest level, at most.
        most_rounds_above: Rounds on each other level, at most.
        shortest_km: Links are not shorter than this.

    Example:
        >>> here = Conditions(length_km=1000, gate_error=1e-3, coupling=0.9)
        >>> best = min(NestedPurifications().deliveries(here), key=lambda one: one.cost_coefficient.value)
        >>> best.scheme
        '32 links, rounds 1,0,0,0,0,0'
    """

    most_levels: int = 8
    most_rounds: int = 3
    most_rounds_above: int = 2
    shortest_km: float = 2.0

    def deliveries(self, conditions: Conditions) -> list[Delivery]:
        """One for each line; none if the whole line is shorter than the shortest link."""
        found = []
        for levels in range(self.most_levels + 1):
            if levels and conditions.length_km / 2**levels < self.shortest_km:
                break
            for first in range(self.most_rounds + 1):
                for above in range(self.most_rounds_above + 1 if levels else 1):
                    if not first + above:
                        continue
                    line = NestedPurification(levels=levels, rounds=(first, *(above,) * levels))
                    found.append(line.delivery(conditions))
        return found


@lru_cache(maxsize=100_000)
def _states(
    weights: Weights, gate_error: float, readout: float, rounds: tuple[int, ...]
) -> tuple[Weights, tuple[tuple[float, ...], ...]]:
    """The pair after all levels, and the chances of every round of every level."""
    chances: tuple[tuple[float, ...], ...] = ()
    if len(rounds) == 1:
        before = weights
    else:
        below, chances = _states(weights, gate_error, readout, rounds[:-1])
        phi, x, y, z = swapped(below, below, swap_errors(gate_error, readout)).tolist()
        before = (phi, x, y, z)
    mine = []
    for _ in range(rounds[-1]):
        made = purified(before, before, gate_error=gate_error, measurement_error=readout)
        before = made.weights
        mine.append(made.success)
    return before, (*chances, tuple(mine))
