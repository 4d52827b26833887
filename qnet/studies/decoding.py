"""`decode`: any Stim circuit with detectors, sampled and decoded."""

from __future__ import annotations

import os
import secrets
import time
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from qnet.results import Result
from qnet.studies._versions import versions
from qnet.studies.choosing import chosen_decoders
from qnet.studies.models import error_model
from qnet.studies.rates import counted, error_figures
from qnet.studies.running import Report

if TYPE_CHECKING:
    import stim

__all__ = ["decode"]


def decode(
    circuit: stim.Circuit,
    decoder: str = "pymatching",
    *,
    model: stim.DetectorErrorModel | None = None,
    max_shots: int | None = 100_000,
    max_errors: int | None = None,
    precision: float | None = None,
    low_confidence: float | None = None,
    executor: Executor | None = None,
    seed: int | None = None,
    save_resume: str | os.PathLike[str] | None = None,
    progress: Report = True,
    name: str = "circuit",
) -> Result:
    """Sample a circuit, decode the shots, and tell how often an observable comes out wrong.

    Args:
        circuit: A circuit with detectors and observables.
        decoder: Name of a decoder; for `erasure` the error model is made from the circuit's heralds.
        model: The decoder's error model; that of the circuit if not given.
        max_shots: It ends with so many shots.
        max_errors: It ends with the chunk that brings it so many errors.
        precision: It ends when the standard error of the error rate is this fraction of it.
        low_confidence: The decoder flags the shots whose answer has at most this probability.
        executor: Who samples and decodes; None for this process.
        seed: Of all shots; drawn, and told in the result, if not given.
        save_resume: A CSV of sinter's, in which shots are kept and from which a run goes on.
        progress: As in `decoders.collect`.
        name: What messages and the result call the circuit.

    Returns:
        The figure `logical_error_rate` per kept shot, and beside it discards and low confidence where
        there are any. One row holds the counts.

    Raises:
        ValueError: If there is no decoder of that name or it has no level of confidence, if the circuit has
            no observable, if detectors are random without noise, or if the error model is none for the
            decoder.

    Example:
        >>> import stim
        >>> circuit = stim.Circuit.generated("repetition_code:memory", distance=5, rounds=5,
        ...                                  before_round_data_depolarization=0.05)
        >>> result = decode(circuit, max_shots=20_000, seed=1)
        >>> 0.0005 < result.figures["logical_error_rate"].value < 0.004
        True
    """
    import sinter

    from decoders.collection import collect

    chosen = chosen_decoders([decoder], low_confidence)
    if not circuit.num_observables:
        raise ValueError(
            f"{name} declares no observable, so that no logical error can be counted; add OBSERVABLE_INCLUDE"
        )
    seed = secrets.randbits(32) if seed is None else seed
    started = time.perf_counter()
    known = error_model(circuit, decoder, what=name) if model is None else model
    _check_fits(circuit, known, name)
    metadata: dict[str, object] = {"circuit": name}
    if low_confidence is not None:
        metadata["low_confidence"] = low_confidence
    task = sinter.Task(circuit=circuit, decoder=decoder, detector_error_model=known, json_metadata=metadata)
    (stats,) = collect(
        [task],
        decoders=chosen,
        executor=executor,
        max_shots=max_shots,
        max_errors=max_errors,
        precision=precision,
        seed=seed,
        save_resume=save_resume,
        progress=progress,
    )
    tells = getattr(chosen[decoder], "tells_confidence", False)
    return Result(
        command="decode",
        experiment=name,
        figures=error_figures(stats, tells=tells),
        parameters={
            "circuit": name,
            "decoder": decoder,
            "own_model": model is not None,
            "max_shots": max_shots,
            "max_errors": max_errors,
            "precision": precision,
            "low_confidence": low_confidence,
        },
        seed=seed,
        shots=stats.shots,
        sampler="stim",
        versions=versions(),
        elapsed_s=time.perf_counter() - started,
        rows=[
            {
                "detectors": circuit.num_detectors,
                "observables": circuit.num_observables,
                **counted(stats, tells=tells),
            }
        ],
    )


def _check_fits(circuit: stim.Circuit, model: stim.DetectorErrorModel, name: str) -> None:
    for what in ("detectors", "observables"):
        has, told = getattr(circuit, f"num_{what}"), getattr(model, f"num_{what}")
        if has != told:
            raise ValueError(
                f"the error model has {told} {what}, {name} {has}; give the model of this circuit"
            )
