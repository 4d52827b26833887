"""The lookup decoder against exact oracles and against enumeration of every set of errors."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import stim
from support.decoding import code_capacity, errors, memory, sample, unpack

from circuits.codes import StabilizerCode, five_qubit, four_two_two, rotated_surface, steane
from circuits.codes.oracles import maximum_likelihood_failure
from decoders import LookupDecoder, NotDecodable, PyMatchingDecoder

CODES = (five_qubit(), steane(), rotated_surface(3), four_two_two())


def enumerated(model: stim.DetectorErrorModel) -> np.ndarray:
    """P(syndrome, class) by running through every set of the model's errors."""
    found = np.zeros((2**model.num_detectors, 2**model.num_observables))
    listed = [error for error in model.flattened() if error.type == "error"]
    for chosen in product((0, 1), repeat=len(listed)):
        syndrome, flips, probability = 0, 0, 1.0
        for happens, error in zip(chosen, listed, strict=True):
            (p,) = error.args_copy()
            probability *= p if happens else 1 - p
            for target in error.targets_copy() if happens else ():
                if target.is_relative_detector_id():
                    syndrome ^= 1 << target.val
                elif target.is_logical_observable_id():
                    flips ^= 1 << target.val
        found[syndrome, flips] += probability
    return found


def random_model(rng: np.random.Generator) -> stim.DetectorErrorModel:
    """Up to 6 detectors, 3 observables and 9 errors, of which some are likely or certain."""
    detectors, observables = rng.integers(1, 7), rng.integers(0, 4)
    model = stim.DetectorErrorModel()
    for _ in range(rng.integers(1, 10)):
        targets = [stim.target_relative_detector_id(d) for d in np.flatnonzero(rng.random(detectors) < 0.4)]
        targets += [
            stim.target_logical_observable_id(k) for k in np.flatnonzero(rng.random(observables) < 0.4)
        ]
        p = float(rng.choice([0.01, 0.2, 0.3, 0.45, 0.6, 0.97, 1.0, 1e-9]))
        model.append(stim.DemInstruction("error", [p], targets))
    model.append("detector", [], [stim.target_relative_detector_id(detectors - 1)])
    if observables:
        model.append("logical_observable", [], [stim.target_logical_observable_id(observables - 1)])
    return model


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
@pytest.mark.parametrize("p", [1e-4, 0.05, 0.3])
def test_code_capacity_failure_is_the_oracles(code: StabilizerCode, p: float) -> None:
    model = code_capacity(code, p=p).detector_error_model()
    compiled = LookupDecoder().compile_decoder_for_dem(dem=model)
    assert compiled.failure == pytest.approx(maximum_likelihood_failure(code, p), rel=1e-9, abs=1e-14)


@pytest.mark.parametrize(
    ("code", "failure"),
    [(five_qubit(), 2.233185e-2), (steane(), 3.436104e-2), (rotated_surface(3), 2.926141e-2)],
    ids=["five_qubit", "steane", "rotated_surface"],
)
def test_known_failures(code: StabilizerCode, failure: float) -> None:
    model = code_capacity(code, p=0.05).detector_error_model()
    assert LookupDecoder().compile_decoder_for_dem(dem=model).failure == pytest.approx(failure, abs=5e-9)


@pytest.mark.parametrize("seed", range(40))
def test_agrees_with_enumeration(seed: int) -> None:
    model = random_model(np.random.default_rng(seed))
    joint = enumerated(model)
    compiled = LookupDecoder().compile_decoder_for_dem(dem=model)
    assert compiled.failure == pytest.approx(1 - joint.max(axis=1).sum(), abs=1e-12)
    for syndrome, classes in enumerate(joint):
        events = np.frombuffer(np.uint64(syndrome).tobytes()[:1], dtype=np.uint8)[None]
        if not classes.any():
            with pytest.raises(NotDecodable, match="no set of the model's errors explains shot 0"):
                compiled.decode_shots_bit_packed(bit_packed_detection_event_data=events)
            continue
        found = compiled.decode_shots_with_confidence(bit_packed_detection_event_data=events)
        best = int(found.flips[0, 0]) if model.num_observables else 0
        assert classes[best] == pytest.approx(classes.max(), rel=1e-9)
        assert found.low_confidence[0] == (classes.max() <= 0.5 * classes.sum() * (1 + 1e-9))


def test_the_rarest_syndromes_are_decoded_too() -> None:
    model = code_capacity(five_qubit(), p=1e-12).detector_error_model()
    compiled = LookupDecoder().compile_decoder_for_dem(dem=model)
    assert compiled.failure < 1e-15
    events = np.arange(16, dtype=np.uint8)[:, None]
    found = compiled.decode_shots_with_confidence(bit_packed_detection_event_data=events)
    assert not found.low_confidence.any()
    assert len({int(row[0]) for row in found.flips}) == 4


def test_errs_less_often_than_matching_and_as_often_as_it_says() -> None:
    circuit = memory(3, p=0.01, rounds=2)
    model = circuit.detector_error_model(decompose_errors=True)
    events, flips = sample(circuit, 40_000, seed=11)
    exact = LookupDecoder().compile_decoder_for_dem(dem=model).failure
    wrong = int(errors(LookupDecoder(), model, events, flips).sum())
    assert abs(wrong / 40_000 - exact) < 5 * np.sqrt(exact / 40_000)
    for correlated in (True, False):
        others = errors(PyMatchingDecoder(correlated=correlated), model, events, flips)
        assert wrong < others.sum()


def test_low_confidence_shots_are_those_below_the_threshold() -> None:
    model = stim.DetectorErrorModel("error(0.2) D0 L0\nerror(0.1) D0\nerror(0.1) D1")
    events = np.array([[0b00], [0b01], [0b10]], dtype=np.uint8)
    joint = enumerated(model)
    posterior = (joint.max(axis=1) / joint.sum(axis=1))[events[:, 0]]
    for threshold in (0.5, 0.8, 0.99):
        compiled = LookupDecoder(low_confidence=threshold).compile_decoder_for_dem(dem=model)
        found = compiled.decode_shots_with_confidence(bit_packed_detection_event_data=events)
        assert found.low_confidence.tolist() == (posterior <= threshold).tolist()
        assert unpack(found.flips, 1).tolist() == [[0], [1], [0]]


def test_a_model_too_large_for_a_table_is_refused() -> None:
    model = memory(5).detector_error_model()
    with pytest.raises(
        NotDecodable, match=r"block of 121 independent .* at most 25; the decoder 'tesseract' takes it"
    ):
        LookupDecoder().compile_decoder_for_dem(dem=model)


def test_the_threshold_is_a_probability() -> None:
    with pytest.raises(ValueError, match=r"low_confidence=1.5 is no probability; give one in \[0, 1\]"):
        LookupDecoder(low_confidence=1.5)
