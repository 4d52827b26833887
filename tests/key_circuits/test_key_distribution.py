"""The circuits of key distribution against Born's rule, and the bits that they give, over all settings."""

from itertools import product

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Clifford
from support.exact import distribution
from support.purified import BELL_VECTORS

from circuits.library.bell import BELL_STATES, bell_pair
from circuits.library.key_distribution.b92 import b92, b92_key
from circuits.library.key_distribution.bb84 import bb84
from circuits.library.key_distribution.bbm92 import bbm92
from circuits.library.key_distribution.bits import KeyBits
from circuits.library.key_distribution.e91 import (
    E91_ALICE_ANGLES,
    E91_BOB_ANGLES,
    E91_CHSH_SIGNS,
    e91,
)
from circuits.library.key_distribution.mdi import mdi, mdi_announcement, mdi_key
from circuits.library.key_distribution.sarg04 import sarg04, sarg04_key
from circuits.library.key_distribution.six_state import six_state
from circuits.library.key_distribution.table import KEY_DISTRIBUTION

ROOT = 1 / np.sqrt(2)
STATES = {
    ("Z", 0): np.array([1, 0], dtype=complex),
    ("Z", 1): np.array([0, 1], dtype=complex),
    ("X", 0): np.array([ROOT, ROOT], dtype=complex),
    ("X", 1): np.array([ROOT, -ROOT], dtype=complex),
    ("Y", 0): np.array([ROOT, 1j * ROOT]),
    ("Y", 1): np.array([ROOT, -1j * ROOT]),
}
LABELS = {"0": ("Z", 0), "1": ("Z", 1), "+": ("X", 0), "-": ("X", 1)}
SINGLE = [
    (name, s) for name in ("bb84", "six_state", "b92", "sarg04") for s in KEY_DISTRIBUTION[name].settings
]
EVERY = [(name, s) for name, protocol in KEY_DISTRIBUTION.items() for s in protocol.settings]


def sent_state(name, setting):
    if name == "b92":
        return STATES["Z", 0] if setting[0] == 0 else STATES["X", 0]
    return STATES[LABELS[setting[0]]] if name == "sarg04" else STATES[setting[1], setting[0]]


def alices_bit(name, setting, bits):
    if name in ("e91", "bbm92"):
        return bits[0]
    return int(setting[0] in ("0", "1")) if name == "sarg04" else setting[0]


def kept_fraction(name):
    """Share of the signals that is kept, and the share of those whose bits differ."""
    protocol = KEY_DISTRIBUTION[name]
    kept = wrong = 0.0
    for setting in protocol.settings:
        for bits, p in distribution(protocol.build(*setting)).items():
            key = protocol.key(*setting, bits)
            if key is not None:
                kept += p / len(protocol.settings)
                wrong += p * (key.alice != key.bob) / len(protocol.settings)
    return kept, wrong / kept


@pytest.mark.parametrize(("name", "setting"), SINGLE)
def test_one_photon_obeys_borns_rule(name, setting):
    found = distribution(KEY_DISTRIBUTION[name].build(*setting))
    for bit in (0, 1):
        expected = abs(np.vdot(STATES[setting[-1], bit], sent_state(name, setting))) ** 2
        assert found.get((bit,), 0) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("alice", "bob"), list(product("ZX", "ZX")))
@pytest.mark.parametrize("state", BELL_STATES)
def test_a_measured_pair_obeys_borns_rule(alice, bob, state):
    found = distribution(bbm92(alice, bob, pair=bell_pair(state)))
    vector = BELL_VECTORS[BELL_STATES.index(state)]
    for a, b in product((0, 1), repeat=2):
        expected = abs(np.vdot(np.kron(STATES[bob, b], STATES[alice, a]), vector)) ** 2
        assert found.get((a, b), 0) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("i", "j"), list(product(range(3), range(3))))
def test_the_singlet_has_the_correlators_of_ekert(i, j):
    found = distribution(e91(i, j))
    correlator = sum((-1) ** sum(bits) * p for bits, p in found.items())
    a, b = (0, np.pi / 4, np.pi / 2)[i], (np.pi / 4, np.pi / 2, 3 * np.pi / 4)[j]
    assert (E91_ALICE_ANGLES[i], E91_BOB_ANGLES[j]) == pytest.approx((a, b))
    assert correlator == pytest.approx(-np.cos(a - b), abs=1e-12)
    for k in (0, 1):
        assert sum(p for bits, p in found.items() if bits[k]) == pytest.approx(0.5, abs=1e-12)


@pytest.mark.parametrize("fidelity", [1.0, 0.9, 0.4])
def test_the_chsh_value_of_e91(fidelity):
    pair = bell_pair("psi-", fidelity=fidelity)
    s = sum(
        sign * (-1) ** sum(bits) * p
        for (i, j), sign in E91_CHSH_SIGNS.items()
        for bits, p in distribution(e91(i, j, pair=pair)).items()
    )
    assert s == pytest.approx(2 * np.sqrt(2) * (4 * fidelity - 1) / 3, abs=1e-10)


@pytest.mark.parametrize(("a", "alice", "b", "bob"), list(product((0, 1), "ZX", (0, 1), "ZX")))
def test_charlies_announcements_obey_borns_rule(a, alice, b, bob):
    found = distribution(mdi(a, alice, b, bob))
    vector = np.kron(STATES[bob, b], STATES[alice, a])
    for bits in product((0, 1), repeat=2):
        bell = BELL_VECTORS[BELL_STATES.index(mdi_announcement(bits))]
        assert found.get(bits, 0) == pytest.approx(abs(np.vdot(bell, vector)) ** 2, abs=1e-12)


@pytest.mark.parametrize(("name", "setting"), EVERY)
def test_without_noise_the_kept_bits_are_equal_and_alice_keeps_her_own(name, setting):
    protocol = KEY_DISTRIBUTION[name]
    for bits in distribution(protocol.build(*setting)):
        key = protocol.key(*setting, bits)
        if key is not None:
            assert isinstance(key, KeyBits)
            assert key.alice == key.bob
            assert key.alice == alices_bit(name, setting, bits)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("bb84", 1 / 2),
        ("six_state", 1 / 3),
        ("b92", 1 / 4),
        ("sarg04", 1 / 4),
        ("e91", 2 / 9),
        ("bbm92", 1 / 2),
        ("mdi", 1 / 2),
    ],
)
def test_the_share_that_is_kept(name, kept):
    fraction, wrong = kept_fraction(name)
    assert fraction == pytest.approx(kept, abs=1e-12)
    assert wrong == pytest.approx(0, abs=1e-12)


def test_every_setting_is_listed_once():
    counts = {name: len(protocol.settings) for name, protocol in KEY_DISTRIBUTION.items()}
    assert counts == {"bb84": 8, "six_state": 18, "b92": 4, "sarg04": 16, "e91": 9, "bbm92": 4, "mdi": 16}
    for protocol in KEY_DISTRIBUTION.values():
        assert len(set(protocol.settings)) == len(protocol.settings)


@pytest.mark.parametrize("build", [bb84, six_state])
@pytest.mark.parametrize("basis", ["Z", "X"])
def test_equal_bases_are_certain_and_unequal_ones_uniform(build, basis):
    for bit in (0, 1):
        assert distribution(build(bit, basis, basis)) == {(bit,): pytest.approx(1)}
        other = "X" if basis == "Z" else "Z"
        assert distribution(build(bit, basis, other)) == {(b,): pytest.approx(0.5) for b in (0, 1)}


@pytest.mark.parametrize("bit", [0, 1])
@pytest.mark.parametrize("measured", ["Z", "X"])
def test_b92_is_conclusive_a_quarter_of_the_time_and_never_wrong(bit, measured):
    found = distribution(b92(bit, measured))
    conclusive = found.get((1,), 0)
    assert conclusive == pytest.approx(0.5 if (bit == 1) == (measured == "Z") else 0)
    assert b92_key(bit, measured, [0]) is None


def test_sarg04_says_what_it_announces_and_not_which_was_sent():
    assert sarg04("0", "+", "Z").metadata == sarg04("+", "0", "Z").metadata == {"announced": ["+", "0"]}
    assert sarg04_key("0", "-", "X", [1]) is None
    assert sarg04_key("0", "-", "X", [0]) == KeyBits(alice=1, bob=1)


@pytest.mark.parametrize(
    ("announced", "flips_in"), [("phi+", ""), ("psi+", "Z"), ("phi-", "X"), ("psi-", "ZX")]
)
def test_bobs_flips_in_mdi_are_those_of_lo_curty_and_qi(announced, flips_in):
    bits = next(b for b in product((0, 1), repeat=2) if mdi_announcement(b) == announced)
    for basis in "ZX":
        assert mdi_key(0, basis, 0, basis, bits) == KeyBits(alice=0, bob=int(basis in flips_in))


def test_linear_optics_keeps_half_of_what_mdi_sifts():
    kept = sum(
        p / 16
        for setting in KEY_DISTRIBUTION["mdi"].settings
        for bits, p in distribution(mdi(*setting)).items()
        if mdi_key(*setting, bits, accepted=("psi+", "psi-")) is not None
    )
    assert kept == pytest.approx(0.25, abs=1e-12)


CLIFFORD = [(n, s) for n, s in EVERY if n != "e91" or s in {(0, 1), (2, 1)}]


@pytest.mark.parametrize(("name", "setting"), CLIFFORD)
def test_every_gate_of_the_clifford_protocols_is_clifford(name, setting):
    for item in KEY_DISTRIBUTION[name].build(*setting).data:
        if item.operation.name not in ("measure", "barrier"):
            Clifford(item.operation)


@pytest.mark.parametrize("name", KEY_DISTRIBUTION)
def test_registers_are_named_by_who_holds_them(name):
    protocol = KEY_DISTRIBUTION[name]
    circuit = protocol.build(*protocol.settings[0])
    qubits, bits = [r.name for r in circuit.qregs], [r.name for r in circuit.cregs]
    expected = {
        "e91": (["alice", "bob"], ["alice_bit", "bob_bit"]),
        "mdi": (["alice", "bob"], ["phase", "parity"]),
    }
    expected["bbm92"] = expected["e91"]
    assert (qubits, bits) == expected.get(name, (["photon"], ["bob_bit"]))
    assert circuit.name == name


def test_the_pair_may_be_the_users_and_must_be_a_pair():
    same = distribution(bbm92("Z", "Z", pair=bell_pair(fidelity=0.7)))
    assert same[0, 0] + same[1, 1] == pytest.approx(0.8)
    for make in (lambda pair: bbm92("Z", "Z", pair=pair), lambda pair: e91(0, 0, pair=pair)):
        with pytest.raises(ValueError, match=r"pair has 1 qubits and 0 classical bits"):
            make(QuantumCircuit(1))
