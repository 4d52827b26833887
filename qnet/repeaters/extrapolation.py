"""Pairs too good to be sampled: Λ of smaller distances, and the distance that a target needs."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, hypot
from typing import Any

from qnet.repeaters._trials import at_distance, grows, law_of, mend, tried
from qnet.repeaters.encoded_link import EncodedLink
from qnet.repeaters.errors import BelowThreshold, OutOfReach
from qnet.repeaters.logical_pair import LogicalPair
from qnet.results import Figure

__all__ = ["distance_for", "extrapolated"]

SMALL = 1e-7


def extrapolated(
    link: EncodedLink,
    distance: int,
    *,
    measured: Sequence[int] = (3, 5, 7),
    precision: float | None = 0.05,
    max_shots: int = 2_000_000,
    seed: int | None = None,
    **collecting: Any,
) -> LogicalPair:
    """The logical pair at a distance that cannot be sampled, by Λ of smaller ones.

    1 − F = C·Λ^(−(d+1)/2) is fitted to the counts of the measured distances; how X, Y and Z share it is
    taken from the largest of these. The pair is marked `"extrapolated"`: its standard
    errors are those of the fit alone.

    Args:
        link: The link, whose distance does not matter here.
        distance: Where to go, beyond those measured.
        measured: Distances that are sampled, at least two.
        precision: Of each of them.
        max_shots: Of each of them.
        seed: Of all shots.
        collecting: `executor`, `save_resume` for `decoders.collect`.

    Raises:
        BelowThreshold: If Λ is not above 1.
        ValueError: If the scheme has no other distances, or the distance is not beyond those measured.

    Source:
        Google Quantum AI, Nature 614, 676 (2023), arXiv:2207.06431.
    """
    from decoders.statistics import fit_lambda
    from qnet.repeaters.simulation import pair_of, pauli_counts
    from qnet.studies.rates import share

    if not grows(link):
        raise ValueError(f"scheme={link.scheme!r} has one distance; only surgery is extrapolated")
    if len(set(measured)) < 2 or distance <= max(measured):
        raise ValueError(
            f"distance={distance} is not beyond measured={tuple(measured)}, of which at least two are needed"
        )
    found = tried(
        [at_distance(link, d) for d in measured],
        seed,
        shots=max_shots,
        errors=None,
        precision=precision,
        **collecting,
    )
    law = fit_lambda(found)
    if law.value <= 1:
        raise BelowThreshold(
            f"{link.way.name} is below threshold: Λ = {law.value:.3g} ± {law.stderr:.2g} over d = "
            f"{min(measured)} to {max(measured)}, so that errors do not fall with the distance; {mend(link)}"
        )

    there = at_distance(link, distance)
    total, relative = law.error_rate(distance), law.relative_stderr(distance)
    counts = pauli_counts(max(found, key=lambda one: one.json_metadata["d"]))
    shares = {name: share(count, max(sum(counts.values()), 1)) for name, count in counts.items()}
    scaled = {
        name: Figure(total * one.value, stderr=total * hypot(one.value * relative, one.stderr or 0.0))
        for name, one in shares.items()
    }
    return pair_of(there, scaled, source="extrapolated")


def distance_for(
    link: EncodedLink,
    target: float,
    *,
    distances: Sequence[int] = (3, 5, 7, 9, 11, 13, 15, 17, 19, 21),
    seed: int | None = None,
    **collecting: Any,
) -> LogicalPair:
    """The logical pair of the smallest distance whose 1 − F is at most a target.

    Distances that can be sampled are; those whose errors would be below 10⁻⁷ are extrapolated, and so marked.

    Args:
        link: The link, whose distance does not matter here.
        target: 1 − F.
        distances: Where to look, in growing order.
        seed: Of all shots.
        collecting: `executor`, `save_resume` for `decoders.collect`.

    Raises:
        BelowThreshold: If errors do not fall with the distance.
        OutOfReach: If no distance reaches the target; the best is told.
    """
    from qnet.repeaters.simulation import simulated_pairs
    from qnet.repeaters.thresholds import verdict

    if not 0 < target < 1:
        raise ValueError(f"target={target!r} is out of range; 1 − F to reach is above 0 and below 1")
    if not grows(link):
        (pair,) = simulated_pairs([link], seed=seed, **collecting)
        if pair.infidelity.value <= target:
            return pair
        raise OutOfReach(
            f"{link.label} reaches 1 − F = {pair.infidelity.value:.2g}, not {target:g}; {mend(link)}"
        )
    small = [d for d in distances if d <= 5][:2]
    law = law_of(link, small, seed)
    if law.value <= 1:
        (pair,) = simulated_pairs([at_distance(link, small[-1])], seed=seed, **collecting)
        few = f"Λ = {law.value:.3g} of d = {small[0]} and {small[-1]} is not above 1; {mend(link)}"
        said = verdict(at_distance(link, small[-1]), pair)
        raise BelowThreshold(said or f"{link.way.name} is below threshold: {few}")
    likely = next((d for d in distances if law.error_rate(d) <= target), None)
    if likely is None:
        best = law.error_rate(distances[-1])
        raise OutOfReach(
            f"no distance up to {distances[-1]} reaches 1 − F = {target:g}: by Λ = {law.value:.3g} "
            f"d = {distances[-1]} has about {best:.1g}; give a larger --max-distance, or {mend(link)}"
        )
    for d in distances[distances.index(likely) - (likely != distances[0]) :]:
        pair = _pair_at(link, d, law.error_rate(d), seed, collecting)
        if pair.infidelity.value <= target:
            return pair
    raise OutOfReach(f"no distance up to {distances[-1]} reaches 1 − F = {target:g}; {mend(link)}")


def _pair_at(
    link: EncodedLink, distance: int, expected: float, seed: int | None, collecting: dict[str, Any]
) -> LogicalPair:
    """Measured, or extrapolated where errors are too rare to be counted."""
    from qnet.repeaters.simulation import simulated_pairs

    if expected < SMALL and distance > 7:
        return extrapolated(link, distance, seed=seed, **collecting)
    shots = min(ceil(400 / max(expected, SMALL)), 10_000_000)
    (pair,) = simulated_pairs([at_distance(link, distance)], max_shots=shots, seed=seed, **collecting)
    return pair
