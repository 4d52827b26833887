"""One seed, one total: whoever draws, in whatever order, with whatever limit."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import numpy as np
import pymatching
import pytest
import sinter
from support.collecting import Late, Raising, Reversed, repetition, surface, task, totals

from decoders import collect, process_pool
from decoders.collection._plan import Plan, chunk_seed

LIMITS: list[dict[str, Any]] = [
    {"max_shots": 20_001},
    {"max_shots": 100_000, "max_errors": 100},
    {"precision": 0.2},
    {"max_shots": 9_000, "max_errors": 1000, "precision": 0.07},
]


def some_tasks() -> list[sinter.Task]:
    circuits = {"a": repetition(0.1), "b": repetition(0.03, 5), "c": surface(3, 0.01)}
    return [task(circuit, json_metadata=name) for name, circuit in circuits.items()]


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    with process_pool(2) as made:
        yield made


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_the_same_totals_over_every_executor(limits: dict[str, Any], pool: ProcessPoolExecutor) -> None:
    def collected(executor: Executor | None) -> list[tuple[Any, ...]]:
        stats = collect(some_tasks(), decoders="pymatching", executor=executor, seed=3, **limits)
        return totals(stats)

    here = collected(None)
    assert collected(pool) == here
    assert collected(Reversed()) == here
    order = np.random.default_rng(1)
    assert collected(Late(lambda waiting: int(order.integers(waiting)))) == here
    with ThreadPoolExecutor(3) as threads:
        assert collected(threads) == here
    for _, shots, errors, _, _ in here:
        assert shots <= limits.get("max_shots", shots)
        done = [shots == limits.get("max_shots"), errors >= limits.get("max_errors", np.inf)]
        assert any([*done, np.sqrt((1 - errors / shots) / max(errors, 1)) <= limits.get("precision", 0)])


def test_a_pool_of_one_gives_what_a_pool_of_two_gives(pool: ProcessPoolExecutor) -> None:
    options: dict[str, Any] = {"decoders": ["pymatching", "vacuous"], "max_errors": 200, "seed": 8}
    with process_pool(1) as one:
        alone = collect(some_tasks(), executor=one, **options)
    assert totals(alone) == totals(collect(some_tasks(), executor=pool, **options))
    names = [(s.json_metadata, s.decoder) for s in alone]
    assert names == [(m, d) for m in "abc" for d in ("pymatching", "vacuous")]


def test_chunks_are_stim_and_pymatching_by_hand() -> None:
    circuit = surface(3, 0.01)
    (stats,) = collect([task(circuit)], decoders="pymatching_plain", max_shots=6000, seed=11)
    matching = pymatching.Matching.from_detector_error_model(
        circuit.detector_error_model(decompose_errors=True, approximate_disjoint_errors=True)
    )
    plan, errors, left = Plan.for_circuit(circuit), 0, 6000
    for number in range(3):
        sampler = circuit.compile_detector_sampler(seed=chunk_seed(11, stats.strong_id, number))
        for size in [2048] * (plan.size(number) // 2048) or [plan.size(number)]:
            events, flips = sampler.sample(size, separate_observables=True)
            wrong = (matching.decode_batch(events) != flips).any(axis=1)
            errors += int(wrong[:left].sum())
            left -= min(left, size)
    assert (stats.errors, stats.custom_counts["chunks"]) == (errors, 3)


KNOWN = {3: 1.732e-2, 5: 1.410e-2, 7: 9.96e-3}


def test_the_rotated_memory_fails_as_often_as_it_is_known_to(pool: ProcessPoolExecutor) -> None:
    tasks = [task(surface(d, 0.005), json_metadata=d) for d in KNOWN]
    for stats in collect(tasks, decoders="pymatching_plain", executor=pool, max_shots=20_000, seed=2):
        p = KNOWN[stats.json_metadata]
        assert abs(stats.errors / stats.shots - p) < 5 * np.sqrt(p / stats.shots) + 0.005 * p


def test_seeds_and_generators() -> None:
    def errors(seed: int | np.random.Generator | None) -> int:
        return collect([task()], decoders="pymatching", max_shots=20_000, seed=seed)[0].errors

    assert errors(5) == errors(np.int64(5))
    assert errors(np.random.default_rng(2)) == errors(np.random.default_rng(2))
    assert len({errors(seed) for seed in range(6)}) > 3
    assert len({errors(None) for _ in range(6)}) > 3


def test_a_failure_past_the_end_is_dropped() -> None:
    """In another order a chunk that does not count may raise; the totals know nothing of it."""
    options: dict[str, Any] = {"decoders": {"raising": Raising(batch=3)}, "max_errors": 100, "seed": 1}
    here = collect([task()], **options)
    late = collect([task()], executor=Late(lambda waiting: 0), **options)
    assert totals(late) == totals(here)
    with pytest.raises(LookupError, match="no syndrome today"):
        collect([task()], executor=Late(lambda waiting: 0), **{**options, "max_errors": 10_000})


def test_an_old_worker_forgets_and_is_told_again() -> None:
    tasks = [task(repetition(0.05 + 0.01 * k), json_metadata=k) for k in range(12)]
    options: dict[str, Any] = {"decoders": "pymatching", "max_shots": 5000, "seed": 4}
    with process_pool(1) as one:
        twice = [totals(collect(tasks, executor=one, **options)) for _ in range(2)]
    assert twice[0] == twice[1] == totals(collect(tasks, **options))


def test_limits_of_a_task_itself() -> None:
    own = task(collection_options=sinter.CollectionOptions(max_shots=700))
    stats = collect([own, task(json_metadata=2)], decoders="vacuous", max_shots=900, seed=1)
    assert [s.shots for s in stats] == [700, 900]
    assert collect([own], decoders="vacuous", seed=1)[0].shots == 700


def test_nothing_to_do() -> None:
    assert collect([], decoders="vacuous", max_shots=10) == []
    (stats,) = collect([task()], decoders="vacuous", max_shots=0)
    assert (stats.shots, stats.errors, dict(stats.custom_counts)) == (0, 0, {})
