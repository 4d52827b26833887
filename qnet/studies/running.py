"""`run_study`: sample and decode every point of a study, and say what came out."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import fields
from typing import TYPE_CHECKING, Any, cast

from qnet.results import Figure, Result
from qnet.studies._versions import versions
from qnet.studies.choosing import chosen_decoders
from qnet.studies.kinds import Point, Study
from qnet.studies.rates import counted, error_figures, per_round

if TYPE_CHECKING:
    import sinter

__all__ = ["run_study"]

Report = bool | Callable[[Any], None]


def run_study(
    study: Study,
    *,
    executor: Executor | None = None,
    seed: int | None = None,
    save_resume: str | os.PathLike[str] | None = None,
    progress: Report = True,
    command: str = "sweep",
) -> Result:
    """Run a study.

    Args:
        study: The study, a `CodeStudy` or one of another room.
        executor: Who samples and decodes; None for this process (see `decoders.collect`). The figures of a
            seed do not depend on it.
        seed: Of all shots; drawn, and told in the result, if not given.
        save_resume: A CSV of sinter's, in which shots are kept and from which a run goes on.
        progress: As in `decoders.collect`.
        command: What the result calls the command.

    Returns:
        A row for every point. Of a single point the figures are its error rates; of a study they are the
        threshold of every code, noise model and decoder, and Λ of these at every noise.

    Raises:
        ValueError: What building the circuits or the decoders refuse.
        DecodersError: What ends a collection.

    Example:
        >>> from qnet.studies import CodeStudy
        >>> study = CodeStudy(codes=("rotated_surface:3",), noises=("uniform:0.01",), max_shots=2000)
        >>> result = run_study(study, seed=5)
        >>> 0.02 < result.figures["logical_error_rate"].value < 0.12
        True
    """
    from decoders.collection import collect

    seed = secrets.randbits(32) if seed is None else seed
    started = time.perf_counter()
    points = study.points()
    tasks = [point.task() for point in points]
    names = dict.fromkeys(str(task.decoder) for task in tasks)
    decoders = chosen_decoders(names, getattr(study, "low_confidence", None))
    tells = [getattr(decoders[str(task.decoder)], "tells_confidence", False) for task in tasks]
    found = collect(
        tasks,
        decoders=decoders,
        executor=executor,
        max_shots=study.max_shots,
        max_errors=study.max_errors,
        precision=study.precision,
        seed=seed,
        save_resume=save_resume,
        progress=progress,
        count_observable_error_combos=any(hasattr(point, "resolved") for point in points),
    )
    return Result(
        command=command,
        experiment=study.title or study.name,
        figures=_figures(points, found, tells),
        parameters={field.name: getattr(study, field.name) for field in fields(cast(Any, study))},
        seed=seed,
        shots=sum(stats.shots for stats in found),
        sampler="stim",
        versions=versions(),
        elapsed_s=time.perf_counter() - started,
        rows=[_row(*each) for each in zip(points, found, tells, strict=True)],
    )


def _figures(
    points: Sequence[Point], found: Sequence[sinter.TaskStats], tells: Sequence[bool]
) -> Mapping[str, Figure]:
    if len(points) == 1:
        rounds = _flipping_rounds(points[0].row(), found[0])
        return {**error_figures(found[0], rounds=rounds, tells=tells[0]), **_resolved(points[0], found[0])}
    from qnet.studies.fits import fitted

    return fitted(points, found)


def _row(point: Point, stats: sinter.TaskStats, tells: bool) -> dict[str, Any]:
    row, counts = dict(point.row()), counted(stats, tells=tells)
    rate = Figure(counts["logical_error_rate"], stderr=counts["stderr"])
    rounds = _flipping_rounds(row, stats)
    one_round = None if rounds is None else per_round(rate, rounds).value
    more = {name: figure.value for name, figure in _resolved(point, stats).items()}
    return {**row, **counts, "logical_error_rate_per_round": one_round, **more}


def _resolved(point: Point, stats: sinter.TaskStats) -> Mapping[str, Figure]:
    """What a point tells of its errors by their kind, where it does."""
    resolved: Callable[[sinter.TaskStats], Mapping[str, Figure]] | None = getattr(point, "resolved", None)
    return {} if resolved is None else resolved(stats)


def _flipping_rounds(row: Mapping[str, Any], stats: sinter.TaskStats) -> int | None:
    """The rounds in each of which one logical bit may flip; None for several bits, or where no round may."""
    return None if row["basis"] == "both" else stats.json_metadata.get("r")
