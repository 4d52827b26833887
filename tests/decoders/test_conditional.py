"""Heralds of every kind: what decoders make of them against maximum likelihood over all outcomes."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import numpy as np
import pytest
import stim
from support.decoding import decode

from decoders import ErasureDecoder

Outcomes = list[tuple[float, tuple[int, ...]]]
H0, H1, H2 = 2, 3, 4

REPETITION = [[(0.03, (0, 9))], [(0.02, (0, 1))], [(0.04, (1,))]]
"""Three qubits, two checks; 9 stands for the observable, which sits on the first qubit."""

CASES: dict[str, list[Outcomes]] = {
    "certain": [[(0.1, (H0, 0, 9))]],
    "certain, beside dark counts": [[(0.1, (H0, 0, 9)), (0.02, (H0,))]],
    "likely": [[(0.08, (H0, 0, 1)), (0.02, (H0,))], [(0.05, (H1, 1)), (0.04, (H1,))]],
    "one half": [[(0.1, (H0, 0, 9)), (0.1, (H0,))], [(0.2, (H1, 0, 1)), (0.2, (H1,))]],
    "unlikely": [[(0.02, (H0, 0, 9)), (0.2, (H0,))]],
    "a herald that may stay silent": [[(0.08, (H0, 0, 9)), (0.02, (0, 9))]],
    "one error, two heralds": [[(0.1, (H0, H1, 0, 9)), (0.02, (H0, H1))]],
    "two errors, one of which fires both": [
        [(0.06, (H0, 0, 9)), (0.03, (H0,))],
        [(0.05, (H1, 1)), (0.04, (H1,))],
        [(0.07, (H0, H1, 0, 1)), (0.01, (H0, H1))],
    ],
    "a chain": [
        [(0.06, (H0, 0, 9))],
        [(0.05, (H0, H1, 0, 1)), (0.05, (H0, H1))],
        [(0.08, (H1, H2, 1))],
        [(0.02, (H2,))],
    ],
    "several errors of one herald": [[(0.05, (H0, 0, 9)), (0.1, (H0, 1)), (0.01, (H0,))]],
    "a certain flip that no check sees": [[(0.1, (H0, 9))]],
}


def joint(sources: list[Outcomes]) -> dict[tuple[int, ...], float]:
    """The exact distribution of what is flipped, of sources of errors that exclude each other."""
    found = {(): 1.0}
    for source in sources:
        nothing = 1 - sum(p for p, _ in source)
        new: dict[tuple[int, ...], float] = defaultdict(float)
        for (before, p), (q, flips) in product(found.items(), [*source, (nothing, ())]):
            new[tuple(sorted(set(before) ^ set(flips)))] += p * q
        found = new
    return found


def model(sources: list[Outcomes]) -> stim.DetectorErrorModel:
    """As Stim writes such sources: every outcome an error of its own."""
    found = stim.DetectorErrorModel()
    for source in sources:
        for p, flips in source:
            targets = [stim.target_relative_detector_id(d) for d in flips if d not in (9, H0, H1, H2)]
            targets += [stim.target_logical_observable_id(0)] * (9 in flips)
            marks = [stim.target_relative_detector_id(d) for d in flips if d in (H0, H1, H2)]
            for mark in marks:
                targets += [*([stim.target_separator()] if targets else []), mark]
            found.append("error", [p], targets)
    for herald in (H0, H1, H2):
        found.append("detector", [], [stim.target_relative_detector_id(herald)], tag="herald")
    found.append("logical_observable", [], [stim.target_logical_observable_id(0)])
    return found


def failures(decoder: ErasureDecoder, sources: list[Outcomes]) -> tuple[float, float]:
    """How often the decoder is wrong, and the best that can be; exactly, over all syndromes."""
    by_syndrome: dict[tuple[int, ...], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for flips, p in joint(sources).items():
        by_syndrome[tuple(d for d in flips if d != 9)][9 in flips] += p
    events = np.zeros((len(by_syndrome), 5), dtype=np.uint8)
    for row, syndrome in zip(events, by_syndrome, strict=True):
        row[list(syndrome)] = 1
    answers = decode(decoder, model(sources), events)[:, 0]
    wrong = sum(p[1 - a] for p, a in zip(by_syndrome.values(), answers, strict=True))
    return wrong, sum(min(p) for p in by_syndrome.values())


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_heralds_are_taken_for_what_they_say(name: str, exact: bool) -> None:
    """Of explanations that exclude each other matching keeps each edge's own probability alone."""
    wrong, best = failures(ErasureDecoder(exact=exact), [*REPETITION, *CASES[name]])
    assert best - 1e-12 <= wrong <= (1.2 if name in SHARED else 1.005) * best


SHARED = ("two errors, one of which fires both", "a chain")


def test_many_heralds_that_share_errors_are_asked_one_by_one() -> None:
    """Thirteen groups of one cluster: more than are enumerated."""
    text = ["error(0.01) D0 L0", "error(0.01) D0"]
    for k in range(13):
        text.append(f"error(0.05) D0 L0 ^ D{k + 1} ^ D{k + 2}")
    text += [f"detector[herald] D{k}" for k in range(1, 15)]
    events = np.zeros((2, 15), dtype=np.uint8)
    events[0, [0, 4, 5]] = events[1, [0]] = 1
    for exact in (False, True):
        found = decode(ErasureDecoder(exact=exact), stim.DetectorErrorModel("\n".join(text)), events)
        assert found[0, 0] == 1
