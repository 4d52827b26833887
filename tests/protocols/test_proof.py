"""Proofs by flows: every protocol in every form, and broken protocols with their counterexamples."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
import stim
from qiskit import QuantumCircuit
from qiskit.circuit import ClassicalRegister, QuantumRegister
from qiskit.circuit.classical import expr
from qiskit.quantum_info import Statevector, state_fidelity
from support.exact import reduced

from circuits.bridge import to_stim
from circuits.errors import NotClifford
from circuits.library import (
    FORMS,
    bell_pair,
    dejmps,
    entanglement_swapping,
    teleportation,
    w_state,
    with_corrections,
)
from qnet.protocols import CHSH, E91, PROTOCOLS, Claim, Teleportation, prove, prove_circuit
from qnet.protocols._readout import eigenstate

FORMED = ("teleportation", "entanglement_swapping", "ghz_distribution", "remote_cx", "teledata")
NOT_CLIFFORD = ("chsh", "e91")
VARIANTS: list[tuple[str, dict[str, Any]]] = [
    *[(name, {"corrections": form}) for name, form in product(FORMED, FORMS)],
    *[("ghz_distribution", {"topology": "chain", "corrections": form, "parties": 4}) for form in FORMS],
    *[("entanglement_swapping", {"stations": 5, "corrections": form}) for form in FORMS],
    *[("bell_pair", {"state": state}) for state in ("phi+", "psi+", "psi-", "phi-")],
    ("bell_pair", {"state": "psi-", "fidelity": 0.5}),
    ("bell_pair", {"state": "psi-", "weights": (0.1, 0.2, 0.3, 0.4)}),
    ("ghz", {"n": 7}),
    ("entanglement_pumping", {"rounds": 3, "step": "bbpssw"}),
    *[(name, {}) for name in PROTOCOLS if name not in (*FORMED, *NOT_CLIFFORD)],
]
TELEPORTED = Claim(
    inputs=("message",),
    outputs=("bob",),
    flows=("X[message] -> X[bob]", "Y[message] -> Y[bob]", "Z[message] -> Z[bob]"),
)


@pytest.mark.parametrize(("name", "parameters"), VARIANTS, ids=lambda value: str(value))
def test_every_clifford_protocol_is_proved_in_every_form(name: str, parameters: dict[str, Any]) -> None:
    experiment = PROTOCOLS[name](**parameters)
    proof = prove(experiment)
    assert proof.holds, proof.counterexample
    assert proof.counterexample is None
    assert len(proof.flows) > 0
    assert all(flow.holds for flow in proof.flows)


@pytest.mark.parametrize("experiment", [CHSH(), E91()], ids=lambda e: e.name)
def test_what_is_not_clifford_is_refused_by_name(experiment: Any) -> None:
    with pytest.raises(NotClifford, match=rf"{experiment.name} measures \(Z ± X\)/√2.*run it on aer"):
        prove(experiment)


def test_a_circuit_that_is_not_clifford_is_refused_by_its_gate() -> None:
    claim = Claim(outputs=("party[0]",), flows=("1 -> Z[party[0]]",))
    with pytest.raises(NotClifford, match="cry"):
        prove_circuit(w_state(3), claim)


@pytest.mark.parametrize(
    "thing", [Teleportation, teleportation(), "teleportation"], ids=["class", "circuit", "name"]
)
def test_what_claims_nothing_is_not_proved(thing: Any) -> None:
    with pytest.raises(
        ValueError, match=r"claims nothing; give an experiment such as Teleportation\(\), or a"
    ):
        prove(thing)


def test_imperfect_pairs_do_not_matter() -> None:
    assert prove(Teleportation(fidelity=0.6, corrections="frame")).holds


def test_the_flows_of_a_proof_are_stims() -> None:
    for form in FORMS[:3]:
        circuit = teleportation(corrections=form)
        whole = stim.Circuit("I 0 1 2\nR 1 2") + to_stim(circuit)
        proof = prove_circuit(circuit, TELEPORTED)
        assert all(whole.has_flow(stim.Flow(flow.flow)) for flow in proof.flows)
        assert str(proof.flows[0]) == "✓ teleportation: X[message] -> X[bob]"


def teleported(*corrections: tuple[str, str, int]) -> QuantumCircuit:
    """Teleportation with these corrections: (gate, bit, value of the bit that asks for it)."""
    message, alice, bob = (QuantumRegister(1, name) for name in ("message", "alice", "bob"))
    phase, parity = ClassicalRegister(1, "phase"), ClassicalRegister(1, "parity")
    circuit = QuantumCircuit(message, alice, bob, phase, parity, name="teleported")
    circuit.h(1)
    circuit.cx(1, 2)
    circuit.cx(0, 1)
    circuit.h(0)
    circuit.measure([0, 1], [0, 1])
    bits = {"phase": phase[0], "parity": parity[0]}
    for gate, bit, value in corrections:
        with circuit.if_test((bits[bit], value)):
            getattr(circuit, gate)(2)
    return circuit


BROKEN = {
    "no Z": ([("x", "parity", 1)], "Z", ("phase",), 1),
    "no X": ([("z", "phase", 1)], "X", ("parity",), 1),
    "Y for X": ([("y", "parity", 1), ("z", "phase", 1)], "Z", ("parity",), 1),
    "swapped bits": ([("x", "phase", 1), ("z", "parity", 1)], "Y", ("phase", "parity"), 1),
    "wrong value": ([("x", "parity", 0), ("z", "phase", 1)], "X", (), 0),
    "Z on the wrong value only": ([("x", "parity", 1), ("z", "phase", 0)], "Z", (), 0),
    "Z twice": ([("x", "parity", 1), ("z", "phase", 1), ("z", "phase", 1)], "Z", ("phase",), 1),
    "Z on either": ([("x", "parity", 1), ("z", "phase", 1), ("z", "parity", 1)], "Z", ("parity",), 1),
    "Z by parity xor 1": ([("x", "parity", 1), ("z", "phase", 1), ("z", "parity", 0)], "Z", ("parity",), 0),
}


@pytest.mark.parametrize("form", FORMS[:3])
@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_teleportation_is_refuted_by_its_error(what: str, form: str) -> None:
    corrections, letter, bits, parity = BROKEN[what]
    proof = prove_circuit(with_corrections(teleported(*corrections), form), TELEPORTED)
    assert not proof.holds
    (found,) = proof.counterexamples
    assert (found.pauli, found.bits, found.parity) == ((("bob", letter),), bits, parity)
    when = f"when {' xor '.join(bits)} = {parity}" if bits else "always"
    assert f"the output suffers {letter} on bob, {when}: " in str(found)


def test_two_independent_errors_are_two_counterexamples() -> None:
    proof = prove_circuit(teleported(), TELEPORTED)
    found = {(one.pauli, one.bits) for one in proof.counterexamples}
    assert found == {((("bob", "Z"),), ("phase",)), ((("bob", "X"),), ("parity",))}
    assert [flow.holds for flow in proof.flows] == [False, False, False]


def test_post_selection_on_too_few_bits_is_refuted() -> None:
    circuit = teleported()
    circuit.metadata = {"keep": [[0]]}
    (found,) = prove_circuit(circuit, TELEPORTED).counterexamples
    assert (found.pauli, found.bits) == ((("bob", "X"),), ("parity",))
    circuit.metadata = {"keep": [[0], [0, 1]]}
    assert prove_circuit(circuit, TELEPORTED).holds


@pytest.mark.parametrize("form", FORMS)
def test_a_measured_output_is_claimed_with_its_correction(form: str) -> None:
    circuit = teleportation()
    circuit.add_register(ClassicalRegister(1, "outcome"))
    circuit.measure(2, 2)
    claim = Claim(inputs=("message",), flows=("Z[message] -> 1 xor outcome",))
    assert prove_circuit(with_corrections(circuit, form), claim).holds
    wrong = Claim(inputs=("message",), flows=("Z[message] -> 1 xor outcome xor phase",))
    assert not prove_circuit(with_corrections(circuit, form), wrong).holds


def test_a_wrong_frame_is_refuted() -> None:
    circuit = teleportation(corrections="frame")
    frame = circuit.metadata["frame"]
    circuit.metadata = {**circuit.metadata, "frame": {**frame, "x": frame["z"], "z": frame["x"]}}
    (found,) = prove_circuit(circuit, TELEPORTED).counterexamples
    assert (found.pauli, found.bits) == ((("bob", "Y"),), ("phase", "parity"))


def test_a_selection_that_keeps_nothing_proves_nothing() -> None:
    circuit = QuantumCircuit(1, 1)
    circuit.x(0)
    circuit.measure(0, 0)
    circuit.metadata = {"keep": [[0]]}
    proof = prove_circuit(circuit, Claim(outputs=("q",), flows=("1 -> -Z[q]",)))
    assert not proof.holds
    assert "no shot is ever kept" in str(proof.counterexample)


def test_an_error_on_any_link_of_a_chain_is_named() -> None:
    """Leaving out one correction of three stations: that station's bit and its Pauli."""
    claim = Claim(outputs=("left", "right"), flows=("1 -> X[left]*X[right]", "1 -> Z[left]*Z[right]"))
    for skipped in range(6):
        whole = entanglement_swapping(3)
        broken = whole.copy_empty_like()
        conditionals = [item for item in whole.data if item.operation.name == "if_else"]
        for item in whole.data:
            if item is not conditionals[skipped] and item != conditionals[skipped]:
                broken.append(item)
        (found,) = prove_circuit(broken, claim).counterexamples
        kind, letter = (("parity", "X"), ("phase", "Z"))[skipped // 3]
        assert (found.pauli, found.bits) == ((("right", letter),), (f"{kind}[{skipped % 3}]",))


def test_a_gate_that_is_missing_shows_what_becomes_of_the_operator() -> None:
    circuit = QuantumCircuit(QuantumRegister(1, "a"), QuantumRegister(1, "b"))
    circuit.swap(0, 1)
    circuit.h(1)
    claim = Claim(inputs=("a",), outputs=("b",), flows=("X[a] -> X[b]", "Z[a] -> Z[b]"))
    proof = prove_circuit(circuit, claim)
    assert [str(one) for one in proof.counterexamples] == [
        "X[a] -> X[b] does not hold for any signs: X[a] becomes Z[b]",
        "Z[a] -> Z[b] does not hold for any signs: Z[a] becomes X[b]",
    ]
    assert [flow.flow for flow in proof.flows] == ["", ""]


def test_a_lost_operator_is_random() -> None:
    circuit = QuantumCircuit(QuantumRegister(1, "a"), ClassicalRegister(1, "bit"))
    circuit.measure(0, 0)
    claim = Claim(inputs=("a",), outputs=("a",), flows=("X[a] -> X[a]", "Z[a] -> Z[a]"))
    (found,) = prove_circuit(circuit, claim).counterexamples
    assert str(found) == "X[a] -> X[a] does not hold for any signs: its end is random, whatever was measured"


def test_a_wrong_bell_state_and_a_wrong_bit_are_named() -> None:
    claim = Claim(outputs=("a", "b"), flows=("1 -> X[a]*X[b]", "1 -> Z[a]*Z[b]"))
    for state, letter in (("psi+", "X"), ("psi-", "Y"), ("phi-", "Z")):
        (found,) = prove_circuit(bell_pair(state), claim).counterexamples
        assert (found.pauli, found.bits) == ((("b", letter),), ())
    circuit = QuantumCircuit(QuantumRegister(1, "q"), ClassicalRegister(1, "bit"))
    circuit.measure(0, 0)
    (found,) = prove_circuit(circuit, Claim(flows=("1 -> -1 xor bit",))).counterexamples
    assert str(found) == "a classical bit is flipped, always: 1 -> -1 xor bit is in fact 1 -> 1 xor rec[0]"


def test_dejmps_without_rotations_is_still_a_purification_but_with_one_it_is_none() -> None:
    labels = ("alice[0]", "bob[0]")
    flows = ("1 -> X[alice[0]]*X[bob[0]]", "1 -> Z[alice[0]]*Z[bob[0]]", "1 -> 1 xor alice_z xor bob_z")
    claim = Claim(outputs=labels, flows=flows)
    assert prove_circuit(dejmps(), claim).holds
    one_sided = dejmps().copy_empty_like()
    for item in dejmps().data:
        if item.operation.name != "sxdg":
            one_sided.append(item)
    assert not prove_circuit(one_sided, claim).holds


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ({"flows": ()}, r"flows=\(\) claims nothing; give at least one flow"),
        ({"flows": "X[a] -> X[b]"}, r"^flows='X\[a\] -> X\[b\]' is one text; give a tuple of them$"),
        (
            {"flows": ("X[a] -> X[b]",), "inputs": "a", "outputs": ("b",)},
            "^inputs='a' is one text;",
        ),
        ({"flows": ("X[a] X[b]",)}, r"the flow 'X\[a\] X\[b\]' does not read; write it like"),
        ({"flows": ("X[a] -> W[b]",)}, "does not read"),
        ({"flows": ("1 -> X[a]*Z[a]",), "outputs": ("a",)}, "does not read"),
        ({"flows": ("1 -> 1 xor a b",)}, "does not read"),
        ({"flows": ("X[a] -> 1",)}, r"starts on 'a', which is not among inputs=\(\); add it"),
        ({"flows": ("1 -> X[a]",)}, r"ends on 'a', which is not among outputs=\(\); add it"),
    ],
)
def test_claims_that_do_not_read(claim: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Claim(**claim)


def test_a_claim_about_what_is_not_there() -> None:
    claim = Claim(outputs=("charlie",), flows=("1 -> X[charlie]",))
    with pytest.raises(ValueError, match=r"^claim=None is no Claim; give Claim\(inputs=…"):
        prove_circuit(bell_pair(), None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="names the qubit 'charlie', which the circuit lacks; it has a, b"):
        prove_circuit(bell_pair(), claim)
    with pytest.raises(ValueError, match="names the bit 'bit', which the circuit lacks"):
        prove_circuit(bell_pair(), Claim(flows=("1 -> 1 xor bit",)))


def test_qubits_and_bits_may_be_named_by_their_number() -> None:
    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure([0, 1], [0, 1])
    assert prove_circuit(circuit, Claim(flows=("1 -> 1 xor 0 xor 1",))).holds
    assert not prove_circuit(circuit, Claim(flows=("1 -> 1 xor 0",))).holds


def test_a_long_chain_is_proved_quickly_enough() -> None:
    proof = prove(PROTOCOLS["entanglement_swapping"](stations=60, corrections="postselect"))
    assert proof.holds


@pytest.mark.parametrize("on_phase", ["id", "x", "y", "z"])
@pytest.mark.parametrize("on_parity", ["id", "x", "y", "z"])
def test_a_proof_agrees_with_exact_simulation_and_its_errors_repair_the_circuit(
    on_phase: str, on_parity: str
) -> None:
    circuit = teleported((on_parity, "parity", 1), (on_phase, "phase", 1))
    proof = prove_circuit(circuit, TELEPORTED)
    assert proof.holds == all(np.isclose(fidelity(circuit, *state), 1) for state in product("ZXY", (0, 1)))
    for error in proof.counterexamples:
        for bit in error.bits:
            ((_, letter),) = error.pauli
            register = next(register for register in circuit.cregs if register.name == bit)
            with circuit.if_test((register[0], 1)):
                getattr(circuit, letter.lower())(2)
    assert prove_circuit(circuit, TELEPORTED).holds


def fidelity(circuit: QuantumCircuit, basis: str, bit: int) -> float:
    """The fidelity of `bob` with an eigenstate of `message`, by density matrices."""
    whole = circuit.copy_empty_like()
    eigenstate(whole, whole.qubits[0], basis, bit)
    target = QuantumCircuit(1)
    eigenstate(target, target.qubits[0], basis, bit)
    return state_fidelity(reduced(whole.compose(circuit), [2]), Statevector(target))


def test_a_bit_that_is_negated_afterwards_is_read_as_it_ends() -> None:
    circuit = QuantumCircuit(QuantumRegister(1, "q"), ClassicalRegister(1, "bit"))
    circuit.measure(0, 0)
    circuit.store(circuit.clbits[0], expr.logic_not(circuit.clbits[0]))
    assert prove_circuit(circuit, Claim(flows=("1 -> -1 xor bit",))).holds
    assert not prove_circuit(circuit, Claim(flows=("1 -> 1 xor bit",))).holds
    circuit.metadata = {"keep": [[0]]}
    assert "no shot is ever kept" in str(
        prove_circuit(circuit, Claim(flows=("1 -> -1 xor bit",))).counterexample
    )


def test_post_selection_on_a_negated_bit_keeps_what_was_odd() -> None:
    circuit = teleported(("x", "parity", 1))
    circuit.store(circuit.clbits[0], expr.logic_not(circuit.clbits[0]))
    circuit.metadata = {"keep": [[0]]}
    (found,) = prove_circuit(circuit, TELEPORTED).counterexamples
    assert (found.pauli, found.bits) == ((("bob", "Z"),), ())
    circuit.z(2)
    assert prove_circuit(circuit, TELEPORTED).holds


def test_an_outcome_that_was_overwritten_is_named_by_its_place_in_the_record() -> None:
    circuit = teleported(("x", "parity", 1))
    circuit.reset(1)
    circuit.measure(1, 0)
    (found,) = prove_circuit(circuit, TELEPORTED).counterexamples
    assert (found.pauli, found.bits) == ((("bob", "Z"),), ("rec[0]",))
