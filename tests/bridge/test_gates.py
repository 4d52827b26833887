"""Gates of Qiskit through `to_stim`, against their matrices."""

from __future__ import annotations

from itertools import product
from math import pi

import numpy as np
import pytest
import stim
from qiskit import QuantumCircuit
from qiskit.circuit import (
    AnnotatedOperation,
    ControlModifier,
    Gate,
    InverseModifier,
    Parameter,
    PowerModifier,
)
from qiskit.circuit.library import (
    CXGate,
    Initialize,
    LinearFunction,
    PauliEvolutionGate,
    PauliGate,
    PermutationGate,
    SGate,
    StatePreparation,
    SwapGate,
    SXGate,
    UnitaryGate,
    XGate,
    ZGate,
    get_standard_gate_name_mapping,
)
from qiskit.quantum_info import (
    Clifford,
    Operator,
    SparsePauliOp,
    Statevector,
    random_clifford,
    random_unitary,
)
from support.exact import branches

from circuits.bridge import to_stim
from circuits.errors import NotClifford, NotTranslatable

GATES = {
    name: gate
    for name, gate in get_standard_gate_name_mapping().items()
    if isinstance(gate, Gate) and gate.num_qubits
}
ANGLES = (0.0, pi / 2, pi, -pi / 2, 2 * pi, 7 * pi / 2, pi / 4)


def is_clifford(matrix: np.ndarray) -> bool:
    """Whether conjugation takes every one-letter Pauli string to a Pauli string."""
    n = int(np.log2(len(matrix)))
    for k in range(n):
        for letter in ("X", "Z"):
            label = "I" * (n - 1 - k) + letter + "I" * k
            image = matrix @ SparsePauliOp(label).to_matrix() @ matrix.conj().T
            weights = SparsePauliOp.from_operator(Operator(image)).coeffs
            if not np.isclose(np.abs(weights).max(), 1, atol=1e-7):
                return False
    return True


def assert_same_unitary(circuit: QuantumCircuit, matrix: np.ndarray) -> None:
    n = circuit.num_qubits
    tableau = to_stim(circuit).to_tableau()
    tableau = tableau + stim.Tableau(n - len(tableau)) if len(tableau) < n else tableau
    overlap = np.vdot(tableau.to_unitary_matrix(endian="little"), matrix) / 2**n
    assert abs(overlap) == pytest.approx(1, abs=1e-5)


def placed(gate: object, qubits: list[int], n: int) -> QuantumCircuit:
    circuit = QuantumCircuit(n)
    circuit.append(gate, qubits)
    return circuit


@pytest.mark.parametrize("name", sorted(GATES))
def test_every_standard_gate_at_every_angle(name: str) -> None:
    base = GATES[name]
    rng = np.random.default_rng(1)
    draws = list(product(ANGLES, repeat=len(base.params)))
    for k in rng.permutation(len(draws))[:12]:
        gate = type(base)(*draws[k]) if base.params else base
        n = gate.num_qubits + 1
        circuit = placed(gate, list(rng.permutation(n)[: gate.num_qubits]), n)
        matrix = Operator(circuit).data
        if is_clifford(matrix):
            assert_same_unitary(circuit, matrix)
        else:
            with pytest.raises(NotClifford, match=rf"^instruction 0 \('{name}' on qubits .*\): .*Aer$"):
                to_stim(circuit)


def test_angles_within_rounding() -> None:
    circuit = QuantumCircuit(1)
    circuit.rz(3 * (pi / 6) + 1e-9, 0)
    assert to_stim(circuit) == stim.Circuit("S 0")
    circuit.rx(pi / 2 + 1e-4, 0)
    with pytest.raises(NotClifford, match=r"^instruction 1 \('rx' on qubits \[0\]\): it is not Clifford"):
        to_stim(circuit)


def test_bound_and_unbound_parameters() -> None:
    alpha, beta = Parameter("alpha"), Parameter("beta")
    circuit = QuantumCircuit(1)
    circuit.rz(alpha, 0)
    circuit.ry(beta - alpha, 0)
    with pytest.raises(NotTranslatable, match=r"^unbound parameters: alpha, beta; bind them with assign_p"):
        to_stim(circuit)
    bound = circuit.assign_parameters({alpha: pi / 2, beta: pi})
    assert_same_unitary(bound, Operator(bound).data)


def _named(name: str, body: QuantumCircuit) -> Gate:
    gate = Gate(name, body.num_qubits, [])
    gate.definition = body
    return gate


def _hadamards(n: int) -> QuantumCircuit:
    body = QuantumCircuit(n)
    body.h(range(n))
    body.cx(0, n - 1)
    return body


def _t_twice() -> QuantumCircuit:
    body = QuantumCircuit(1)
    body.t(0)
    body.t(0)
    return body


COMPOUND = {
    "a gate named x that is none": _named("x", _hadamards(2)),
    "t twice": _named("mine", _t_twice()),
    "control on zero": CXGate(ctrl_state=0),
    "two-controlled swap, controls closed": UnitaryGate(Operator(SwapGate()).data),
    "labelled": XGate(label="flip"),
    "unitary": UnitaryGate(random_clifford(3, seed=3).to_operator().data),
    "pauli string": PauliGate("XIYZ"),
    "permutation": PermutationGate([2, 0, 3, 1]),
    "linear function": LinearFunction([[1, 1, 0], [0, 1, 0], [1, 0, 1]]),
    "pauli evolution": PauliEvolutionGate(SparsePauliOp(["XYZ", "ZZI"]), time=pi / 4),
    "clifford operator": random_clifford(4, seed=9),
    "inverse": AnnotatedOperation(SXGate(), InverseModifier()),
    "controlled": AnnotatedOperation(ZGate(), ControlModifier(1, 0)),
    "power": AnnotatedOperation(SGate(), PowerModifier(3)),
    "inverse of a clifford": AnnotatedOperation(random_clifford(2, seed=4), InverseModifier()),
    "composite": _hadamards(3).to_gate(label="three"),
    "instruction": _hadamards(3).to_instruction(),
    "controlled composite": _named("id", QuantumCircuit(2)),
    "operator": Operator(random_clifford(2, seed=8)),
}


@pytest.mark.filterwarnings("ignore::scipy.sparse.SparseEfficiencyWarning")
@pytest.mark.parametrize("what", COMPOUND)
def test_compound_gates(what: str) -> None:
    gate = COMPOUND[what]
    n = gate.num_qubits if hasattr(gate, "num_qubits") and gate.num_qubits else 2
    rng = np.random.default_rng(2)
    circuit = placed(gate, list(rng.permutation(n + 1)[:n]), n + 1)
    assert_same_unitary(circuit, Operator(circuit).data)


WIDE = {
    "composite": _hadamards(8).to_gate(),
    "nested": _named("outer", placed(_hadamards(8).to_gate(), list(range(8)), 8)),
    "permutation": PermutationGate([3, 1, 0, 2, 7, 6, 5, 4]),
    "pauli string": PauliGate("XIYZXYZX"),
    "clifford operator": random_clifford(8, seed=5),
    "pauli evolution": PauliEvolutionGate(SparsePauliOp("XYZXYZX"), time=-pi / 4),
    "unitary": UnitaryGate(random_clifford(7, seed=6).to_operator().data),
    "inverse": AnnotatedOperation(_hadamards(7).to_gate(), InverseModifier()),
    "linear function": LinearFunction(np.triu(np.ones((7, 7), dtype=int))),
}


@pytest.mark.filterwarnings("ignore::scipy.sparse.SparseEfficiencyWarning")
@pytest.mark.parametrize("what", WIDE)
def test_gates_wider_than_six_qubits(what: str) -> None:
    gate = WIDE[what]
    circuit = placed(gate, list(range(gate.num_qubits)), gate.num_qubits)
    found = to_stim(circuit).to_tableau()
    if isinstance(gate, Clifford):
        expected = gate
    elif isinstance(gate, UnitaryGate):
        expected = Clifford.from_matrix(gate.to_matrix())
    elif isinstance(gate, AnnotatedOperation):
        expected = Clifford(gate.base_op).adjoint()
    elif isinstance(gate, PauliEvolutionGate):
        expected = Clifford.from_matrix(gate.to_matrix())
    else:
        expected = Clifford(circuit)
    x2x, x2z, z2x, z2z, x_signs, z_signs = found.to_numpy()
    assert np.array_equal(np.block([[x2x, x2z], [z2x, z2z]]), expected.symplectic_matrix)
    assert np.array_equal(np.concatenate([x_signs, z_signs]), expected.phase)


def test_random_circuits_of_named_gates() -> None:
    rng = np.random.default_rng(7)
    names = ["h", "s", "sdg", "sx", "sxdg", "ecr", "iswap", "dcx", "cy", "swap", "y"]
    for _ in range(20):
        circuit = QuantumCircuit(4)
        for _ in range(25):
            gate = GATES[rng.choice(names)]
            circuit.append(gate, list(rng.permutation(4)[: gate.num_qubits]))
        circuit.global_phase = 0.3
        assert_same_unitary(circuit, Operator(circuit).data)


def test_names_of_stim_gates_are_the_plain_ones() -> None:
    circuit = QuantumCircuit(2)
    circuit.h(0)
    circuit.sdg(1)
    circuit.sx(0)
    circuit.cx(1, 0)
    circuit.cz(0, 1)
    circuit.rzz(pi / 2, 0, 1)
    circuit.ry(-pi / 2, 1)
    circuit.append(GATES["iswap"], [1, 0])
    expected = "H 0\nS_DAG 1\nSQRT_X 0\nCX 1 0\nCZ 0 1\nSQRT_ZZ 0 1\nSQRT_Y_DAG 1\nISWAP 1 0"
    assert to_stim(circuit) == stim.Circuit(expected)
    turned = Operator(placed(CXGate(), [1, 0], 2))
    assert to_stim(placed(UnitaryGate(turned), [0, 1], 2)) == stim.Circuit("CX 1 0")
    both = Operator(placed(PauliGate("YX"), [0, 1], 2))
    assert to_stim(placed(UnitaryGate(both), [0, 1], 2)) == stim.Circuit("X 0\nY 1")


@pytest.mark.parametrize("label", ["01", "+-", "rl1", "0r+-l"])
def test_initialize_by_label(label: str) -> None:
    circuit = QuantumCircuit(len(label) + 1)
    circuit.h(range(circuit.num_qubits))
    circuit.cx(0, len(label))
    circuit.initialize(label, range(len(label)))
    (state,) = branches(circuit).values()
    (found,) = _states(to_stim(circuit))
    np.testing.assert_allclose(found, state.data, atol=1e-6)


def _states(circuit: stim.Circuit) -> list[np.ndarray]:
    from support.exact_stim import stim_branches

    return list(stim_branches(circuit).values())


@pytest.mark.parametrize("reset", [False, True])
@pytest.mark.parametrize("kind", [Initialize, StatePreparation])
def test_preparation_of_stabilizer_states(kind: type, reset: bool) -> None:
    rng = np.random.default_rng(3)
    for seed in range(4):
        vector = Statevector(random_clifford(3, seed=seed).to_circuit())
        circuit = QuantumCircuit(4)
        if reset:
            circuit.h(range(4))
            circuit.reset(range(4))
        circuit.append(kind(vector.data), list(rng.permutation(4)[:3]))
        (state,) = branches(circuit).values()
        (found,) = _states(to_stim(circuit))
        np.testing.assert_allclose(found, state.data, atol=1e-6)


@pytest.mark.parametrize("label", ["0", "1", "+", "-", "r", "l"])
def test_preparation_on_qubits_that_are_not_fresh_is_its_unitary(label: str) -> None:
    vector = Statevector.from_label(label).data
    circuit = QuantumCircuit(2)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.prepare_state(vector, 1)
    matrix = Operator(circuit).data
    if is_clifford(matrix):
        assert_same_unitary(circuit, matrix)
    else:
        with pytest.raises(NotClifford, match=r"^instruction 2 \('state_preparation' on qubits \[1\]\):"):
            to_stim(circuit)


def test_inverse_of_a_preparation() -> None:
    vector = Statevector.from_label("r+").data
    circuit = QuantumCircuit(2)
    circuit.append(StatePreparation(vector, inverse=True), [0, 1])
    assert_same_unitary(circuit, Operator(circuit).data)


def test_initialize_by_number() -> None:
    circuit = QuantumCircuit(3)
    circuit.initialize(5, [0, 1, 2])
    assert to_stim(circuit) == stim.Circuit("R 0 1 2\nX 0\nX 2")


def _opaque() -> QuantumCircuit:
    return placed(Gate("secret", 2, []), [0, 1], 2)


def _deep() -> QuantumCircuit:
    body = QuantumCircuit(7, name="deep")
    body.h(3)
    body.t(4)
    return placed(body.to_gate(), list(range(7)), 8)


def _tee(n: int) -> QuantumCircuit:
    vector = np.zeros(2**n, dtype=complex)
    vector[:2] = np.array([1, np.exp(0.25j * pi)]) / np.sqrt(2)
    circuit = QuantumCircuit(n)
    circuit.initialize(vector, range(n))
    return circuit


def _wide_matrix() -> QuantumCircuit:
    return placed(UnitaryGate(np.eye(2**10), check_input=False), list(range(10)), 10)


REFUSED = [
    (_wide_matrix, NotTranslatable, r"its matrix on 10 qubits is too wide .*9\); append a Clifford operator"),
    (_opaque, NotTranslatable, r"^instruction 0 \('secret' on qubits \[0, 1\]\): it has neither .*; give it"),
    (
        _deep,
        NotClifford,
        r"^instruction 0 \('deep' .*, …\]\), its instruction 1 \('t' on qubits \[4\]\): it is not Clifford;",
    ),
    (lambda: _tee(2), NotClifford, r"^instruction 0 \('initialize' .*\): it prepares .* no[t] a stabilizer"),
    (lambda: placed(UnitaryGate(random_unitary(4, seed=1)), [0, 1], 2), NotClifford, "'unitary' on qubits"),
]


@pytest.mark.parametrize(("build", "error", "line"), REFUSED)
def test_refusals_name_gate_and_place(build, error, line) -> None:
    with pytest.raises(error, match=line) as caught:
        to_stim(build())
    assert "\n" not in str(caught.value)
