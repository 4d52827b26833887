"""Gates and Paulis as matrices, for what has no rule of its own.

A Pauli on n qubits is an integer, its pattern: bit k for X on qubit k, bit n + k for Z on qubit k.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from qiskit.circuit import AnnotatedOperation, Gate, Operation, ParameterExpression

__all__ = ["Matrix", "base_of", "is_unitary", "matrix_of", "pauli_image", "pauli_matrix", "pauli_of_matrix"]

Matrix = npt.NDArray[np.complex128]

_I, _X, _Z = np.eye(2), np.array([[0, 1], [1, 0]]), np.diag([1, -1])


def is_unitary(operation: Operation) -> bool:
    """Whether an operation is a gate, a modified gate or a Clifford, and so has a matrix."""
    if isinstance(operation, Gate | AnnotatedOperation):
        return True
    from qiskit.quantum_info import Clifford

    return isinstance(operation, Clifford)


def base_of(operation: Operation) -> type:
    """The class that says what an operation is; names prove nothing."""
    return getattr(operation, "base_class", type(operation))


def matrix_of(gate: Operation) -> Matrix | None:
    """The matrix of a gate (with generic numbers for free parameters), or None if it has none."""
    return _known(gate).matrix


def pauli_image(gate: Operation, pattern: int) -> int | None:
    """The Pauli pattern that the gate turns this one into, or None if that is no Pauli."""
    known = _known(gate)
    if pattern not in known.images:
        u = known.matrix
        moved = None if u is None else u @ pauli_matrix(gate.num_qubits, pattern) @ u.conj().T
        known.images[pattern] = None if moved is None else pauli_of_matrix(moved)
    return known.images[pattern]


def pauli_of_matrix(matrix: Matrix) -> int | None:
    """The pattern (X bits low, Z bits high) of a Pauli operator up to a phase, else None."""
    size = matrix.shape[0]
    n = size.bit_length() - 1
    shift = int(np.argmax(np.abs(matrix[:, 0])))
    signs = matrix[np.arange(size) ^ shift, np.arange(size)]
    if not np.allclose(np.abs(signs), 1, atol=1e-9):
        return None
    ratio = signs / signs[0]
    pattern = shift
    for k in range(n):
        if np.real(ratio[1 << k]) < 0:
            pattern |= 1 << (n + k)
    guess = pauli_matrix(n, pattern)[np.arange(size) ^ shift, np.arange(size)]
    return pattern if np.allclose(guess / guess[0], ratio, atol=1e-9) else None


@lru_cache(maxsize=1024)
def pauli_matrix(n: int, pattern: int) -> Matrix:
    """The matrix of a pattern (bit k: X on qubit k; bit n + k: Z on qubit k), up to a phase."""
    matrix = np.eye(1, dtype=complex)
    for k in range(n):
        x, z = pattern >> k & 1, pattern >> (n + k) & 1
        matrix = np.kron((_X if x else _I) @ (_Z if z else _I), matrix)
    return matrix


class _Known:
    """A gate's matrix (None if it has none) and the Pauli images found so far."""

    def __init__(self, matrix: Matrix | None) -> None:
        self.matrix = matrix
        self.images: dict[int, int | None] = {}


_CACHE: dict[tuple[object, ...], _Known] = {}


def _known(gate: Operation) -> _Known:
    base = base_of(gate)
    if not base.__module__.startswith("qiskit.circuit.library.standard_gates"):
        return _Known(_matrix(gate))
    key = (base, gate.num_qubits, getattr(gate, "ctrl_state", None), *map(str, gate.params))
    if key not in _CACHE:
        if len(_CACHE) > 4096:
            _CACHE.clear()
        _CACHE[key] = _Known(_matrix(gate))
    return _CACHE[key]


def _matrix(gate: Operation) -> Matrix | None:
    from qiskit.exceptions import QiskitError
    from qiskit.quantum_info import Operator

    try:
        return np.asarray(Operator(_bound(gate)).data, dtype=complex)
    except QiskitError:
        return None


def _bound(gate: Operation) -> Operation:
    """The gate with generic numbers for its free parameters: what holds for those holds for all."""
    params = getattr(gate, "params", ())
    if not any(isinstance(p, ParameterExpression) and p.parameters for p in params):
        return gate
    free = sorted({s for p in params if isinstance(p, ParameterExpression) for s in p.parameters}, key=str)
    values = {symbol: 0.7390851332 + 0.5772156649 * k for k, symbol in enumerate(free)}
    bound = gate.to_mutable()
    bound.params = [
        float(p.bind({s: values[s] for s in p.parameters})) if isinstance(p, ParameterExpression) else p
        for p in params
    ]
    return bound
