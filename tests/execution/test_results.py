"""Figures, results and outcomes as values."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, dataclass

import numpy as np
import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Clbit, Qubit
from qiskit.primitives import StatevectorSampler

from qnet.execution import Outcomes
from qnet.results import Figure, Result


def _result(**figures: Figure) -> Result:
    return Result(
        experiment="swap", figures=figures, parameters={"stations": 2, "weights": (np.float64(0.5), np.inf)},
        seed=3, shots=10, sampler="stim", versions={"qnet": "0"}, elapsed_s=0.5, rows=[{"a": np.int64(1)}],
    )  # fmt: skip


def test_json_follows_the_contract() -> None:
    made = _result(fidelity=Figure(np.float64(0.9), stderr=0.01, ideal=1), chsh_s=Figure(np.nan, bound=2.0))
    text = made.to_json()
    assert text.isascii() and "\n" not in text  # noqa: PT018
    assert json.loads(text) == {
        "command": "run",
        "experiment": "swap",
        "parameters": {"stations": 2, "weights": [0.5, None]},
        "sampler": "stim",
        "shots": 10,
        "seed": 3,
        "figures": {
            "fidelity": {"value": 0.9, "stderr": 0.01, "unit": "", "ideal": 1.0},
            "chsh_s": {"value": None, "stderr": None, "unit": "", "bound": 2.0},
        },
        "versions": {"qnet": "0"},
        "elapsed_s": 0.5,
        "rows": [{"a": 1}],
    }


def test_figures_are_frozen_numbers_whose_repr_makes_them_again() -> None:
    figure = Figure(np.float32(0.5), stderr=np.float64(0.25), unit="km", ideal=1)
    assert [type(x) for x in (figure.value, figure.stderr, figure.ideal)] == [float] * 3
    assert eval(repr(figure)) == figure
    with pytest.raises(FrozenInstanceError, match="value"):
        figure.value = 1.0  # type: ignore[misc]
    with pytest.raises(ValueError, match=r"stderr=-0.1 must not be negative; give None"):
        Figure(1.0, stderr=-0.1)
    assert str(figure) == "0.5 ± 0.25 km"


def test_nested_values_become_plain() -> None:
    @dataclass
    class Inner:
        p: float

    made = Result(
        experiment="e", figures={}, parameters={"a": Inner(np.nan), "b": {1: np.bool_(True)}, "c": 1 + 2j},
        seed=None, shots=1, sampler="s", versions={}, elapsed_s=0.0,
    )  # fmt: skip
    assert json.loads(made.to_json())["parameters"] == {"a": {"p": None}, "b": {"1": True}, "c": "(1+2j)"}


def test_outcomes_check_their_shapes() -> None:
    with pytest.raises(ValueError, match=r"bits has shape \(3,\); it must be \(shots, classical bits\)"):
        Outcomes(bits=np.zeros(3))
    with pytest.raises(ValueError, match=r"weights has shape \(1,\); it must be \(2,\), one per shot"):
        Outcomes(bits=np.zeros((2, 1)), weights=[1.0])


def test_outcomes_add_with_their_weights() -> None:
    parts = [Outcomes(bits=[[k % 2]], weights=[k]) for k in range(4)]
    whole = Outcomes.concatenate(parts)
    assert whole.bits.ravel().tolist() == [0, 1, 0, 1]
    np.testing.assert_array_equal(whole.weights, (parts[0] + parts[1] + parts[2] + parts[3]).weights)
    assert len(whole) == 4


def test_columns_are_the_circuits_bits_whatever_the_registers() -> None:
    qubits, bits = QuantumRegister(9), [Clbit() for _ in range(9)]
    registers = ClassicalRegister(bits=bits[4:], name="high"), ClassicalRegister(bits=bits[:6], name="low")
    circuit = QuantumCircuit(qubits, bits, *registers)
    circuit.x([1, 4, 8])
    circuit.measure(qubits, bits)
    pub = StatevectorSampler().run([circuit], shots=2).result()[0]
    assert Outcomes.from_data(pub, circuit).bits.tolist() == [[0, 1, 0, 0, 1, 0, 0, 0, 1]] * 2


def test_a_bit_without_register_is_refused() -> None:
    circuit = QuantumCircuit([Qubit()], [Clbit()])
    circuit.measure(0, 0)
    pub = StatevectorSampler().run([QuantumCircuit(1, 1)], shots=1).result()[0]
    with pytest.raises(ValueError, match="classical bit 0 is in no register"):
        Outcomes.from_data(pub, circuit)
    with pytest.raises(ValueError, match="the result has no register 'meas'; run the same circuit"):
        Outcomes.from_data(pub, QuantumCircuit(QuantumRegister(1), ClassicalRegister(1, "meas")))
