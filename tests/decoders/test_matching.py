"""Matching against known answers and against sinter's own, and decoding with heralds."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import sinter
import stim
from support.decoding import code_capacity, errors, lossy_memory, memory, sample

from circuits.codes import colour, rotated_surface
from decoders import (
    ErasureDecoder,
    LookupDecoder,
    NoHeralds,
    NotMatchable,
    PeelingDecoder,
    PyMatchingDecoder,
    herald_aware_model,
    sinter_decoders,
)


def decomposed(circuit: stim.Circuit) -> stim.DetectorErrorModel:
    return circuit.detector_error_model(decompose_errors=True, approximate_disjoint_errors=True)


def herald_rates(model: stim.DetectorErrorModel) -> dict[int, float]:
    """The summed probability of the errors that fire each tagged detector."""
    rates = {
        instruction.targets_copy()[0].val: 0.0
        for instruction in model.flattened()
        if instruction.type == "detector" and instruction.tag == "herald"
    }
    for error in model.flattened():
        for target in error.targets_copy() if error.type == "error" else ():
            if target.is_relative_detector_id() and target.val in rates:
                rates[target.val] += error.args_copy()[0]
    return rates


@pytest.mark.parametrize(("distance", "known"), [(3, 1.732e-2), (5, 1.410e-2)])
def test_known_errors_of_plain_matching(distance: int, known: float) -> None:
    circuit = memory(distance, p=0.005)
    events, flips = sample(circuit, 60_000, seed=distance)
    rate = errors(PyMatchingDecoder(correlated=False), decomposed(circuit), events, flips).mean()
    assert abs(rate - known) < 5 * np.sqrt(known / 60_000) + 0.005 * known


@pytest.mark.parametrize(("distance", "p", "ratio"), [(5, 0.005, 0.9), (3, 0.001, 1.05)])
def test_correlated_matching_errs_less_often(distance: int, p: float, ratio: float) -> None:
    circuit = memory(distance, p=p)
    events, flips = sample(circuit, 40_000 if distance == 5 else 200_000, seed=3)
    model = decomposed(circuit)
    plain = errors(PyMatchingDecoder(correlated=False), model, events, flips).sum()
    assert 100 < errors(PyMatchingDecoder(), model, events, flips).sum() < ratio * plain


@pytest.mark.parametrize("name", ["pymatching", "pymatching_plain"])
def test_agrees_with_sinters_own_matching(name: str) -> None:
    circuit = memory(5)
    model = decomposed(circuit)
    events, _ = sample(circuit, 2000, seed=7)
    own = {"pymatching": "pymatching-correlated", "pymatching_plain": "pymatching"}[name]
    found, reference = (
        decoder.compile_decoder_for_dem(dem=model).decode_shots_bit_packed(
            bit_packed_detection_event_data=events
        )
        for decoder in (sinter_decoders()[name], sinter.BUILT_IN_DECODERS[own])
    )
    assert np.array_equal(found, reference)
    assert found.any()


def test_the_herald_aware_model_makes_heralds_rare_and_keeps_the_rest() -> None:
    circuit = lossy_memory(3, loss=0.005, p=0.001)
    model, true = herald_aware_model(circuit), decomposed(circuit)
    assert (model.num_detectors, model.num_observables) == (true.num_detectors, true.num_observables)
    assert len(herald_rates(model)) == 27
    assert list(herald_rates(true).values()) == pytest.approx([0.005] * 27)
    assert list(herald_rates(model).values()) == pytest.approx([1e-5] * 27)
    heralds = set(herald_rates(model))
    without = decomposed(lossy_memory(3, loss=0.0, p=0.001))
    total = sum(error.args_copy()[0] for error in without if error.type == "error")
    kept = sum(
        error.args_copy()[0]
        for error in model
        if error.type == "error"
        and not {t.val for t in error.targets_copy() if t.is_relative_detector_id()} & heralds
    )
    assert kept == pytest.approx(total, rel=1e-6)
    assert model.get_detector_coordinates() == true.get_detector_coordinates()


def test_where_losses_dominate_every_other_error_is_one_edge() -> None:
    circuit = lossy_memory(3, loss=0.05, p=0.001)
    model = herald_aware_model(circuit)
    cut = [error for error in model if error.type == "error" and len(error.target_groups()) > 1]
    heralds = set(herald_rates(model))
    assert cut
    assert all(
        {t.val for t in error.targets_copy() if t.is_relative_detector_id()} & heralds for error in cut
    )


@pytest.mark.parametrize("exact", [False, True])
def test_losses_alone_are_decoded_as_well_as_can_be(exact: bool) -> None:
    """X and Z checks both: an erased X error must not be taken as news of a Z error."""
    circuit = code_capacity(rotated_surface(5), loss=0.4)
    model = circuit.detector_error_model(approximate_disjoint_errors=True)
    events, flips = sample(circuit, 1000 if exact else 20_000, seed=5)
    compiled = PeelingDecoder().compile_decoder_for_dem(dem=model)
    guessed = compiled.decode_shots_with_confidence(bit_packed_detection_event_data=events).low_confidence
    wrong = errors(ErasureDecoder(exact=exact), model, events, flips)
    assert wrong[~guessed].mean() < 0.002
    assert 0.4 < wrong[guessed].mean() < 0.8


def test_the_herald_aware_model_serves_sinter() -> None:
    circuit = lossy_memory(3, loss=0.05, p=0.001)
    tasks = [sinter.Task(circuit=circuit, detector_error_model=herald_aware_model(circuit))]
    (stats,) = sinter.collect(
        num_workers=1,
        tasks=tasks,
        decoders=["pymatching"],
        custom_decoders=sinter_decoders(),
        max_shots=4000,
    )
    events, flips = sample(circuit, 4000, seed=1)
    blind = errors(PyMatchingDecoder(), decomposed(circuit), events, flips).mean()
    assert stats.shots == 4000
    assert stats.errors / 4000 < blind + 5 * np.sqrt(blind / 4000)


def test_the_erasure_decoder_is_matching_on_that_model() -> None:
    circuit = lossy_memory(3, loss=0.05, p=0.002)
    model = herald_aware_model(circuit)
    events, _ = sample(circuit, 3000, seed=2)
    found = [
        decoder.compile_decoder_for_dem(dem=dem).decode_shots_bit_packed(
            bit_packed_detection_event_data=events
        )
        for decoder, dem in (
            (PyMatchingDecoder(), model),
            (ErasureDecoder(), decomposed(circuit)),
            (ErasureDecoder(), model),
        )
    ]
    assert np.array_equal(found[0], found[1])
    assert np.array_equal(found[0], found[2])
    assert found[0].any()


def test_heralds_pay() -> None:
    circuit = lossy_memory(5, loss=0.02, p=0.001)
    events, flips = sample(circuit, 30_000, seed=5)
    aware = errors(ErasureDecoder(), decomposed(circuit), events, flips).sum()
    blind_circuit = lossy_memory(5, loss=0.02, p=0.001, heralded=False)
    events, flips = sample(blind_circuit, 30_000, seed=6)
    blind = errors(PyMatchingDecoder(correlated=False), decomposed(blind_circuit), events, flips).sum()
    assert 0 < aware < 0.2 * blind


@pytest.mark.parametrize(("loss", "p"), [(0.2, 0.02)])
def test_exact_mode_is_near_the_best_that_can_be(loss: float, p: float) -> None:
    """Over all patterns of lost qubits: the failure of maximum likelihood, pattern by pattern."""
    code = rotated_surface(3)
    best = 0.0
    for lost in product((False, True), repeat=9):
        erased = tuple(q for q in range(9) if lost[q])
        model = code_capacity(code, p=p, erased=erased, z_only=True).detector_error_model()
        weight = loss ** len(erased) * (1 - loss) ** (9 - len(erased))
        best += weight * LookupDecoder().compile_decoder_for_dem(dem=model).failure
    circuit = code_capacity(code, p=p, loss=loss, z_only=True)
    events, flips = sample(circuit, 20_000, seed=8)
    sigma = np.sqrt(best / 20_000)
    exact = errors(ErasureDecoder(exact=True), decomposed(circuit), events, flips).mean()
    batch = errors(ErasureDecoder(), decomposed(circuit), events, flips).mean()
    assert best - 5 * sigma < exact < 1.05 * best + 5 * sigma
    assert best - 5 * sigma < batch < 1.15 * best + 5 * sigma


@pytest.mark.parametrize("decoder", [ErasureDecoder(), ErasureDecoder(exact=True)])
def test_a_model_that_stim_did_not_decompose(decoder: ErasureDecoder) -> None:
    circuit = code_capacity(rotated_surface(3), loss=0.4)
    model = circuit.detector_error_model(approximate_disjoint_errors=True)
    events, flips = sample(circuit, 4000, seed=6)
    trace = herald_aware_model(circuit)
    reference = errors(PyMatchingDecoder(), trace, events, flips).mean()
    assert abs(errors(decoder, model, events, flips).mean() - reference) < 5 * np.sqrt(0.5 / 4000)


def test_without_tags_it_refuses() -> None:
    circuit = memory(3)
    message = r"no detector of the error model carries the tag 'herald'.*or decode by 'pymatching'"
    with pytest.raises(NoHeralds, match=message):
        herald_aware_model(circuit)
    for exact in (False, True):
        with pytest.raises(NoHeralds, match=message):
            ErasureDecoder(exact=exact).compile_decoder_for_dem(dem=decomposed(circuit))


def test_a_circuit_that_does_not_match_is_refused() -> None:
    with pytest.raises(NotMatchable, match=r"no edges of a graph \(.*\); without heralds .* 'tesseract'"):
        herald_aware_model(code_capacity(colour(5), p=0.1, loss=0.1))


def test_wrong_arguments() -> None:
    with pytest.raises(ValueError, match="correlated='yes' is neither of the two; give True or False"):
        PyMatchingDecoder(correlated="yes")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="exact=1 is neither of the two; give True or False"):
        ErasureDecoder(exact=1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"circuit=str is no circuit; give a stim.Circuit"):
        herald_aware_model("X 0")  # type: ignore[arg-type]
