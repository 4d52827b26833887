"""The value: what it takes, what it refuses, and that it is one."""

import math

import numpy as np
import pytest

from circuits.noise import CircuitNoise, Override, PauliChannel

BAD = [
    ({"after_1q": 1.5}, r"after_1q is 1\.5: it must be a probability from 0 to 1"),
    ({"after_2q": -0.1}, r"after_2q is -0\.1: it must be a probability from 0 to 1"),
    ({"after_1q": math.nan}, r"after_1q is nan: it must be a probability"),
    ({"after_1q": "0.1"}, r"after_1q is '0\.1': it must be a probability"),
    ({"after_1q": True}, r"after_1q is True: it must be a probability"),
    ({"after_1q": PauliChannel(probabilities={"XX": 0.1})}, r"after_1q has Paulis on 2 qubits: .* on 1"),
    ({"after_2q": {"X": 0.1}}, r"after_2q has Paulis on 1 qubits: .* on 2"),
    ({"measurement": 2}, r"measurement is 2: it must be a probability"),
    ({"reset": None}, r"reset is None: it must be a probability"),
    ({"idle": -1}, r"idle is -1: it must be a probability"),
    ({"resonator_idle": math.inf}, r"resonator_idle is inf: it must be a probability"),
    ({"t1_s": 0}, r"t1_s is 0: it must be a time above 0 s, or math\.inf"),
    ({"t2_s": math.nan}, r"t2_s is nan: it must be a time above 0 s"),
    ({"t1_s": 1e-4, "t2_s": 3e-4}, r"t2_s is 0\.0003: it must be at most 2·T1 = 0\.0002"),
    ({"t1_s": 1e-4, "t2_s": math.inf}, r"t2_s is inf: it must be at most 2·T1 = 0\.0002"),
    ({"gate_1q_s": -1e-9}, r"gate_1q_s is -1e-09: it must be a time in seconds, from 0"),
    ({"measurement_s": math.inf}, r"measurement_s is inf: it must be a time in seconds"),
    ({"dt_s": 0}, r"dt_s is 0: it must be above 0 s, or None"),
    ({"overrides": Override(gate="x", error=0.1)}, r"overrides is .*: it must be a tuple of Override"),
    ({"overrides": ({"gate": "x"},)}, r"overrides has \{'gate': 'x'\}: each must be an Override"),
    (
        {"overrides": (Override(gate="x", error=0.1), Override(gate="x", error=0.2))},
        r"overrides has gate='x', qubits=None twice: make them one",
    ),
    (
        {"t1_s": 1e-3, "t2_s": 1e-3, "overrides": (Override(qubits=2, t1_s=1e-4),)},
        r"t2_s of qubit 2 is 0\.001: it must be at most 2·T1 = 0\.0002",
    ),
]

BAD_OVERRIDES = [
    ({"error": 0.1}, r"gate and qubits are both None: name a gate, qubits, or a gate on qubits"),
    ({"gate": "x"}, r"error, time_s, t1_s and t2_s are all None: give at least one"),
    ({"gate": 3, "error": 0.1}, r"gate is 3: it must be the name of an instruction"),
    ({"qubits": -1, "error": 0.1}, r"qubits is -1: an index, a tuple of different indices, or a frozenset"),
    ({"qubits": (1, 1), "error": 0.1}, r"qubits is \(1, 1\): an index, a tuple of different"),
    ({"qubits": "01", "error": 0.1}, r"qubits is '01': an index, a tuple of different"),
    ({"gate": "x", "error": 1.1}, r"error is 1\.1: it must be a probability"),
    ({"gate": "measure", "error": {"X": 0.1}}, r"error is \{'X': 0\.1\}: it must be a probability"),
    ({"qubits": (0, 1), "error": {"X": 0.1}}, r"error has Paulis on 1 qubits: qubits is \(0, 1\)"),
    ({"gate": "x", "time_s": -1}, r"time_s is -1: it must be a time in seconds"),
    ({"gate": "x", "t1_s": 1.0}, r"t1_s is 1\.0: it belongs to a qubit, so give qubits=index and no gate"),
    ({"qubits": 1, "t2_s": -1}, r"t2_s is -1: it must be a time above 0 s"),
]

BAD_CHANNELS = [
    ({}, r"probabilities is \{\}: give Pauli strings of one length"),
    ({"X": 0.1, "XX": 0.1}, r"give Pauli strings of one length"),
    (0.1, r"probabilities is 0\.1: it must be like \{'Z': 0\.01\}"),
    ({1: 0.1}, r"probabilities has '1': it must be a string of I, X, Y, Z"),
    ({"Q": 0.1}, r"probabilities has 'Q': it must be a string of I, X, Y, Z, not only I"),
    ({"II": 0.1}, r"probabilities has 'II': it must be a string"),
    ({"X": -0.1}, r"probabilities\['X'\] is -0\.1: it must be a probability"),
    ({"X": 0.6, "Z": 0.6}, r"probabilities sum to 1\.2: they must sum to at most 1"),
]

VALUES = [
    CircuitNoise(),
    CircuitNoise.uniform_depolarizing(0.01),
    CircuitNoise.si1000(0.003),
    CircuitNoise(
        after_1q={"Z": 0.01}, after_2q=PauliChannel(probabilities={"XZ": 0.1, "IY": 0.2}), dt_s=1e-9
    ),
    CircuitNoise(
        after_1q=None,
        t1_s=1e-4,
        t2_s=1e-4,
        overrides=(
            Override(gate="cx", qubits=frozenset({0, 1}), error=0.1, time_s=1e-6),
            Override(qubits=3, t1_s=math.inf, t2_s=2e-4),
        ),
    ),
]


@pytest.mark.parametrize(("arguments", "message"), BAD)
def test_bad_values_are_refused_in_one_line(arguments, message):
    with pytest.raises(ValueError, match=message) as caught:
        CircuitNoise(**arguments)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("arguments", "message"), BAD_OVERRIDES)
def test_bad_overrides_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Override(**arguments)


@pytest.mark.parametrize(("probabilities", "message"), BAD_CHANNELS)
def test_bad_channels_are_refused(probabilities, message):
    with pytest.raises(ValueError, match=message):
        PauliChannel(probabilities=probabilities)


def test_numbers_of_numpy_are_numbers():
    value = CircuitNoise(
        measurement=np.float32(0.25),
        dt_s=np.float64(0.5),
        overrides=(Override(gate="x", qubits=np.int64(1), error=np.int64(0)),),
    )
    assert value == CircuitNoise(
        measurement=0.25, dt_s=0.5, overrides=(Override(gate="x", qubits=1, error=0.0),)
    )
    assert "np." not in repr(value)


def test_a_set_of_one_qubit_is_that_qubit():
    assert Override(qubits=frozenset({2}), error=0.1) == Override(qubits=2, error=0.1)
    assert Override(qubits=(2,), error=0.1) == Override(qubits=2, error=0.1)


@pytest.mark.parametrize("value", VALUES)
def test_a_noise_is_a_value(value):
    again = eval(
        repr(value), {"CircuitNoise": CircuitNoise, "Override": Override, "PauliChannel": PauliChannel}
    )
    assert again == value
    assert hash(again) == hash(value)
    assert value != CircuitNoise(reset=0.123)


def test_si1000_is_the_table_of_its_paper():
    p = 0.004
    assert CircuitNoise.si1000(p) == CircuitNoise(
        after_1q=p / 10, after_2q=p, measurement=5 * p, reset=2 * p, idle=p / 10, resonator_idle=2 * p
    )
    with pytest.raises(
        ValueError, match=r"p is 0\.3: it must be at most 0\.2, since outcomes are flipped with 5p"
    ):
        CircuitNoise.si1000(0.3)
    with pytest.raises(ValueError, match=r"p is 2: it must be a probability"):
        CircuitNoise.uniform_depolarizing(2)


def test_the_narrowest_override_wins():
    noise = CircuitNoise(
        after_1q=0.01,
        after_2q=0.02,
        measurement=0.03,
        overrides=(
            Override(gate="cx", error=0.1),
            Override(qubits=frozenset({0, 1}), error=0.11),
            Override(qubits=(1, 0), error=0.12),
            Override(gate="cx", qubits=frozenset({1, 2}), error=0.13),
            Override(gate="cx", qubits=(2, 1), error=0.14),
            Override(qubits=4, error=0.15),
            Override(gate="h", qubits=4, error=0.16),
            Override(gate="measure", qubits=4, error=0.17),
            Override(gate="x", error={"Y": 0.18}),
        ),
    )
    gate = noise.lookup.gate
    assert gate("cx", (5, 6)) == 0.1
    assert gate("cz", (5, 6)) == 0.02
    assert gate("cx", (0, 1)) == gate("cz", (0, 1)) == 0.11
    assert gate("cx", (1, 0)) == 0.12
    assert gate("cx", (1, 2)) == 0.13
    assert gate("cx", (2, 1)) == 0.14
    assert gate("x", (4,)) == gate("y", (4,)) == 0.15
    assert gate("h", (4,)) == 0.16
    assert gate("h", (5,)) == 0.01
    assert gate("x", (5,)) == PauliChannel(probabilities={"Y": 0.18})
    assert (noise.lookup.flip("measure", (4,)), noise.lookup.flip("measure", (5,))) == (0.17, 0.03)


def test_apply_and_strip_take_circuits_only():
    with pytest.raises(ValueError, match=r"circuit is a str: it must be a QuantumCircuit or a stim\.Circuit"):
        CircuitNoise().apply("H 0")
    with pytest.raises(ValueError, match=r"circuit is a int: it must be a QuantumCircuit or a stim\.Circuit"):
        CircuitNoise.strip(3)
