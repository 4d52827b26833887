"""Circuits, decoders that misbehave, and totals to compare, for the tests of collection."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import sinter
import stim

__all__ = [
    "Awkward",
    "Clumsy",
    "Late",
    "Pausing",
    "Raising",
    "Reversed",
    "repetition",
    "surface",
    "task",
    "totals",
]


def surface(distance: int = 3, p: float = 0.005, basis: str = "z") -> stim.Circuit:
    return stim.Circuit.generated(
        f"surface_code:rotated_memory_{basis}",
        distance=distance,
        rounds=distance,
        after_clifford_depolarization=p,
        before_measure_flip_probability=p,
        before_round_data_depolarization=p,
        after_reset_flip_probability=p,
    )


def repetition(p: float = 0.1, distance: int = 3) -> stim.Circuit:
    return stim.Circuit.generated(
        "repetition_code:memory", distance=distance, rounds=2, before_round_data_depolarization=p
    )


def task(circuit: stim.Circuit | None = None, **options: Any) -> sinter.Task:
    options.setdefault("json_metadata", {"d": 3})
    return sinter.Task(circuit=repetition() if circuit is None else circuit, **options)


def totals(stats: Iterable[sinter.TaskStats]) -> list[tuple[Any, ...]]:
    """All but the time."""
    return [(s.strong_id, s.shots, s.errors, s.discards, dict(s.custom_counts)) for s in stats]


@dataclass(frozen=True, kw_only=True)
class Pausing(sinter.Decoder):
    """Says that nothing flipped, after a pause, and leaves its process id in a folder."""

    seconds: float = 0.05
    folder: str = ""

    def compile_decoder_for_dem(self, *, dem: stim.DetectorErrorModel) -> sinter.CompiledDecoder:
        return _Pausing(self, dem.num_observables)


class _Pausing(sinter.CompiledDecoder):
    def __init__(self, decoder: Pausing, observables: int) -> None:
        self.decoder, self.width = decoder, (observables + 7) // 8

    def decode_shots_bit_packed(self, *, bit_packed_detection_event_data: np.ndarray) -> np.ndarray:
        if self.decoder.folder:
            (Path(self.decoder.folder) / str(os.getpid())).touch()
        time.sleep(self.decoder.seconds)
        return np.zeros((len(bit_packed_detection_event_data), self.width), dtype=np.uint8)


class Clumsy(Exception):
    """An exception that does not pickle: it wants two arguments and keeps one."""

    def __init__(self, what: str, *, place: int) -> None:
        super().__init__(what)
        self.place = place


@dataclass(frozen=True, kw_only=True)
class Raising(sinter.Decoder):
    """Raises at the n-th batch that it sees (from 0), or while it is compiled (-1)."""

    batch: int = 0
    clumsy: bool = False

    def error(self) -> Exception:
        return Clumsy("no syndrome today", place=7) if self.clumsy else LookupError("no syndrome today")

    def compile_decoder_for_dem(self, *, dem: stim.DetectorErrorModel) -> sinter.CompiledDecoder:
        if self.batch < 0:
            raise self.error()
        return _Raising(self, dem.num_observables)


class _Raising(sinter.CompiledDecoder):
    def __init__(self, decoder: Raising, observables: int) -> None:
        self.decoder, self.width, self.seen = decoder, (observables + 7) // 8, 0

    def decode_shots_bit_packed(self, *, bit_packed_detection_event_data: np.ndarray) -> np.ndarray:
        self.seen += 1
        if self.seen > self.decoder.batch:
            raise self.decoder.error()
        return np.zeros((len(bit_packed_detection_event_data), self.width), dtype=np.uint8)


@dataclass(frozen=True, kw_only=True)
class Awkward(sinter.Decoder):
    """Predicts arrays of another shape."""

    def compile_decoder_for_dem(self, *, dem: stim.DetectorErrorModel) -> sinter.CompiledDecoder:
        return _Awkward()


class _Awkward(sinter.CompiledDecoder):
    def decode_shots_bit_packed(self, *, bit_packed_detection_event_data: np.ndarray) -> np.ndarray:
        return np.zeros((3, 1), dtype=np.uint8)


class Late(Executor):
    """One thread that lets calls gather, and does them in an order of its own."""

    def __init__(self, choose: Callable[[int], int]) -> None:
        self._choose = choose
        self._waiting: list[tuple[Future[Any], Callable[[], Any]]] = []
        self._came = threading.Condition()
        self._max_workers = 3
        threading.Thread(target=self._work, daemon=True).start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        with self._came:
            self._waiting.append((future, lambda: fn(*args, **kwargs)))
            self._came.notify()
        return future

    def _work(self) -> None:
        while True:
            with self._came:
                self._came.wait_for(lambda: len(self._waiting) >= 6, timeout=0.01)
                if not self._waiting:
                    continue
                future, call = self._waiting.pop(self._choose(len(self._waiting)))
            if future.set_running_or_notify_cancel():
                future.set_result(call())


class Reversed(Late):
    """The last comes first."""

    def __init__(self) -> None:
        super().__init__(lambda waiting: waiting - 1)
