"""`simulated_pairs`: the logical Bell pairs of links, as Stim samples and a decoder corrects them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

from qnet.repeaters.encoded_link import EncodedLink
from qnet.repeaters.logical_pair import LogicalPair
from qnet.results import Figure

if TYPE_CHECKING:
    import sinter

__all__ = ["counted_pair", "pair_of", "pauli_counts", "simulated_pairs"]

MOST_SHOTS = 10_000_000
_MASKS = {"e_x": "_E", "e_y": "EE", "e_z": "E_"}
"""Observable 0 is X⊗X, which Z flips; observable 1 is Z⊗Z, which X flips."""


def pauli_counts(stats: sinter.TaskStats) -> dict[str, int]:
    """How often a logical X, Y and Z error was left.

    Args:
        stats: Counted with `count_observable_error_combos`.

    Example:
        >>> import sinter
        >>> from collections import Counter
        >>> counts = Counter({"obs_mistake_mask=E_": 3, "obs_mistake_mask=EE": 1})
        >>> pauli_counts(sinter.TaskStats(strong_id="", decoder="", json_metadata=None, shots=100, errors=4,
        ...                               custom_counts=counts))
        {'e_x': 0, 'e_y': 1, 'e_z': 3}
    """
    return {
        name: int(stats.custom_counts.get(f"obs_mistake_mask={mask}", 0)) for name, mask in _MASKS.items()
    }


def counted_pair(link: EncodedLink, stats: sinter.TaskStats) -> LogicalPair:
    """The logical pair of a link from what was counted.

    Raises:
        ValueError: If no shot was kept.
    """
    from qnet.studies.rates import share

    kept = stats.shots - stats.discards
    if not kept:
        raise ValueError(
            f"{link.label}: no shot was kept of {stats.shots}; take more shots, or another decoder"
        )
    found = {name: share(count, kept) for name, count in pauli_counts(stats).items()}
    return pair_of(link, found, source="measured", shots=kept)


def pair_of(
    link: EncodedLink, errors: Mapping[str, Figure], *, source: str, shots: int | None = None
) -> LogicalPair:
    """The logical pair of a link with the errors `e_x`, `e_y`, `e_z`."""
    x, y, z = (errors[f"e_{letter}"] for letter in "xyz")
    return LogicalPair(
        e_x=x.value,
        e_y=y.value,
        e_z=z.value,
        stderr_x=x.stderr,
        stderr_y=y.stderr,
        stderr_z=z.stderr,
        pairs=link.pairs,
        rounds=link.way.waits if link.way.data_wait else 0,
        time_s=link.time_s,
        memories=link.memories,
        scheme=link.label,
        source=source,
        shots=shots,
    )


def simulated_pairs(
    links: Sequence[EncodedLink],
    *,
    precision: float | None = 0.1,
    max_shots: int | None = MOST_SHOTS,
    max_errors: int | None = None,
    executor: Executor | None = None,
    seed: int | None = None,
    save_resume: str | os.PathLike[str] | None = None,
    progress: bool | Callable[[Any], None] | None = False,
) -> tuple[LogicalPair, ...]:
    """Sample and decode the logical Bell pairs of links.

    Args:
        links: The links.
        precision: A link ends when the standard error of its 1 − F is this fraction of it, so that its shots
            follow from what is wanted.
        max_shots: A link ends with so many shots.
        max_errors: A link ends with the chunk that brings it so many errors.
        executor: Who samples and decodes; None for this process; `decoders.process_pool(2)`; Dask's
            `Client(address).get_executor()`. The figures of a seed do not depend on it.
        seed: Of all shots; drawn if not given.
        save_resume: sinter's CSV, in which shots are kept: what it holds already is not drawn again, so that
            it serves as a cache of links.
        progress: As in `decoders.collect`.

    Returns:
        A measured pair of every link; an exact one, without errors, where nothing is noisy.

    Raises:
        Unresolved: If a link has not had a single error in its shots; it says how many would be needed.
        ValueError: What `decoders.collect` refuses.

    Example:
        >>> link = EncodedLink(distance=3, seam_noise=0.05, noise="uniform:0.001")
        >>> (pair,) = simulated_pairs([link], seed=1)
        >>> 0.03 < pair.infidelity.value < 0.07, pair.pairs, pair.source
        (True, 15, 'measured')
    """
    from decoders.collection import collect
    from qnet.repeaters.thresholds import check_resolved
    from qnet.studies.choosing import chosen_decoders

    tasks = {link: link.task() for link in dict.fromkeys(links)}
    noisy = {link: task for link, task in tasks.items() if task.detector_error_model.num_errors}
    unique = dict(zip((task.strong_id() for task in noisy.values()), noisy.values(), strict=True))
    found = (
        collect(
            unique.values(),
            decoders=chosen_decoders(dict.fromkeys(str(task.decoder) for task in noisy.values())),
            executor=executor,
            max_shots=max_shots,
            max_errors=max_errors,
            precision=precision,
            seed=seed,
            save_resume=save_resume,
            progress=progress,
            count_observable_error_combos=True,
        )
        if unique
        else []
    )
    counted = dict(zip(unique, found, strict=True))
    made: dict[EncodedLink, LogicalPair] = {}
    for link, task in tasks.items():
        if link not in noisy:
            made[link] = pair_of(link, dict.fromkeys(_MASKS, Figure(0.0)), source="exact")
            continue
        stats = counted[task.strong_id()]
        check_resolved(link, stats)
        made[link] = counted_pair(link, stats)
    return tuple(made[link] for link in links)
