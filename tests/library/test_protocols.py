"""What every protocol does, by exact density matrices: perfect, over Werner pairs, in every form."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

import networkx
import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Gate
from qiskit.circuit.library import (
    CCXGate,
    PhaseGate,
    RYGate,
    SwapGate,
    TGate,
    UGate,
    UnitaryGate,
    XGate,
    YGate,
)
from qiskit.quantum_info import DensityMatrix, Operator, Statevector, random_statevector, random_unitary
from support.exact import branches, reduced, trace_to
from support.frames import assert_form_agrees, corrected

from circuits.errors import NotClifford
from circuits.library import (
    BELL_STATES,
    FORMS,
    bell_measurement,
    bell_pair,
    entanglement_swapping,
    ghz,
    ghz_distribution,
    graph_state,
    pauli_frame,
    remote_controlled,
    remote_cx,
    superdense_coding,
    teledata,
    teleportation,
    w_state,
    with_corrections,
)

BELL = {
    "phi+": np.array([1, 0, 0, 1]) / np.sqrt(2),
    "psi+": np.array([0, 1, 1, 0]) / np.sqrt(2),
    "psi-": np.array([0, 1, -1, 0]) / np.sqrt(2),
    "phi-": np.array([1, 0, 0, -1]) / np.sqrt(2),
}
CARDINAL = {"0": [1, 0], "1": [0, 1], "+": [1, 1], "-": [1, -1], "r": [1, 1j], "l": [1, -1j]}
WERNER = (1.0, 0.95, 0.7, 0.25, 0.0)


def bell_weights(rho: np.ndarray) -> list[float]:
    return [float(np.real(BELL[name] @ rho @ BELL[name])) for name in BELL_STATES]


def output(circuit: QuantumCircuit, qubits: list[int]) -> tuple[float, np.ndarray]:
    """The kept share of a circuit in any form, and the normalised state of some qubits."""
    total = sum(corrected(circuit).values())
    rho = trace_to(DensityMatrix(total), qubits).data
    share = float(np.real(np.trace(rho)))
    return share, rho / share


def choi(circuit: QuantumCircuit, inputs: list[int], outputs: list[int]) -> np.ndarray:
    """The state of the references of maximally entangled inputs (low) and the outputs (high)."""
    n, k = circuit.num_qubits, len(inputs)
    whole = QuantumCircuit(n + k, circuit.num_clbits)
    for reference, qubit in enumerate(inputs):
        whole.h(n + reference)
        whole.cx(n + reference, qubit)
    whole = whole.compose(circuit, range(n), range(circuit.num_clbits))
    whole.metadata = circuit.metadata
    return output(whole, [*range(n, n + k), *outputs])[1]


def choi_of(unitary: np.ndarray) -> np.ndarray:
    d = unitary.shape[0]
    vector = sum(np.kron(unitary[:, j], np.eye(d)[j]) for j in range(d)) / np.sqrt(d)
    return np.outer(vector, vector.conj())


@pytest.mark.parametrize("state", BELL_STATES)
def test_bell_pair_and_measurement(state: str) -> None:
    rho = branches(bell_pair(state))[()].data
    assert np.real(BELL[state] @ rho @ BELL[state]) == pytest.approx(1, abs=1e-12)
    whole = bell_pair(state).compose(QuantumCircuit(2))
    measured = QuantumCircuit(2, 2).compose(whole, [0, 1]).compose(bell_measurement(), [0, 1], [0, 1])
    phase, parity = {"phi+": (0, 0), "phi-": (1, 0), "psi+": (0, 1), "psi-": (1, 1)}[state]
    assert list(branches(measured)) == [(phase, parity)]


@pytest.mark.parametrize("fidelity", WERNER)
@pytest.mark.parametrize("state", BELL_STATES)
def test_werner_about_every_state(state: str, fidelity: float) -> None:
    weights = bell_weights(branches(bell_pair(state, fidelity=fidelity))[()].data)
    expected = [fidelity if name == state else (1 - fidelity) / 3 for name in BELL_STATES]
    np.testing.assert_allclose(weights, expected, atol=1e-12)


@pytest.mark.parametrize("weights", [(0.7, 0.1, 0.15, 0.05), (0, 0, 1, 0), (1, 0, 0, 0), (0, 0.5, 0, 0.5)])
def test_bell_diagonal_weights(weights: tuple[float, ...]) -> None:
    found = branches(bell_pair(weights=weights))[()].data
    np.testing.assert_allclose(bell_weights(found), weights, atol=1e-12)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 7])
def test_ghz_and_w_states(n: int) -> None:
    expected = np.zeros(2**n)
    expected[[0, -1]] = 1 / np.sqrt(2)
    np.testing.assert_allclose(Statevector(ghz(n)).data, expected, atol=1e-12)
    expected = np.zeros(2**n)
    expected[[1 << k for k in range(n)]] = 1 / np.sqrt(n)
    np.testing.assert_allclose(Statevector(w_state(n)).data, expected, atol=1e-12)


def test_graph_states_have_the_graph_s_stabilizers() -> None:
    for graph in (networkx.wheel_graph(6), networkx.star_graph(4), networkx.empty_graph(2)):
        state = Statevector(graph_state(graph))
        for vertex in graph:
            label = ["I"] * len(graph)
            label[vertex] = "X"
            for neighbour in graph[vertex]:
                label[neighbour] = "Z"
            assert state.evolve(Operator.from_label("".join(reversed(label)))).equiv(state)
            assert (
                np.vdot(state.data, state.evolve(Operator.from_label("".join(reversed(label)))).data).real
                > 0.99
            )


def test_graph_states_from_edges() -> None:
    assert Operator(graph_state([(1, 2), (0, 1)])) == Operator(graph_state([(1, 0), (2, 1)]))
    assert graph_state([("b", "a"), ("b", "c")]).num_qubits == 3
    assert graph_state([(2, 1), (1, 2)]).count_ops()["cz"] == 1
    assert graph_state(networkx.DiGraph([(0, 1), (1, 0)])).count_ops()["cz"] == 1
    assert graph_state(networkx.MultiGraph([(0, 1), (1, 0)])).count_ops()["cz"] == 1
    assert graph_state([("a", 1), (1, (2, 3))]).num_qubits == 3


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("fidelity", WERNER)
def test_teleportation_over_werner_pairs(form: str, fidelity: float) -> None:
    total = 0.0
    for state in CARDINAL.values():
        vector = Statevector(np.array(state) / np.linalg.norm(state))
        circuit = teleportation(corrections=form, pair=bell_pair(fidelity=fidelity))
        whole = circuit.copy_empty_like()
        whole.initialize(vector, 0)
        whole = whole.compose(circuit)
        share, rho = output(whole, [2])
        assert share == pytest.approx(0.25 if form == "postselect" else 1, abs=1e-9)
        total += np.real(vector.data.conj() @ rho @ vector.data) / 6
    assert total == pytest.approx((2 * fidelity + 1) / 3, abs=1e-8)


@pytest.mark.parametrize("form", FORMS)
def test_teleportation_is_the_identity_channel(form: str) -> None:
    np.testing.assert_allclose(choi(teleportation(corrections=form), [0], [2]), choi_of(np.eye(2)), atol=1e-8)


@pytest.mark.parametrize("message", ["00", "01", "10", "11"])
def test_superdense_coding(message: str) -> None:
    assert list(branches(superdense_coding(message))) == [(int(message[0]), int(message[1]))]
    noisy = branches(superdense_coding(message, pair=bell_pair(fidelity=0.7)))
    right = noisy[int(message[0]), int(message[1])]
    assert np.real(right.trace()) == pytest.approx(0.7, abs=1e-8)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("stations", "fidelity"), [(1, 0.95), (1, 0.6), (2, 0.95)])
def test_swapping_werner_pairs(form: str, stations: int, fidelity: float) -> None:
    circuit = entanglement_swapping(stations, corrections=form, pair=bell_pair(fidelity=fidelity))
    share, rho = output(circuit, [0, circuit.num_qubits - 1])
    w = (4 * fidelity - 1) / 3
    expected = 1 / 4 + 3 / 4 * w ** (stations + 1)
    np.testing.assert_allclose(bell_weights(rho), [expected, *[(1 - expected) / 3] * 3], atol=1e-8)
    assert share == pytest.approx(0.25 if form == "postselect" else 1, abs=1e-9)


def test_swap_of_two_pairs_of_95_percent() -> None:
    circuit = entanglement_swapping(1, pair=bell_pair(fidelity=0.95))
    assert bell_weights(reduced(circuit, [0, 3]).data)[0] == pytest.approx(0.903333333333, abs=1e-8)


def test_swapping_links_that_differ() -> None:
    links = [bell_pair(weights=(0.8, 0.1, 0.06, 0.04)), bell_pair(weights=(0.7, 0.05, 0.1, 0.15))]
    found = bell_weights(reduced(entanglement_swapping(1, pair=links), [0, 3]).data)
    a, b = np.array([0.8, 0.1, 0.06, 0.04]), np.array([0.7, 0.05, 0.1, 0.15])
    expected = [sum(a[i] * b[i ^ j] for i in range(4)) for j in range(4)]
    np.testing.assert_allclose(found, expected, atol=1e-8)


@pytest.mark.parametrize("form", FORMS)
def test_a_hundred_stations_build_and_change_form_quickly(form: str) -> None:
    start = time.process_time()
    circuit = entanglement_swapping(100, corrections=form)
    assert time.process_time() - start < 1
    assert (circuit.num_qubits, circuit.num_clbits) == (202, 200)
    if form == "frame":
        assert pauli_frame(circuit).x == {201: tuple(range(100, 200))}
        assert pauli_frame(circuit).z == {201: tuple(range(100))}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("build", [remote_cx, teledata])
@pytest.mark.parametrize("fidelity", [1.0, 0.9, 0.5])
def test_remote_gates_over_werner_pairs(
    form: str, build: Callable[..., QuantumCircuit], fidelity: float
) -> None:
    cx = np.array([[1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0], [0, 1, 0, 0]])
    circuit = build(corrections=form, pair=bell_pair(fidelity=fidelity))
    found = choi(circuit, [0, 3], [0, 3] if build is remote_cx else [2, 3])
    process = float(np.real(np.trace(found @ choi_of(cx))))
    assert process == pytest.approx(fidelity, abs=1e-8)


def test_average_gate_fidelity_of_the_remote_cx() -> None:
    """Averaged over a state two-design: the 60 stabilizer states of two qubits."""
    circuit = remote_cx(pair=bell_pair(fidelity=0.85))
    cx = Operator(np.array([[1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0], [0, 1, 0, 0]]))
    found = choi(circuit, [0, 3], [0, 3]).reshape(4, 4, 4, 4) * 4
    states = _two_qubit_stabilizer_states()
    total = 0.0
    for state in states:
        rho = np.einsum("aibj,ij->ab", found, np.outer(state, state.conj()))
        target = cx.data @ state
        total += np.real(target.conj() @ rho @ target) / len(states)
    assert len(states) == 60
    assert total == pytest.approx((4 * 0.85 + 1) / 5, abs=1e-8)


def _two_qubit_stabilizer_states() -> list[np.ndarray]:
    singles = [np.array(s) / np.linalg.norm(s) for s in CARDINAL.values()]
    found: list[np.ndarray] = []
    for a, b in itertools.product(singles, singles):
        cz = np.diag([1, 1, 1, -1])
        s, h = np.diag([1, 1j]), np.array([[1, 1], [1, -1]]) / np.sqrt(2)
        for word in itertools.product([np.eye(2), h, s @ h], repeat=2):
            for state in (np.kron(a, b), np.kron(*word) @ cz @ np.kron(a, b)):
                if not any(abs(abs(np.vdot(state, other)) - 1) < 1e-9 for other in found):
                    found.append(state)
    return found


GATES = [
    XGate(),
    YGate(),
    TGate(),
    PhaseGate(0.3),
    RYGate(0.4),
    UGate(0.1, 0.2, 0.3),
    SwapGate(),
    CCXGate(),
    UnitaryGate(random_unitary(2, seed=3)),
    UnitaryGate(random_unitary(4, seed=4)),
]


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: f"{gate.name}{gate.num_qubits}")
def test_any_gate_can_be_controlled_from_afar(gate: Gate) -> None:
    k = gate.num_qubits
    circuit = remote_controlled(gate)
    matrix = Operator(gate).data
    zero, one = np.diag([1, 0]), np.diag([0, 1])
    expected = Operator(np.kron(np.eye(2**k), zero) + np.kron(matrix, one))
    for seed in range(2):
        state = random_statevector(2 ** (k + 1), seed=seed)
        whole = circuit.copy_empty_like()
        whole.initialize(state, [0, *range(3, 3 + k)])
        rho = reduced(whole.compose(circuit), [0, *range(3, 3 + k)])
        ideal = state.evolve(expected).data
        assert np.real(ideal.conj() @ rho.data @ ideal) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("gate", GATES[:7], ids=lambda gate: f"{gate.name}{gate.num_qubits}")
def test_remote_gates_in_their_other_forms(gate: Gate) -> None:
    whole = remote_controlled(gate).copy_empty_like()
    whole.initialize(
        random_statevector(2 ** (gate.num_qubits + 1), seed=1), [0, *range(3, 3 + gate.num_qubits)]
    )
    whole = whole.compose(remote_controlled(gate))
    for form in ("deferred", "postselect"):
        assert_form_agrees(whole, with_corrections(whole, form))
    if gate.name in ("x", "y"):
        assert_form_agrees(whole, with_corrections(whole, "frame"))
    else:
        with pytest.raises(NotClifford, match=r"'feedforward', 'deferred' or 'postselect'"):
            remote_controlled(gate, corrections="frame")


def test_a_circuit_can_be_controlled_from_afar() -> None:
    body = QuantumCircuit(2, name="body")
    body.h(0)
    body.cx(0, 1)
    body.global_phase = 0.4
    found = choi(remote_controlled(body), [0, 3, 4], [0, 3, 4])
    matrix = np.kron(np.eye(4), np.diag([1, 0])) + np.kron(Operator(body).data, np.diag([0, 1]))
    np.testing.assert_allclose(found, choi_of(matrix), atol=1e-8)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("topology", "parties"), [("star", 2), ("star", 3), ("chain", 2), ("chain", 3), ("chain", 4)]
)
def test_ghz_distribution(form: str, topology: str, parties: int) -> None:
    circuit = ghz_distribution(parties, topology=topology, corrections=form)
    party = [circuit.find_bit(q).index for q in next(r for r in circuit.qregs if r.name == "party")]
    share, rho = output(circuit, party)
    vector = Statevector(ghz(parties)).data
    assert np.real(vector.conj() @ rho @ vector) == pytest.approx(1, abs=1e-9)
    if form == "postselect":
        assert share == pytest.approx(2.0**-circuit.num_clbits, abs=1e-9)


@pytest.mark.parametrize("topology", ["star", "chain"])
def test_ghz_distribution_over_noisy_pairs_is_the_same_in_every_form(topology: str) -> None:
    circuit = ghz_distribution(3, topology=topology, pair=bell_pair(weights=(0.7, 0.1, 0.15, 0.05)))
    for form in FORMS[1:]:
        assert_form_agrees(circuit, with_corrections(circuit, form))


def test_ghz_distribution_among_many() -> None:
    for parties in (2, 20, 50):
        for topology in ("star", "chain"):
            circuit = ghz_distribution(parties, topology=topology, corrections="frame")
            assert circuit.num_qubits == (2 * parties if topology == "star" else 2 * parties - 2)
