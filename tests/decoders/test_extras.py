"""The decoders of the extra: how near to exact they are, and what is said when one is missing."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import sinter
import stim
from support.decoding import code_capacity, decode, errors, memory, sample

from circuits.codes import bivariate_bicycle, colour
from decoders import (
    BpLsdDecoder,
    BpOsdDecoder,
    ChromobiusDecoder,
    DecodersError,
    LookupDecoder,
    MissingExtra,
    NotDecodable,
    TesseractDecoder,
    sinter_decoders,
)

LIBRARIES = {
    "tesseract": "tesseract_decoder",
    "ldpc_bposd": "ldpc",
    "ldpc_bplsd": "ldpc",
    "chromobius": "chromobius",
}
RED, GREEN, BLUE = 3, 4, 5


def colour_memory(distance: int, p: float) -> stim.Circuit:
    """The Z checks of a triangular colour code under X errors, with Chromobius's fourth coordinate."""
    code = colour(distance)
    checks = [[q for q, letter in enumerate(check) if letter == "Z"] for check in code.checks if "Z" in check]
    shades = three_colouring(checks)
    circuit = stim.Circuit()
    circuit.append("R", range(code.n))
    circuit.append("X_ERROR", range(code.n), p)
    circuit.append("M", range(code.n))
    for check, shade in zip(checks, shades, strict=True):
        circuit.append("DETECTOR", [stim.target_rec(q - code.n) for q in check], [check[0], 0, 0, shade])
    logical = [q for q, letter in enumerate(code.logical_z[0]) if letter == "Z"]
    circuit.append("OBSERVABLE_INCLUDE", [stim.target_rec(q - code.n) for q in logical], 0)
    return circuit


def three_colouring(checks: list[list[int]]) -> list[int]:
    """Checks that share qubits get different colours."""
    shades: list[int] = []

    def extend() -> bool:
        if len(shades) == len(checks):
            return True
        for shade in (RED, GREEN, BLUE):
            mine = set(checks[len(shades)])
            if all(
                shade != other or not mine & set(check) for other, check in zip(shades, checks, strict=False)
            ):
                shades.append(shade)
                if extend():
                    return True
                shades.pop()
        return False

    assert extend()
    return shades


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_missing_library_names_the_extra(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [module for module in sys.modules if module.partition(".")[0] == LIBRARIES[name]]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, LIBRARIES[name], None)
    model = stim.DetectorErrorModel("error(0.1) D0 L0\ndetector(0, 0, 0, 0) D0")
    with pytest.raises(
        MissingExtra,
        match=rf"^the decoder '{name}' needs .* extra 'decoders': pip install 'qnet-infra\[decoders\]'$",
    ):
        sinter_decoders()[name].compile_decoder_for_dem(dem=model)


@pytest.mark.parametrize("decoder", [TesseractDecoder(), BpOsdDecoder(), BpLsdDecoder()], ids=repr)
def test_as_good_as_exact_on_a_small_memory(decoder: sinter.Decoder) -> None:
    circuit = memory(3, p=0.008, rounds=2)
    model = circuit.detector_error_model()
    events, flips = sample(circuit, 8000, seed=13)
    best = errors(LookupDecoder(), model, events, flips)
    found = errors(decoder, model, events, flips)
    assert best.sum() > 50
    assert found.sum() < 1.25 * best.sum()
    assert np.mean(found != best) < 0.02


@pytest.mark.parametrize("decoder", [BpOsdDecoder(), BpLsdDecoder()], ids=repr)
def test_single_errors_of_a_code_that_does_not_match(decoder: sinter.Decoder) -> None:
    circuit = code_capacity(bivariate_bicycle(), p=0.01)
    model = circuit.detector_error_model()
    listed = [error for error in model if error.type == "error"]
    events = np.zeros((len(listed), model.num_detectors), dtype=np.uint8)
    flips = np.zeros((len(listed), model.num_observables), dtype=np.uint8)
    for k, error in enumerate(listed):
        for target in error.targets_copy():
            (events if target.is_relative_detector_id() else flips)[k, target.val] ^= 1
    assert model.num_observables == 24
    assert flips.any(axis=0).all()
    assert np.array_equal(decode(decoder, model, events), flips)


def test_low_confidence_of_belief_propagation_is_where_errors_gather() -> None:
    circuit = memory(3, p=0.02)
    model = circuit.detector_error_model()
    events, flips = sample(circuit, 3000, seed=21)
    compiled = BpOsdDecoder().compile_decoder_for_dem(dem=model)
    found = compiled.decode_shots_with_confidence(bit_packed_detection_event_data=events)
    wrong = np.any(found.flips != flips, axis=1)
    assert 0 < found.low_confidence.sum() < 3000
    assert wrong[found.low_confidence].mean() > 1.5 * wrong[~found.low_confidence].mean()


def test_tesseract_flags_a_search_that_gave_up() -> None:
    circuit = memory(3, p=0.03)
    model = circuit.detector_error_model()
    events, _ = sample(circuit, 200, seed=2)
    flags = [
        TesseractDecoder(queue=queue, orders=1)
        .compile_decoder_for_dem(dem=model)
        .decode_shots_with_confidence(bit_packed_detection_event_data=events)
        .low_confidence.sum()
        for queue in (2, 200_000)
    ]
    assert flags[0] > flags[1] == 0


@pytest.mark.parametrize("distance", [3, 5])
def test_chromobius_corrects_what_the_distance_allows(distance: int) -> None:
    circuit = colour_memory(distance, 0.05)
    model = circuit.detector_error_model()
    listed = [error for error in model if error.type == "error"]
    pairs = [(k,) for k in range(len(listed))]
    pairs += [(k, j) for k in range(len(listed)) for j in range(k)] if distance == 5 else []
    events = np.zeros((len(pairs), model.num_detectors), dtype=np.uint8)
    flips = np.zeros((len(pairs), 1), dtype=np.uint8)
    for row, pair in enumerate(pairs):
        for target in [target for k in pair for target in listed[k].targets_copy()]:
            (events if target.is_relative_detector_id() else flips)[row, target.val] ^= 1
    assert np.array_equal(decode(ChromobiusDecoder(), model, events), flips)


def test_chromobius_errs_about_as_often_as_the_exact_decoder() -> None:
    circuit = colour_memory(5, 0.05)
    model = circuit.detector_error_model()
    events, flips = sample(circuit, 20_000, seed=17)
    best = errors(LookupDecoder(), model, events, flips).sum()
    assert best <= errors(ChromobiusDecoder(), model, events, flips).sum() < 1.5 * best


def test_chromobius_wants_colours_and_at_most_64_observables() -> None:
    plain = stim.DetectorErrorModel("error(0.1) D0 L0")
    with pytest.raises(
        NotDecodable, match=r"Chromobius cannot take the error model: .*at least 4 coordinates.*ldpc"
    ):
        ChromobiusDecoder().compile_decoder_for_dem(dem=plain)
    many = stim.DetectorErrorModel("error(0.1) D0 L64\ndetector(0, 0, 0, 3) D0")
    with pytest.raises(DecodersError, match="Max logical observable is L63"):
        ChromobiusDecoder().compile_decoder_for_dem(dem=many)


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        (TesseractDecoder, "beam", 0),
        (TesseractDecoder, "orders", 1.5),
        (TesseractDecoder, "queue", True),
        (BpOsdDecoder, "iterations", 0),
        (BpOsdDecoder, "order", -1),
        (BpLsdDecoder, "order", "10"),
    ],
)
def test_counts_are_checked(kind: type, field: str, value: object) -> None:
    with pytest.raises(
        ValueError, match=rf"{field}={value!r} is no count; give a whole number of at least [01]"
    ):
        kind(**{field: value})
