"""Purify pairs first, or spend them all in the seam: the two at an equal number of raw pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot, log
from typing import Any

from qnet.repeaters._checks import above_zero
from qnet.repeaters.encoded_link import EncodedLink
from qnet.repeaters.errors import OutOfReach
from qnet.repeaters.logical_pair import LogicalPair
from qnet.repeaters.simulation import simulated_pairs
from qnet.results import Figure

__all__ = ["PurifyFirst", "affordable", "purify_first"]


@dataclass(frozen=True, kw_only=True)
class PurifyFirst:
    """Which way is the better one, by the fidelity of the raw pairs.

    Args:
        fidelities: Of the raw Werner pairs, growing.
        straight: The logical pairs when all raw pairs go into the seam.
        purified: Those when they are purified first.
        purify: How.
        crossover: The fidelity at which both are alike: above it, purifying first is the worse way; None
            where one way is the better at all fidelities.
    """

    fidelities: tuple[float, ...]
    straight: tuple[LogicalPair, ...]
    purified: tuple[LogicalPair, ...]
    purify: str
    crossover: Figure | None

    def rows(self) -> list[dict[str, Any]]:
        """A row for each fidelity, for tables."""
        return [
            {
                "fidelity": fidelity,
                "straight": a.infidelity.value,
                "straight_stderr": a.infidelity.stderr,
                "straight_scheme": a.scheme,
                "straight_pairs": a.pairs,
                self.purify: b.infidelity.value,
                f"{self.purify}_stderr": b.infidelity.stderr,
                f"{self.purify}_scheme": b.scheme,
                f"{self.purify}_pairs": b.pairs,
            }
            for fidelity, a, b in zip(self.fidelities, self.straight, self.purified, strict=True)
        ]


def affordable(link: EncodedLink, pairs: float, *, largest: int = 25) -> EncodedLink:
    """The link with the largest odd distance that a number of raw pairs allows.

    Args:
        link: The link; surgery of any form.
        pairs: Raw pairs that a logical pair may take on average.
        largest: Where to stop.

    Raises:
        OutOfReach: If not even distance 3 is allowed.

    Example:
        >>> [affordable(EncodedLink(fidelity=0.95, purify=way), 200).label for way in (None, "dejmps")]
        ['surgery:9', 'surgery:7']
    """
    above_zero("pairs", pairs)
    each = link.physical.pairs
    fitting = [d for d in range(3, largest + 1, 2) if each * d * _a_round(link, d) <= pairs]
    if not fitting:
        least = replace(link, distance=3).pairs
        raise OutOfReach(f"pairs={pairs:g} do not make a logical pair of distance 3, which takes {least:.3g}")
    return replace(link, distance=fitting[-1])


def purify_first(
    link: EncodedLink,
    fidelities: Sequence[float],
    *,
    pairs: float,
    purify: str = "dejmps",
    **simulating: Any,
) -> PurifyFirst:
    """Compare purifying first with spending all pairs in the seam, at an equal number of raw pairs.

    Both ways get as many raw pairs on average, and the largest odd distance that these allow: who purifies
    has better pairs, but a smaller code. Purification is done by gates with the link's local noise.

    Args:
        link: Surgery over the link; its own fidelity, distance and purification do not matter.
        fidelities: Of the raw Werner pairs.
        pairs: Raw pairs for a logical pair.
        purify: `"dejmps"`, `"five_qubit"` or `"five_qubit_detect"`.
        simulating: `precision`, `max_shots`, `seed`, `executor`, `save_resume` of `simulated_pairs`.

    Raises:
        OutOfReach: If the pairs do not make a logical pair of distance 3.
        ValueError: If there are no fidelities, or what `simulated_pairs` refuses.
    """
    if not fidelities:
        raise ValueError("fidelities is empty; give at least one")
    chosen = sorted(fidelities)
    ways = [
        affordable(replace(link, fidelity=f, weights=None, purify=way), pairs)
        for way in (None, purify)
        for f in chosen
    ]
    found = simulated_pairs(ways, **simulating)
    straight, purified = found[: len(chosen)], found[len(chosen) :]
    return PurifyFirst(
        fidelities=tuple(chosen),
        straight=straight,
        purified=purified,
        purify=purify,
        crossover=_crossing(chosen, straight, purified),
    )


def _a_round(link: EncodedLink, distance: int) -> int:
    return replace(link, distance=distance, purify=None, pair_rate_hz=None).way.pairs_at_once


def _crossing(
    fidelities: Sequence[float], straight: Sequence[LogicalPair], purified: Sequence[LogicalPair]
) -> Figure | None:
    """Where the logarithm of the ratio of the two crosses zero last, between neighbours by a line."""
    leads = [_lead(a, b) for a, b in zip(straight, purified, strict=True)]
    for k in range(len(leads) - 1, 0, -1):
        (before, left), (after, right) = leads[k - 1], leads[k]
        if before > 0 >= after:
            step, share = fidelities[k] - fidelities[k - 1], before / (before - after)
            slope = (before - after) / step
            return Figure(
                fidelities[k - 1] + share * step,
                stderr=hypot((1 - share) * left, share * right) / slope,
            )
    return None


def _lead(straight: LogicalPair, purified: LogicalPair) -> tuple[float, float]:
    """The logarithm of the two infidelities' ratio, above 0 where purifying is better, and its error."""
    a, b = straight.infidelity, purified.infidelity
    if not (a.value and b.value):
        return (0.0 if a.value == b.value else (1.0 if a.value else -1.0)), 0.0
    return log(a.value / b.value), hypot((a.stderr or 0.0) / a.value, (b.stderr or 0.0) / b.value)
