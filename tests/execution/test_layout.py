"""Our choice of qubits: against exhaustive search, and against Qiskit's own."""

from __future__ import annotations

import itertools
import math
from typing import Any

import networkx as nx
import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.providers.fake_provider import GenericBackendV2
from qiskit.transpiler import generate_preset_pass_manager
from support.third_party import LineBackend

from circuits import entanglement_swapping, ghz_distribution, graph_state
from qnet.execution import run, sampler
from qnet.execution._layout import DeviceCosts, Interactions, best_embedding, interactions
from qnet.execution.fake_devices import fake_device
from qnet.execution.fitting import Fitter
from qnet.protocols import protocol

OF_27_QUBITS = ("fake_kolkata", "fake_montreal", "fake_hanoi", "fake_auckland", "fake_cairo")


def _errors(backend: Any) -> tuple[nx.Graph, dict[int, float]]:
    """Fidelities read from the device's properties, not from its target."""
    properties = backend.properties()
    graph: nx.Graph = nx.Graph()
    for gate in properties.gates:
        if len(gate.qubits) == 2:
            error = properties.gate_error(gate.gate, gate.qubits)
            known = graph.get_edge_data(*gate.qubits, {"fidelity": 0.0})["fidelity"]
            graph.add_edge(*gate.qubits, fidelity=max(known, 1 - error))
    return graph, {q: 1 - properties.readout_error(q) for q in range(backend.num_qubits)}


def _product(chain: tuple[int, ...], graph: nx.Graph, readout: dict[int, float]) -> float:
    gates = math.prod(graph.edges[pair]["fidelity"] for pair in itertools.pairwise(chain))
    return gates * math.prod(readout[q] for q in chain)


def _best_chain(length: int, graph: nx.Graph, readout: dict[int, float]) -> float:
    """Every simple path of this length."""
    best, front = 0.0, [(q,) for q in graph]
    for _ in range(length - 1):
        front = [(*path, q) for path in front for q in graph[path[-1]] if q not in path]
    for path in front:
        best = max(best, _product(path, graph, readout))
    return best


@pytest.mark.parametrize("name", OF_27_QUBITS)
@pytest.mark.parametrize("stations", [1, 3, 4])
def test_a_chain_lies_on_the_best_chain_of_the_device(name: str, stations: int) -> None:
    backend = fake_device(name)
    circuit = entanglement_swapping(stations, corrections="frame")
    fitted = Fitter(backend, seed=3).fit(circuit)
    bits = interactions(circuit)
    graph, readout = _errors(backend)
    # the protocol reads out its stations alone; the ends are weighed by nothing
    read = {k for k, count in enumerate(bits.measured) if count}

    def product(chain: tuple[int, ...]) -> float:
        gates = math.prod(graph.edges[pair]["fidelity"] for pair in itertools.pairwise(chain))
        return gates * math.prod(readout[q] for k, q in enumerate(chain) if k in read)

    front = [(q,) for q in graph]
    for _ in range(2 * stations + 1):
        front = [(*path, q) for path in front for q in graph[path[-1]] if q not in path]
    best = max(map(product, front))
    assert product(fitted.qubits) >= 0.99 * best
    assert fitted.fidelity == pytest.approx(product(fitted.qubits))
    method = "synthesis" if name == "fake_cairo" else None  # Qiskit's usual one fails where gates differ
    preset = generate_preset_pass_manager(2, backend, seed_transpiler=3, translation_method=method).run(
        circuit
    )
    theirs = tuple(preset.layout.initial_index_layout(filter_ancillas=True))
    if all(graph.has_edge(*pair) for pair in itertools.pairwise(theirs)):
        assert product(fitted.qubits) >= product(theirs) - 1e-12


@pytest.mark.parametrize("name", ["fake_torino", "fake_miami", "fake_fez", "fake_sherbrooke"])
def test_a_measured_chain_of_eight_is_the_best_of_a_large_device(name: str) -> None:
    backend = fake_device(name)
    graph, readout = _errors(backend)
    wanted = Interactions(gates=tuple((k, k + 1, 1) for k in range(7)), measured=(1,) * 8, turned=(0,) * 8)
    costs = DeviceCosts.of(backend.target)
    assert costs is not None
    found = best_embedding(wanted, costs)
    assert found is not None
    assert _product(found, graph, readout) == pytest.approx(_best_chain(8, graph, readout), rel=1e-9)


def _every_embedding(wanted: nx.Graph, device: nx.Graph) -> list[dict[int, int]]:
    """By networkx's own search for subgraphs."""
    matcher = nx.algorithms.isomorphism.GraphMatcher(device, wanted)
    return [{w: d for d, w in found.items()} for found in matcher.subgraph_monomorphisms_iter()]


@pytest.mark.parametrize(
    "edges",
    [
        [(0, 1), (0, 2), (0, 3)],
        [(0, 1), (1, 2), (1, 3), (3, 4)],
        [(0, 1), (2, 3)],
        [(k, (k + 1) % 12) for k in range(12)],
        [(4, 2), (2, 0), (0, 1), (1, 3)],
    ],
    ids=["star", "tree", "two pairs", "ring of twelve", "out of order"],
)
def test_general_graphs_against_every_embedding(edges: list[tuple[int, int]]) -> None:
    backend = fake_device("fake_kolkata")
    device, readout = _errors(backend)
    rng = np.random.default_rng(len(edges))
    counts = {edge: int(n) for edge, n in zip(edges, rng.integers(1, 4, len(edges)), strict=True)}
    size = max(map(max, edges)) + 1
    measured = tuple(int(n) for n in rng.integers(0, 3, size))
    wanted = Interactions(
        gates=tuple((min(e), max(e), n) for e, n in counts.items()), measured=measured, turned=(0,) * size
    )

    def product(place: Any) -> float:
        gates = math.prod(device.edges[place[a], place[b]]["fidelity"] ** n for (a, b), n in counts.items())
        return gates * math.prod(readout[place[q]] ** n for q, n in enumerate(measured))

    costs = DeviceCosts.of(backend.target)
    assert costs is not None
    found = best_embedding(wanted, costs)
    assert found is not None
    best = max(map(product, _every_embedding(nx.Graph(edges), device)))
    assert product(found) == pytest.approx(best, rel=1e-9)


def test_what_does_not_fit_without_swaps_takes_the_presets_layout() -> None:
    costs = DeviceCosts.of(fake_device("fake_kolkata").target)
    assert costs is not None
    for edges in ([(0, 1), (1, 2), (0, 2)], [(0, k) for k in range(1, 5)]):
        size = len({q for edge in edges for q in edge})
        wanted = Interactions(
            gates=tuple((a, b, 1) for a, b in edges), measured=(1,) * size, turned=(0,) * size
        )
        assert best_embedding(wanted, costs) is None
    star = graph_state(nx.star_graph(4))
    star.measure_all()
    fitted = Fitter(fake_device("fake_kolkata"), seed=1).fit(star)
    assert fitted.layout == "preset"
    assert len(set(fitted.qubits)) == 5


@pytest.mark.parametrize("name", ["fake_torino", "fake_miami", "fake_kolkata"])
@pytest.mark.parametrize("level", [1, 2, 3])
def test_never_below_the_presets_layout(name: str, level: int) -> None:
    from qnet.execution._layout import fidelities

    backend = fake_device(name)
    circuits = [
        entanglement_swapping(3, corrections="frame"),
        entanglement_swapping(2, corrections="deferred"),
        ghz_distribution(4, corrections="frame"),
        graph_state(nx.cycle_graph(5)),
    ]
    for circuit in circuits:
        circuit.measure_all()
        fitted = Fitter(backend, optimization_level=level, seed=5).fit(circuit)
        preset = generate_preset_pass_manager(level, backend, seed_transpiler=5).run(circuit)
        ours, theirs = (fidelities(each, backend.target) for each in (fitted.circuit, preset))
        assert ours[0] >= theirs[0] - 1e-12
        assert ours[1] >= theirs[1] - 1e-12


def test_unused_qubits_get_what_is_left_and_level_0_keeps_numbers() -> None:
    circuit = QuantumCircuit(5, 2)
    circuit.cx(3, 1)
    circuit.measure([1, 3], [0, 1])
    assert len(set(Fitter(fake_device("fake_manila")).fit(circuit).qubits)) == 5
    straight = QuantumCircuit(3)
    straight.cx(0, 1)
    assert Fitter(fake_device("fake_manila"), optimization_level=0).fit(straight).qubits == (0, 1, 2)


def test_any_backend_is_served() -> None:
    circuit = entanglement_swapping(1, corrections="frame")
    generic = GenericBackendV2(8, coupling_map=[[k, k + 1] for k in range(7)], seed=4, control_flow=True)
    fitted = Fitter(generic).fit(circuit)
    assert [abs(a - b) for a, b in itertools.pairwise(fitted.qubits)] == [1, 1, 1]
    everything = GenericBackendV2(6, seed=4, control_flow=True)
    assert len(set(Fitter(everything).fit(circuit).qubits)) == 4
    assert len(set(Fitter(LineBackend()).fit(circuit).qubits)) == 4


def test_the_chosen_qubits_are_in_the_result() -> None:
    result = run(protocol("entanglement_swapping")(stations=1), sampler("fake_manila", seed=2), shots=50)
    assert len(result.qubits) == 3
    assert all(len(set(each)) == 4 for each in result.qubits)
    assert result.as_dict()["qubits"] == [list(each) for each in result.qubits]
    assert run(protocol("bell_pair")(), "stim", shots=50).qubits == ()
