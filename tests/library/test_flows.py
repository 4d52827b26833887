"""Stabilizer flows on Stim: the long protocols, proved in every form with their frames."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
import pytest
import stim
from qiskit import QuantumCircuit

from circuits.bridge import translate
from circuits.library import (
    FORMS,
    bell_pair,
    entanglement_swapping,
    ghz_distribution,
    pauli_frame,
    remote_cx,
    teledata,
    teleportation,
)

Terms = Sequence[tuple[str, int]]


def pauli(n: int, terms: Terms) -> stim.PauliString:
    string = stim.PauliString(n)
    for letter, qubit in terms:
        string[qubit] = letter
    return string


def holds(circuit: QuantumCircuit, before: Terms, after: Terms, inputs: Sequence[int] = ()) -> bool:
    """Whether the circuit turns one Pauli into another, after its frame, in the shots that it keeps.

    All qubits but the inputs start in |0⟩."""
    translation, frame, n = translate(circuit), pauli_frame(circuit), circuit.num_qubits
    whole = stim.Circuit()
    whole.append("R", [q for q in range(n) if q not in inputs])
    whole += translation.circuit
    parity: set[int] = set()
    for letter, qubit in after:
        for table in (frame.z,) if letter == "X" else (frame.x,) if letter == "Z" else (frame.x, frame.z):
            parity ^= set(table.get(qubit, ()))
    free = [_records(translation.records, bits) for bits in frame.keep]
    fixed = _records(translation.records, parity)
    start, end = pauli(n, before), pauli(n, after)
    return any(
        whole.has_flow(
            stim.Flow(
                input=start, output=end, measurements=sorted(reduce(set.symmetric_difference, chosen, fixed))
            )
        )
        for chosen in _subsets(free)
    )


def _records(records: Sequence[tuple[tuple[int, ...], bool]], bits: set[int] | tuple[int, ...]) -> set[int]:
    found: set[int] = set()
    for bit in bits:
        found ^= set(records[bit][0])
    return found


def _subsets(sets: list[set[int]]) -> list[list[set[int]]]:
    total: set[int] = set()
    for one in sets:
        total ^= one
    return [[], *[[one] for one in sets], *([[total]] if len(sets) == 2 else [])]


@pytest.mark.parametrize("form", FORMS)
def test_a_hundred_stations(form: str) -> None:
    circuit = entanglement_swapping(100, corrections=form)
    for letter in "XZ":
        assert holds(circuit, [], [(letter, 0), (letter, 201)])
    assert not holds(circuit, [], [("X", 0), ("Z", 201)])


def test_the_proof_sees_a_wrong_pair() -> None:
    links = [bell_pair()] * 2 + [bell_pair("psi+")]
    circuit = entanglement_swapping(2, corrections="frame", pair=links)
    assert holds(circuit, [], [("X", 0), ("X", 5)])
    assert not holds(circuit, [], [("Z", 0), ("Z", 5)])


@pytest.mark.parametrize("form", FORMS)
def test_teleportation(form: str) -> None:
    circuit = teleportation(corrections=form)
    for letter in "XYZ":
        assert holds(circuit, [(letter, 0)], [(letter, 2)], inputs=[0])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("build", [remote_cx, teledata])
def test_remote_gates(form: str, build: type) -> None:
    circuit = build(corrections=form)
    control, target = (0, 3) if build is remote_cx else (2, 3)
    assert holds(circuit, [("X", 0)], [("X", control), ("X", target)], [0, 3])
    assert holds(circuit, [("Z", 0)], [("Z", control)], [0, 3])
    assert holds(circuit, [("X", 3)], [("X", target)], [0, 3])
    assert holds(circuit, [("Z", 3)], [("Z", control), ("Z", target)], [0, 3])


@pytest.mark.parametrize("form", ["feedforward", "deferred", "frame"])
@pytest.mark.parametrize("topology", ["star", "chain"])
def test_ghz_distribution_among_twenty(form: str, topology: str) -> None:
    circuit = ghz_distribution(20, topology=topology, corrections=form)
    party = [circuit.find_bit(q).index for q in next(r for r in circuit.qregs if r.name == "party")]
    assert holds(circuit, [], [("X", q) for q in party])
    for k in range(19):
        assert holds(circuit, [], [("Z", party[k]), ("Z", party[k + 1])])


def test_frames_are_applied_to_every_shot() -> None:
    """Sampled on Stim: Z of both ends agree once the frame is applied, and do not before."""
    circuit = entanglement_swapping(5, corrections="frame")
    whole = QuantumCircuit(*circuit.qregs, *circuit.cregs)
    whole.compose(circuit, inplace=True)
    translation = translate(whole)
    stim_circuit = translation.circuit.copy()
    stim_circuit.append("M", [0, 11])
    shots = stim_circuit.compile_sampler(seed=3).sample(500)
    x = pauli_frame(circuit).x[11]
    flips = np.bitwise_xor.reduce(shots[:, sorted(_records(translation.records, x))], axis=1)
    assert not np.any(shots[:, -1] ^ shots[:, -2] ^ flips)
    assert np.any(flips)
