"""How sure matching is: against exact posteriors, against what it gets wrong, and where it cannot tell."""

from __future__ import annotations

import numpy as np
import pytest
import sinter
import stim
from support.decoding import code_capacity, errors, lossy_memory, memory, sample

from circuits.codes import logical_bell_pair, rotated_surface, stability
from circuits.codes.link import Link
from circuits.noise import CircuitNoise
from decoders import (
    CompiledWithConfidence,
    DiscardingDecoder,
    ErasureDecoder,
    LookupDecoder,
    NotDecodable,
    PeelingDecoder,
    PyMatchingDecoder,
    collect,
)


def decomposed(circuit: stim.Circuit) -> stim.DetectorErrorModel:
    return circuit.detector_error_model(decompose_errors=True, approximate_disjoint_errors=True)


def flagged(decoder: sinter.Decoder, model: stim.DetectorErrorModel, events: np.ndarray) -> np.ndarray:
    compiled = decoder.compile_decoder_for_dem(dem=model)
    assert isinstance(compiled, CompiledWithConfidence)
    return compiled.decode_shots_with_confidence(bit_packed_detection_event_data=events).low_confidence


@pytest.mark.parametrize("level", [0.5, 0.7, 0.93, 0.999])
def test_a_repetition_code_has_the_posterior_of_maximum_likelihood(level: float) -> None:
    """Read once, a syndrome has two explanations, so that the gap is the log of the odds."""
    p = (0.05, 0.1, 0.2, 0.1, 0.05)
    lines = [f"X_ERROR({one}) {q}" for q, one in enumerate(p)]
    lines += ["M 0 1 2 3 4", *(f"DETECTOR rec[{k - 5}] rec[{k - 4}]" for k in range(4))]
    model = decomposed(stim.Circuit("\n".join([*lines, "OBSERVABLE_INCLUDE(0) rec[-1]"])))
    events = np.arange(16, dtype=np.uint8)[:, None]
    exact = flagged(LookupDecoder(low_confidence=level), model, events)
    for correlated in (False, True):
        decoder = PyMatchingDecoder(correlated=correlated, low_confidence=level)
        assert np.array_equal(flagged(decoder, model, events), exact)


@pytest.mark.parametrize("correlated", [False, True])
def test_flagged_shots_hold_most_of_the_errors(correlated: bool) -> None:
    circuit = memory(5, p=0.006)
    model = decomposed(circuit)
    events, flips = sample(circuit, 8_000, seed=2)
    wrong = errors(PyMatchingDecoder(correlated=correlated), model, events, flips)
    found = flagged(PyMatchingDecoder(correlated=correlated, low_confidence=0.9), model, events)
    assert found.mean() < 0.1
    assert wrong[found].sum() > 0.5 * wrong.sum()
    assert 0.1 < wrong[found].mean() < 0.5


@pytest.mark.parametrize(
    "circuit",
    [
        stability(4, rounds=4, noise=CircuitNoise.uniform_depolarizing(0.003)),
        logical_bell_pair(
            3, link=Link.werner(0.97, erasure=0.02), noise=CircuitNoise.uniform_depolarizing(0.001)
        ),
    ],
    ids=["stability", "logical Bell pair"],
)
def test_it_is_as_often_wrong_as_it_says(circuit: stim.Circuit) -> None:
    model = decomposed(circuit)
    events, flips = sample(circuit, 10_000, seed=3)
    compiled = PyMatchingDecoder(correlated=False, low_confidence=0.5).compile_decoder_for_dem(dem=model)
    answers = compiled.decode_shots_bit_packed(bit_packed_detection_event_data=events)
    told = 1 - compiled.probability(events, answers)
    wrong = np.any(answers != flips, axis=1)
    for low, high in ((0.02, 0.1), (0.1, 0.5)):
        mine = (told > low) & (told <= high)
        share = wrong[mine].mean()
        assert mine.sum() > 100
        assert told[mine].mean() / 2 < share < told[mine].mean() * 2


def test_the_answers_are_those_without_confidence() -> None:
    circuit = lossy_memory(3, loss=0.05, p=0.004)
    model = decomposed(circuit)
    events, _ = sample(circuit, 600, seed=4)
    for kind in (PyMatchingDecoder, ErasureDecoder):
        plain = kind().compile_decoder_for_dem(dem=model)
        sure = kind(low_confidence=0.9).compile_decoder_for_dem(dem=model)
        assert not isinstance(plain, CompiledWithConfidence)
        assert isinstance(sure, CompiledWithConfidence)
        answers = plain.decode_shots_bit_packed(bit_packed_detection_event_data=events)
        found = sure.decode_shots_with_confidence(bit_packed_detection_event_data=events)
        assert np.array_equal(found.flips, answers)
        assert 0 < found.low_confidence.mean() < 0.5


@pytest.mark.parametrize("exact", [False, True])
def test_lost_observables_are_flagged_as_peeling_does(exact: bool) -> None:
    circuit = code_capacity(rotated_surface(3), loss=0.3, z_only=True)
    model = decomposed(circuit)
    events, _ = sample(circuit, 1500, seed=5)
    found = flagged(ErasureDecoder(exact=exact, low_confidence=0.5), model, events)
    assert np.array_equal(found, flagged(PeelingDecoder(), model, events))


def test_flagged_shots_can_be_discarded() -> None:
    circuit = memory(3, p=0.01)
    task = sinter.Task(circuit=circuit, decoder="x", detector_error_model=decomposed(circuit))
    inner = PyMatchingDecoder(low_confidence=0.9)
    (kept,) = collect([task], decoders={"x": inner}, max_shots=20_000, seed=1)
    (cut,) = collect([task], decoders={"x": DiscardingDecoder(decoder=inner)}, max_shots=20_000, seed=1)
    assert (kept.discards, cut.discards) == (0, kept.custom_counts["low_confidence"])
    assert cut.errors == kept.errors - kept.custom_counts["low_confidence_errors"]
    assert cut.errors / (cut.shots - cut.discards) < 0.5 * kept.errors / kept.shots


TORUS = "error(0.1) D0 D1\nerror(0.1) D1 D2\nerror(0.1) D0 D2 L0"


@pytest.mark.parametrize("text", [TORUS, "error(0.1) D0 D1\nerror(0.1) D0 D1 L0\nerror(0.1) D0"])
def test_a_cycle_that_flips_an_observable_is_refused(text: str) -> None:
    model = stim.DetectorErrorModel(text)
    PyMatchingDecoder().compile_decoder_for_dem(dem=model)
    with pytest.raises(NotDecodable, match=r"sure it is of L0: errors about D\d make a closed .*'lookup'"):
        PyMatchingDecoder(low_confidence=0.5).compile_decoder_for_dem(dem=model)


@pytest.mark.parametrize("text", ["", "logical_observable L2", "error(0.1) D0\ndetector D70"])
def test_models_with_next_to_nothing(text: str) -> None:
    model = stim.DetectorErrorModel(text)
    events = np.zeros((3, (model.num_detectors + 7) // 8), dtype=np.uint8)
    assert not flagged(PyMatchingDecoder(low_confidence=0.9), model, events).any()


def test_seventy_observables() -> None:
    text = "\n".join(f"error(0.1) D{k} L{k}\nerror(0.05) D{k}" for k in range(70))
    model = stim.DetectorErrorModel(text)
    events = np.packbits(np.eye(70, dtype=np.uint8), axis=1, bitorder="little")
    assert flagged(PyMatchingDecoder(low_confidence=0.7), model, events).all()
    assert not flagged(PyMatchingDecoder(low_confidence=0.1), model, events).any()


@pytest.mark.parametrize("level", [-0.1, 1.5, True, "half", float("nan")])
@pytest.mark.parametrize("kind", [PyMatchingDecoder, ErasureDecoder])
def test_a_level_is_a_probability(kind: type, level: object) -> None:
    with pytest.raises(ValueError, match=r"^low_confidence=.* is no probability; give one in \[0, 1\]"):
        kind(low_confidence=level)


@pytest.mark.parametrize("kind", [PyMatchingDecoder, ErasureDecoder])
def test_its_repr_makes_it_again(kind: type) -> None:
    assert eval(repr(kind(low_confidence=0.75))) == kind(low_confidence=0.75)
