"""Decoders that raise, workers that die, full disks: what was drawn is kept, and one line says why."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sinter
import stim
from support.collecting import Awkward, Clumsy, Late, Pausing, Raising, task, totals

from decoders import DecodersError, NotMatchable, Progress, WorkerLost, collect, process_pool


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    with process_pool(2) as made:
        yield made


@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize("batch", [-1, 2])
def test_an_exception_arrives_as_it_is(
    parallel: bool, batch: int, pool: ProcessPoolExecutor, tmp_path: Path
) -> None:
    file = tmp_path / "shots.csv"
    options: dict[str, Any] = {"executor": pool if parallel else None, "max_shots": 90_000, "seed": 1}
    with pytest.raises(LookupError, match=r"^'?no syndrome today'?$") as caught:
        collect([task()], decoders={"raising": Raising(batch=batch)}, save_resume=file, **options)
    assert type(caught.value) is LookupError
    if parallel:
        assert "in decode_shots_bit_packed" in str(caught.value.__cause__) or batch < 0
    if not parallel and batch > 0:
        (saved,) = sinter.read_stats_from_csv_files(file)
        assert (saved.shots, saved.custom_counts["chunks"]) == (1024 + 2048, 2)


def test_an_exception_that_does_not_pickle_arrives_too(pool: ProcessPoolExecutor) -> None:
    for executor in (None, pool):
        with pytest.raises(Clumsy, match=r"^no syndrome today$") as caught:
            collect([task()], decoders={"r": Raising(clumsy=True)}, executor=executor, max_shots=300)
        assert (caught.value.args, caught.value.place) == (("no syndrome today",), 7)
    assert collect([task()], decoders="vacuous", executor=pool, max_shots=300)[0].shots == 300


def test_chunks_before_the_exception_count_whatever_comes_first(tmp_path: Path) -> None:
    file = tmp_path / "shots.csv"
    options: dict[str, Any] = {"decoders": {"raising": Raising(batch=4)}, "save_resume": file, "seed": 1}
    with pytest.raises(LookupError, match="no syndrome today"):
        collect([task()], executor=Late(lambda waiting: 0), max_shots=100_000, **options)
    (saved,) = sinter.read_stats_from_csv_files(file)
    assert (saved.shots, saved.custom_counts["chunks"]) == (1024 * 15, 4)
    cured = collect([task()], **{**options, "decoders": {"raising": Raising(batch=99)}}, max_shots=20_000)
    again = collect([task()], decoders={"raising": Raising(batch=99)}, seed=1, max_shots=20_000)
    assert totals(cured) == totals(again)


def test_a_worker_that_was_killed(tmp_path: Path) -> None:
    file, workers = tmp_path / "shots.csv", tmp_path / "workers"
    workers.mkdir()
    decoders = {"pausing": Pausing(folder=str(workers), seconds=0.02)}
    options: dict[str, Any] = {"save_resume": file, "seed": 2, "max_shots": 2_000_000}
    killed: list[int] = []

    def kill_one(progress: Progress) -> None:
        if progress.stats.custom_counts["chunks"] >= 5 and not killed:
            killed.append(int(next(workers.iterdir()).name))
            os.kill(killed[0], signal.SIGKILL)

    with (
        process_pool(2) as pool,
        pytest.raises(
            WorkerLost, match=r"^the executor lost a worker \(.*\): a worker .* to go on$"
        ) as caught,
    ):
        collect([task()], decoders=decoders, executor=pool, progress=kill_one, **options)
    assert isinstance(caught.value, DecodersError)
    assert "\n" not in str(caught.value)
    (held,) = caught.value.stats
    assert totals([held]) == totals(sinter.read_stats_from_csv_files(file))
    assert held.custom_counts["chunks"] >= 5
    quick = {"pausing": Pausing(seconds=0)}
    resumed = collect([task()], decoders=quick, **options)
    assert totals(resumed) == totals(collect([task()], decoders=quick, **{**options, "save_resume": None}))


def test_an_executor_that_was_closed() -> None:
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    with pytest.raises(WorkerLost, match=r"^the executor takes no more chunks \(cannot schedule new futures"):
        collect([task()], decoders="vacuous", executor=pool, max_shots=300)


FULL = """
import resource, sys
from support.collecting import Pausing, task
from decoders import NotSaved, collect

resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    collect([task()], decoders={"pausing": Pausing(seconds=0.3)}, max_shots=40_000, seed=3,
            save_resume=sys.argv[1])
except NotSaved as error:
    (stats,) = error.stats
    print(error)
    print(stats.shots)
"""


def test_a_full_disk(tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk; the second write does not fit."""
    file = tmp_path / "shots.csv"
    collect([task()], decoders={"pausing": Pausing(seconds=0)}, max_shots=1024, seed=3, save_resume=file)
    before = file.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(file), str(len(before) + 20)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    message, shots = done.stdout.splitlines()
    assert message.startswith(
        f"cannot append to '{file}' (File too large): make room, and collect again with"
    )
    assert f"the file lacks the last {int(shots) - 1024} shots" in message
    assert int(shots) > 1024
    assert file.read_bytes() == before
    options: dict[str, Any] = {"decoders": {"pausing": Pausing(seconds=0)}, "max_shots": 40_000, "seed": 3}
    assert totals(collect([task()], save_resume=file, **options)) == totals(collect([task()], **options))


def test_a_decoder_that_cannot_be_sent(pool: ProcessPoolExecutor) -> None:
    class Local(sinter.Decoder):
        pass

    with pytest.raises(ValueError, match=r"^decoder 'local' cannot be sent to workers \(.*\); define its cl"):
        collect([task()], decoders={"local": Local()}, executor=pool, max_shots=300)


def test_predictions_of_another_shape() -> None:
    expected = (
        r"^decoder 'awkward' predicted uint8 of shape \(3, 1\); it must give uint8 of shape \(300, 1\)$"
    )
    with pytest.raises(ValueError, match=expected):
        collect([task()], decoders={"awkward": Awkward()}, max_shots=300)


def test_a_circuit_that_is_random_without_noise() -> None:
    circuit = stim.Circuit("""
        R 0 1
        H 0
        M 0 1
        DETECTOR(1, 2) rec[-2]
        DETECTOR rec[-1]
        OBSERVABLE_INCLUDE(0) rec[-2]
    """)
    expected = r"^tasks\[1\] has detectors or observables that are random .*: D0 \[coords \(1, 2\)\], L0; "
    with pytest.raises(ValueError, match=expected) as caught:
        collect([task(), task(circuit)], decoders="vacuous", max_shots=300)
    assert "\n" not in str(caught.value)


def test_a_model_that_does_not_match() -> None:
    model = stim.DetectorErrorModel("error(0.1) D0 D1 D2 L0")
    circuit = stim.Circuit(
        "R 0\nX_ERROR(0.1) 0\nM 0\n" + "DETECTOR rec[-1]\n" * 3 + "OBSERVABLE_INCLUDE(0) rec[-1]"
    )
    assert circuit.detector_error_model() == model
    with pytest.raises(NotMatchable, match="flips more than two detectors at once"):
        collect([task(circuit)], decoders="pymatching", max_shots=300)
    (stats,) = collect([task(circuit)], decoders="lookup", max_shots=5_000, seed=1)
    assert stats.errors == 0


BAD: list[tuple[dict[str, Any], str]] = [
    ({"tasks": [7]}, r"tasks\[0\]=int is no task; give a sinter.Task"),
    ({"decoders": None}, r"tasks\[0\] names no decoder; name one in decoders, such as 'pymatching'"),
    ({"decoders": "bposd"}, r"decoder 'bposd' is not known; choose from .*, pymatching, .*"),
    ({"decoders": {"x": 7}}, r"decoder 'x' is int; give a sinter.Decoder"),
    ({"decoders": {"x": sinter.BUILT_IN_SAMPLERS["perfectionist"]}}, r"decoder 'x' is a sampler, whose"),
    ({"executor": 2}, r"executor=int is no executor; give a concurrent.futures.Executor, such as"),
    ({"max_shots": -1}, r"max_shots=-1 is no number of them; give a whole number from 0 on"),
    ({"max_shots": 1e6}, r"max_shots=1000000.0 is no number of them"),
    ({"max_errors": -3}, r"max_errors=-3 is no number of them; give a whole number from 0 on"),
    ({"precision": 0.0}, r"precision=0.0 is no relative error; give one above 0, such as 0.05 for 5 %"),
    ({"precision": np.nan}, r"precision=nan is no relative error"),
    ({"max_shots": None}, r"tasks\[0\] would never end; give max_shots, max_errors or precision"),
    ({"seed": -1}, r"seed=-1 is no seed; give a whole number from 0 on, or None"),
    ({"seed": 0.5}, r"seed=0.5 is no seed"),
    ({"progress": 7}, r"progress=7 is no way to report; give True, False or a function"),
    (
        {"tasks": [task(), task()]},
        r"tasks\[1\] is the same as tasks\[0\] \(decoder 'vacuous'\); give it once",
    ),
    (
        {"save_resume": "missing/shots.csv"},
        r"save_resume='.*': there is no folder '.*missing'; make it first",
    ),
    ({"save_resume": "."}, r"save_resume='.*' is a folder; give the name of a file in it"),
    ({"save_resume": "/dev/full"}, r"save_resume='/dev/full' is no ordinary file; give the name of one"),
]


@pytest.mark.parametrize(("wrong", "message"), BAD, ids=lambda value: str(value)[:40])
def test_bad_arguments(wrong: dict[str, Any], message: str, tmp_path: Path) -> None:
    options: dict[str, Any] = {"tasks": [task()], "decoders": "vacuous", "max_shots": 300, **wrong}
    if "save_resume" in options:
        options["save_resume"] = tmp_path / options["save_resume"]
    with pytest.raises(ValueError, match=f"^{message}"):
        collect(options.pop("tasks"), **options)


@pytest.mark.parametrize("workers", [0, -2])
def test_pools_have_workers(workers: int) -> None:
    with pytest.raises(ValueError, match=rf"^workers={workers} is no number of processes; give at least 1$"):
        process_pool(workers)
