"""Noise instructions in a circuit: their Kraus operators, and which Paulis they commute with."""

from __future__ import annotations

from typing import Any

import numpy as np
from qiskit.circuit import Gate, Operation

from circuits.library._pauli_matrices import Matrix, pauli_matrix

__all__ = ["channel_kraus", "is_channel", "pauli_commutes"]

_NAMES = ("quantum_channel", "kraus", "superop")


def is_channel(operation: Operation) -> bool:
    """Whether an operation is noise: an Aer error or a channel of `qiskit.quantum_info`."""
    return operation.name in _NAMES and not isinstance(operation, Gate)


def channel_kraus(operation: Any) -> list[Matrix]:
    """The Kraus operators of a noise instruction."""
    from qiskit.quantum_info import Kraus, SuperOp

    error = getattr(operation, "_quantum_error", None)
    data = Kraus(SuperOp(error) if error is not None else operation).data
    return [np.asarray(k, dtype=complex) for k in (data if isinstance(data, list) else data[0])]


def pauli_commutes(kraus: list[Matrix], pattern: int) -> bool:
    """Whether a Pauli may change places with the noise."""
    size = kraus[0].shape[0]
    pauli = pauli_matrix(size.bit_length() - 1, pattern)
    before = sum(np.kron(k @ pauli, (k @ pauli).conj()) for k in kraus)
    after = sum(np.kron(pauli @ k, (pauli @ k).conj()) for k in kraus)
    return bool(np.allclose(before, after, atol=1e-9))
