"""Qiskit → Stim: `to_stim`, and `translate`, which also says where each classical bit is found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import stim

from circuits.bridge._boolean import Poly, is_affine
from circuits.bridge._refusal import Refused
from circuits.bridge._walk import Walk
from circuits.errors import NotTranslatable

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

Parity = tuple[tuple[int, ...], bool]


@dataclass(frozen=True, kw_only=True)
class Translation:
    """A Stim circuit, and each classical bit as a parity of its measurement records.

    Attributes:
        circuit: the Stim circuit; qubit k is `circuit.qubits[k]` of the original.
        records: one `(indices, constant)` per classical bit, in the order of the original's
            `clbits`: the bit's final value is the parity of the records with these indices
            (counted from the first measurement), flipped where the constant is True.
            A bit that was never written is `((), False)`.
    """

    circuit: stim.Circuit
    records: tuple[Parity, ...]

    def __post_init__(self) -> None:
        made = self.circuit.num_measurements
        for k, (indices, _) in enumerate(self.records):
            if any(not 0 <= index < made for index in indices):
                raise ValueError(f"records[{k}] is {indices}: each index must be from 0 to {made - 1}")


def to_stim(circuit: QuantumCircuit) -> stim.Circuit:
    """The Stim circuit that does what a Clifford circuit of Qiskit does.

    Qubit k of Stim is `circuit.qubits[k]`. Measurements appear in the order in which the circuit
    carries them out, one record each; `translate` says which bit each one ends in. Conditional
    Paulis become Stim's classically controlled Paulis; barriers over all qubits become TICK; delays
    do nothing; the global phase is dropped.

    Args:
        circuit: gates whose matrix is Clifford (whatever their name), measurements, resets, control
            flow whose Paulis are affine functions of the outcomes, Pauli error instructions.

    Returns:
        The Stim circuit.

    Raises:
        ValueError: `circuit` is no `QuantumCircuit`.
        NotClifford: a gate is not Clifford.
        NotTranslatable: an instruction has no counterpart in Stim. Both name the instruction, its
            place and the mend.

    Example:
        >>> from qiskit import QuantumCircuit
        >>> circuit = QuantumCircuit(2, 1)
        >>> _ = circuit.h(0), circuit.measure(0, 0)
        >>> with circuit.if_test((circuit.clbits[0], 1)):
        ...     _ = circuit.x(1)
        >>> print(to_stim(circuit))
        H 0
        M 0
        CX rec[-1] 1
    """
    return _translate(circuit)[0]


def translate(circuit: QuantumCircuit) -> Translation:
    """Like `to_stim`, with the place of every classical bit in the measurement record.

    Args:
        circuit: as for `to_stim`.

    Returns:
        The Stim circuit and one parity of records per classical bit.

    Raises:
        ValueError: `circuit` is no `QuantumCircuit`.
        NotClifford: a gate is not Clifford.
        NotTranslatable: an instruction has no counterpart in Stim, or a bit ends as a function of the
            outcomes that is not affine.

    Example:
        >>> from qiskit import QuantumCircuit
        >>> circuit = QuantumCircuit(1, 2)
        >>> _ = circuit.measure(0, 1), circuit.x(0), circuit.measure(0, 1)
        >>> translate(circuit).records
        (((), False), ((1,), False))
    """
    made, walk = _translate(circuit)
    parities = []
    for k, bit in enumerate(circuit.clbits):
        poly = walk.bit(bit)
        if not is_affine(poly):
            raise NotTranslatable(
                f"classical bit {k} ends as a function of the outcomes that is not affine; "
                "store single bits or their parities, or run it on Aer"
            )
        parities.append(_parity(poly))
    return Translation(circuit=made, records=tuple(parities))


def _translate(circuit: QuantumCircuit) -> tuple[stim.Circuit, Walk]:
    if not hasattr(circuit, "parameters") or not hasattr(circuit, "clbits"):
        raise ValueError(f"circuit is a {type(circuit).__name__}: to_stim takes a QuantumCircuit")
    if circuit.parameters:
        names = ", ".join(sorted(parameter.name for parameter in circuit.parameters))
        raise NotTranslatable(f"unbound parameters: {names}; bind them with assign_parameters")
    walk = Walk(circuit)
    try:
        walk.run()
    except Refused as refused:
        raise refused.at(walk.place()) from None
    made = stim.Circuit("\n".join(walk.lines))
    if made.num_qubits < circuit.num_qubits:
        made.append("I", [circuit.num_qubits - 1])
    return made, walk


def _parity(poly: Poly) -> Parity:
    indices = sorted(record for monomial in poly for record in monomial)
    return tuple(indices), frozenset() in poly
