"""Every public circuit × form × everything that is promised of it; a missing name fails."""

from __future__ import annotations

import inspect
import io
from collections.abc import Iterable

import numpy as np
import pytest
from qiskit import QuantumCircuit, qasm3, qpy, transpile
from qiskit.circuit import Gate
from qiskit.circuit.library import (
    CUGate,
    DiagonalGate,
    IGate,
    PauliGate,
    PermutationGate,
    StatePreparation,
    UCGate,
    UnitaryGate,
    XGate,
)
from qiskit.primitives import DataBin
from qiskit.quantum_info import random_density_matrix, random_unitary
from support.exact import branches
from support.frames import assert_form_agrees

import circuits
import circuits.library as library
from circuits.bridge import to_stim
from circuits.errors import NotClifford
from circuits.library.catalogue import CATALOGUE, Entry
from circuits.library.corrections import FORMS, pauli_frame, with_corrections
from circuits.library.nonlocal_gates import remote_controlled

CASES = [pytest.param(e, form, id=f"{e.example}-{form}") for e in CATALOGUE for form in e.forms]
IBM = ["rz", "sx", "x", "cz", "id", "measure", "reset", "if_else"]
_RENAMED = {"phase_0": "phase"}  # "phase" is a gate of stdgates.inc
every_case = pytest.mark.parametrize(("entry", "form"), CASES)


def makes_circuits(thing: object) -> bool:
    """Whether a public name is a function that makes circuits, by what it says it returns."""
    return inspect.isfunction(thing) and "QuantumCircuit" in str(inspect.signature(thing).return_annotation)


def missing(names: Iterable[str]) -> list[str]:
    known = {entry.name for entry in CATALOGUE} | {"with_corrections"}
    return [name for name in names if name not in known and makes_circuits(getattr(library, name))]


def assert_same_action(found: QuantumCircuit, circuit: QuantumCircuit) -> None:
    """Equal outcomes and states for a random mixed input of all qubits."""
    initial = random_density_matrix(2**circuit.num_qubits, seed=5).data
    one, other = branches(found, initial), branches(circuit, initial)
    assert one.keys() == other.keys()
    for bits, rho in other.items():
        np.testing.assert_allclose(one[bits].data, rho.data, atol=1e-8)


def test_no_public_circuit_is_missing_from_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing(library.__all__) == []

    def forgotten() -> QuantumCircuit:
        return QuantumCircuit(1)

    monkeypatch.setattr(library, "forgotten", forgotten, raising=False)
    assert missing([*library.__all__, "forgotten"]) == ["forgotten"]


def test_every_name_is_exported_and_none_is_shadowed_by_a_module() -> None:
    assert len(set(library.__all__)) == len(library.__all__)
    for name in library.__all__:
        assert not inspect.ismodule(getattr(library, name))
        assert name in dir(library)
    for entry in CATALOGUE:
        assert entry.name in library.__all__
        assert entry.summary.endswith(".")
    own = {
        name for name in circuits.__all__ if getattr(circuits, name).__module__.startswith("circuits.library")
    }
    assert own <= set(library.__all__)
    with pytest.raises(AttributeError, match=r"module 'circuits\.library' has no attribute 'teleportatoin'"):
        library.teleportatoin  # noqa: B018


def test_an_entry_has_forms_that_exist() -> None:
    entry = CATALOGUE[0]
    with pytest.raises(ValueError, match=r"forms=\('none',\) of bell_pair must be some of feedforward"):
        Entry(**{**vars(entry), "forms": ("none",)})


@every_case
def test_the_form_says_what_it_promises(entry: Entry, form: str) -> None:
    circuit = entry.build(form)
    assert type(circuit) is QuantumCircuit
    if "corrections" in inspect.signature(getattr(library, entry.name)).parameters:
        assert circuit.metadata["corrections"] == form
    if form == "feedforward":
        for item in circuit.data:
            if item.operation.name == "if_else":
                assert isinstance(item.operation.condition, tuple)
    else:
        initial = random_density_matrix(2**circuit.num_qubits, seed=1).data
        assert_form_agrees(entry.build("feedforward"), circuit, initial)
        assert with_corrections(entry.build("feedforward"), form) == circuit


@every_case
def test_names_can_be_held_by_results(entry: Entry, form: str) -> None:
    circuit = entry.build(form)
    DataBin(**{register.name: 0 for register in circuit.cregs})
    assert sum(register.size for register in circuit.qregs) == circuit.num_qubits
    assert sum(register.size for register in circuit.cregs) == circuit.num_clbits


@every_case
def test_draws_as_text(entry: Entry, form: str) -> None:
    circuit = entry.build(form)
    drawn = str(circuit.draw("text", fold=-1))
    for register in [*circuit.qregs, *circuit.cregs]:
        assert register.name in drawn


@pytest.mark.parametrize("entry", {e.name: e for e in CATALOGUE}.values(), ids=lambda entry: entry.name)
def test_draws_as_a_picture(entry: Entry) -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    entry.build(entry.forms[0]).draw("mpl", ax=axes)
    assert axes.patches or axes.texts


@every_case
def test_comes_back_from_qpy(entry: Entry, form: str) -> None:
    circuit = entry.build(form)
    buffer = io.BytesIO()
    qpy.dump(circuit, buffer)
    buffer.seek(0)
    loaded = qpy.load(buffer)[0]
    assert loaded == circuit
    assert (loaded.name, loaded.metadata) == (circuit.name, circuit.metadata)
    assert pauli_frame(loaded) == pauli_frame(circuit)


@every_case
def test_comes_back_from_openqasm3(entry: Entry, form: str) -> None:
    circuit = entry.build(form)
    loaded = qasm3.loads(qasm3.dumps(circuit))
    assert [(r.name, r.size) for r in loaded.qregs] == [(r.name, r.size) for r in circuit.qregs]
    assert [(_RENAMED.get(r.name, r.name), r.size) for r in loaded.cregs] == [
        (r.name, r.size) for r in circuit.cregs
    ]
    assert_same_action(loaded, circuit)


@every_case
def test_transpiles_to_the_gates_of_ibm(entry: Entry, form: str) -> None:
    circuit = entry.build(form)
    found = transpile(circuit, basis_gates=IBM, optimization_level=1, seed_transpiler=1)
    assert set(found.count_ops()) <= {*IBM, "barrier"}
    assert_same_action(found, circuit)
    if form in ("frame", "postselect"):
        assert not {"if_else", "reset"} & set(found.count_ops())
        assert found.metadata == circuit.metadata


@every_case
def test_goes_to_stim_or_is_refused_by_name(entry: Entry, form: str) -> None:
    circuit = entry.build(form)
    if entry.clifford:
        translated = to_stim(circuit)
        assert translated.num_measurements == circuit.num_clbits - _bits_from_elsewhere(circuit)
    else:
        with pytest.raises(NotClifford, match=r"instruction \d+ \('\w+' on qubits? "):
            to_stim(circuit)


def _bits_from_elsewhere(circuit: QuantumCircuit) -> int:
    written = {bit for item in circuit.data if item.operation.name == "measure" for bit in item.clbits}
    return circuit.num_clbits - len(written)


CONTROLLED = (
    UnitaryGate(random_unitary(2, seed=1)),
    UnitaryGate(random_unitary(4, seed=2)),
    XGate().power(0.3),
    PauliGate("XZ"),
    PermutationGate([1, 2, 0]),
    DiagonalGate([1, 1j]),
    UCGate([np.eye(2), np.array([[0, 1], [1, 0]])]),
    StatePreparation("1+"),
    CUGate(0.1, 0.2, 0.3, 0.4),
    IGate(),
)


@pytest.mark.parametrize("gate", CONTROLLED, ids=lambda gate: gate.name)
def test_every_controlled_gate_comes_back_from_its_files(gate: Gate) -> None:
    circuit = remote_controlled(gate)
    assert_same_action(qasm3.loads(qasm3.dumps(circuit)), circuit)
    buffer = io.BytesIO()
    qpy.dump(circuit, buffer)
    buffer.seek(0)
    assert_same_action(qpy.load(buffer)[0], circuit)


def test_every_form_is_somewhere() -> None:
    assert {form for entry in CATALOGUE for form in entry.forms} == set(FORMS)
