"""`collect` over Dask: real workers in processes of their own, reached over TCP."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, LocalCluster
from support.collecting import Pausing, Raising, repetition, surface, task, totals

from decoders import Progress, WorkerLost, collect


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="tcp://127.0.0.1",
            dashboard_address=None,
            worker_dashboard_address=None,
        ) as cluster,
        Client(cluster) as made,
    ):
        yield made


def test_the_same_totals_as_in_this_process(client: Client) -> None:
    assert client.scheduler.address.startswith("tcp://127.0.0.1:")
    tasks = [task(repetition(0.05), json_metadata=1), task(surface(3, 0.01), json_metadata=2)]
    options: dict[str, Any] = {"decoders": ["pymatching", "vacuous"], "max_errors": 200, "seed": 4}
    far = collect(tasks, executor=client.get_executor(), **options)
    assert totals(far) == totals(collect(tasks, **options))


def test_a_worker_is_killed_on_the_way(client: Client, tmp_path: Path) -> None:
    (tmp_path / "workers").mkdir()
    decoder = Pausing(seconds=0.05, folder=str(tmp_path / "workers"))
    killed: list[int] = []

    def kill_one(progress: Progress) -> None:
        drew = [int(path.name) for path in (tmp_path / "workers").iterdir()]
        if progress.stats.shots > 20_000 and len(drew) == 2 and not killed:
            killed.append(drew[0])
            os.kill(drew[0], signal.SIGKILL)

    options: dict[str, Any] = {"max_shots": 2_000_000, "seed": 5}
    stats = collect(
        [task()],
        decoders={"pausing": decoder},
        executor=client.get_executor(),
        progress=kill_one,
        save_resume=tmp_path / "shots.csv",
        **options,
    )
    assert len(killed) == 1
    assert totals(stats) == totals(collect([task()], decoders={"pausing": Pausing(seconds=0)}, **options))


def test_an_exception_of_a_decoder_arrives_as_it_is(client: Client) -> None:
    with pytest.raises(LookupError, match="no syndrome today"):
        collect(
            [task()], decoders={"raising": Raising()}, executor=client.get_executor(), max_shots=300, seed=1
        )


def test_a_decoder_of_no_module(client: Client) -> None:
    """Dask's workers read what cloudpickle writes: a class of a notebook, say."""
    import sinter

    class Local(sinter.Decoder):
        def compile_decoder_for_dem(self, *, dem: object) -> sinter.CompiledDecoder:
            return sinter_vacuous.compile_decoder_for_dem(dem=dem)

    sinter_vacuous = sinter.BUILT_IN_DECODERS["vacuous"]
    options: dict[str, Any] = {"max_shots": 3_000, "seed": 1, "decoders": {"local": Local()}}
    far = collect([task()], executor=client.get_executor(), **options)
    assert totals(far) == totals(collect([task()], **options))


def test_a_client_that_was_closed(client: Client) -> None:
    with Client(client.scheduler.address) as other:
        executor = other.get_executor()
    with pytest.raises(WorkerLost, match=r"^the executor takes no more chunks \("):
        collect([task()], decoders="vacuous", executor=executor, max_shots=300)
