"""Short runs of links at several distances, from which laws are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qnet.repeaters.encoded_link import EncodedLink

if TYPE_CHECKING:
    import sinter

    from decoders.statistics import Suppression

__all__ = ["at_distance", "grows", "law_of", "mend", "tried"]

TRIED_SHOTS = 100_000
TRIED_ERRORS = 200


def tried(
    links: Sequence[EncodedLink],
    seed: int | None,
    shots: int = TRIED_SHOTS,
    errors: int | None = TRIED_ERRORS,
    **more: Any,
) -> list[sinter.TaskStats]:
    """Short runs of links, with the numbers that a fit reads."""
    from decoders.collection import collect
    from qnet.studies.choosing import chosen_decoders

    tasks = [link.task() for link in links]
    return collect(
        tasks,
        decoders=chosen_decoders(dict.fromkeys(str(task.decoder) for task in tasks)),
        max_shots=shots,
        max_errors=errors,
        seed=seed,
        progress=more.pop("progress", False),
        count_observable_error_combos=True,
        **more,
    )


def grows(link: EncodedLink) -> bool:
    """Whether the scheme has other distances."""
    return link.way.data_wait


def at_distance(link: EncodedLink, distance: int) -> EncodedLink:
    """The link with another distance."""
    return replace(link, distance=distance)


def law_of(link: EncodedLink, distances: Sequence[int], seed: int | None, **more: Any) -> Suppression:
    """1 − F = C·Λ^(−(d+1)/2) of some distances."""
    from decoders.statistics import fit_lambda

    return fit_lambda(tried([at_distance(link, d) for d in distances], seed, **more))


def mend(link: EncodedLink) -> str:
    """What would help a link."""
    tips = ["better pairs"]
    if link.purify is None and link.raw[0] < 1:
        tips.append("purification first (dejmps)")
    if (link.heralded_loss or link.gate_loss) and link.decoded_by not in ("erasure", "erasure_exact"):
        tips.append("a decoder that knows the heralds (erasure)")
    other = "bell_surgery" if link.way.name == "surgery" else "surgery"
    tips.append(f"another code or scheme ({other})")
    return f"{', '.join(tips[:-1])} or {tips[-1]} would help"
