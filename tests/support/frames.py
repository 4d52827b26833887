"""Whether another form of a dynamic circuit says what its feed-forward form says, exactly."""

from __future__ import annotations

import numpy as np
from qiskit import QuantumCircuit
from support.exact import Bits, branches

from circuits.library.corrections import PauliFrame, pauli_frame

_PAULI = {"x": np.array([[0, 1], [1, 0]]), "z": np.diag([1, -1])}


def corrected(circuit: QuantumCircuit, initial: np.ndarray | None = None) -> dict[Bits, np.ndarray]:
    """The branches of a circuit in any form after its Pauli frame: bits as they should read, unnormalised
    states as they should be; those that post-selection drops are left out."""
    frame = pauli_frame(circuit)
    found: dict[Bits, np.ndarray] = {}
    for bits, rho in branches(circuit, initial).items():
        row = np.array([bits], dtype=np.uint8)
        if frame.kept(row)[0]:
            key = tuple(int(b) for b in frame.correct(row)[0])
            found[key] = found.get(key, 0) + _moved(frame, bits, rho.data, circuit.num_qubits)
    return found


def assert_form_agrees(
    feedforward: QuantumCircuit, changed: QuantumCircuit, initial: np.ndarray | None = None
) -> None:
    """The same outcomes with the same states; of a selection, on the outcomes that it keeps."""
    expected = {bits: rho.data for bits, rho in branches(feedforward, initial).items()}
    found = corrected(changed, initial)
    if pauli_frame(changed).keep:
        frame = pauli_frame(changed)
        expected = {b: r for b, r in expected.items() if frame.kept(np.array([b], dtype=np.uint8))[0]}
    for bits in expected.keys() | found.keys():
        zero = np.zeros((2**feedforward.num_qubits,) * 2)
        np.testing.assert_allclose(found.get(bits, zero), expected.get(bits, zero), atol=1e-9)
    measured = [i for i, item in enumerate(changed.data) if item.operation.name == "measure"]
    assert measured == list(range(len(changed.data) - len(measured), len(changed.data)))
    assert not {"if_else", "reset"} & set(changed.count_ops())


def _moved(frame: PauliFrame, bits: Bits, rho: np.ndarray, n: int) -> np.ndarray:
    for name, table in (("x", frame.x), ("z", frame.z)):
        for qubit, parity in table.items():
            if sum(bits[b] for b in parity) % 2:
                full = np.kron(np.kron(np.eye(2 ** (n - 1 - qubit)), _PAULI[name]), np.eye(2**qubit))
                rho = full @ rho @ full
    return rho
