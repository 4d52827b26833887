"""What a worker does: it keeps what it compiled, draws chunks and counts them."""

from __future__ import annotations

import tempfile
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sinter
import stim
from numpy.typing import NDArray

from decoders._shots import packed_width
from decoders.collection._counting import Counted, checked_predictions, count, event_counts
from decoders.collection._failures import Failure, loaded
from decoders.collection._plan import Chunk
from decoders.confidence import CompiledWithConfidence

__all__ = ["CompiledJob", "Job", "Missing", "draw"]

KEPT = 8
BLOCK = 2048
Packed = NDArray[np.uint8]
_kept = threading.local()


@dataclass(frozen=True, kw_only=True)
class Job:
    """All that a worker needs to know about a task.

    Args:
        name: Of the decoder.
        circuit: What is sampled.
        model: What the decoder is told.
        decoder: A sinter decoder.
        discarding_detectors: Bit-packed; a shot in which one of these fires is discarded.
        discarding_observables: Bit-packed; a shot is discarded if one of these is predicted wrongly.
        count_events: Whether to count detection events.
        count_combinations: Whether to count which observables are wrong together.
    """

    name: str
    circuit: stim.Circuit
    model: stim.DetectorErrorModel
    decoder: sinter.Decoder
    discarding_detectors: NDArray[np.uint8] | None = None
    discarding_observables: NDArray[np.uint8] | None = None
    count_events: bool = False
    count_combinations: bool = False


@dataclass(frozen=True)
class Missing:
    """The answer of a worker that was not told the job, or has forgotten it."""


class CompiledJob:
    """A job with its decoder compiled. Stim's sampler is made anew for every chunk, as its seed is."""

    def __init__(self, job: Job) -> None:
        self.job = job
        by_files = type(job.decoder).compile_decoder_for_dem is sinter.Decoder.compile_decoder_for_dem
        self.decoder = _ByFiles(job) if by_files else job.decoder.compile_decoder_for_dem(dem=job.model)
        self.detectors = job.circuit.num_detectors
        self.observables = job.circuit.num_observables

    def draw(self, chunk: Chunk) -> sinter.AnonTaskStats:
        """The counts of one chunk."""
        started = time.monotonic()
        counted = self._count(*sampled(self.job.circuit, chunk))
        return sinter.AnonTaskStats(
            shots=chunk.shots,
            errors=counted.errors,
            discards=counted.discards,
            seconds=time.monotonic() - started,
            custom_counts=counted.custom,
        )

    def _count(self, events: NDArray[np.uint8], flips: NDArray[np.uint8]) -> Counted:
        job, shots = self.job, len(events)
        custom = event_counts(events, self.detectors) if job.count_events else None
        if job.discarding_detectors is not None:
            quiet = ~(events & job.discarding_detectors).any(axis=1)
            events, flips = events[quiet], flips[quiet]
        counted = self._decode(events, flips)
        return Counted(
            errors=counted.errors,
            discards=counted.discards + shots - len(events),
            custom=counted.custom if custom is None else counted.custom + custom,
        )

    def _decode(self, events: NDArray[np.uint8], flips: NDArray[np.uint8]) -> Counted:
        low = None
        if isinstance(self.decoder, CompiledWithConfidence):
            found = self.decoder.decode_shots_with_confidence(bit_packed_detection_event_data=events)
            predictions, low = found.flips, found.low_confidence
        else:
            predictions = self.decoder.decode_shots_bit_packed(bit_packed_detection_event_data=events)
        return count(
            flips=flips,
            predictions=checked_predictions(
                predictions, shots=len(events), width=flips.shape[1], name=self.job.name
            ),
            low_confidence=low,
            discarding_observables=self.job.discarding_observables,
            observables=self.observables,
            combinations=self.job.count_combinations,
        )


def sampled(circuit: stim.Circuit, chunk: Chunk) -> tuple[Packed, Packed]:
    """The detection events and observable flips of the shots of a chunk that count.

    One seeded sampler draws block after block, up to the last shot that counts: a chunk that is cut short
    is the beginning of the whole one.
    """
    sampler = circuit.compile_detector_sampler(seed=chunk.seed)
    block = min(chunk.size, BLOCK)
    blocks = [
        sampler.sample(block, bit_packed=True, separate_observables=True)
        for _ in range(-(-chunk.stop // block))
    ]
    events, flips = (
        parts[0] if len(parts) == 1 else np.concatenate(parts) for parts in zip(*blocks, strict=True)
    )
    return events[chunk.start : chunk.stop], flips[chunk.start : chunk.stop]


class _ByFiles:
    """A decoder that only reads and writes files, as some of sinter's are."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def decode_shots_bit_packed(
        self, *, bit_packed_detection_event_data: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        events, model = bit_packed_detection_event_data, self.job.model
        with tempfile.TemporaryDirectory(prefix="decode-") as name:
            folder = Path(name)
            model.to_file(folder / "model.dem")
            events.tofile(folder / "events.b8")
            (folder / "own").mkdir()
            self.job.decoder.decode_via_files(
                num_shots=len(events),
                num_dets=model.num_detectors,
                num_obs=model.num_observables,
                dem_path=folder / "model.dem",
                dets_b8_in_path=folder / "events.b8",
                obs_predictions_b8_out_path=folder / "flips.b8",
                tmp_dir=folder / "own",
            )
            flips = np.fromfile(folder / "flips.b8", dtype=np.uint8)
        return flips.reshape(len(events), packed_width(model.num_observables))


def draw(key: str, payload: bytes | None, chunk: Chunk) -> sinter.AnonTaskStats | Missing | Failure:
    """Draw one chunk in a worker.

    Args:
        key: Names the job; equal keys are equal jobs.
        payload: The pickled job, or None where the worker may know it.
        chunk: What to draw.

    Returns:
        The counts; or `Missing`, if the job is to be sent along; or the exception that was raised.
    """
    try:
        compiled = _compiled(key, payload)
        return Missing() if compiled is None else compiled.draw(chunk)
    except Exception as error:
        return Failure.of(error)


def _compiled(key: str, payload: bytes | None) -> CompiledJob | None:
    """The job from this thread's store (compiled decoders are not for two threads at once)."""
    jobs: OrderedDict[str, CompiledJob] | None = getattr(_kept, "jobs", None)
    if jobs is None:
        jobs = _kept.jobs = OrderedDict()
    if key not in jobs:
        if payload is None:
            return None
        jobs[key] = CompiledJob(loaded(payload))
        while len(jobs) > KEPT:
            jobs.popitem(last=False)
    jobs.move_to_end(key)
    return jobs[key]
