"""What counts as an error, a discard, a guess; against sinter and against counting by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import sinter
import stim
from support.collecting import repetition, surface, task, totals

from decoders import LookupDecoder, collect, process_pool
from decoders.collection._counting import count
from decoders.collection._plan import Plan, chunk_seed

TWO = stim.Circuit("""
    R 0 1 2
    X_ERROR(0.1) 0
    X_ERROR(0.2) 1
    X_ERROR(0.3) 2
    M 0 1 2
    DETECTOR rec[-3]
    DETECTOR rec[-1]
    OBSERVABLE_INCLUDE(0) rec[-3]
    OBSERVABLE_INCLUDE(1) rec[-2]
    OBSERVABLE_INCLUDE(2) rec[-1]
""")


def mask(*bits: int) -> np.ndarray:
    return np.packbits(np.isin(np.arange(8), bits), bitorder="little")


@pytest.mark.parametrize(
    ("options", "discards", "errors"),
    [
        ({}, 0.0, 1 - 0.9 * 0.8 * 0.7),
        ({"postselection_mask": mask(0)}, 0.1, 0.9 * (1 - 0.8 * 0.7)),
        ({"postselected_observables_mask": mask(1)}, 0.2, 0.8 * (1 - 0.9 * 0.7)),
        (
            {"postselection_mask": mask(1), "postselected_observables_mask": mask(0, 1)},
            1 - 0.9 * 0.8 * 0.7,
            0.0,
        ),
    ],
    ids=["none", "detectors", "observables", "both"],
)
def test_discards_and_errors_are_as_likely_as_they_must_be(
    options: dict[str, Any], discards: float, errors: float
) -> None:
    shots = 100_000
    (stats,) = collect([task(TWO, **options)], decoders="vacuous", max_shots=shots, seed=2)
    for found, expected in ((stats.discards, discards), (stats.errors, errors)):
        assert abs(found - expected * shots) <= 5 * np.sqrt(expected * (1 - expected) * shots)


def test_counts_agree_with_sinter() -> None:
    """Same tasks, same masks, same keys; rates within five standard errors of the difference."""
    options: dict[str, Any] = {
        "max_shots": 40_000,
        "count_detection_events": True,
        "count_observable_error_combos": True,
    }
    tasks = [
        task(TWO, decoder="vacuous", postselection_mask=mask(0), json_metadata="two"),
        task(surface(3, 0.01), decoder="pymatching-correlated", json_metadata="surface"),
        task(surface(5, 0.01), decoder="pymatching-correlated", json_metadata="more"),
    ]
    ours = {s.strong_id: s for s in collect(tasks, seed=1, **options)}
    theirs = {s.strong_id: s for s in sinter.collect(num_workers=1, tasks=tasks, **options)}
    assert ours.keys() == theirs.keys()
    for key, stats in ours.items():
        other = theirs[key]
        assert other.shots == stats.shots
        ours_counts = {**stats.custom_counts, "errors": stats.errors, "discards": stats.discards}
        their_counts = {**other.custom_counts, "errors": other.errors, "discards": other.discards}
        del ours_counts["chunks"]
        assert ours_counts.pop("detectors_checked") == their_counts.pop("detectors_checked")
        assert ours_counts.keys() == their_counts.keys()
        # Detection events come in clusters: an error fires two, a deep one more.
        for name, found in ours_counts.items():
            cluster = 4 if name == "detection_events" else 1
            assert abs(found - their_counts[name]) <= 5 * np.sqrt(cluster * (found + their_counts[name]) + 1)


def test_combinations_are_counted_shot_by_shot() -> None:
    (stats,) = collect(
        [task(TWO)], decoders="vacuous", max_shots=256, seed=3, count_observable_error_combos=True
    )
    sampler = TWO.compile_detector_sampler(seed=chunk_seed(3, stats.strong_id, 0))
    _, flips = sampler.sample(Plan.for_circuit(TWO).size(0), separate_observables=True)
    flips = flips[:256]
    expected = Counter("obs_mistake_mask=" + "".join("_E"[int(bit)] for bit in row) for row in flips)
    del expected["obs_mistake_mask=___"]
    assert stats.custom_counts - Counter({"chunks": 1}) == expected
    assert sum(expected.values()) == stats.errors


@dataclass(frozen=True)
class Doubting(sinter.Decoder):
    """Discards, by sinter's extra byte, the shots in which the second detector fires."""

    def compile_decoder_for_dem(self, *, dem: stim.DetectorErrorModel) -> sinter.CompiledDecoder:
        return _Doubting()


class _Doubting(sinter.CompiledDecoder):
    def decode_shots_bit_packed(self, *, bit_packed_detection_event_data: np.ndarray) -> np.ndarray:
        doubted = bit_packed_detection_event_data & 0b10
        return np.hstack([np.zeros_like(doubted), doubted])


def test_a_decoder_discards_by_one_more_byte() -> None:
    shots = 50_000
    (stats,) = collect([task(TWO)], decoders={"doubting": Doubting()}, max_shots=shots, seed=4)
    assert abs(stats.discards / shots - 0.3) < 5 * np.sqrt(0.3 * 0.7 / shots)
    assert abs(stats.errors / shots - 0.7 * 0.28) < 5 * np.sqrt(0.2 * 0.8 / shots)


def test_guesses_are_told_apart() -> None:
    """Either of two errors fires the detector, and one of them flips: 0.092 to 0.072 when it fires."""
    circuit = stim.Circuit("""
        X_ERROR(0.1) 0
        X_ERROR(0.08) 1
        M 0 1
        DETECTOR rec[-1] rec[-2]
        OBSERVABLE_INCLUDE(0) rec[-2]
    """)
    shots = 50_000
    decoders = {str(limit): LookupDecoder(low_confidence=limit) for limit in (0.55, 0.65)}
    sure, unsure = collect([task(circuit)], decoders=decoders, max_shots=shots, seed=5)
    assert "low_confidence" not in sure.custom_counts
    counts = {"errors": unsure.errors, **unsure.custom_counts}
    for name, p in {"low_confidence": 0.164, "low_confidence_errors": 0.072, "errors": 0.08}.items():
        assert abs(counts[name] / shots - p) < 5 * np.sqrt(p * (1 - p) / shots)


@pytest.mark.parametrize("seed", range(5))
def test_counting_against_a_loop_over_shots(seed: int) -> None:
    rng = np.random.default_rng(seed)
    observables, shots = int(rng.integers(1, 18)), 200
    width = (observables + 7) // 8
    bits = rng.random((2, shots, observables)) < 0.2
    flips, predictions = np.packbits(bits, axis=2, bitorder="little")
    doubted, guessed = rng.random((2, shots)) < 0.3
    chosen = rng.random(observables) < 0.2
    counted = count(
        flips=flips,
        predictions=np.hstack([predictions, doubted[:, None].astype(np.uint8)]),
        low_confidence=guessed,
        discarding_observables=np.packbits(chosen, bitorder="little"),
        observables=observables,
        combinations=True,
    )
    discards, errors, custom = 0, 0, Counter[str]()
    for k in range(shots):
        wrong = bits[0, k] ^ bits[1, k]
        if doubted[k] or (wrong & chosen).any():
            discards += 1
            continue
        errors += bool(wrong.any())
        custom["low_confidence"] += int(guessed[k])
        custom["low_confidence_errors"] += bool(wrong.any() and guessed[k])
        if wrong.any():
            custom["obs_mistake_mask=" + "".join("_E"[int(bit)] for bit in wrong)] += 1
    assert width == flips.shape[1]
    assert (counted.errors, counted.discards, counted.custom) == (errors, discards, +custom)


def test_limits_may_mean_a_custom_count() -> None:
    options: dict[str, Any] = {"count_observable_error_combos": True, "seed": 6}
    key = "obs_mistake_mask=E_E"
    (stats,) = collect([task(TWO)], decoders="vacuous", max_errors=100, custom_error_count_key=key, **options)
    (before,) = collect(
        [task(TWO)],
        decoders="vacuous",
        max_shots=Plan.for_circuit(TWO).begin(stats.custom_counts["chunks"] - 1),
        **options,
    )
    assert before.custom_counts[key] < 100 <= stats.custom_counts[key] < stats.errors


def test_statistics_add() -> None:
    parts = [collect([task()], decoders="pymatching", max_shots=1_000, seed=seed)[0] for seed in (1, 2)]
    total = parts[0] + parts[1]
    assert (total.shots, total.errors) == (2_000, parts[0].errors + parts[1].errors)
    assert total.seconds > 0


@dataclass(frozen=True)
class OnlyFiles(sinter.Decoder):
    """Writes the predictions of sinter's vacuous decoder, the old way."""

    def decode_via_files(
        self, *, num_shots: int, num_obs: int, obs_predictions_b8_out_path: Any, **rest: Any
    ) -> None:
        assert rest["dets_b8_in_path"].stat().st_size == num_shots * ((rest["num_dets"] + 7) // 8)
        assert stim.DetectorErrorModel.from_file(rest["dem_path"]).num_detectors == rest["num_dets"]
        assert rest["tmp_dir"].is_dir()
        np.zeros(num_shots * ((num_obs + 7) // 8), dtype=np.uint8).tofile(obs_predictions_b8_out_path)


def test_decoders_that_only_know_files() -> None:
    def counted(decoder: sinter.Decoder) -> list[tuple[Any, ...]]:
        return totals(collect([task(TWO)], decoders={"x": decoder}, max_shots=900, seed=7))

    assert counted(OnlyFiles()) == counted(sinter.BUILT_IN_DECODERS["vacuous"])


def test_circuits_of_every_shape() -> None:
    circuits = {
        "empty": stim.Circuit(),
        "no observables": stim.Circuit("M 0\nDETECTOR rec[-1]"),
        "no detectors": stim.Circuit("X_ERROR(0.5) 0\nM 0\nOBSERVABLE_INCLUDE(0) rec[-1]"),
        "far observable": stim.Circuit("X_ERROR(1) 0\nM 0\nOBSERVABLE_INCLUDE(64) rec[-1]"),
    }
    tasks = [task(circuit, json_metadata=name) for name, circuit in circuits.items()]
    stats = {
        s.json_metadata: s
        for s in collect(
            tasks, decoders="vacuous", max_shots=1_000, seed=8, count_observable_error_combos=True
        )
    }
    errors = {name: s.errors for name, s in stats.items()}
    assert abs(errors.pop("no detectors") - 500) < 80
    assert errors == {"empty": 0, "no observables": 0, "far observable": 1_000}


def test_a_circuit_may_be_a_file(tmp_path: Any) -> None:
    path = tmp_path / "memory.stim"
    repetition().to_file(path)
    named = sinter.Task(circuit_path=path, json_metadata={"d": 3})
    options: dict[str, Any] = {"decoders": "pymatching", "max_shots": 2_000, "seed": 9}
    with process_pool(1) as pool:
        assert totals(collect([named], executor=pool, **options)) == totals(collect([task()], **options))
