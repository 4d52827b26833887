"""The four forms of correction: what they promise, what they refuse, and how the frame is read."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from qiskit import QuantumCircuit, qpy, transpile
from qiskit.circuit import ClassicalRegister, Gate, Parameter, QuantumRegister
from qiskit.circuit.classical import expr
from qiskit.circuit.library import CXGate, PauliEvolutionGate, UnitaryGate
from qiskit.quantum_info import Clifford, Operator, SparsePauliOp
from qiskit_aer.noise import amplitude_damping_error, depolarizing_error, pauli_error
from support.exact import branches
from support.frames import assert_form_agrees

from circuits.errors import NotClifford, NotTranslatable
from circuits.library.corrections import FORMS, PauliFrame, pauli_frame, with_corrections
from circuits.library.teleport import teleportation

OTHERS = FORMS[1:]


def corrected_qubit(pauli: str = "x", value: int = 1) -> QuantumCircuit:
    """A plus state is measured into `m`, and the other qubit gets a Pauli for one of the outcomes."""
    circuit = QuantumCircuit(QuantumRegister(3, "q"), ClassicalRegister(1, "m"), ClassicalRegister(1, "n"))
    circuit.h(0)
    circuit.ry(0.3, 1)
    circuit.cx(0, 2)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], value)):
        getattr(circuit, pauli)(1)
    return circuit


@pytest.mark.parametrize("form", OTHERS)
@pytest.mark.parametrize("value", [0, 1])
@pytest.mark.parametrize("pauli", ["x", "y", "z"])
def test_one_conditional(form: str, value: int, pauli: str) -> None:
    circuit = corrected_qubit(pauli, value)
    assert_form_agrees(circuit, with_corrections(circuit, form))


@pytest.mark.parametrize("form", OTHERS)
@pytest.mark.parametrize(
    "name", ["h", "s", "sdg", "sx", "sxdg", "cx", "cy", "cz", "swap", "iswap", "ecr", "dcx"]
)
def test_a_correction_passes_every_clifford_gate(form: str, name: str) -> None:
    for pauli in "xyz":
        for order in ((1, 2), (2, 1)):
            circuit = corrected_qubit(pauli)
            gate = getattr(circuit, name)
            gate(1) if len(name) < 5 and name in ("h", "s", "sdg", "sx", "sxdg") else gate(*order)
            circuit.measure(1, 1)
            assert_form_agrees(circuit, with_corrections(circuit, form))


@pytest.mark.parametrize("form", OTHERS)
def test_unusual_gates_are_known_by_their_matrix(form: str) -> None:
    class X(Gate):
        def __init__(self) -> None:
            super().__init__("x", 1, [])

        def _define(self) -> None:
            self.definition = QuantumCircuit(1)
            self.definition.h(0)

    evolution = PauliEvolutionGate(SparsePauliOp("XZ"), np.pi / 4)
    block = QuantumCircuit(2)
    block.h(0)
    block.cx(0, 1)
    for gate in (X(), UnitaryGate(Operator.from_label("H")), evolution, block.to_gate(), Clifford(block)):
        circuit = corrected_qubit("x")
        circuit.append(gate, list(range(1, 1 + gate.num_qubits)))
        circuit.measure(1, 1)
        assert_form_agrees(circuit, with_corrections(circuit, form))


@pytest.mark.parametrize("form", OTHERS)
@pytest.mark.parametrize("name", ["measure", "reset", "barrier", "delay", "kraus", "if_else", "z"])
def test_a_gate_is_what_its_matrix_says_whatever_its_name(form: str, name: str) -> None:
    body = QuantumCircuit(1, name=name)
    body.h(0)
    circuit = corrected_qubit("x")
    circuit.append(body.to_gate(), [1])
    renamed = with_corrections(circuit, form)
    plain = corrected_qubit("x")
    plain.h(1)
    assert pauli_frame(renamed) == pauli_frame(with_corrections(plain, form))
    assert renamed.decompose([name]).count_ops()["h"] == 2


@pytest.mark.parametrize("form", OTHERS)
def test_gates_that_are_wider_than_a_matrix(form: str) -> None:
    wide = QuantumCircuit(8, name="wide")
    wide.h(1)
    wide.cx(1, 0)
    wide.swap(0, 2)
    wide.t(5)
    circuit = QuantumCircuit(9, 2)
    circuit.h(0)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.z(2)
    circuit.append(wide.to_gate(), range(1, 9))
    circuit.measure(3, 1)
    flat = with_corrections(circuit.decompose(["wide"]), form)
    changed = with_corrections(circuit, form)
    assert pauli_frame(changed) == pauli_frame(flat)
    assert Operator(changed.remove_final_measurements(inplace=False)) == Operator(
        flat.remove_final_measurements(inplace=False)
    )


@pytest.mark.parametrize("form", OTHERS)
def test_a_transpiled_circuit_still_has_its_forms(form: str) -> None:
    circuit = corrected_qubit("y")
    circuit.append(CXGate(ctrl_state=0), [1, 2])
    with circuit.if_test((circuit.clbits[0], 0)):
        circuit.z(2)
    circuit.h(2)
    circuit.measure(2, 1)
    found = transpile(
        circuit, basis_gates=["rz", "sx", "x", "cz", "measure", "if_else"], optimization_level=1
    )
    assert found.count_ops()["if_else"] == 2
    assert_form_agrees(circuit, with_corrections(found, form))


def test_a_gate_that_commutes_need_not_be_clifford() -> None:
    circuit = corrected_qubit("z")
    circuit.rz(0.4, 1)
    circuit.rzz(0.3, 1, 2)
    circuit.rz(Parameter("angle"), 1)
    frame = pauli_frame(with_corrections(circuit, "frame"))
    assert frame == PauliFrame(z={1: (0,)})


def test_two_corrections_that_commute_together() -> None:
    circuit = corrected_qubit("z")
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.z(2)
    circuit.rxx(0.4, 1, 2)
    for form in OTHERS:
        assert_form_agrees(circuit, with_corrections(circuit, form))
    assert pauli_frame(with_corrections(circuit, "frame")).z == {1: (0,), 2: (0,)}


def test_non_clifford_gate_names_gate_place_and_other_forms() -> None:
    circuit = corrected_qubit("x")
    circuit.t(1)
    message = r"'t' on qubits \[1\] \(instruction 5\).*on m\[0\].*'feedforward', 'deferred' or 'postselect'$"
    with pytest.raises(NotClifford, match=message):
        with_corrections(circuit, "frame")
    chosen = with_corrections(circuit, "postselect")
    assert pauli_frame(chosen).keep == ((0,),)
    assert_form_agrees(circuit, chosen)
    assert_form_agrees(circuit, with_corrections(circuit, "deferred"))


@pytest.mark.parametrize("form", OTHERS)
def test_pauli_noise_passes_and_other_noise_does_not(form: str) -> None:
    circuit = corrected_qubit("x")
    circuit.append(pauli_error([("X", 0.1), ("I", 0.7), ("Z", 0.2)]), [1])
    circuit.append(depolarizing_error(0.2, 2), [1, 2])
    assert_form_agrees(circuit, with_corrections(circuit, form))
    circuit.append(amplitude_damping_error(0.2), [1])
    if form == "frame":
        with pytest.raises(NotClifford, match=r"'quantum_channel' on qubits \[1\]"):
            with_corrections(circuit, form)
    else:
        assert_form_agrees(circuit, with_corrections(circuit, form))


def test_noise_on_a_measured_qubit_is_refused_unless_it_keeps_the_outcome() -> None:
    circuit = corrected_qubit("x")
    circuit.append(pauli_error([("Z", 0.1), ("I", 0.9)]), [0])
    assert_form_agrees(circuit, with_corrections(circuit, "frame"))
    circuit.append(pauli_error([("X", 0.1), ("I", 0.9)]), [0])
    with pytest.raises(NotTranslatable, match=r"acts on qubit q\[0\] after its measurement"):
        with_corrections(circuit, "frame")


@pytest.mark.parametrize("form", OTHERS)
def test_chained_corrections(form: str) -> None:
    circuit = corrected_qubit("x")
    circuit.measure(1, 1)
    with circuit.if_test((circuit.clbits[1], 1)):
        circuit.x(2)
        circuit.z(2)
    with circuit.if_test((circuit.clbits[0], 0)):
        circuit.y(2)
    changed = with_corrections(circuit, form)
    assert_form_agrees(circuit, changed)
    if form == "frame":
        assert pauli_frame(changed).bits == {1: (0,)}


@pytest.mark.parametrize("form", OTHERS)
def test_the_textbook_chain_on_a_register_is_a_parity(form: str) -> None:
    circuit = QuantumCircuit(QuantumRegister(3, "q"), ClassicalRegister(2, "m"))
    circuit.h([0, 1, 2])
    circuit.measure([0, 1], [0, 1])
    for value, names in ((1, "x"), (2, "z"), (3, "xz")):
        with circuit.if_test((circuit.cregs[0], value)):
            for name in names:
                getattr(circuit, name)(2)
    changed = with_corrections(circuit, form)
    assert_form_agrees(circuit, changed)
    assert set(changed.count_ops()) <= {"h", "measure", "cx", "cz"}


def test_a_lone_equality_of_a_register_needs_several_controls() -> None:
    circuit = QuantumCircuit(QuantumRegister(4, "q"), ClassicalRegister(3, "m"))
    circuit.h([0, 1, 2])
    circuit.measure([0, 1, 2], [0, 1, 2])
    with circuit.if_test((circuit.cregs[0], 5)):
        circuit.y(3)
    assert_form_agrees(circuit, with_corrections(circuit, "deferred"))
    for form in ("frame", "postselect"):
        with pytest.raises(NotTranslatable, match=r"several bits at once.*use 'feedforward' or 'deferred'$"):
            with_corrections(circuit, form)


def test_bits_that_were_never_written_are_zero() -> None:
    circuit = QuantumCircuit(QuantumRegister(1, "q"), ClassicalRegister(2, "m"))
    with circuit.if_test((circuit.cregs[0], 1)):
        circuit.z(0)
    with circuit.if_test((circuit.cregs[0], 0)):
        circuit.x(0)
    for form in OTHERS:
        assert dict(with_corrections(circuit, form).count_ops()) == {"x": 1}


@pytest.mark.parametrize("form", OTHERS)
def test_composites_with_measurements_are_opened(form: str) -> None:
    half = QuantumCircuit(2, 1, name="half")
    half.h(0)
    half.measure(0, 0)
    half.cx(0, 1)
    circuit = QuantumCircuit(3, 2)
    circuit.append(half.to_instruction(), [2, 1], [1])
    with circuit.if_test((circuit.clbits[1], 1)):
        circuit.x(0)
    changed = with_corrections(circuit, form)
    assert_form_agrees(circuit, changed)
    assert "half" not in changed.count_ops()


def test_a_reset_of_an_untouched_qubit_is_left_out() -> None:
    circuit = QuantumCircuit(1)
    circuit.reset(0)
    circuit.initialize([0.6, 0.8], 0)
    changed = with_corrections(circuit, "frame")
    assert "reset" not in changed.count_ops()
    np.testing.assert_allclose(branches(changed)[()].data, [[0.36, 0.48], [0.48, 0.64]], atol=1e-9)


def _again(circuit: QuantumCircuit) -> None:
    circuit.measure(1, 0)


def _reset(circuit: QuantumCircuit) -> None:
    circuit.reset(0)


def _reuse(circuit: QuantumCircuit) -> None:
    circuit.h(0)


def _body(circuit: QuantumCircuit) -> None:
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.h(1)


def _expression(circuit: QuantumCircuit) -> None:
    with circuit.if_test(expr.bit_xor(circuit.clbits[0], circuit.clbits[1])):
        circuit.x(1)


def _switch(circuit: QuantumCircuit) -> None:
    with circuit.switch(circuit.clbits[0]) as case, case(1):
        circuit.x(1)


@pytest.mark.parametrize("form", OTHERS)
@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            _again,
            r"'measure' on qubits \[1\] \(instruction 5\) writes the classical bit m\[0\] a second time",
        ),
        (_reset, r"resets qubit q\[0\] after its use"),
        (_reuse, r"'h' on qubits \[0\] \(instruction 5\) acts on qubit q\[0\] after its measurement"),
        (_body, r"the body of 'if_else' on qubits \[1\] \(instruction 5\) holds 'h', which is no Pauli gate"),
        (_expression, r"the condition of 'if_else' .* is an expression"),
        (_switch, r"'switch_case' .* has no corrections="),
    ],
)
def test_what_has_no_other_form_is_refused_in_one_line(
    form: str, spoil: Callable[[QuantumCircuit], None], message: str
) -> None:
    circuit = corrected_qubit()
    spoil(circuit)
    with pytest.raises(NotTranslatable, match=message) as caught:
        with_corrections(circuit, form)
    assert "\n" not in str(caught.value)
    assert "corrections='feedforward'" in str(caught.value)


def test_a_measured_qubit_may_be_a_control_and_be_swapped() -> None:
    circuit = corrected_qubit()
    circuit.cx(0, 1)
    circuit.crx(0.3, 0, 2)
    circuit.swap(0, 2)
    circuit.rz(0.2, 2)
    circuit.measure(0, 1)
    assert_form_agrees(circuit, with_corrections(circuit, "deferred"))


@pytest.mark.parametrize("form", OTHERS)
@pytest.mark.parametrize("pauli", ["x", "y", "z"])
def test_a_measured_qubit_may_be_measured_into_another_bit(form: str, pauli: str) -> None:
    circuit = corrected_qubit(pauli)
    circuit.measure_all()
    with circuit.if_test((circuit.clbits[3], 1)):
        circuit.z(1)
    with circuit.if_test((circuit.clbits[2], 1)):
        circuit.z(2)
    assert_form_agrees(circuit, with_corrections(circuit, form))
    if form == "frame":
        frame = pauli_frame(with_corrections(circuit, form))
        assert frame.bits == ({2: (0,), 3: (0,)} if pauli in "xy" else {2: (0,)})


def test_a_flip_between_two_measurements_is_in_the_frame() -> None:
    circuit = corrected_qubit("z")
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(0)
    circuit.measure(0, 1)
    assert {bits[1] for bits in branches(circuit)} == {0}
    for form in ("frame", "postselect"):
        assert_form_agrees(circuit, with_corrections(circuit, form))
    with pytest.raises(NotTranslatable, match=r"flips qubit q\[0\] after its measurement"):
        with_corrections(circuit, "deferred")


def test_bad_form_lists_the_forms() -> None:
    with pytest.raises(
        ValueError, match=r"^corrections='none' is .* feedforward, deferred, frame, postselect$"
    ):
        with_corrections(QuantumCircuit(1), "none")


@pytest.mark.parametrize("form", ["frame", "postselect"])
def test_a_form_is_derived_only_once(form: str) -> None:
    changed = with_corrections(corrected_qubit(), form)
    for other in FORMS:
        with pytest.raises(ValueError, match=f"in the form '{form}' already; give its feedforward form"):
            with_corrections(changed, other)


def test_feedforward_is_the_circuit_itself_with_its_metadata() -> None:
    circuit = corrected_qubit()
    circuit.metadata = {"mine": 1}
    changed = with_corrections(circuit, "feedforward")
    assert changed == circuit
    assert changed is not circuit
    assert changed.metadata == {
        "mine": 1,
        "corrections": "feedforward",
        "frame": {"x": {}, "z": {}, "bits": {}},
        "keep": [],
    }
    assert circuit.metadata == {"mine": 1}


def test_a_selection_is_kept_and_rewritten_for_the_bits_as_read() -> None:
    circuit = corrected_qubit("x")
    circuit.measure(1, 1)
    circuit.metadata = {"keep": [[1]]}
    expected = {b: rho.data for b, rho in branches(circuit).items() if not b[1]}
    for form in OTHERS:
        changed = with_corrections(circuit, form)
        frame = pauli_frame(changed)
        assert frame.keep == {"deferred": ((1,),), "frame": ((0, 1),), "postselect": ((0, 1), (0,))}[form]
    rows = np.array(list(branches(with_corrections(circuit, "frame"))), dtype=np.uint8)
    frame = pauli_frame(with_corrections(circuit, "frame"))
    assert {tuple(row) for row in frame.correct(rows)[frame.kept(rows)].tolist()} == set(expected)


def test_metadata_survive_qpy() -> None:
    changed = with_corrections(teleportation(), "frame")
    buffer = io.BytesIO()
    qpy.dump(changed, buffer)
    buffer.seek(0)
    assert pauli_frame(qpy.load(buffer)[0]) == pauli_frame(changed) == PauliFrame(x={2: (1,)}, z={2: (0,)})


def test_a_frame_is_a_value() -> None:
    frame = PauliFrame(x={2: (1, 0)}, bits={1: (0,)}, keep=((0, 1),))
    assert eval(repr(frame)) == frame
    bits = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], dtype=bool)
    assert frame.correct(bits).tolist() == [[0, 0], [1, 1], [0, 1], [1, 0]]
    assert frame.correct(bits).dtype == bool
    assert frame.kept(bits).tolist() == [True, False, False, True]
    assert bits.tolist() == [[0, 0], [1, 0], [0, 1], [1, 1]]
    with pytest.raises(ValueError, match=r"bits has the shape \(4, 1\).*at least 2 columns"):
        frame.correct(bits[:, :1])
    with pytest.raises(ValueError, match=r"bits has the shape \(4, 1\).*at least 2 columns"):
        frame.kept(bits[:, :1])
    with pytest.raises(ValueError, match=r"keep holds the negative index in \(-1,\)"):
        PauliFrame(keep=((-1,),))
