"""Measurements that wait for the end of a circuit: which qubit still holds which outcome."""

from __future__ import annotations

from collections.abc import Sequence

from qiskit import QuantumCircuit

from circuits.errors import NotTranslatable
from circuits.library._pauli_matrices import Matrix
from circuits.library._pauli_push import commutes_with_z, z_image
from circuits.library._steps import Step, bit_name

__all__ = ["Waiting"]


class Waiting:
    """The measurements of a circuit, moved to its end.

    A measured qubit may afterwards be a control, meet diagonal gates, be swapped and be measured again,
    because its outcome then survives; anything else is refused.
    """

    def __init__(self, circuit: QuantumCircuit, form: str) -> None:
        self._circuit = circuit
        self._form = form
        self.outcome: dict[int, int] = {}
        self.source: dict[int, int] = {}
        self.touched: set[int] = set()
        self._qubit_of: dict[int, int] = {}

    def measure(self, step: Step) -> None:
        """Take note of a measurement; of a qubit that still holds an outcome, as a copy of that."""
        (qubit,), (bit,) = step.qubits, step.clbits
        if bit in self.source:
            self._refuse(
                step, f"writes the classical bit {self._bit(bit)} a second time", "give it a bit of its own"
            )
        self.source[bit] = self.outcome.setdefault(qubit, bit)
        self._qubit_of[self.source[bit]] = qubit
        self.touched.add(qubit)

    def holder(self, bit: int) -> int:
        """The qubit that holds the outcome of a classical bit."""
        return self._qubit_of[self.source[bit]]

    def reset(self, step: Step) -> None:
        """Check that a reset acts on a qubit that is still in its first state."""
        (qubit,) = step.qubits
        if qubit in self.touched:
            self._refuse(step, f"resets qubit {self._qubit(qubit)} after its use", "use a fresh qubit")

    def gate(self, step: Step) -> None:
        """Follow the outcomes through a gate."""
        self.touched.update(step.qubits)
        held = [(k, q) for k, q in enumerate(step.qubits) if q in self.outcome]
        if not held:
            return
        moved: dict[int, int] = {}
        for k, q in held:
            image = z_image(step.operation, k)
            if image is None:
                self._refuse(
                    step, f"acts on qubit {self._qubit(q)} after its measurement", "use a fresh qubit"
                )
                return
            moved[step.qubits[image]] = self.outcome[q]
        for _, q in held:
            del self.outcome[q]
        for q, bit in moved.items():
            self.outcome[q], self._qubit_of[bit] = bit, q

    def channel(self, step: Step, kraus: Sequence[Matrix]) -> None:
        """Check that noise leaves the outcomes alone that its qubits hold."""
        self.touched.update(step.qubits)
        for k, q in enumerate(step.qubits):
            if q in self.outcome and not commutes_with_z(kraus, k):
                self._refuse(
                    step,
                    f"acts on qubit {self._qubit(q)} after its measurement",
                    "put noise on after the form is chosen",
                )

    def flip(self, qubit: int, step: Step) -> None:
        """Check that a qubit which is to be flipped holds no outcome."""
        self.touched.add(qubit)
        if qubit in self.outcome:
            self._refuse(step, f"flips qubit {self._qubit(qubit)} after its measurement", "use a fresh qubit")

    def append_to(self, circuit: QuantumCircuit, *, copies: bool) -> None:
        """Append the measurements, in the order in which they came, those of copies if they are wanted."""
        for bit, source in self.source.items():
            if copies or bit == source:
                circuit.measure(self._qubit_of[source], bit)

    def _qubit(self, index: int) -> str:
        return bit_name(self._circuit, self._circuit.qubits[index])

    def _bit(self, index: int) -> str:
        return bit_name(self._circuit, self._circuit.clbits[index])

    def _refuse(self, step: Step, what: str, mend: str) -> None:
        raise NotTranslatable(
            f"{step.where} {what}, which corrections={self._form!r} cannot do, since it measures everything "
            f"at the end; {mend}, or use corrections='feedforward'"
        )
