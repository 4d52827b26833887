"""The shape of the purification circuits, their halves, their acceptance rule, and their bad input."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Clifford
from support.exact import distribution
from support.purified import probability_and_weights

from circuits.library.bell import bell_pair
from circuits.library.corrections import FORMS, pauli_frame, with_corrections
from circuits.library.pumping import entanglement_pumping, pumping_alice, pumping_bob
from circuits.library.purification import (
    bbpssw,
    bbpssw_alice,
    bbpssw_bob,
    dejmps,
    dejmps_alice,
    dejmps_bob,
)
from circuits.library.selection import double_selection, double_selection_alice, double_selection_bob

WHOLES = {
    "bbpssw": (bbpssw(), bbpssw_alice(), bbpssw_bob(), 2),
    "bbpssw_twirled": (bbpssw(twirl=(6, 9)), bbpssw_alice((6, 9)), bbpssw_bob((6, 9)), 2),
    "dejmps": (dejmps(), dejmps_alice(), dejmps_bob(), 2),
    "double_selection": (double_selection(), double_selection_alice(), double_selection_bob(), 3),
    "pumping": (entanglement_pumping(3), pumping_alice(3), pumping_bob(3), 4),
}


@pytest.mark.parametrize("name", WHOLES)
def test_the_whole_is_the_pairs_and_the_two_halves(name):
    whole, for_alice, for_bob, pairs = WHOLES[name]
    built = whole.copy_empty_like()
    for k in range(pairs):
        built.compose(bell_pair(), [whole.qregs[0][k], whole.qregs[1][k]], inplace=True)
    for half in (for_alice, for_bob):
        qubits = next(list(r) for r in whole.qregs if r.name == half.qregs[0].name)
        bits = [bit for own in half.cregs for r in whole.cregs if r.name == own.name for bit in r]
        built.compose(half, qubits, bits, inplace=True)
    assert built == whole


@pytest.mark.parametrize("name", WHOLES)
def test_the_halves_are_local_and_the_bits_pair_up_by_name(name):
    whole, for_alice, for_bob, pairs = WHOLES[name]
    assert [(r.name, r.size) for r in whole.qregs] == [("alice", pairs), ("bob", pairs)]
    assert [r.name for r in for_alice.qregs + for_bob.qregs] == ["alice", "bob"]
    names = {bit: (r.name, k) for r in whole.cregs for k, bit in enumerate(r)}
    for parity in whole.metadata["keep"]:
        (alice, j), (bob, k) = (names[whole.clbits[index]] for index in parity)
        assert (alice.replace("alice", "bob"), j) == (bob, k)
    assert len(whole.metadata["keep"]) == len(whole.clbits) // 2


@pytest.mark.parametrize("name", WHOLES)
def test_every_gate_is_clifford(name):
    for item in WHOLES[name][0].data:
        if item.operation.name != "measure":
            Clifford(item.operation)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "make", [bbpssw, dejmps, double_selection, lambda pair: entanglement_pumping(2, pair=pair)]
)
def test_every_form_keeps_the_rule_of_acceptance(make, form):
    circuit = make(pair=bell_pair(fidelity=0.85))
    formed = with_corrections(circuit, form)
    p, weights = probability_and_weights(formed)
    expected_p, expected = probability_and_weights(circuit)
    assert p == pytest.approx(expected_p, abs=1e-12)
    np.testing.assert_allclose(weights, expected, atol=1e-12)
    found = distribution(formed)
    kept = pauli_frame(formed).kept(np.array(list(found), dtype=np.uint8))
    assert sum(q for q, k in zip(found.values(), kept, strict=True) if k) == pytest.approx(expected_p)


def test_pairs_may_differ_and_the_first_is_the_kept_one():
    good, bad = bell_pair(), bell_pair(weights=[0, 0, 0, 1])
    assert probability_and_weights(bbpssw(pair=[bad, good]))[1] == pytest.approx([0, 0, 0, 1])
    assert probability_and_weights(dejmps(pair=[bell_pair("psi-"), good]))[0] == pytest.approx(1)
    assert probability_and_weights(dejmps(pair=[bell_pair("psi+"), good]))[0] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("twirl", [-1, 12, 1.5, (0, 12), "ab"])
def test_bbpssw_refuses_other_rotations(twirl):
    with pytest.raises(ValueError, match=r"twirl=.* is none of the twelve bilateral rotations; give a whole"):
        bbpssw(twirl=twirl)


@pytest.mark.parametrize("twirl", [(), (1,), (1, 2, 3)])
def test_bbpssw_takes_one_rotation_or_two(twirl):
    with pytest.raises(
        ValueError, match=r"twirl=.* names \d rotations for two pairs; give one number, or two"
    ):
        bbpssw(twirl=twirl)


@pytest.mark.parametrize("rounds", [0, -1, 1.0, True, "2"])
def test_pumping_refuses_other_numbers_of_rounds(rounds):
    for make in (entanglement_pumping, pumping_alice, pumping_bob):
        with pytest.raises(ValueError, match=r"rounds=.*pumping takes at least one fresh pair; give a whole"):
            make(rounds)


def test_pumping_refuses_another_step():
    with pytest.raises(ValueError, match=r"step='epl' is no purification step; choose one of dejmps, bbpssw"):
        entanglement_pumping(2, step="epl")


@pytest.mark.parametrize(("make", "count"), [(bbpssw, 2), (dejmps, 2), (double_selection, 3)])
def test_as_many_pairs_as_the_protocol_takes(make, count):
    with pytest.raises(ValueError, match=rf"pair holds {count + 1} circuits for {count} "):
        make(pair=[bell_pair()] * (count + 1))
    with pytest.raises(ValueError, match=r"pair has 3 qubits and 0 classical bits"):
        make(pair=QuantumCircuit(3))
