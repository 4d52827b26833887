"""Detection events of exported circuits, against Stim's own."""

from __future__ import annotations

import numpy as np
import pytest
import stim
from qiskit.primitives import BitArray
from qiskit_aer import AerSimulator
from qiskit_aer.primitives import SamplerV2

from circuits.bridge import DetectionEvents, detection_events, to_qiskit

SIGNED = stim.Circuit(
    "X 0\nM 0 !1 2\nDETECTOR rec[-3]\nDETECTOR rec[-2] rec[-1]\nDETECTOR rec[-1] rec[-1]\nDETECTOR\n"
    "M 2\nDETECTOR(1, 2) rec[-4] rec[-1]\nOBSERVABLE_INCLUDE(0) rec[-1]\n"
    "OBSERVABLE_INCLUDE(2) rec[-3] rec[-4]"
)


def by_stim(circuit: stim.Circuit, bits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    converter = circuit.compile_m2d_converter()
    detectors, observables = converter.convert(
        measurements=bits.astype(bool), separate_observables=True, append_observables=False
    )
    return detectors, observables


@pytest.fixture(scope="module")
def surface_code() -> stim.Circuit:
    return stim.Circuit.generated(
        "surface_code:rotated_memory_x",
        distance=3,
        rounds=2,
        after_clifford_depolarization=0.01,
        before_round_data_depolarization=0.02,
        before_measure_flip_probability=0.02,
        after_reset_flip_probability=0.01,
    )


@pytest.mark.parametrize("kind", ["counts", "bit array", "array"])
def test_as_stims_converter(surface_code: stim.Circuit, kind: str) -> None:
    for circuit in (SIGNED, surface_code):
        n = circuit.num_measurements
        bits = np.random.default_rng(3).integers(0, 2, size=(50, n), dtype=np.uint8)
        outcomes: object = bits
        if kind == "bit array":
            outcomes = BitArray.from_bool_array(bits.astype(bool), order="little")
        elif kind == "counts":
            outcomes = {"".join(map(str, row[::-1])): 1 for row in np.unique(bits, axis=0)}
            bits = np.unique(bits, axis=0)
        made = detection_events(to_qiskit(circuit), outcomes)
        detectors, observables = by_stim(circuit, bits)
        assert np.array_equal(made.detectors, detectors)
        assert np.array_equal(made.observables, observables)


def test_counts_are_repeated_and_spaces_are_none_of_theirs() -> None:
    made = to_qiskit(stim.Circuit("M 0 1\nDETECTOR rec[-1]"))
    assert detection_events(made, {"0 1": 2, "1 0": 1}).detectors.tolist() == [[False], [False], [True]]


def test_a_quiet_circuit_has_no_events() -> None:
    made = to_qiskit(SIGNED)
    counts = AerSimulator(seed_simulator=1).run(made, shots=20).result().get_counts()
    events = detection_events(made, counts)
    assert events.detectors.shape == (20, 5)
    assert events.observables.shape == (20, 3)
    assert not events.detectors.any()
    assert not events.observables.any()


def test_surface_code_detectors_fire_as_often_on_aer_as_on_stim(surface_code: stim.Circuit) -> None:
    shots, many = 1_500, 200_000
    made = to_qiskit(surface_code)
    sampler = SamplerV2(seed=5, options={"backend_options": {"method": "stabilizer"}})
    events = detection_events(made, sampler.run([made], shots=shots).result()[0].data.records)
    reference, flips = surface_code.compile_detector_sampler(seed=5).sample(many, separate_observables=True)
    for found, expected in ((events.detectors, reference), (events.observables, flips)):
        p = expected.mean(axis=0)
        spread = np.sqrt(p * (1 - p) * (1 / shots + 1 / many))
        assert (p > 0.02).all()
        assert (np.abs(found.mean(axis=0) - p) <= 5 * spread).all()


def test_bad_input() -> None:
    made = to_qiskit(stim.Circuit("M 0 1\nDETECTOR rec[-1]"))
    with pytest.raises(ValueError, match=r"^outcomes has 1 bits a shot: it must have all 2 of the circuit$"):
        detection_events(made, {"1": 3})
    for counts in ({}, {"0x3": 3}, {3: 3}, {"11": 1, "1": 1}):
        with pytest.raises(
            ValueError, match=r"^outcomes has the keys \[.*\]: it must have one or more, all st"
        ):
            detection_events(made, counts)  # type: ignore[arg-type]
    made.metadata = {}
    with pytest.raises(ValueError, match=r"^circuit has no detectors in its metadata: it must come from"):
        detection_events(made, {"11": 3})
    with pytest.raises(ValueError, match=r"^observables has 1 shots: it must have as many as detectors, 2$"):
        DetectionEvents(detectors=np.zeros((2, 1), bool), observables=np.zeros((1, 1), bool))
