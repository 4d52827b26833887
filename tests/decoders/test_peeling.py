"""The peeling decoder against every erasure pattern of small codes, and known failure rates."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import stim
from support.decoding import code_capacity, errors, lossy_memory, sample

from circuits.codes import StabilizerCode, colour, five_qubit, repetition, rotated_surface, shor, steane
from circuits.codes.oracles import uncorrectable_erasures
from decoders import DiscardingDecoder, ErasureDecoder, NoHeralds, NotDecodable, PeelingDecoder

CODES = (five_qubit(), steane(), rotated_surface(3), repetition(5), shor())


def model_of(circuit: stim.Circuit) -> stim.DetectorErrorModel:
    return circuit.detector_error_model(approximate_disjoint_errors=True)


def failure(code: StabilizerCode, loss: float) -> float:
    """Half of the probability that the lost qubits hold a logical operator."""
    by_weight = uncorrectable_erasures(code, "Z")
    return sum(u * loss**k * (1 - loss) ** (code.n - k) for k, u in enumerate(by_weight)) / 2


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_low_confidence_is_an_uncorrectable_erasure(code: StabilizerCode) -> None:
    model = model_of(code_capacity(code, loss=0.1))
    patterns = [lost for k in range(code.n + 1) for lost in combinations(range(code.n), k)]
    events = np.zeros((len(patterns), model.num_detectors), dtype=np.uint8)
    for row, lost in zip(events, patterns, strict=True):
        row[list(lost)] = 1
    found = (
        PeelingDecoder()
        .compile_decoder_for_dem(dem=model)
        .decode_shots_with_confidence(
            bit_packed_detection_event_data=np.packbits(events, axis=1, bitorder="little")
        )
    )
    assert not found.flips.any()
    by_weight = [0] * (code.n + 1)
    for lost, low in zip(patterns, found.low_confidence, strict=True):
        by_weight[len(lost)] += int(low)
    assert tuple(by_weight) == uncorrectable_erasures(code)


@pytest.mark.parametrize("code", [*CODES, colour(5), rotated_surface(5)], ids=lambda code: code.name)
def test_every_correctable_erasure_is_corrected(code: StabilizerCode) -> None:
    circuit = code_capacity(code, loss=0.35)
    events, flips = sample(circuit, 5000, seed=3)
    compiled = PeelingDecoder().compile_decoder_for_dem(dem=model_of(circuit))
    found = compiled.decode_shots_with_confidence(bit_packed_detection_event_data=events)
    wrong = np.any(found.flips != flips, axis=1)
    assert 0.02 < found.low_confidence.mean() < 0.98
    assert not wrong[~found.low_confidence].any()
    assert wrong.any()


@pytest.mark.parametrize(
    ("distance", "loss", "known"), [(3, 0.3, 0.077447), (5, 0.3, 0.039718), (7, 0.5, 0.25)]
)
@pytest.mark.parametrize("decoder", [PeelingDecoder(), ErasureDecoder()], ids=["peeling", "erasure"])
def test_known_failures(
    decoder: PeelingDecoder | ErasureDecoder, distance: int, loss: float, known: float
) -> None:
    circuit = code_capacity(rotated_surface(distance), loss=loss, z_only=True)
    events, flips = sample(circuit, 40_000, seed=distance)
    rate = errors(decoder, model_of(circuit), events, flips).mean()
    assert abs(rate - known) < 5 * np.sqrt(known * (1 - known) / 40_000)


def test_the_known_failure_is_half_of_the_oracles_uncorrectable() -> None:
    assert failure(rotated_surface(3), 0.3) == pytest.approx(0.077447, abs=5e-7)
    assert failure(rotated_surface(3), 0.5) == pytest.approx(0.25, abs=1e-12)


def test_losses_of_every_round_of_a_memory() -> None:
    circuit = lossy_memory(3, loss=0.2, p=1e-9)
    model = circuit.detector_error_model(decompose_errors=True, approximate_disjoint_errors=True)
    events, flips = sample(circuit, 5000, seed=9)
    found = (
        PeelingDecoder()
        .compile_decoder_for_dem(dem=model)
        .decode_shots_with_confidence(bit_packed_detection_event_data=events)
    )
    wrong = np.any(found.flips != flips, axis=1)
    assert not wrong[~found.low_confidence].any()
    share, guessed = wrong[found.low_confidence].mean(), found.low_confidence.sum()
    assert abs(share - 0.5) < 5 * 0.5 / np.sqrt(guessed)


def test_shots_with_other_errors_are_matched() -> None:
    circuit = code_capacity(rotated_surface(3), loss=0.1, p=0.02, z_only=True)
    model = circuit.detector_error_model(decompose_errors=True, approximate_disjoint_errors=True)
    events, flips = sample(circuit, 20_000, seed=4)
    peeled = errors(PeelingDecoder(), model, events, flips).mean()
    matched = errors(ErasureDecoder(exact=True), model, events, flips).mean()
    assert matched <= peeled < 1.5 * matched


def test_a_shot_that_erasures_alone_do_not_explain() -> None:
    model = model_of(code_capacity(five_qubit(), loss=0.1))
    compiled = PeelingDecoder().compile_decoder_for_dem(dem=model)
    events = np.packbits(
        [[1, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1, 0, 0, 0]], axis=1, bitorder="little"
    )
    with pytest.raises(NotDecodable, match="no set of the erased errors explains shot 1"):
        compiled.decode_shots_bit_packed(bit_packed_detection_event_data=events)


def test_sinter_counts_uncorrectable_erasures_as_discards() -> None:
    import sinter

    circuit = code_capacity(rotated_surface(3), loss=0.3, z_only=True)
    (stats,) = sinter.collect(
        num_workers=1,
        tasks=[sinter.Task(circuit=circuit, detector_error_model=model_of(circuit))],
        decoders=["discarding"],
        custom_decoders={"discarding": DiscardingDecoder(decoder=PeelingDecoder())},
        max_shots=20_000,
    )
    expected = 2 * failure(rotated_surface(3), 0.3)
    assert stats.errors == 0
    assert abs(stats.discards / stats.shots - expected) < 5 * np.sqrt(expected * (1 - expected) / stats.shots)


def test_without_tags_it_refuses() -> None:
    with pytest.raises(NoHeralds, match=r"carries the tag 'herald'; declare heralds as DETECTOR\[herald\]"):
        PeelingDecoder().compile_decoder_for_dem(dem=stim.DetectorErrorModel("error(0.1) D0 L0"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("error(0.1) D0\nerror(0.1) D1 D0", "fires the heralds .0, 1. at once.*'erasure' takes several"),
        ("error(0.1) D0\nerror(0.3) D0 D2 L0\nerror(0.1) D1", "herald D0 are not equally likely"),
        ("error(0.3) D0 D2 L0\nerror(0.1) D1", "herald D0 are not equally likely"),
        ("error(0.1) D0\nerror(0.1) D0 D2\nerror(0.1) D0 D3", "herald D0 are not equally likely"),
    ],
)
def test_what_is_no_erasure_is_refused(text: str, reason: str) -> None:
    model = stim.DetectorErrorModel(f"{text}\ndetector[herald] D0\ndetector[herald] D1")
    with pytest.raises(NotDecodable, match=reason):
        PeelingDecoder().compile_decoder_for_dem(dem=model)
