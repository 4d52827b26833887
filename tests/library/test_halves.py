"""The parts that each node runs, put together, are the whole protocol."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit.library import RYGate, SwapGate, XGate
from qiskit.quantum_info import random_density_matrix
from support.exact import branches

from circuits.library import (
    bell_pair,
    cat_disentangler,
    cat_entangler,
    entanglement_swapping,
    ghz_distribution,
    ghz_fusion,
    ghz_phase_correction,
    ghz_star_centre,
    ghz_x_correction,
    remote_controlled,
    remote_controlled_target,
    remote_cx,
    superdense_coding,
    superdense_receiver,
    superdense_sender,
    swapping_end,
    swapping_station,
    teledata,
    teledata_receiver,
    teledata_sender,
    teleportation,
    teleportation_receiver,
    teleportation_sender,
)

Part = tuple[QuantumCircuit, str, str]


def assemble(whole: QuantumCircuit, *parts: Part) -> QuantumCircuit:
    """Parts on the qubits and bits of the whole, named as `register` or `register[index]`, in order."""
    circuit = QuantumCircuit(*whole.qregs, *whole.cregs)
    for part, qubits, bits in parts:
        circuit.compose(part, _bits(whole.qregs, qubits), _bits(whole.cregs, bits), inplace=True)
    return circuit


def _bits(registers: list, names: str) -> list:
    by_name = {register.name: register for register in registers}
    found: list = []
    for name in names.split():
        register, _, index = name.partition("[")
        found += [by_name[register][int(index[:-1])]] if index else list(by_name[register])
    return found


def assert_equal_action(found: QuantumCircuit, whole: QuantumCircuit) -> None:
    initial = random_density_matrix(2**whole.num_qubits, seed=2).data
    one, other = branches(found, initial), branches(whole, initial)
    assert one.keys() == other.keys()
    for bits, rho in other.items():
        np.testing.assert_allclose(one[bits].data, rho.data, atol=1e-9)


def test_teleportation() -> None:
    whole = teleportation()
    parts = assemble(
        whole,
        (bell_pair(), "alice bob", ""),
        (teleportation_sender(), "message alice", "phase parity"),
        (teleportation_receiver(), "bob", "phase parity"),
    )
    assert_equal_action(parts, whole)


@pytest.mark.parametrize("message", ["00", "01", "10", "11"])
def test_superdense_coding(message: str) -> None:
    whole = superdense_coding(message)
    parts = assemble(
        whole,
        (bell_pair(), "alice bob", ""),
        (superdense_sender(message), "alice", ""),
        (superdense_receiver(), "alice bob", "phase parity"),
    )
    assert_equal_action(parts, whole)


def test_swapping() -> None:
    whole = entanglement_swapping(2)
    chain = ["left", "station[0]", "station[1]", "station[2]", "station[3]", "right"]
    parts = assemble(
        whole,
        *((bell_pair(), f"{chain[2 * k]} {chain[2 * k + 1]}", "") for k in range(3)),
        *(
            (swapping_station(), f"{chain[2 * k + 1]} {chain[2 * k + 2]}", f"phase[{k}] parity[{k}]")
            for k in (1, 0)
        ),
        (swapping_end(2), "right", "phase parity"),
    )
    assert_equal_action(parts, whole)


@pytest.mark.parametrize("gate", [XGate(), RYGate(0.3), SwapGate()])
def test_remote_gates(gate: XGate) -> None:
    whole = remote_controlled(gate)
    parts = assemble(
        whole,
        (bell_pair(), "alice bob", ""),
        (cat_entangler(), "control alice", "parity"),
        (remote_controlled_target(gate), "bob target", "parity phase"),
        (cat_disentangler(), "control", "phase"),
    )
    assert_equal_action(parts, whole)
    if isinstance(gate, XGate):
        assert_equal_action(parts, remote_cx())


def test_teledata() -> None:
    whole = teledata()
    parts = assemble(
        whole,
        (bell_pair(), "alice bob", ""),
        (teledata_sender(), "control alice", "phase parity"),
        (teledata_receiver(), "bob target", "phase parity"),
    )
    assert_equal_action(parts, whole)


def test_ghz_star() -> None:
    whole = ghz_distribution(3, topology="star")
    parts = assemble(
        whole,
        *((bell_pair(), f"centre[{k}] party[{k}]", "") for k in range(3)),
        (ghz_star_centre(3), "centre", "parity phase"),
        (ghz_phase_correction(), "party[0]", "phase"),
        (ghz_x_correction(), "party[1]", "parity[0]"),
        (ghz_x_correction(), "party[2]", "parity[1]"),
    )
    assert_equal_action(parts, whole)


def test_ghz_chain() -> None:
    whole = ghz_distribution(4, topology="chain")
    parts = assemble(
        whole,
        (bell_pair(), "party[0] party[1]", ""),
        (bell_pair(), "relay[0] party[2]", ""),
        (bell_pair(), "relay[1] party[3]", ""),
        (ghz_fusion(), "party[1] relay[0]", "parity[0]"),
        (ghz_x_correction(), "party[2]", "parity[0]"),
        (ghz_fusion(), "party[2] relay[1]", "parity[1]"),
        (ghz_x_correction(), "party[3]", "parity[1]"),
    )
    assert_equal_action(parts, whole)
