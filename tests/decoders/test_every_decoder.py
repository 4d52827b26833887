"""One battery that every decoder of the registry passes."""

from __future__ import annotations

import pickle
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import numpy as np
import pytest
import sinter
import stim

from decoders import DecodersError, NotMatchable, PyMatchingDecoder, VacuousDecoder, sinter_decoders

NAMES = sorted(sinter_decoders())
MATCHERS = [name for name in NAMES if name != "vacuous"]


@pytest.fixture(params=NAMES)
def decoder(request: pytest.FixtureRequest) -> sinter.Decoder:
    return sinter_decoders()[request.param]


def memory(distance: int, p: float = 0.01, tag: str = "rotated_memory_z") -> stim.Circuit:
    return stim.Circuit.generated(
        f"surface_code:{tag}",
        distance=distance,
        rounds=distance,
        after_clifford_depolarization=p,
        before_measure_flip_probability=p,
    )


def decode(decoder: sinter.Decoder, model: stim.DetectorErrorModel, events: np.ndarray) -> np.ndarray:
    packed = np.packbits(events, axis=1, bitorder="little")
    flips = decoder.compile_decoder_for_dem(dem=model).decode_shots_bit_packed(
        bit_packed_detection_event_data=packed
    )
    assert flips.dtype == np.uint8
    assert flips.shape == (len(events), (model.num_observables + 7) // 8)
    return np.unpackbits(flips, axis=1, count=model.num_observables, bitorder="little")


def test_the_registry_gives_new_decoders_by_name() -> None:
    assert NAMES == ["pymatching", "pymatching_correlated", "vacuous"]
    assert sinter_decoders() == sinter_decoders()
    assert sinter_decoders() is not sinter_decoders()


def test_repr_and_pickle_give_an_equal_decoder(decoder: sinter.Decoder) -> None:
    names = {"PyMatchingDecoder": PyMatchingDecoder, "VacuousDecoder": VacuousDecoder}
    assert eval(repr(decoder), names) == decoder
    assert pickle.loads(pickle.dumps(decoder)) == decoder
    assert len({decoder, pickle.loads(pickle.dumps(decoder))}) == 1


@pytest.mark.parametrize("observables", [0, 1, 7, 8, 9, 16, 65])
def test_bytes_of_every_number_of_observables(decoder: sinter.Decoder, observables: int) -> None:
    model = stim.DetectorErrorModel()
    for k in range(observables):
        model.append(
            "error", 0.1, [stim.target_relative_detector_id(k), stim.target_logical_observable_id(k)]
        )
    events = np.eye(observables, dtype=np.uint8) if observables else np.zeros((3, 0), dtype=np.uint8)
    found = decode(decoder, model, events)
    expected = np.zeros_like(events) if isinstance(decoder, VacuousDecoder) else events
    assert np.array_equal(found, expected)


@pytest.mark.parametrize("detectors", [0, 1, 7, 8, 9, 17])
def test_no_event_is_no_flip(decoder: sinter.Decoder, detectors: int) -> None:
    model = stim.DetectorErrorModel("error(0.1) L2")
    for k in range(detectors):
        model.append("error", 0.1, [stim.target_relative_detector_id(k)])
    assert not decode(decoder, model, np.zeros((4, detectors), dtype=np.uint8)).any()


def test_no_shots(decoder: sinter.Decoder) -> None:
    model = stim.DetectorErrorModel("error(0.1) D0 L0")
    assert decode(decoder, model, np.zeros((0, 1), dtype=np.uint8)).shape == (0, 1)


def test_rows_that_are_not_contiguous(decoder: sinter.Decoder) -> None:
    model = stim.DetectorErrorModel("error(0.1) D0 L0\nerror(0.1) D9 L1")
    compiled = decoder.compile_decoder_for_dem(dem=model)
    wide = np.array([[1, 2, 9, 9], [0, 2, 9, 9], [1, 0, 9, 9]], dtype=np.uint8)
    cut = compiled.decode_shots_bit_packed(bit_packed_detection_event_data=wide[:, :2])
    whole = compiled.decode_shots_bit_packed(bit_packed_detection_event_data=wide[:, :2].copy())
    assert np.array_equal(cut, whole)


def test_every_single_error_of_a_distance_three_memory_is_corrected() -> None:
    model = memory(3).detector_error_model(decompose_errors=True, flatten_loops=True)
    rows, flips = [], []
    for error in model:
        if error.type == "error":
            targets = [t for t in error.targets_copy() if not t.is_separator()]
            events, flip = np.zeros(model.num_detectors, dtype=np.uint8), 0
            for target in targets:
                if target.is_logical_observable_id():
                    flip ^= 1
                else:
                    events[target.val] ^= 1
            rows.append(events)
            flips.append(flip)
    assert len(rows) > 100
    found = decode(PyMatchingDecoder(), model, np.array(rows))
    assert found[:, 0].tolist() == flips


@pytest.mark.parametrize("name", MATCHERS)
def test_agrees_with_sinters_own_matching(name: str) -> None:
    circuit = memory(5)
    model = circuit.detector_error_model(decompose_errors=True)
    events, _ = circuit.compile_detector_sampler(seed=7).sample(2000, separate_observables=True)
    reference = sinter.BUILT_IN_DECODERS[name.replace("pymatching_correlated", "pymatching-correlated")]
    found = decode(sinter_decoders()[name], model, events)
    assert np.array_equal(found, decode(reference, model, events))
    assert found.any()


def test_correlated_matching_errs_less_often() -> None:
    circuit = memory(5, p=0.008)
    model = circuit.detector_error_model(decompose_errors=True)
    events, flips = circuit.compile_detector_sampler(seed=3).sample(20_000, separate_observables=True)
    errors = {
        name: int(np.count_nonzero(decode(sinter_decoders()[name], model, events) != flips)) for name in NAMES
    }
    assert errors["pymatching_correlated"] < errors["pymatching"] < errors["vacuous"] / 5


@pytest.mark.parametrize("name", MATCHERS)
@pytest.mark.parametrize(
    "text",
    [
        "error(0.1) D0 D1 D2 L0",
        "error(0.1) D0 ^ D1 D2 D3 D4",
        "repeat 4 {\n  repeat 2 {\n    error(0.1) D0 D1 D2\n    shift_detectors 1\n  }\n}",
    ],
)
def test_an_undecomposed_error_is_named(name: str, text: str) -> None:
    model = stim.DetectorErrorModel(text)
    with pytest.raises(
        NotMatchable, match=r"error\(0.1\) D0 .*more than two detectors.*decompose_errors=True"
    ):
        sinter_decoders()[name].compile_decoder_for_dem(dem=model)


@pytest.mark.parametrize("name", MATCHERS)
def test_an_undecomposed_error_that_never_happens_is_no_error(name: str) -> None:
    model = stim.DetectorErrorModel("error(0.1) D0 L0\nerror(0) D0 D1 D2")
    compiled = sinter_decoders()[name].compile_decoder_for_dem(dem=model)
    found = compiled.decode_shots_bit_packed(bit_packed_detection_event_data=np.array([[1]], dtype=np.uint8))
    assert found.tolist() == [[1]]


@pytest.mark.parametrize("name", MATCHERS)
def test_a_syndrome_that_no_error_explains_is_refused(name: str) -> None:
    model = stim.DetectorErrorModel("error(0.1) D1 L0\ndetector D0")
    with pytest.raises(DecodersError, match="no set of the model's errors explains a shot"):
        decode(sinter_decoders()[name], model, np.array([[1, 0]], dtype=np.uint8))


@pytest.mark.parametrize("name", MATCHERS)
def test_a_certain_error_is_refused(name: str) -> None:
    with pytest.raises(NotMatchable, match=r"'error\(1\) D0 L0' is certain; give it a probability below 1"):
        sinter_decoders()[name].compile_decoder_for_dem(dem=stim.DetectorErrorModel("error(1) D0 L0"))


def test_correlated_matching_takes_no_error_above_one_half() -> None:
    with pytest.raises(NotMatchable, match=r"cannot make a graph of the error model: .*0\.5"):
        PyMatchingDecoder(correlated=True).compile_decoder_for_dem(
            dem=stim.DetectorErrorModel("error(0.7) D0 L0")
        )


def test_wrong_arguments(decoder: sinter.Decoder) -> None:
    with pytest.raises(ValueError, match=r"dem=Circuit is no error model; give a stim.DetectorErrorModel"):
        decoder.compile_decoder_for_dem(dem=stim.Circuit())
    compiled = decoder.compile_decoder_for_dem(dem=stim.DetectorErrorModel("error(0.1) D8 L0"))
    with pytest.raises(ValueError, match=r"shape \(1, 1\).*9 detectors; give uint8 of shape \(shots, 2\)"):
        compiled.decode_shots_bit_packed(bit_packed_detection_event_data=np.zeros((1, 1), dtype=np.uint8))
    with pytest.raises(ValueError, match="give uint8"):
        compiled.decode_shots_bit_packed(bit_packed_detection_event_data=np.zeros((1, 2), dtype=bool))


def test_correlated_is_true_or_false() -> None:
    with pytest.raises(ValueError, match="correlated='yes' is neither"):
        PyMatchingDecoder(correlated="yes")  # type: ignore[arg-type]


def test_works_through_files(decoder: sinter.Decoder, tmp_path: Path) -> None:
    circuit = memory(3)
    model = circuit.detector_error_model(decompose_errors=True)
    events, _ = circuit.compile_detector_sampler(seed=5).sample(100, separate_observables=True)
    model.to_file(tmp_path / "model.dem")
    np.packbits(events, axis=1, bitorder="little").tofile(tmp_path / "events.b8")
    decoder.decode_via_files(
        num_shots=100,
        num_dets=model.num_detectors,
        num_obs=model.num_observables,
        dem_path=tmp_path / "model.dem",
        dets_b8_in_path=tmp_path / "events.b8",
        obs_predictions_b8_out_path=tmp_path / "flips.b8",
        tmp_dir=tmp_path,
    )
    flips = np.fromfile(tmp_path / "flips.b8", dtype=np.uint8)
    assert np.array_equal(flips, decode(decoder, model, events)[:, 0])


def test_runs_under_sinter() -> None:
    task = sinter.Task(circuit=memory(3, p=0.02), json_metadata={"d": 3})
    stats = sinter.collect(
        num_workers=1,
        tasks=[task],
        decoders=NAMES,
        custom_decoders=sinter_decoders(),
        max_shots=4000,
    )
    rate = {one.decoder: one.errors / one.shots for one in stats}
    assert {one.shots for one in stats} == {4000}
    assert rate["pymatching"] < rate["vacuous"] / 2
    assert rate["pymatching_correlated"] < rate["vacuous"] / 2


def test_runs_on_sinters_command_line(tmp_path: Path) -> None:
    memory(3, p=0.02).to_file(tmp_path / "d=3.stim")
    (script,) = (one for one in entry_points(group="console_scripts") if one.name == "sinter")
    code = f"import sys; from {script.module} import {script.attr} as main; sys.exit(main())"
    arguments = ["--circuits", str(tmp_path / "d=3.stim"), "--decoders", "pymatching_correlated", "vacuous"]
    arguments += ["--custom_decoders_module_function", "decoders:sinter_decoders"]
    arguments += [
        "--max_shots",
        "500",
        "--processes",
        "1",
        "--save_resume_filepath",
        str(tmp_path / "out.csv"),
    ]
    command = [sys.executable, "-c", code, "collect", *arguments]
    subprocess.run(command, check=True, capture_output=True, text=True)
    stats = sinter.stats_from_csv_files(str(tmp_path / "out.csv"))
    assert {(one.decoder, one.shots) for one in stats} == {("pymatching_correlated", 500), ("vacuous", 500)}
