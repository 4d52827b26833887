"""Wrong arguments: one line that names the argument, its value and the mend."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Gate, Measure

from circuits.library import (
    FORMS,
    PauliFrame,
    bell_pair,
    entanglement_swapping,
    ghz,
    ghz_distribution,
    ghz_star_centre,
    graph_state,
    pauli_frame,
    remote_controlled,
    remote_cx,
    superdense_coding,
    swapping_end,
    teledata,
    teleportation,
    w_state,
    werner,
    with_corrections,
)

MEASURING = QuantumCircuit(2, 1)
WITH_MEASUREMENT = QuantumCircuit(1, 1, name="reading")
WITH_MEASUREMENT.measure(0, 0)

FRAME = PauliFrame(bits={1: (0,)}, keep=((0,),))

CASES: list[tuple[Callable[[], object], str]] = [
    (lambda: bell_pair("Phi"), r"^state='Phi' is no Bell state; choose one of phi\+, psi\+, psi-, phi-$"),
    (lambda: bell_pair(fidelity=1.2), r"^fidelity=1\.2 is no fidelity; give a number from 0 to 1$"),
    (lambda: bell_pair(fidelity=-0.1), r"^fidelity=-0\.1 is no fidelity"),
    (lambda: bell_pair(fidelity=float("nan")), r"^fidelity=nan is no fidelity"),
    (lambda: bell_pair(fidelity="high"), r"^fidelity='high' is no fidelity"),
    (
        lambda: bell_pair(weights=(0.5, 0.5, 0.5, -0.5)),
        r"^weights=\(0\.5, 0\.5, 0\.5, -0\.5\) are no mixture",
    ),
    (lambda: bell_pair(weights=(0.5, 0.5)), r"^weights=\(0\.5, 0\.5\) are no mixture .* four probabilities"),
    (lambda: bell_pair(weights="abcd"), r"^weights='abcd' are no mixture"),
    (lambda: bell_pair(weights=0.25), r"^weights=0\.25 are no mixture"),
    (lambda: bell_pair(weights=(None,) * 4), r"^weights=\(None, .* are no mixture"),
    (lambda: bell_pair(fidelity=True), r"^fidelity=True is no fidelity"),
    (lambda: bell_pair(fidelity=np.array([0.9, 0.8])), r"^fidelity=array\(\[0\.9, 0\.8\]\) is no fidelity"),
    (
        lambda: werner(np.full((2, 2), 1.5)),
        r"^fidelity=array\(\[\[1\.5, 1\.5\], \[1\.5, 1\.5\]\]\) is no fid",
    ),
    (lambda: bell_pair(weights=(1, 0, 0, float("nan"))), r"are no mixture of Bell states"),
    (lambda: bell_pair(fidelity=0.9, weights=(1, 0, 0, 0)), r"^weights name all four .* without fidelity"),
    (lambda: bell_pair("psi-", weights=(1, 0, 0, 0)), r"^weights name all four Bell states"),
    (lambda: ghz(1), r"^n=1: a GHZ state .* whole number of at least 2$"),
    (lambda: ghz(2.5), r"^n=2\.5: a GHZ state"),
    (lambda: ghz(True), r"^n=True: a GHZ state"),
    (lambda: w_state(0), r"^n=0: a W state .* at least 2$"),
    (lambda: graph_state([]), r"^graph has no vertex; give a networkx graph or edges"),
    (lambda: graph_state([(0, 0)]), r"^graph holds the edge \(0, 0\); an edge joins two different vertices"),
    (lambda: graph_state([(0,)]), r"^graph holds the edge \(0,\)"),
    (lambda: graph_state([3]), r"^graph holds the edge 3"),
    (lambda: graph_state(3), r"^graph=3 is no graph; give a networkx graph or edges"),
    (lambda: superdense_coding("2"), r"^message='2' is no pair of bits; choose one of 00, 01, 10, 11$"),
    (lambda: entanglement_swapping(0), r"^stations=0: a chain has stations .* at least 1$"),
    (lambda: swapping_end(-1), r"^stations=-1: a chain has stations"),
    (lambda: entanglement_swapping(1, pair=[bell_pair()]), r"^pair holds 1 circuits for 2 links; give one"),
    (lambda: entanglement_swapping(1, pair=[bell_pair(), 3]), r"^pair=3 is no circuit; give a two-qubit"),
    (lambda: entanglement_swapping(1, pair=3), r"^pair=3 is no circuit; give a two-qubit"),
    (lambda: teleportation(pair=ghz(3)), r"^pair has 3 qubits and 0 classical bits; give"),
    (lambda: teleportation(pair=MEASURING), r"^pair has 2 qubits and 1 classical bits; give"),
    (lambda: remote_controlled(Measure()), r"is no gate; give one such as XGate\(\)"),
    (lambda: remote_controlled(Gate("mine", 2, [])), r"^gate='mine' has no definition; give a gate that has"),
    (lambda: remote_controlled(np.eye(2)), r"^gate=array\(\[\[1\., 0\.\], .* is no gate; give one such as"),
    (lambda: with_corrections(None, "frame"), r"^circuit is a NoneType: with_corrections takes a Quantum"),
    (lambda: pauli_frame([ghz(2)]), r"^circuit is a list: pauli_frame takes a QuantumCircuit$"),
    (lambda: FRAME.correct([[0.0, 1.0]]), r"^bits has the shape \(1, 2\) and the type float64; give whole"),
    (lambda: FRAME.kept([0, 1]), r"^bits has the shape \(2,\) and the type int.*; give whole numbers"),
    (lambda: remote_controlled("cx"), r"^gate='cx' is no gate; give one such as XGate\(\)"),
    (lambda: remote_controlled(WITH_MEASUREMENT), r"^gate='reading' is no circuit of gates alone"),
    (lambda: ghz_distribution(1), r"^parties=1: a GHZ state .* at least 2$"),
    (lambda: ghz_star_centre(0), r"^parties=0: a GHZ state"),
    (
        lambda: ghz_distribution(3, topology="ring"),
        r"^topology='ring' is unknown; choose one of star, chain$",
    ),
    (lambda: ghz_distribution(3, pair=[bell_pair()] * 2), r"^pair holds 2 circuits for 3 links"),
]


@pytest.mark.parametrize(("call", "message"), CASES)
def test_one_line_that_says_what_and_how_to_mend(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "build", [teleportation, entanglement_swapping, remote_cx, teledata, ghz_distribution]
)
def test_every_protocol_lists_the_forms(build: Callable[..., QuantumCircuit]) -> None:
    with pytest.raises(ValueError, match=rf"^corrections='none' .*{', '.join(FORMS)}$"):
        build(corrections="none")
