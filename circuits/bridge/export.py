"""Stim → Qiskit: `to_qiskit`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import stim
from qiskit import QuantumCircuit
from qiskit.circuit import AncillaRegister, ClassicalRegister, QuantumRegister

from circuits.bridge._back_gates import append_rotation, append_unitary
from circuits.bridge._back_measurements import (
    MEASUREMENTS,
    RESETS,
    append_measurement,
    append_reset,
    needs_ancilla,
    product_of,
)
from circuits.bridge._back_noise import chain_errors, channel_errors, error_instruction, herald_errors
from circuits.errors import NotTranslatable

_CONTROLLED = {
    "CX": (0, 1, "x"),
    "CY": (0, 1, "y"),
    "CZ": (0, 1, "z"),
    "XCZ": (1, 0, "x"),
    "YCZ": (1, 0, "y"),
}
"""Where the control and the qubit stand, and the Pauli that a record can control."""


def to_qiskit(circuit: stim.Circuit) -> QuantumCircuit:
    r"""The Qiskit circuit that does what a Stim circuit does.

    Qubit k of Stim is qubit k of the register `q`; measurement record k is bit k of the register
    `records`, whatever the basis and the inversion of its target. A register `ancilla` of one qubit
    is added where a record needs it (noisy measurements, heralds, MPAD of 1). Loops are unrolled.
    TICK becomes a barrier over all qubits, a Pauli controlled by a record an `if_test`. Where a round of a
    code experiment begins (`TICK[round]`), a barrier over its data qubits with the label "round" follows, so
    that `CircuitNoise` finds it.

    A heralded error resets the ancilla, is a channel on the qubit and the ancilla together, and reads
    the ancilla into its record: Aer runs it. Hardware has no such channel: `CircuitNoise.strip` the Stim
    circuit first; its heralds are then records that are always 0.

    The metadata hold `detectors` and `observables` (a list of record indices each),
    `detector_signs` and `observable_signs` (their parity without noise), `detector_coordinates`,
    `detector_tags`, and `qubit_coordinates`; `detection_events` reads counts with them.

    Args:
        circuit: any Stim circuit without sweep bits and without Pauli targets in its observables.

    Returns:
        The Qiskit circuit; noise as Aer's error instructions.

    Raises:
        ValueError: `circuit` is no `stim.Circuit`.
        NotTranslatable: there is a sweep bit, an observable with a Pauli target, or an
            ELSE_CORRELATED_ERROR that does not follow its chain directly.

    Example:
        >>> made = to_qiskit(stim.Circuit("H 0\nMX !0\nDETECTOR rec[-1]"))
        >>> [item.name for item in made.data], made.metadata["detectors"]
        (['h', 'h', 'x', 'measure', 'x', 'h'], [[0]])
    """
    if not isinstance(circuit, stim.Circuit):
        raise ValueError(f"circuit is a {type(circuit).__name__}: to_qiskit takes a stim.Circuit")
    export = _Export(circuit)
    for index, instruction in enumerate(export.flat):
        export.step(index, instruction)
    export.end_chain()
    return export.finish()


class _Export:
    """The state of one export."""

    def __init__(self, circuit: stim.Circuit) -> None:
        self.flat = circuit.flattened()
        registers: list[Any] = [QuantumRegister(circuit.num_qubits, "q")]
        self._ancilla: int | None = None
        if any(needs_ancilla(instruction) for instruction in self.flat):
            self._ancilla = circuit.num_qubits
            registers.append(AncillaRegister(1, "ancilla"))
        registers.append(ClassicalRegister(circuit.num_measurements, "records"))
        self._made = QuantumCircuit(*registers)
        self._record = 0
        self._chain: list[tuple[float, dict[int, str]]] = []
        self._data: list[int] = []
        self._detectors: list[list[int]] = []
        self._coordinates: list[list[float]] = []
        self._tags: list[str] = []
        self._observables: list[set[int]] = [set() for _ in range(circuit.num_observables)]

    def step(self, index: int, instruction: stim.CircuitInstruction) -> None:
        """Append one instruction of Stim."""
        name = instruction.name
        if name != "ELSE_CORRELATED_ERROR":
            self.end_chain()
        if name in MEASUREMENTS:
            self._record = append_measurement(self._made, instruction, self._record, self._ancilla)
        elif name in RESETS:
            for target in instruction.targets_copy():
                append_reset(self._made, name, target.value)
        elif name in ("E", "CORRELATED_ERROR", "ELSE_CORRELATED_ERROR"):
            self._link(index, instruction)
        elif name in ("SPP", "SPP_DAG"):
            for group in instruction.target_groups():
                pauli, inverted = product_of(group)
                append_rotation(self._made, pauli, dagger=inverted ^ (name == "SPP_DAG"))
        elif stim.gate_data(name).is_unitary:
            self._unitary(index, instruction)
        elif stim.gate_data(name).is_noisy_gate:
            self._noise(instruction)
        else:
            self._annotation(index, instruction)

    def end_chain(self) -> None:
        """Append the chain of correlated errors that ends here as one mixture."""
        chain, self._chain = self._chain, []
        qubits = sorted({qubit for _, letters in chain for qubit in letters})
        if qubits:
            self._made.append(error_instruction(chain_errors(chain, qubits)), qubits)

    def finish(self) -> QuantumCircuit:
        """The circuit with its metadata."""
        detectors, observables = self.flat.reference_detector_and_observable_signs()
        coordinates = self.flat.get_final_qubit_coordinates()
        self._made.metadata = {
            "detectors": self._detectors,
            "observables": [sorted(records) for records in self._observables],
            "detector_signs": [int(sign) for sign in detectors],
            "observable_signs": [int(sign) for sign in observables],
            "detector_coordinates": self._coordinates,
            "detector_tags": self._tags,
            "qubit_coordinates": {str(qubit): list(place) for qubit, place in coordinates.items()},
        }
        return self._made

    def _unitary(self, index: int, instruction: stim.CircuitInstruction) -> None:
        name = instruction.name
        for group in instruction.target_groups():
            if any(target.is_sweep_bit_target for target in group):
                raise NotTranslatable(
                    f"instruction {index} ({instruction}): sweep bits have no counterpart in Qiskit; "
                    "put the gates in or leave them out, one circuit per configuration"
                )
            if any(target.is_measurement_record_target for target in group):
                self._controlled(name, group)
            else:
                append_unitary(self._made, name, [target.value for target in group])

    def _controlled(self, name: str, group: Sequence[stim.GateTarget]) -> None:
        control, qubit, gate = _CONTROLLED[name]
        if not group[control].is_measurement_record_target:
            control, qubit = qubit, control
        if group[qubit].is_measurement_record_target:
            return
        body = QuantumCircuit(1, 1)
        getattr(body, gate)(0)
        bit = self._made.clbits[self._record + group[control].value]
        self._made.if_test((bit, 1), body, [group[qubit].value], [bit])

    def _link(self, index: int, instruction: stim.CircuitInstruction) -> None:
        if instruction.name == "ELSE_CORRELATED_ERROR" and not self._chain:
            raise NotTranslatable(
                f"instruction {index} ({instruction}): it is apart from the CORRELATED_ERROR on which it "
                "depends; put it directly after that one"
            )
        group = instruction.targets_copy()
        pauli = dict(product_of(group)[0]) if group else {}
        self._chain.append((instruction.gate_args_copy()[0], pauli))

    def _noise(self, instruction: stim.CircuitInstruction) -> None:
        name, arguments = instruction.name, instruction.gate_args_copy()
        if name.startswith("HERALDED"):
            self._heralds(instruction)
            return
        errors = channel_errors(name, arguments)
        if errors is None or not any(errors.values()):
            return
        error = error_instruction(errors)
        for group in instruction.target_groups():
            self._made.append(error, [target.value for target in group])

    def _heralds(self, instruction: stim.CircuitInstruction) -> None:
        error = error_instruction(herald_errors(instruction.name, instruction.gate_args_copy()))
        for target in instruction.targets_copy():
            self._made.reset(self._ancilla)
            self._made.append(error, [target.value, self._ancilla])
            self._made.measure(self._ancilla, self._record)
            self._record += 1

    def _annotation(self, index: int, instruction: stim.CircuitInstruction) -> None:
        name = instruction.name
        if name == "TICK":
            self._made.barrier()
            if instruction.tag == "round" and self._data:
                self._made.barrier(self._data, label="round")
        elif name == "QUBIT_COORDS" and instruction.tag == "data":
            self._data += [target.value for target in instruction.targets_copy()]
        elif name == "DETECTOR":
            self._detectors.append(sorted(self._records(instruction)))
            self._coordinates.append(instruction.gate_args_copy())
            self._tags.append(instruction.tag)
        elif name == "OBSERVABLE_INCLUDE":
            if any(target.pauli_type != "I" for target in instruction.targets_copy()):
                raise NotTranslatable(
                    f"instruction {index} ({instruction}): an observable with a Pauli target is no parity "
                    "of measurements; measure it (MPP) and include the record"
                )
            number = int(instruction.gate_args_copy()[0])
            self._observables[number] ^= self._records(instruction)

    def _records(self, instruction: stim.CircuitInstruction) -> set[int]:
        """The records of a detector or observable; one named twice falls out."""
        found: set[int] = set()
        for target in instruction.targets_copy():
            found ^= {self._record + target.value}
        return found
