"""Noise in Stim circuits, against Stim's own generators and by hand."""

import math

import pytest
import stim

from circuits.noise import CircuitNoise, Override, PauliChannel, strip

TASKS = ["surface_code:rotated_memory_x", "surface_code:unrotated_memory_z", "repetition_code:memory"]


@pytest.mark.parametrize("task", [*TASKS, "color_code:memory_xyz"])
@pytest.mark.parametrize(("p", "distance"), [(0.01, 3), (0.002, 5)])
def test_uniform_noise_is_that_of_stims_generated_circuits(task, p, distance):
    plain = stim.Circuit.generated(task, distance=distance, rounds=4)
    theirs = stim.Circuit.generated(
        task,
        distance=distance,
        rounds=4,
        after_clifford_depolarization=p,
        before_measure_flip_probability=p,
        after_reset_flip_probability=p,
    )
    ours = CircuitNoise.uniform_depolarizing(p).apply(plain)
    found = ours.detector_error_model(approximate_disjoint_errors=True)
    expected = theirs.detector_error_model(approximate_disjoint_errors=True)
    assert found.num_errors == expected.num_errors > 0
    assert found.approx_equals(expected, atol=1e-12)
    assert strip(ours) == strip(theirs) == plain


def applied(noise: CircuitNoise, text: str) -> list[str]:
    return str(noise.apply(stim.Circuit(text))).splitlines()


def test_every_kind_of_instruction_by_hand():
    noise = CircuitNoise(after_1q=0.01, after_2q=0.02, measurement=0.03, reset=0.04)
    text = """
        QUBIT_COORDS(1, 2) 0
        RX 0
        RY 1
        R 2
        H 0 1
        SQRT_XX 0 1
        M 3
        CX 0 1 rec[-1] 2 sweep[0] 1
        CZ rec[-1] 2
        MR !0 1
        MRX 2
        MX(0.25) 0
        MPP X0*Z1 !Y2
        MXX 0 1
        SPP X0*Z1
        SPP_DAG X0
        MPAD 0 1
        X_ERROR(0.5) 0
        HERALDED_ERASE(0.01) 1
        DETECTOR(1, 2, 0.5) rec[-1] rec[-2]
        OBSERVABLE_INCLUDE(0) rec[-1]
        SHIFT_COORDS(0, 0, 1)
    """
    assert applied(noise, text) == [
        "QUBIT_COORDS(1, 2) 0",
        "RX 0",
        "Z_ERROR(0.04) 0",
        "RY 1",
        "X_ERROR(0.04) 1",
        "R 2",
        "X_ERROR(0.04) 2",
        "H 0 1",
        "DEPOLARIZE1(0.01) 0 1",
        "SQRT_XX 0 1",
        "DEPOLARIZE2(0.02) 0 1",
        "M(0.03) 3",
        "CX 0 1 rec[-1] 2 sweep[0] 1",
        "DEPOLARIZE2(0.02) 0 1",
        "CZ rec[-1] 2",
        "MR(0.03) !0 1",
        "X_ERROR(0.04) 0 1",
        "MRX(0.03) 2",
        "Z_ERROR(0.04) 2",
        "MX(0.265) 0",
        "MPP(0.03) X0*Z1 !Y2",
        "MXX(0.03) 0 1",
        "SPP X0*Z1",
        "DEPOLARIZE2(0.02) 0 1",
        "SPP_DAG X0",
        "DEPOLARIZE1(0.01) 0",
        "MPAD 0 1",
        "X_ERROR(0.5) 0",
        "HERALDED_ERASE(0.01) 1",
        "DETECTOR(1, 2, 0.5) rec[-1] rec[-2]",
        "OBSERVABLE_INCLUDE(0) rec[-1]",
        "SHIFT_COORDS(0, 0, 1)",
    ]


def test_a_qubit_used_twice_by_one_instruction_has_noise_in_between():
    noise = CircuitNoise(after_1q=0.01, after_2q=0.02, reset=0.04)
    assert applied(noise, "CX 0 1 1 2\nMR 3 3") == [
        "CX 0 1",
        "DEPOLARIZE2(0.02) 0 1",
        "CX 1 2",
        "DEPOLARIZE2(0.02) 1 2",
        "MR 3",
        "X_ERROR(0.04) 3",
        "MR 3",
        "X_ERROR(0.04) 3",
    ]


def test_overrides_and_tags():
    noise = CircuitNoise(
        after_1q=0.01,
        measurement=0.1,
        overrides=(
            Override(gate="sdg", error=0.5),
            Override(qubits=frozenset({0, 1}), error=PauliChannel(probabilities={"XZ": 0.125, "IY": 0.25})),
            Override(gate="measure", qubits=1, error=0.0),
            Override(gate="h", qubits=2, error=0.9),
        ),
    )
    assert applied(noise, "H[a] 0 1 2\nS_DAG 0\nCX 1 0 2 3\nM[b] 0 1 2") == [
        "H[a] 0 1 2",
        "DEPOLARIZE1(0.01) 0 1",
        "PAULI_CHANNEL_1(0.3, 0.3, 0.3) 2",
        "S_DAG 0",
        "DEPOLARIZE1(0.5) 0",
        "CX 1 0 2 3",
        "PAULI_CHANNEL_2(0, 0.25, 0, 0, 0, 0, 0.125, 0, 0, 0, 0, 0, 0, 0, 0) 1 0",
        "M[b](0.1) 0",
        "M[b] 1",
        "M[b](0.1) 2",
    ]


def test_large_products_need_an_override():
    circuit = stim.Circuit("SPP X0*Z1*Y2")
    with pytest.raises(ValueError, match=r"gate 'spp' on qubits \[0, 1, 2\] has no error in this noise"):
        CircuitNoise(after_2q=0.1).apply(circuit)
    channel = PauliChannel(probabilities={"XIZ": 0.2, "YII": 0.4})
    made = CircuitNoise(overrides=(Override(gate="spp", error=channel),)).apply(circuit)
    assert made[1:] == stim.Circuit("CORRELATED_ERROR(0.2) X0 Z2\nELSE_CORRELATED_ERROR(0.5) Y0")


def test_layers_of_si1000_by_hand():
    assert applied(
        CircuitNoise.si1000(0.01), "R 0 1\nTICK\nH 0\nTICK\nTICK\nCX 0 1\nTICK\nM 0\nTICK\nM 1"
    ) == [
        "R 0 1",
        "X_ERROR(0.02) 0 1",
        "TICK",
        "H 0",
        "DEPOLARIZE1(0.001) 0 1",
        "TICK",
        "TICK",
        "CX 0 1",
        "DEPOLARIZE2(0.01) 0 1",
        "TICK",
        "M(0.05) 0",
        "DEPOLARIZE1(0.001) 1",
        "DEPOLARIZE1(0.02) 1",
        "TICK",
        "M(0.05) 1",
        "DEPOLARIZE1(0.001) 0",
        "DEPOLARIZE1(0.02) 0",
    ]


def test_a_layer_lasts_as_long_as_its_longest_instruction():
    noise = CircuitNoise(t1_s=1e-4, t2_s=8e-5, gate_1q_s=1e-6, gate_2q_s=4e-6, measurement_s=9e-6)
    made = noise.apply(stim.Circuit("H 0\nCX 1 2\nM 3\nTICK\nX 0 0\nX 1"))
    waited = [
        (sorted(t.value for t in item.targets_copy()), item.gate_args_copy())
        for item in made
        if item.name == "PAULI_CHANNEL_1"
    ]
    expected = [([0], 8e-6), ([1, 2], 5e-6), ([1], 1e-6), ([2, 3], 2e-6)]
    assert [qubits for qubits, _ in waited] == [qubits for qubits, _ in expected]
    for (_, found), (_, time) in zip(waited, expected, strict=True):
        flip = (1 - math.exp(-time / 1e-4)) / 4
        assert found == pytest.approx([flip, flip, (1 - math.exp(-time / 8e-5)) / 2 - flip])


REPEATS = [
    "R 0 1\nTICK\nREPEAT 5 {\nH 0\nTICK\nCX 0 1\nTICK\n}\nM 0 1",
    "H 0\nREPEAT 4 {\nX 1\nTICK\nCX 0 1\nTICK\nM 2\nDETECTOR rec[-1]\n}\nH 2\nTICK\nM 1",
    "H 0\nREPEAT 3 {\nTICK\nM 0\nREPEAT 2 {\nTICK\nH 1\nTICK\nCX 0 2\n}\nX 1\n}\nM 1",
    "H 0\nTICK\nREPEAT 3 {\nX 1\nX 2\n}\nCX 0 1\nTICK\nM 0",
    "REPEAT 1 {\nH 0\nTICK\nM 1\n}\nTICK\nH 1",
]


@pytest.mark.parametrize("text", REPEATS)
@pytest.mark.parametrize(
    "noise",
    [
        CircuitNoise.si1000(0.01),
        CircuitNoise(t1_s=1e-4, gate_1q_s=1e-6, gate_2q_s=2e-6, measurement_s=3e-6, after_1q=0.01),
    ],
)
def test_a_repeat_is_what_its_unrolled_form_is(text, noise):
    circuit = stim.Circuit(text)
    assert noise.apply(circuit).flattened() == noise.apply(circuit.flattened())


def test_generated_codes_keep_their_repeat_block():
    circuit = stim.Circuit.generated("surface_code:rotated_memory_z", distance=3, rounds=1000)
    noisy = CircuitNoise.si1000(0.001).apply(circuit)
    assert len(noisy) < 100
    assert strip(noisy) == circuit


def test_the_circuit_is_not_changed_and_numbers_keep_their_digits():
    circuit = stim.Circuit("SHIFT_COORDS(12345678.5)\nX_ERROR(0.123456789012) 0\nM(0.1) 0")
    before = circuit.copy()
    made = CircuitNoise(after_1q=0.1).apply(circuit)
    assert made == circuit == before


def test_strip_takes_all_noise_and_keeps_the_record():
    noisy = stim.Circuit(
        "H 0\nREPEAT 2 {\nDEPOLARIZE1(0.1) 0\nM(0.2) 0\nREPEAT 3 {\nX_ERROR(0.1) 0\n}\n}\n"
        "E(0.1) X0 Z1\nHERALDED_ERASE(0.1) 0 1\nMPP(0.1) X0*X1\nDETECTOR rec[-2]"
    )
    plain = stim.Circuit("H 0\nREPEAT 2 {\nM 0\n}\nMPAD 0 0\nMPP X0*X1\nDETECTOR rec[-2]")
    assert strip(noisy) == plain
    assert plain.num_measurements == noisy.num_measurements
