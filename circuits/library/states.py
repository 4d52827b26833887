"""States of many parties: GHZ, W and graph states."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from math import acos, sqrt
from typing import TYPE_CHECKING, Any

from qiskit import QuantumCircuit
from qiskit.circuit import QuantumRegister

from circuits.library._arguments import whole_number

if TYPE_CHECKING:
    import networkx

__all__ = ["ghz", "graph_state", "w_state"]


def ghz(n: int) -> QuantumCircuit:
    """The GHZ state (|0…0⟩ + |1…1⟩)/√2 of n parties.

    Args:
        n: Number of parties, at least two (for two it is the Bell state Φ+).

    Returns:
        A circuit on the register `party` (n qubits).

    Raises:
        ValueError: If n is not a whole number of at least two.

    Example:
        >>> print(ghz(3).draw("text"))  # doctest: +NORMALIZE_WHITESPACE
                 ┌───┐
        party_0: ┤ H ├──■───────
                 └───┘┌─┴─┐
        party_1: ─────┤ X ├──■──
                      └───┘┌─┴─┐
        party_2: ──────────┤ X ├
                           └───┘
    """
    n = whole_number("n", n, 2, "a GHZ state is shared by several parties")
    circuit = QuantumCircuit(QuantumRegister(n, "party"), name="ghz")
    circuit.h(0)
    for k in range(n - 1):
        circuit.cx(k, k + 1)
    return circuit


def w_state(n: int) -> QuantumCircuit:
    """The W state of n parties: the equal superposition of all states with a single one.

    The excitation starts at the first party and is handed on with exact amplitudes, so that every n is
    served, not powers of two only. Not Clifford for n > 2.

    Args:
        n: Number of parties, at least two.

    Returns:
        A circuit on the register `party` (n qubits).

    Raises:
        ValueError: If n is not a whole number of at least two.

    Example:
        >>> from qiskit.quantum_info import Statevector
        >>> print([round(float(p), 6) for p in Statevector(w_state(3)).probabilities()])
        [0.0, 0.333333, 0.333333, 0.0, 0.333333, 0.0, 0.0, 0.0]
    """
    n = whole_number("n", n, 2, "a W state is shared by several parties")
    circuit = QuantumCircuit(QuantumRegister(n, "party"), name="w_state")
    circuit.x(0)
    for k in range(n - 1):
        circuit.cry(2 * acos(1 / sqrt(n - k)), k, k + 1)
        circuit.cx(k + 1, k)
    return circuit


def graph_state(graph: networkx.Graph[Any] | Iterable[tuple[Hashable, Hashable]]) -> QuantumCircuit:
    """The graph state of a graph: |+⟩ on every vertex and a CZ along every edge.

    Its stabilizers are X on a vertex and Z on all of its neighbours (Hein, Eisert and Briegel,
    Phys. Rev. A 69, 062311 (2004)).

    Args:
        graph: A networkx graph (directions and repeated edges do not count), or its edges. Qubit k is
            the k-th of `graph.nodes`; of bare edges, the k-th vertex in sorted order (in order of
            appearance if they cannot be sorted).

    Returns:
        A circuit on the register `vertex`.

    Raises:
        ValueError: If `graph` is neither a graph nor an iterable of edges.
        ValueError: If an edge has not two ends, or two equal ones.
        ValueError: If there is no vertex.

    Example:
        >>> print(graph_state([(0, 1), (1, 2)]).draw("text"))  # doctest: +NORMALIZE_WHITESPACE
                  ┌───┐
        vertex_0: ┤ H ├─■────
                  ├───┤ │
        vertex_1: ┤ H ├─■──■─
                  ├───┤    │
        vertex_2: ┤ H ├────■─
                  └───┘
    """
    given = getattr(graph, "edges", graph)
    if not isinstance(given, Iterable):
        raise ValueError(f"graph={graph!r} is no graph; give a networkx graph or edges such as [(0, 1)]")
    edges = [_ends(edge) for edge in given]
    vertices = (
        list(graph.nodes) if hasattr(graph, "nodes") else _sorted(end for edge in edges for end in edge)
    )
    if not vertices:
        raise ValueError("graph has no vertex; give a networkx graph or edges such as [(0, 1), (1, 2)]")
    index = {vertex: k for k, vertex in enumerate(vertices)}
    circuit = QuantumCircuit(QuantumRegister(len(vertices), "vertex"), name="graph_state")
    circuit.h(range(len(vertices)))
    for a, b in dict.fromkeys((min(index[a], index[b]), max(index[a], index[b])) for a, b in edges):
        circuit.cz(a, b)
    return circuit


def _ends(edge: Any) -> tuple[Hashable, Hashable]:
    ends = tuple(edge) if isinstance(edge, Iterable) else (edge,)
    if len(ends) not in (2, 3) or ends[0] == ends[1]:
        raise ValueError(
            f"graph holds the edge {edge!r}; an edge joins two different vertices, such as (0, 1)"
        )
    return ends[0], ends[1]


def _sorted(vertices: Iterable[Any]) -> list[Any]:
    seen = list(dict.fromkeys(vertices))
    try:
        return sorted(seen)
    except TypeError:
        return seen
