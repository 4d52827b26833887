"""Clifford gates of Qiskit as gates of Stim, found from the matrix and never from a gate's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

import numpy as np
import stim

from circuits.bridge._refusal import Refused
from circuits.errors import NotClifford

LARGEST_MATRIX = 6
"""Gates on more qubits are taken apart by their definition."""

_TOLERANCE = 1e-6
_PAULIS = "IXYZ"


@dataclass(frozen=True)
class CliffordGate:
    """A Clifford gate on qubits 0 … n−1: Stim's gates in order, with their qubits."""

    num_qubits: int
    steps: tuple[tuple[str, tuple[int, ...]], ...]

    @cached_property
    def pauli(self) -> str | None:
        """One letter per qubit where the whole is a Pauli string (its sign forgotten), else None."""
        letters = ["I"] * self.num_qubits
        for name, targets in self.steps:
            if name not in _PAULIS:
                return None
            for k in targets:
                letters[k] = _product(letters[k], name)
        return "".join(letters)

    @cached_property
    def plain(self) -> str | None:
        """The name, where the whole is one gate of Stim on the qubits in their order."""
        if len(self.steps) == 1 and self.steps[0][1] == tuple(range(self.num_qubits)):
            return self.steps[0][0]
        return None

    @cached_property
    def images(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """How Paulis go through: x→x, x→z, z→x, z→z, as Boolean matrices [from, to]."""
        x2x, x2z, z2x, z2z, _, _ = self.tableau.to_numpy()
        return x2x, x2z, z2x, z2z

    @cached_property
    def tableau(self) -> stim.Tableau:
        circuit = stim.Circuit()
        for name, targets in self.steps:
            circuit.append(name, targets)
        return _padded(circuit, self.num_qubits)

    def lines(self, qubits: Sequence[int]) -> list[str]:
        """The gate on some qubits, as lines of a Stim circuit."""
        return [f"{name} {' '.join(str(qubits[k]) for k in targets)}" for name, targets in self.steps]


def pauli_gate(letters: str) -> CliffordGate:
    """The Pauli string with one letter per qubit, qubit 0 first."""
    steps = tuple((letter, (k,)) for k, letter in enumerate(letters) if letter != "I")
    return CliffordGate(len(letters), steps)


def permutation_gate(pattern: Sequence[int]) -> CliffordGate:
    """Qubit k receives the state of qubit pattern[k]."""
    now = list(range(len(pattern)))
    steps: list[tuple[str, tuple[int, ...]]] = []
    for k, wanted in enumerate(pattern):
        found = now.index(wanted, k)
        if found != k:
            now[k], now[found] = now[found], now[k]
            steps.append(("SWAP", (k, found)))
    return CliffordGate(len(pattern), tuple(steps))


def from_matrix(matrix: Any) -> CliffordGate:
    """The Clifford gate with this unitary (the first qubit is the least significant; phase ignored).

    Raises:
        Refused: the matrix is not Clifford within rounding (10⁻⁶ in every entry).
    """
    dense = np.ascontiguousarray(matrix, dtype=complex)
    if len(dense) > 2**LARGEST_MATRIX:
        return _found(dense)
    return _from_bytes(dense.tobytes(), len(dense))


def from_tableau(tableau: stim.Tableau) -> CliffordGate:
    """Paulis, or Stim's own gate of this action where there is one, else a circuit of H, S and CX."""
    x2x, x2z, z2x, _, x_signs, z_signs = tableau.to_numpy()
    size = len(tableau)
    if size > 1 and not (x2z.any() or z2x.any()) and np.array_equal(x2x, np.eye(size, dtype=bool)):
        return pauli_gate("".join("IXZY"[x + 2 * z] for x, z in zip(z_signs, x_signs, strict=True)))
    named = _named().get(str(tableau))
    if named is not None:
        return CliffordGate(len(tableau), (named,))
    steps: list[tuple[str, tuple[int, ...]]] = []
    for instruction in tableau.to_circuit("elimination"):
        if not isinstance(instruction, stim.CircuitInstruction):
            continue
        steps += [(instruction.name, tuple(t.value for t in group)) for group in instruction.target_groups()]
    return CliffordGate(len(tableau), tuple(steps))


@lru_cache(maxsize=4096)
def _from_bytes(data: bytes, size: int) -> CliffordGate:
    return _found(np.frombuffer(data, dtype=complex).reshape(size, size))


def _found(matrix: np.ndarray) -> CliffordGate:
    refused = Refused(
        NotClifford,
        "it is not Clifford",
        "use Clifford gates (rotations by multiples of pi/2), or run the circuit on Aer",
    )
    try:
        tableau = stim.Tableau.from_unitary_matrix(matrix, endian="little")
    except ValueError:
        raise refused from None
    found = tableau.to_unitary_matrix(endian="little")
    overlap = np.vdot(found, matrix)
    if abs(overlap) < len(matrix) / 2 or np.abs(found * (overlap / abs(overlap)) - matrix).max() > _TOLERANCE:
        raise refused
    return from_tableau(tableau)


@cache
def _named() -> dict[str, tuple[str, tuple[int, ...]]]:
    """Stim's gates by the text of their tableau; both orders of a two-qubit gate, plain names first."""
    found: dict[str, tuple[str, tuple[int, ...]]] = {}
    data = stim.gate_data()
    preferred = ["I", "X", "Y", "Z", "H", "S", "S_DAG", "CX", "CZ", "CY", "SWAP"]
    for name in [*preferred, *sorted(set(data) - set(preferred))]:
        gate = data[name]
        if not gate.is_unitary or name.startswith("SPP"):
            continue
        orders = [(0, 1), (1, 0)] if gate.is_two_qubit_gate else [(0,)]
        for order in orders:
            tableau = stim.Tableau(len(order))
            tableau.append(gate.tableau, list(order))
            found.setdefault(str(tableau), (name, order))
    return found


def _padded(circuit: stim.Circuit, size: int) -> stim.Tableau:
    tableau = circuit.to_tableau()
    return tableau + stim.Tableau(size - len(tableau)) if len(tableau) < size else tableau


def _product(a: str, b: str) -> str:
    """The product of two Pauli letters, its phase forgotten: I, X, Y, Z are 0, 1, 3, 2 under XOR."""
    code = "IXZY"
    return code[code.index(a) ^ code.index(b)]
