"""Every form of random dynamic circuits against the exact simulator."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, QuantumRegister
from support.frames import assert_form_agrees

from circuits.errors import CircuitsError
from circuits.library.corrections import pauli_frame, with_corrections

_ONE = ("h", "s", "sdg", "sx", "sxdg", "x", "y", "z")
_TWO = ("cx", "cy", "cz", "swap", "iswap", "dcx", "ecr")
_QUBITS, _BITS = 5, 4


def random_circuit(rng: np.random.Generator, *, clifford: bool, wide: bool) -> QuantumCircuit:
    """Gates, measurements and Pauli conditionals in random order; measured qubits serve as controls."""
    m, n = ClassicalRegister(2, "m"), ClassicalRegister(_BITS - 2, "n")
    circuit = QuantumCircuit(QuantumRegister(_QUBITS, "q"), m, n)
    live, unwritten = list(range(_QUBITS)), list(range(_BITS))
    for qubit in live:
        circuit.h(qubit)
    for _ in range(int(rng.integers(14, 24))):
        kind = rng.choice(["one", "two", "two", "measure", "measure", "if", "if", "odd", "again"])
        if kind == "one" and live:
            getattr(circuit, rng.choice(_ONE))(int(rng.choice(live)))
        elif kind == "two" and len(live) > 1:
            getattr(circuit, rng.choice(_TWO))(*map(int, rng.choice(live, 2, replace=False)))
        elif kind == "measure" and len(live) > 1 and unwritten:
            qubit = int(rng.choice(live))
            circuit.measure(qubit, unwritten.pop(0))
            live.remove(qubit)
        elif kind == "again" and unwritten and len(live) < _QUBITS:
            measured = [q for q in range(_QUBITS) if q not in live]
            circuit.measure(int(rng.choice(measured)), unwritten.pop(0))
        elif kind == "if":
            _conditional(circuit, rng, live, _BITS - len(unwritten), wide)
        elif kind == "odd":
            _odd(circuit, rng, live, clifford)
    return circuit


def _odd(circuit: QuantumCircuit, rng: np.random.Generator, live: list[int], clifford: bool) -> None:
    measured = [q for q in range(_QUBITS) if q not in live]
    target = int(rng.choice(live))
    if measured and rng.random() < 0.5:
        control = int(rng.choice(measured))
        circuit.cx(control, target) if clifford or rng.random() < 0.5 else circuit.cp(0.7, control, target)
    elif not clifford:
        circuit.t(target)
        neighbours = [q for q in live if q != target]
        if neighbours:
            circuit.rzz(0.4, target, int(rng.choice(neighbours)))


def _conditional(
    circuit: QuantumCircuit, rng: np.random.Generator, live: list[int], written: int, wide: bool
) -> None:
    bits = circuit.clbits[: min(written + 1, _BITS)]
    style = rng.choice(["bit", "else", "nested", "chain", "equal"] if wide else ["bit", "else", "chain"])
    condition = (bits[int(rng.integers(len(bits)))], int(rng.integers(2)))
    if style == "bit":
        with circuit.if_test(condition):
            _paulis(circuit, rng, live)
    elif style == "else":
        with circuit.if_test(condition) as otherwise:
            _paulis(circuit, rng, live)
        with otherwise:
            _paulis(circuit, rng, live)
    elif style == "nested":
        with circuit.if_test(condition), circuit.if_test((bits[int(rng.integers(len(bits)))], 1)):
            _paulis(circuit, rng, live)
    elif style == "chain":
        a, b = (int(q) for q in rng.choice(live, 2))
        for value, target in ((1, (a,)), (2, (b,)), (3, (a, b))):
            with circuit.if_test((circuit.cregs[0], value)):
                for qubit in target:
                    circuit.z(qubit)
    else:
        with circuit.if_test((circuit.cregs[0], int(rng.integers(4)))) as otherwise:
            _paulis(circuit, rng, live)
        if rng.random() < 0.5:
            with otherwise:
                _paulis(circuit, rng, live)


def _paulis(circuit: QuantumCircuit, rng: np.random.Generator, live: list[int]) -> None:
    circuit.z(int(rng.integers(_QUBITS)))
    for qubit in rng.choice(live, min(len(live), int(rng.integers(1, 3))), replace=False):
        getattr(circuit, rng.choice(["x", "y", "z"]))(int(qubit))


@pytest.mark.parametrize("form", ["deferred", "frame", "postselect"])
@pytest.mark.parametrize("kind", ["clifford", "general", "wide"])
def test_forms_agree_with_the_feedforward_circuit(form: str, kind: str) -> None:
    rng = np.random.default_rng([len(form), len(kind)])
    done = refused = moved = 0
    while done < 12:
        circuit = random_circuit(rng, clifford=kind == "clifford", wide=kind == "wide")
        try:
            changed = with_corrections(circuit, form)
        except CircuitsError:
            refused += 1
            continue
        assert_form_agrees(circuit, changed)
        done += 1
        frame = pauli_frame(changed)
        moved += bool(frame.x or frame.z or frame.bits or frame.keep)
    assert refused < 100
    assert moved > 4 or form == "deferred"
