"""Operations that are no standard gate, as Clifford gates: by their kind, or by their matrix."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import stim
from qiskit.circuit import Gate, Instruction, QuantumCircuit
from qiskit.circuit.library import PauliGate, PermutationGate, StatePreparation, UnitaryGate
from qiskit.exceptions import QiskitError

from circuits.bridge._gates import (
    LARGEST_MATRIX,
    CliffordGate,
    from_matrix,
    from_tableau,
    pauli_gate,
    permutation_gate,
)
from circuits.bridge._refusal import Refused
from circuits.errors import NotClifford, NotTranslatable

_LARGEST_UNITARY = 9


def gate_of(operation: Any) -> CliffordGate | None:
    """The Clifford gate that an operation is; None where its definition must be followed instead.

    Raises:
        Refused: its matrix is not Clifford.
    """
    if isinstance(operation, PauliGate):
        return pauli_gate(str(operation.params[0])[::-1])
    if isinstance(operation, PermutationGate):
        return permutation_gate([int(k) for k in operation.pattern])
    if not isinstance(operation, Instruction):
        tableau = _tableau_of(operation)
        if tableau is not None:
            return from_tableau(tableau)
    if getattr(operation, "num_clbits", 0):
        return None
    if isinstance(operation, UnitaryGate) and operation.num_qubits > _LARGEST_UNITARY:
        raise Refused(
            NotTranslatable,
            f"its matrix on {operation.num_qubits} qubits is too wide (at most {_LARGEST_UNITARY})",
            "append a Clifford operator or the gates themselves",
        )
    if operation.num_qubits > LARGEST_MATRIX and not isinstance(operation, UnitaryGate):
        return None
    matrix = _matrix_of(operation)
    return None if matrix is None else from_matrix(matrix)


def definition_of(operation: Any) -> QuantumCircuit:
    """The circuit that an operation stands for.

    Raises:
        Refused: there is none.
    """
    definition = getattr(operation, "definition", None)
    if definition is not None:
        return definition
    if not isinstance(operation, Instruction) or isinstance(operation, Gate):
        made = _synthesized(operation)
        if made is not None:
            return made
    raise Refused(
        NotTranslatable,
        "it has neither a matrix nor a definition that could be followed",
        "give it a definition or take it off the circuit",
    )


def preparation_of(operation: StatePreparation) -> CliffordGate | None:
    """A Clifford gate that does the same to |0…0⟩; None where its definition must be followed.

    Raises:
        Refused: the state is not a stabilizer state.
    """
    if isinstance(operation.params[0], str) or len(operation.params) < 2 or operation._inverse:
        return gate_of(operation)
    vector = np.asarray(operation.params, dtype=complex)
    refused = Refused(
        NotClifford,
        "it prepares a state that is not a stabilizer state",
        "prepare a stabilizer state, or run the circuit on Aer",
    )
    try:
        tableau = stim.Tableau.from_state_vector(vector, endian="little")
    except ValueError:
        raise refused from None
    found = tableau.to_state_vector(endian="little")
    if 1 - abs(np.vdot(found, vector)) > 1e-6:
        raise refused
    return from_tableau(tableau)


def _tableau_of(operation: Any) -> stim.Tableau | None:
    from qiskit.quantum_info import Clifford

    if not isinstance(operation, Clifford):
        return None
    return stim.Tableau.from_numpy(
        x2x=operation.destab_x,
        x2z=operation.destab_z,
        z2x=operation.stab_x,
        z2z=operation.stab_z,
        x_signs=operation.destab_phase,
        z_signs=operation.stab_phase,
    )


def _matrix_of(operation: Any) -> np.ndarray | None:
    from qiskit.quantum_info import Operator

    try:
        if isinstance(operation, Instruction):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # scipy's, about the sparse matrices of an evolution
                return np.asarray(Operator(operation).data)
        return np.asarray(operation.to_matrix())
    except (QiskitError, AttributeError, TypeError):
        return None


def _synthesized(operation: Any) -> QuantumCircuit | None:
    """One step of Qiskit's own synthesis."""
    from qiskit.transpiler.passes import HighLevelSynthesis

    alone = QuantumCircuit(operation.num_qubits)
    alone.append(operation, range(operation.num_qubits))
    made: QuantumCircuit = HighLevelSynthesis()(alone)
    return None if [item.operation for item in made.data] == [operation] else made
