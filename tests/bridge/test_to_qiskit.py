"""Every instruction of Stim through `to_qiskit`, against an exact simulation of the Stim circuit."""

from __future__ import annotations

import numpy as np
import pytest
import stim
from qiskit import QuantumCircuit
from qiskit.quantum_info import DensityMatrix
from support.exact import branches, trace_to
from support.exact_stim import stim_branches

from circuits.bridge import to_qiskit, to_stim, translate
from circuits.errors import NotTranslatable


def _random_state(rng: np.random.Generator, qubits: int) -> stim.Circuit:
    """A random entangled stabilizer state of these and one more qubit, which remembers what is done."""
    start = stim.Tableau.random(qubits + 1)
    made = stim.Circuit()
    for instruction in start.to_circuit("elimination"):
        made.append(instruction)
    made.append(["X", "Y", "Z"][rng.integers(3)], range(qubits))
    return made


def _assert_same(circuit: stim.Circuit) -> None:
    n = circuit.num_qubits
    expected = stim_branches(circuit)
    found: dict[tuple[int, ...], np.ndarray] = {}
    for record, rho in branches(to_qiskit(circuit)).items():
        state = trace_to(DensityMatrix(rho), range(n)).data
        found[record] = found.get(record, 0) + state
    found = {record: rho for record, rho in found.items() if np.trace(rho).real > 1e-12}
    assert found.keys() == expected.keys()
    for record, rho in expected.items():
        np.testing.assert_allclose(found[record], rho, atol=2e-7)


UNITARY = sorted(
    name for name, gate in stim.gate_data().items() if gate.is_unitary and not gate.name.startswith("SPP")
)


@pytest.mark.parametrize("name", UNITARY)
def test_every_unitary_gate(name: str) -> None:
    qubits = 2 if stim.gate_data(name).is_two_qubit_gate else 1
    circuit = stim.Circuit(f"{name} {' '.join(map(str, range(qubits)))}")
    made = to_stim(to_qiskit(circuit)).to_tableau()
    assert made == stim.gate_data(name).tableau
    assert not [item for item in to_qiskit(circuit).data if item.name in ("iswap", "dcx", "unitary")]


INSTRUCTIONS = [
    "R 0",
    "RX 1",
    "RY 0 1",
    "M 0 !1 0",
    "M(0.2) 0 !1",
    "MX !0 1",
    "MX(0.1) 0",
    "MY 0 !0",
    "MY(0.3) !1",
    "MR 0 !1",
    "MR(0.1) !0",
    "MRX !0",
    "MRX(0.25) 1",
    "MRY 0 !1",
    "MRY(0.25) !1",
    "MXX 0 !1",
    "MYY !0 1",
    "MZZ !0 !1",
    "MZZ(0.1) 0 !1",
    "MXX(0.1) 0 1",
    "MPP X0*Y1*Z2",
    "MPP !X0*Y2 Z1",
    "MPP(0.2) !Z0*Y1",
    "MPP X0*Y0*Z0*Y0*Z0*X0*Z1",
    "MPP !X0*X0",
    "MPAD 0 1 1 0",
    "MPAD(0.3) 0 1",
    "SPP X0*Y1*!Z2",
    "SPP_DAG Z0 !X1*Z2",
    "X_ERROR(0.1) 0 1",
    "Y_ERROR(0.2) 0",
    "Z_ERROR(0.3) 1",
    "I_ERROR(0.3) 1",
    "DEPOLARIZE1(0.75) 0",
    "DEPOLARIZE2(0.3) 0 1",
    "PAULI_CHANNEL_1(0.1,0.2,0.3) 0 1",
    "PAULI_CHANNEL_2(0.01,0.02,0.03,0.04,0.05,0.06,0.07,0.08,0.09,0.1,0.11,0.12,0.01,0.02,0.03) 0 2",
    "E(0.2) X0 Y1",
    "E(0.2) X0*Z1",
    "E(0.2) X0 Y1 Z2\nELSE_CORRELATED_ERROR(0.4) Z1\nELSE_CORRELATED_ERROR(0.5) X0 X2",
    "E(0.2) X0\nE(0.3) X0 Z1\nELSE_CORRELATED_ERROR(1) Y0\nTICK\nE(0) Z1",
    "HERALDED_ERASE(0.3) 0 1",
    "HERALDED_PAULI_CHANNEL_1(0.05,0.1,0.2,0.25) 1",
    "MX 0\nM 1\nCX rec[-1] 0 rec[-2] 1\nCY rec[-1] 0\nCZ rec[-2] 1",
    "M 0 1\nCZ 0 rec[-1] rec[-1] rec[-2]\nXCZ 1 rec[-2]\nYCZ 0 rec[-1]",
    "REPEAT 3 {\nM 0\nH 0\nCX rec[-1] 1\n}",
]


@pytest.mark.parametrize("text", INSTRUCTIONS)
def test_every_instruction_on_a_random_state(text: str) -> None:
    rng = np.random.default_rng(5)
    for _ in range(2):
        circuit = _random_state(rng, 3)
        circuit += stim.Circuit(text)
        _assert_same(circuit)


@pytest.mark.parametrize("name", sorted(set(stim.gate_data())))
def test_no_instruction_is_forgotten(name: str) -> None:
    silent = {"DETECTOR", "OBSERVABLE_INCLUDE", "QUBIT_COORDS", "SHIFT_COORDS", "TICK", "II_ERROR"}
    words = {word.split("(")[0] for text in INSTRUCTIONS for word in text.split()}
    assert name in words | silent | set(UNITARY)


def test_records_are_bits_in_order_of_measurement() -> None:
    made = to_qiskit(stim.Circuit("X 2\nM 2 0\nMR 1\nM !1"))
    assert [register.name for register in made.cregs] == ["records"]
    assert list(branches(made)) == [(1, 0, 0, 1)]


def test_ticks_and_layers_come_back() -> None:
    circuit = stim.Circuit("H 0\nTICK\nCX 0 1\nTICK\nM 0 1")
    assert to_stim(to_qiskit(circuit)) == circuit


def test_feedback_comes_back() -> None:
    circuit = stim.Circuit("H 0\nM 0\nCX rec[-1] 1\nMR 1\nCZ rec[-1] 0")
    made = translate(to_qiskit(circuit))
    assert made.circuit == stim.Circuit("H 0\nM 0\nCX rec[-1] 1\nM 1\nR 1\nCZ rec[-1] 0")
    assert made.records == (((0,), False), ((1,), False))


def test_metadata() -> None:
    circuit = stim.Circuit(
        "QUBIT_COORDS(1, 2) 0\nX 0\nREPEAT 2 {\nM 0\nDETECTOR[herald](3, 0) rec[-1]\nSHIFT_COORDS(0, 1)\n}\n"
        "OBSERVABLE_INCLUDE(1) rec[-1] rec[-2]\nOBSERVABLE_INCLUDE(1) rec[-2]"
    )
    assert to_qiskit(circuit).metadata == {
        "detectors": [[0], [1]],
        "observables": [[], [1]],
        "detector_signs": [1, 1],
        "observable_signs": [0, 1],
        "detector_coordinates": [[3.0, 0.0], [3.0, 1.0]],
        "detector_tags": ["herald", "herald"],
        "qubit_coordinates": {"0": [1.0, 2.0]},
    }


def test_sweep_bits_are_refused() -> None:
    with pytest.raises(NotTranslatable, match=r"^instruction 1 \(CX sweep\[0\] 1\): sweep bits .*; put the"):
        to_qiskit(stim.Circuit("H 0\nCX sweep[0] 1"))


@pytest.mark.parametrize("between", ["H 1", "TICK", "M 0"])
def test_a_chain_of_errors_that_is_taken_apart_is_refused(between: str) -> None:
    circuit = stim.Circuit(f"E(0.5) X0\n{between}\nELSE_CORRELATED_ERROR(1) X1")
    with pytest.raises(
        NotTranslatable, match=r"^instruction 2 \(ELSE.* X1\): it is apart .*; put it directly"
    ):
        to_qiskit(circuit)


@pytest.mark.parametrize("given", [None, "H 0", QuantumCircuit(1)])
def test_only_stim_circuits_are_taken(given: object) -> None:
    with pytest.raises(ValueError, match=r"^circuit is a \w+: to_qiskit takes a stim\.Circuit$"):
        to_qiskit(given)  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [None, "H 0", stim.Circuit("H 0")])
def test_only_circuits_of_qiskit_are_taken(given: object) -> None:
    with pytest.raises(ValueError, match=r"^circuit is a \w+: to_stim takes a QuantumCircuit$"):
        to_stim(given)  # type: ignore[arg-type]


def test_pauli_observables_are_refused() -> None:
    with pytest.raises(NotTranslatable, match=r"^instruction 0 \(OBS.*\): .* Pauli target .*; measure it"):
        to_qiskit(stim.Circuit("OBSERVABLE_INCLUDE(0) X1"))
