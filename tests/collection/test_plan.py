"""Chunks: their sizes, their seeds, and where a resumed task goes on."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import sinter
import stim
from support.collecting import repetition, surface

from decoders.collection._goal import Goal
from decoders.collection._jobs import sampled
from decoders.collection._plan import Chunk, Plan, chunk_seed


@pytest.mark.parametrize("full", [256, 512, 4096, 65_536])
def test_chunks_follow_on_each_other(full: int) -> None:
    plan = Plan(full=full)
    sizes = [plan.size(k) for k in range(20)]
    assert [plan.begin(k) for k in range(20)] == np.cumsum([0, *sizes[:-1]]).tolist()
    assert sizes[0] == min(1024, full)
    assert max(sizes) == full
    assert all(b in (a, 2 * a) for a, b in pairwise(sizes))


@pytest.mark.parametrize("full", [256, 1024, 65_536])
def test_every_shot_has_its_place(full: int) -> None:
    plan = Plan(full=full)
    edges = [plan.begin(k) for k in range(10)]
    for shots in [*range(0, edges[-1], 37), *edges]:
        begun = next(k for k, edge in enumerate(edges) if edge >= shots)
        number, start = plan.locate(chunks=begun, shots=shots)
        assert plan.begin(number) + start == shots
        assert start < plan.size(number)


def test_foreign_shots_never_lead_back() -> None:
    plan = Plan(full=1024)
    for shots in (0, 100, 10_000):
        assert plan.locate(chunks=3, shots=shots) == (3, 0)
    assert plan.locate(chunks=0, shots=1_000) == (0, 0)


def test_large_circuits_have_small_chunks() -> None:
    sizes = [Plan.for_circuit(surface(d)).full for d in (3, 5, 9, 13)]
    assert sizes == sorted(sizes, reverse=True)
    assert Plan.for_circuit(stim.Circuit()).full == 65_536
    assert Plan.for_circuit(repetition(distance=3)) == Plan.for_circuit(repetition(p=0.2, distance=3))


@pytest.mark.parametrize(("start", "stop"), [(0, 1), (0, 4096), (100, 5000), (4095, 8192)])
def test_a_part_of_a_chunk_is_a_part_of_the_whole(start: int, stop: int) -> None:
    circuit = surface(3, 0.05)
    whole = sampled(circuit, Chunk(number=9, seed=4, size=8192, start=0, stop=8192))
    part = sampled(circuit, Chunk(number=9, seed=4, size=8192, start=start, stop=stop))
    assert whole[0].shape == (8192, 3)
    assert len(np.unique(whole[0], axis=0)) > 1000
    for shots, of in zip(part, whole, strict=True):
        assert np.array_equal(shots, of[start:stop])


def test_seeds_differ_in_every_argument() -> None:
    places = [(seed, name, k) for seed in (0, 1, 2**70) for name in ("0a", "0b") for k in range(50)]
    seeds = {chunk_seed(*place) for place in places}
    assert len(seeds) == len(places)
    assert all(0 <= seed < 2**64 for seed in seeds)


def test_the_first_limit_that_is_reached_ends_a_task() -> None:
    def stats(shots: int, errors: int, discards: int = 0) -> sinter.TaskStats:
        return sinter.TaskStats(
            strong_id="", decoder="", json_metadata=None, shots=shots, errors=errors, discards=discards
        )

    goal = Goal(max_shots=1000, max_errors=50)
    assert goal.fraction(stats(100, 49)) == 0.98
    assert goal.fraction(stats(100, 50)) == 1
    assert goal.fraction(stats(1000, 0)) == 1
    assert goal.missing(stats(100, 25)) == 100
    # √(p(1−p)/n)/p with p = 0.2 of the 500 shots that were kept
    relative = np.sqrt(0.2 * 0.8 / 500) / 0.2
    assert Goal(precision=relative * 1.0001).fraction(stats(600, 100, 100)) == 1
    assert Goal(precision=relative * 0.9999).fraction(stats(600, 100, 100)) < 1
    assert Goal(max_shots=0).fraction(stats(0, 0)) == 1
