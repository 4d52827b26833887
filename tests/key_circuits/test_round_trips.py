"""Every circuit of purification, of the Bell tests and of key distribution goes out and comes back."""

from io import BytesIO

import numpy as np
import pytest
from qiskit import qasm3, qpy, transpile
from support.exact import branches

from circuits.library.bell_inequality import chsh
from circuits.library.key_distribution.table import KEY_DISTRIBUTION
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
from circuits.library.tomography import bell_tomography, ghz_fidelity
from circuits.library.twirling import bilateral_rotation

IBM = ["ecr", "id", "rz", "sx", "x", "measure"]
CIRCUITS = {
    "bbpssw": bbpssw(),
    "bbpssw_alice": bbpssw_alice((2, 11)),
    "bbpssw_bob": bbpssw_bob((2, 11)),
    "dejmps": dejmps(),
    "dejmps_alice": dejmps_alice(),
    "dejmps_bob": dejmps_bob(),
    "double_selection": double_selection(),
    "double_selection_alice": double_selection_alice(),
    "double_selection_bob": double_selection_bob(),
    "pumping": entanglement_pumping(1),
    "pumping_bbpssw": entanglement_pumping(2, step="bbpssw"),
    "pumping_alice": pumping_alice(2),
    "pumping_bob": pumping_bob(2),
    **{f"bbpssw_{k}": bbpssw(twirl=k) for k in range(12)},
    **{f"bilateral_{k}": bilateral_rotation(k) for k in range(12)},
    **{f"chsh_{i}{j}": chsh(i, j) for i in (0, 1) for j in (0, 1)},
    **{f"tomography_{c.name}": c for c in bell_tomography()},
    **{f"ghz_{c.name}": c for c in ghz_fidelity(3)},
    **{
        f"{name}_{'_'.join(map(str, setting))}": protocol.build(*setting)
        for name, protocol in KEY_DISTRIBUTION.items()
        for setting in protocol.settings
    },
}


def same_branches(circuit, other):
    found, expected = branches(other), branches(circuit)
    assert found.keys() == expected.keys()
    for bits, rho in expected.items():
        np.testing.assert_allclose(found[bits].data, rho.data, atol=1e-10)


@pytest.mark.parametrize("name", CIRCUITS)
def test_qpy_brings_back_the_same_circuit(name):
    file = BytesIO()
    qpy.dump(CIRCUITS[name], file)
    file.seek(0)
    (loaded,) = qpy.load(file)
    assert loaded == CIRCUITS[name]
    assert loaded.metadata == CIRCUITS[name].metadata


@pytest.mark.parametrize("name", CIRCUITS)
def test_openqasm_3_brings_back_an_equivalent_circuit(name):
    circuit = CIRCUITS[name]
    loaded = qasm3.loads(qasm3.dumps(circuit))
    # `phase` is also a gate of OpenQASM 3's standard library, so that Qiskit writes `phase_0` for it.
    for mine, other in ((circuit.cregs, loaded.cregs), (circuit.qregs, loaded.qregs)):
        assert [(r.name.removesuffix("_0"), r.size) for r in other] == [(r.name, r.size) for r in mine]
    same_branches(circuit, loaded)


@pytest.mark.parametrize("name", CIRCUITS)
def test_it_draws_with_its_names(name):
    circuit = CIRCUITS[name]
    drawn = str(circuit.draw("text", fold=-1))
    assert all(register.name in drawn for register in circuit.qregs + circuit.cregs)


@pytest.mark.parametrize("name", [name for name in CIRCUITS if CIRCUITS[name].num_qubits <= 4])
def test_ibms_gates_do_the_same(name):
    circuit = CIRCUITS[name]
    found = transpile(circuit, basis_gates=IBM, optimization_level=0)
    assert set(found.count_ops()) <= {*IBM, "barrier"}
    same_branches(circuit, found)
