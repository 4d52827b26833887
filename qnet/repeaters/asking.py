"""`measured_link`: what `qnet repeater link` tells, as a `Result`."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import asdict
from math import isnan
from typing import Any

from qnet.repeaters.encoded_link import EncodedLink
from qnet.repeaters.logical_pair import LogicalPair
from qnet.results import Figure, Result

__all__ = ["link_result", "measured_link", "pair_figures"]


def pair_figures(link: EncodedLink, pair: LogicalPair) -> dict[str, Figure]:
    """The figures of a link's logical pair.

    Returns:
        `infidelity`, `e_x`, `e_y`, `e_z`, `pairs`, `memories`; `time` where pairs have a rate; and
        `bare_infidelity`, of a pair that is not encoded, with the noise of a remote gate.

    Example:
        >>> link = EncodedLink(distance=5, fidelity=0.99)
        >>> figures = pair_figures(link, LogicalPair(e_x=1e-3, e_y=0.0, e_z=1e-3, pairs=link.pairs))
        >>> figures["pairs"].value, round(figures["bare_infidelity"].value, 6)
        (45.0, 0.01)
    """
    errors = {
        f"e_{letter}": Figure(value, stderr=None if pair.exact else stderr)
        for letter, value, stderr in zip("xyz", pair.errors, pair.stderrs, strict=True)
    }
    figures = {"infidelity": pair.infidelity, **errors, "pairs": Figure(pair.pairs)}
    figures |= {"memories": Figure(pair.memories), "bare_infidelity": Figure(link.error)}
    if not isnan(pair.time_s):
        figures["time"] = Figure(pair.time_s, unit="s")
    return figures


def link_result(
    link: EncodedLink, pair: LogicalPair, *, seed: int, elapsed_s: float, **parameters: Any
) -> Result:
    """A logical pair with what it was made of."""
    from qnet.studies._versions import versions

    given = {name: value for name, value in asdict(link).items() if name != "weights"}
    row = {
        "scheme": pair.scheme,
        "source": pair.source,
        "decoder": link.decoded_by,
        "link": list(link.link().weights),
        "purified_pairs": link.physical.pairs,
    }
    return Result(
        command="repeater link",
        experiment="logical_pair",
        figures=pair_figures(link, pair),
        parameters={**given, "distance": link.way.distance, "weights": link.weights, **parameters},
        seed=seed,
        shots=pair.shots or 0,
        sampler="stim",
        versions=versions(),
        elapsed_s=elapsed_s,
        rows=[row],
    )


def measured_link(
    link: EncodedLink,
    *,
    max_shots: int | None = 100_000,
    max_errors: int | None = None,
    precision: float | None = None,
    extrapolate: bool = False,
    target: float | None = None,
    distances: Sequence[int] = (3, 5, 7, 9, 11, 13, 15, 17, 19, 21),
    seed: int | None = None,
    **collecting: Any,
) -> Result:
    """Measure the logical pair of a link; or extrapolate it; or find the distance that it takes.

    Args:
        link: The link.
        max_shots: It ends with so many shots.
        max_errors: It ends with the chunk that brings it so many errors.
        precision: It ends when the standard error of 1 − F is this fraction of it.
        extrapolate: By Λ of the distances 3, 5 and 7, instead of sampling the link's own.
        target: Find the smallest distance whose 1 − F is at most this, instead of taking the link's.
        distances: Where to look for that.
        seed: Of all shots; drawn, and told in the result, if not given.
        collecting: `executor`, `save_resume`, `progress` for `decoders.collect`.

    Returns:
        The figures of `pair_figures`; the row says whether they are measured or extrapolated.

    Raises:
        BelowThreshold: If the logical pair is not entangled, or errors do not fall with the distance.
        OutOfReach: If no distance reaches the target.
        Unresolved: If there was no error in the shots.

    Example:
        >>> result = measured_link(EncodedLink(distance=3, seam_noise=0.05), max_shots=4000, seed=2)
        >>> 0.03 < result.figures["infidelity"].value < 0.07
        True
    """
    from qnet.repeaters.extrapolation import distance_for, extrapolated
    from qnet.repeaters.simulation import simulated_pairs
    from qnet.repeaters.thresholds import check_threshold

    seed = secrets.randbits(32) if seed is None else seed
    started = time.perf_counter()
    limits: dict[str, Any] = {"max_shots": max_shots, "max_errors": max_errors, "precision": precision}
    if target is not None:
        pair = distance_for(link, target, distances=distances, seed=seed, **collecting)
    elif extrapolate:
        pair = extrapolated(
            link,
            link.way.distance,
            precision=precision or 0.05,
            max_shots=max_shots or 2_000_000,
            seed=seed,
            **collecting,
        )
    else:
        (pair,) = simulated_pairs([link], seed=seed, **limits, **collecting)
        check_threshold(link, pair)
    more = {**limits, "extrapolate": extrapolate, "target": target}
    return link_result(link, pair, seed=seed, elapsed_s=time.perf_counter() - started, **more)
