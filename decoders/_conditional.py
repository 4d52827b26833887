"""What heralds say of errors, given which of them fired: exact within clusters of heralds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise

from decoders._heralding import Heralded
from decoders._mechanisms import Mechanism, Symptom

__all__ = ["Cluster", "Group", "clusters", "likely", "spread"]

MOST_GROUPS = 12
NEARLY_ONE = 1 - 1e-12


@dataclass(frozen=True, kw_only=True, eq=False)
class Group:
    """Errors that fire the same heralds, one of which happens at a time.

    Args:
        heralds: What they fire.
        errors: The errors, without their heralds.
    """

    heralds: frozenset[int]
    errors: tuple[Mechanism, ...]

    @cached_property
    def rate(self) -> float:
        """How often one of them happens."""
        return sum(error.probability for error in self.errors)

    @cached_property
    def shares(self) -> Mapping[Symptom, float]:
        """For each component the probability that it is part of what happened, given that something did."""
        found: dict[Symptom, float] = {}
        for error in self.errors:
            for part in error.components:
                found[part] = found.get(part, 0.0) + error.probability / self.rate
        return found


@dataclass(frozen=True, kw_only=True, eq=False)
class Cluster:
    """Heralds that errors fire together, and all errors that fire them.

    Args:
        heralds: The heralds, in order.
        groups: Their errors by the heralds that they fire.
    """

    heralds: tuple[int, ...]
    groups: tuple[Group, ...]

    @property
    def is_small(self) -> bool:
        """Whether every set of its groups can be looked at."""
        return len(self.groups) <= MOST_GROUPS

    def given(self, fired: frozenset[int]) -> dict[Symptom, float]:
        """The probability of each component, given that these of the heralds fired and the others did not.

        Every set of groups whose heralds make up the fired ones is weighed by its odds. In clusters of more
        than 12 groups each fired herald is asked by itself, as if it were the only one.
        """
        if not fired:
            return {}
        weighed = list(self._explanations(fired)) if self.is_small else []
        total = sum(weight for _, weight in weighed)
        if not total:
            return self._one_by_one(fired)
        found: dict[Symptom, float] = {}
        for groups, weight in weighed:
            for part in {part for group in groups for part in group.shares}:
                even = 1.0
                for group in groups:
                    even *= 1 - 2 * group.shares.get(part, 0.0)
                found[part] = found.get(part, 0.0) + weight / total * (1 - even) / 2
        return found

    def _explanations(self, fired: frozenset[int]) -> Iterator[tuple[tuple[Group, ...], float]]:
        for number in range(1, len(self.groups) + 1):
            for chosen in combinations(self.groups, number):
                heralds: frozenset[int] = frozenset()
                weight = 1.0
                for group in chosen:
                    heralds ^= group.heralds
                    rate = min(group.rate, NEARLY_ONE)
                    weight *= rate / (1 - rate)
                if heralds == fired:
                    yield chosen, weight

    def _one_by_one(self, fired: frozenset[int]) -> dict[Symptom, float]:
        found: dict[Symptom, float] = {}
        for herald in fired:
            mine = [group for group in self.groups if herald in group.heralds]
            total = sum(group.rate for group in mine)
            for group in mine:
                for part, share in group.shares.items():
                    found[part] = found.get(part, 0.0) + share * group.rate / total
        return {part: min(chance, 0.5) for part, chance in found.items()}


def clusters(found: Heralded) -> list[Cluster]:
    """The heralds of a model, those that errors fire together in one cluster."""
    groups = [Group(heralds=heralds, errors=tuple(errors)) for heralds, errors in found.groups().items()]
    together: dict[int, list[Group]] = {}
    for group in groups:
        joined = [group]
        for mine in {id(one): one for one in map(together.get, group.heralds) if one is not None}.values():
            joined = [*mine, *joined]
        for herald in {herald for one in joined for herald in one.heralds}:
            together[herald] = joined
    return [
        Cluster(heralds=tuple(sorted({h for group in mine for h in group.heralds})), groups=tuple(mine))
        for mine in {id(one): one for one in together.values()}.values()
    ]


def spread(chances: Mapping[Symptom, float], total: float) -> list[tuple[tuple[Symptom, ...], float]]:
    """Errors that exclude each other, of which each component is a part as often as it should be.

    The components lie end to end round a circle of length 1, and an error is what lies over a point of it:
    as few components share an error as can be.

    Args:
        chances: The probability of each component, at most 1.
        total: How probable the errors are in all; the chances are fractions of it.

    Returns:
        The components of each error, and its probability.
    """
    arcs, start = [], 0.0
    for part, chance in chances.items():
        arcs.append((part, start % 1.0, chance))
        start += chance
    cuts = {0.0, 1.0}
    for _, begin, length in arcs:
        cuts |= {begin, (begin + length) % 1.0}
    ordered = sorted(cuts)
    found = []
    for low, high in pairwise(ordered):
        middle = (low + high) / 2
        over = tuple(part for part, begin, length in arcs if (middle - begin) % 1.0 < length)
        if high - low > 1e-9:
            found.append((over, total * (high - low)))
    return found


def likely(chances: Mapping[Symptom, float]) -> tuple[tuple[Symptom, ...], dict[Symptom, float]]:
    """What happened more likely than not, and the probability of being wrong about each component."""
    usual = tuple(part for part, chance in chances.items() if chance > 0.5 * (1 + 1e-9))
    return usual, {part: min(chance, 1 - chance) for part, chance in chances.items() if chance < NEARLY_ONE}
