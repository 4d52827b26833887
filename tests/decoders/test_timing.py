"""Latency per shot, and the decoder that discards its guesses."""

from __future__ import annotations

import time

import numpy as np
import pytest
import sinter
import stim
from support.decoding import lossy_memory, memory

from decoders import DiscardingDecoder, LookupDecoder, PyMatchingDecoder, latency
from decoders._shots import packed_width


class SlowNowAndThen(sinter.Decoder):
    """Sleeps in every twentieth call."""

    def compile_decoder_for_dem(self, *, dem: stim.DetectorErrorModel) -> sinter.CompiledDecoder:
        return Slow(dem.num_observables)


class Slow(sinter.CompiledDecoder):
    def __init__(self, observables: int) -> None:
        self.observables, self.calls = observables, 0

    def decode_shots_bit_packed(self, *, bit_packed_detection_event_data: np.ndarray) -> np.ndarray:
        self.calls += 1
        if self.calls % 20 == 0:
            time.sleep(0.01)
        assert len(bit_packed_detection_event_data) == 1
        return np.zeros((1, packed_width(self.observables)), dtype=np.uint8)


class Broken(sinter.Decoder):
    """Fails in a way of its own."""

    def compile_decoder_for_dem(self, *, dem: stim.DetectorErrorModel) -> sinter.CompiledDecoder:
        raise RuntimeError("the decoder broke in its own way")


def test_percentiles_are_of_single_shots() -> None:
    found = latency(SlowNowAndThen(), memory(3), shots=200, seed=1)
    assert found.shots == 200
    assert found.p50_s < 0.005 < 0.01 <= found.p99_s


@pytest.mark.parametrize(
    "name", ["vacuous", "pymatching", "pymatching_plain", "erasure", "peeling", "ldpc_bplsd"]
)
def test_every_name_and_both_sources(name: str) -> None:
    circuit = lossy_memory(3, loss=0.05, p=1e-9)
    for source in (
        circuit,
        circuit.detector_error_model(decompose_errors=True, approximate_disjoint_errors=True),
    ):
        found = latency(name, source, shots=50, seed=3)
        assert 0 < found.p50_s <= found.p99_s < 1


def test_a_decoders_own_exception_reaches_the_caller() -> None:
    with pytest.raises(RuntimeError, match="the decoder broke in its own way"):
        latency(Broken(), memory(3))


def test_wrong_arguments() -> None:
    with pytest.raises(
        ValueError, match="decoder='bposd' is unknown; choose one of vacuous, lookup, pymatching"
    ):
        latency("bposd", memory(3))
    with pytest.raises(ValueError, match="shots=0 is no number of shots; give a whole number of at least 1"):
        latency("vacuous", memory(3), shots=0)
    with pytest.raises(
        ValueError, match=r"source=str gives no shots; give a stim.Circuit or a stim.Detector"
    ):
        latency("vacuous", "X 0")  # type: ignore[arg-type]


def test_discarding_adds_one_byte_a_shot() -> None:
    model = stim.DetectorErrorModel("error(0.1) D0 L0\nerror(0.1) D0\nerror(0.1) D1 L8")
    compiled = DiscardingDecoder(decoder=LookupDecoder()).compile_decoder_for_dem(dem=model)
    events = np.array([[0b00], [0b01], [0b10], [0b11]], dtype=np.uint8)
    found = compiled.decode_shots_bit_packed(bit_packed_detection_event_data=events)
    assert found.shape == (4, 3)
    assert found[:, 2].tolist() == [0, 1, 0, 1]
    assert found[:, 1].tolist() == [0, 0, 1, 1]


def test_discarding_wants_a_decoder_that_knows_when_it_guesses() -> None:
    with pytest.raises(ValueError, match=r"decoder='lookup' is no decoder; give a sinter.Decoder"):
        DiscardingDecoder(decoder="lookup")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="does not tell when it guesses; give one that does, such as Lookup"):
        DiscardingDecoder(decoder=PyMatchingDecoder()).compile_decoder_for_dem(dem=stim.DetectorErrorModel())
    decoder = DiscardingDecoder(decoder=LookupDecoder())
    names = {"DiscardingDecoder": DiscardingDecoder, "LookupDecoder": LookupDecoder}
    assert eval(repr(decoder), names) == decoder
