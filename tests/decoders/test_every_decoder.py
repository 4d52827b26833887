"""One battery that every decoder of the registry passes."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
import sinter
import stim
from support.decoding import NEED_HERALDS, decode, lossy_memory, memory, suited, unpack

import decoders
from decoders import sinter_decoders

NAMES = list(sinter_decoders())
EDGES_ONLY = ("pymatching", "pymatching_plain", "erasure", "erasure_exact")


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def decoder(name: str) -> sinter.Decoder:
    return sinter_decoders()[name]


def single_errors(model: stim.DetectorErrorModel) -> tuple[np.ndarray, np.ndarray]:
    """For every error of a model its detection events, and its flips."""
    rows, flips = [], []
    for error in model.flattened():
        if error.type == "error":
            events = np.zeros(model.num_detectors, dtype=np.uint8)
            flip = np.zeros(model.num_observables, dtype=np.uint8)
            for target in error.targets_copy():
                if target.is_logical_observable_id():
                    flip[target.val] ^= 1
                elif target.is_relative_detector_id():
                    events[target.val] ^= 1
            rows.append(events)
            flips.append(flip)
    return np.array(rows), np.array(flips)


def test_the_registry_gives_new_decoders_by_name() -> None:
    assert NAMES == [
        "vacuous",
        "lookup",
        "pymatching",
        "pymatching_plain",
        "erasure",
        "erasure_exact",
        "peeling",
        "tesseract",
        "ldpc_bposd",
        "ldpc_bplsd",
        "chromobius",
    ]
    assert sinter_decoders() == sinter_decoders()
    assert sinter_decoders() is not sinter_decoders()
    assert len(set(sinter_decoders().values())) == len(NAMES)


def test_repr_and_pickle_give_an_equal_decoder(decoder: sinter.Decoder) -> None:
    names = {word: getattr(decoders, word) for word in decoders.__all__ if word.endswith("Decoder")}
    assert eval(repr(decoder), names) == decoder
    assert pickle.loads(pickle.dumps(decoder)) == decoder
    assert len({decoder, pickle.loads(pickle.dumps(decoder))}) == 1


@pytest.mark.parametrize("observables", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 65])
def test_bytes_of_every_number_of_observables(name: str, decoder: sinter.Decoder, observables: int) -> None:
    observables = min(observables, 64) if name == "chromobius" else observables
    model = stim.DetectorErrorModel()
    for k in range(observables):
        model.append(
            "error", 0.1, [stim.target_relative_detector_id(k), stim.target_logical_observable_id(k)]
        )
    events = np.eye(observables, dtype=np.uint8) if observables else np.zeros((3, 0), dtype=np.uint8)
    found = decode(decoder, *suited(name, model, events))
    expected = np.zeros_like(events) if name == "vacuous" else events
    assert np.array_equal(found, expected)


@pytest.mark.parametrize("detectors", [0, 1, 7, 8, 9, 17, 64, 65])
def test_no_event_is_no_flip(name: str, decoder: sinter.Decoder, detectors: int) -> None:
    model = stim.DetectorErrorModel("error(0.1) L2")
    for k in range(detectors):
        model.append("error", 0.1, [stim.target_relative_detector_id(k)])
    suitable, events = suited(name, model, np.zeros((4, detectors), dtype=np.uint8))
    assert not decode(decoder, suitable, events).any()


@pytest.mark.parametrize("text", ["", "logical_observable L0", "logical_observable L8", "error(0.1) L1"])
def test_a_model_without_detectors_is_taken_as_it_is(decoder: sinter.Decoder, text: str) -> None:
    model = stim.DetectorErrorModel(text)
    compiled = decoder.compile_decoder_for_dem(dem=model)
    for shots in (0, 3):
        found = compiled.decode_shots_bit_packed(
            bit_packed_detection_event_data=np.zeros((shots, 0), dtype=np.uint8)
        )
        assert found.shape == (shots, (model.num_observables + 7) // 8)
        assert not found.any()


def test_no_shots(name: str, decoder: sinter.Decoder) -> None:
    model = stim.DetectorErrorModel("error(0.1) D0 L0")
    assert decode(decoder, *suited(name, model, np.zeros((0, 1), dtype=np.uint8))).shape == (0, 1)


def test_rows_that_are_not_contiguous(name: str, decoder: sinter.Decoder) -> None:
    model, events = suited(
        name,
        stim.DetectorErrorModel("error(0.1) D0 L0\nerror(0.1) D9 L1"),
        unpack(np.array([[1, 2], [0, 2], [1, 0]], dtype=np.uint8), 10),
    )
    compiled = decoder.compile_decoder_for_dem(dem=model)
    whole = np.packbits(events, axis=1, bitorder="little")
    wide = np.hstack([whole, np.full_like(whole, 9)])
    cut = compiled.decode_shots_bit_packed(bit_packed_detection_event_data=wide[:, : whole.shape[1]])
    assert cut.tolist() == ([[0], [0], [0]] if name == "vacuous" else [[3], [2], [1]])
    assert np.array_equal(cut, compiled.decode_shots_bit_packed(bit_packed_detection_event_data=whole))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("vacuous", "chromobius")])
def test_every_single_error_of_a_memory_is_corrected(name: str) -> None:
    if name in NEED_HERALDS:
        distance = 3 if name == "erasure" else 5
        circuit = lossy_memory(distance, loss=0.01, p=1e-12 if name == "peeling" else 0.001)
    else:
        circuit = memory(3, p=0.001, rounds=2 if name == "lookup" else 3)
    model = circuit.detector_error_model(decompose_errors=True, approximate_disjoint_errors=True)
    events, flips = single_errors(model)
    assert len(events) > 50
    assert flips.any()
    assert np.array_equal(decode(sinter_decoders()[name], model, events), flips)


@pytest.mark.parametrize("name", EDGES_ONLY)
@pytest.mark.parametrize(
    "text",
    [
        "error(0.1) D0 D1 D2 L0",
        "error(0.1) D0 ^ D1 D2 D3 D4",
        "repeat 4 {\n  repeat 2 {\n    error(0.1) D0 D1 D2\n    shift_detectors 1\n  }\n}",
    ],
)
def test_an_undecomposed_error_is_named(name: str, text: str) -> None:
    model = stim.DetectorErrorModel(text + "\nerror(0.1) D20\ndetector[herald] D20")
    with pytest.raises(
        decoders.NotMatchable,
        match=r"error\(0.1\d*\) D0 .*more than two detectors.*decompose_errors=True\).* 'tesseract'",
    ):
        sinter_decoders()[name].compile_decoder_for_dem(dem=model)


@pytest.mark.parametrize("name", EDGES_ONLY)
def test_an_undecomposed_error_that_never_happens_is_no_error(name: str) -> None:
    model = stim.DetectorErrorModel("error(0.1) D0 L0\nerror(0) D0 D1 D2\nerror(0.1) D3\ndetector[herald] D3")
    assert decode(sinter_decoders()[name], model, np.array([[1, 0, 0, 0]], dtype=np.uint8)).tolist() == [[1]]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("vacuous", "tesseract")])
def test_a_syndrome_that_no_error_explains_is_refused(name: str) -> None:
    model = stim.DetectorErrorModel("error(0.1) D0 D1 L0")
    suitable, events = suited(name, model, np.array([[1, 0]], dtype=np.uint8))
    with pytest.raises(decoders.DecodersError, match=r"no set of|cannot decode a shot: No perfect matching"):
        decode(sinter_decoders()[name], suitable, events)


@pytest.mark.parametrize("name", ["lookup", "tesseract", "ldpc_bposd", "ldpc_bplsd"])
def test_a_detector_that_no_error_flips_is_refused_when_it_fires(name: str) -> None:
    model = stim.DetectorErrorModel("error(0.1) D1 L0\ndetector D2")
    with pytest.raises(decoders.NotDecodable, match="no set of the model's errors explains"):
        decode(sinter_decoders()[name], model, np.array([[0, 1, 1]], dtype=np.uint8))


@pytest.mark.parametrize("name", ["lookup", "tesseract", "ldpc_bposd", "ldpc_bplsd"])
def test_errors_that_are_likelier_than_not(name: str) -> None:
    model = stim.DetectorErrorModel("error(0.9) D0 L0\nerror(1) D1 L1\nerror(0.2) D1 D0 L2\nerror(0.8) L3")
    found = decode(sinter_decoders()[name], model, np.array([[1, 1], [0, 1], [0, 0]], dtype=np.uint8))
    assert found.tolist() == [[1, 1, 0, 1], [0, 1, 0, 1], [1, 1, 1, 1]]


@pytest.mark.parametrize("name", ["pymatching", "pymatching_plain"])
def test_a_certain_error_is_refused(name: str) -> None:
    with pytest.raises(
        decoders.NotMatchable, match=r"'error\(1\) D0 L0' is certain; .*; the decoder 'lookup' takes it"
    ):
        sinter_decoders()[name].compile_decoder_for_dem(dem=stim.DetectorErrorModel("error(1) D0 L0"))


def test_correlated_matching_takes_no_error_above_one_half() -> None:
    with pytest.raises(decoders.NotMatchable, match=r"cannot make a graph .*0\.5.*'tesseract'"):
        sinter_decoders()["pymatching"].compile_decoder_for_dem(
            dem=stim.DetectorErrorModel("error(0.7) D0 L0")
        )


def test_wrong_arguments(name: str, decoder: sinter.Decoder) -> None:
    with pytest.raises(ValueError, match=r"dem=Circuit is no error model; give a stim.DetectorErrorModel"):
        decoder.compile_decoder_for_dem(dem=stim.Circuit())
    text = "error(0.1) D8 L0\nerror(0.1) D7\ndetector(0, 0, 0, 0) D8\ndetector[herald](0, 0, 0, 0) D7"
    compiled = decoder.compile_decoder_for_dem(dem=stim.DetectorErrorModel(text))
    with pytest.raises(ValueError, match=r"shape \(1, 1\).*9 detectors; give uint8 of shape \(shots, 2\)"):
        compiled.decode_shots_bit_packed(bit_packed_detection_event_data=np.zeros((1, 1), dtype=np.uint8))
    with pytest.raises(ValueError, match="give uint8"):
        compiled.decode_shots_bit_packed(bit_packed_detection_event_data=np.zeros((1, 2), dtype=bool))


def test_works_through_files(name: str, decoder: sinter.Decoder, tmp_path: Path) -> None:
    model, events = suited(
        name,
        stim.DetectorErrorModel("error(0.1) D0 L0\nerror(0.1) D0 D1\nerror(0.1) D1 D2\nerror(0.1) D2 L1"),
        unpack(np.arange(8, dtype=np.uint8)[:, None], 3),
    )
    model.to_file(tmp_path / "model.dem")
    np.packbits(events, axis=1, bitorder="little").tofile(tmp_path / "events.b8")
    decoder.decode_via_files(
        num_shots=8,
        num_dets=model.num_detectors,
        num_obs=model.num_observables,
        dem_path=tmp_path / "model.dem",
        dets_b8_in_path=tmp_path / "events.b8",
        obs_predictions_b8_out_path=tmp_path / "flips.b8",
        tmp_dir=tmp_path,
    )
    flips = np.fromfile(tmp_path / "flips.b8", dtype=np.uint8)[:, None]
    assert np.array_equal(unpack(flips, 2), decode(decoder, model, events))
    assert flips.any() == (name != "vacuous")


def test_runs_under_sinter() -> None:
    circuit = lossy_memory(3, loss=0.02, p=0.01)
    names = ["vacuous", "pymatching", "pymatching_plain", "erasure", "ldpc_bplsd"]
    stats = sinter.collect(
        num_workers=1,
        tasks=[sinter.Task(circuit=circuit, json_metadata={"d": 3})],
        decoders=names,
        custom_decoders=sinter_decoders(),
        max_shots=2000,
    )
    rate = {one.decoder: one.errors / one.shots for one in stats}
    assert {one.shots for one in stats} == {2000}
    assert set(rate) == set(names)
    assert all(rate[name] < rate["vacuous"] / 2 for name in names[1:])
