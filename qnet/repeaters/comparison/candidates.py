"""The repeaters that are compared with each other, and the cheapest of each generation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qnet.repeaters.conditions import Conditions
from qnet.repeaters.delivery import GENERATIONS, Delivery
from qnet.repeaters.first_generation import FirstGeneration, NestedPurifications
from qnet.repeaters.logical_pair import LogicalPair
from qnet.repeaters.second_generation import GOLAY, STEANE, PairSource, SwappedPairs, swapping_lines
from qnet.repeaters.third_generation import OneWayLines

__all__ = ["Candidates", "KeptPairs"]


@dataclass(frozen=True, kw_only=True)
class KeptPairs:
    """Logical pairs that were simulated, each at a gate error; a source of pairs like the closed forms.

    Args:
        pairs: Gate error to the pair of a link with the swap of one station.
        generation: `"second simulated"`.

    Example:
        >>> pair = LogicalPair(e_x=1e-4, e_y=0, e_z=1e-4, stderr_x=1e-5, source="measured")
        >>> kept = KeptPairs(pairs={1e-3: pair})
        >>> kept.knows(Conditions(length_km=100, gate_error=1e-3, coupling=1))
        True
    """

    pairs: Mapping[float, LogicalPair] = field(repr=False)
    generation: str = "second simulated"

    def knows(self, conditions: Conditions) -> bool:
        """Whether there is a pair for this gate error."""
        return conditions.gate_error in self.pairs

    def pair(self, conditions: Conditions) -> LogicalPair:
        """The pair.

        Raises:
            ValueError: If none was simulated at this gate error.
        """
        if not self.knows(conditions):
            raise ValueError(f"gate_error={conditions.gate_error:g} was not simulated")
        return self.pairs[conditions.gate_error]


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """What is compared.

    Args:
        first: First generation; an engine that simulates such lines may be handed in.
        sources: Pairs for the second generation, with and without encoding.
        third: One-way lines.

    Example:
        >>> here = Conditions(length_km=1000, gate_error=1e-3, coupling=0.95)
        >>> {name: one.scheme for name, one in Candidates().best(here).items()}["second encoded"]
        'steane'
    """

    first: FirstGeneration = field(default_factory=NestedPurifications)
    sources: tuple[PairSource, ...] = (SwappedPairs(), STEANE, GOLAY)
    third: OneWayLines = field(default_factory=OneWayLines)

    def best(self, conditions: Conditions) -> dict[str, Delivery]:
        """The cheapest of every generation that gives a key at all, in the order of `GENERATIONS`."""
        every = [*self.first.deliveries(conditions), *self.third.deliveries(conditions)]
        for source in self.sources:
            if not isinstance(source, KeptPairs) or source.knows(conditions):
                every += swapping_lines(source, conditions)
        found: dict[str, Delivery] = {}
        for name in GENERATIONS:
            mine = [one for one in every if one.generation == name and one.secret_bits_per_s.value > 0]
            if mine:
                found[name] = min(mine, key=lambda one: one.cost_coefficient.value)
        return found
