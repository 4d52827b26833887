"""The coherent form: conditionals become controlled Paulis from the measured qubits."""

from __future__ import annotations

from qiskit import QuantumCircuit
from qiskit.circuit import Barrier, Delay, IfElseOp, Measure, Reset
from qiskit.circuit.library import CXGate, CYGate, CZGate, XGate, YGate, ZGate

from circuits.errors import NotTranslatable
from circuits.library._channels import channel_kraus, is_channel
from circuits.library._conditionals import Cube, cubes_of
from circuits.library._measured import Waiting
from circuits.library._pauli_matrices import is_unitary
from circuits.library._steps import Step, steps

__all__ = ["deferred"]

_PAULIS = {(1, 0): (XGate, CXGate), (1, 1): (YGate, CYGate), (0, 1): (ZGate, CZGate)}


def deferred(circuit: QuantumCircuit) -> QuantumCircuit:
    """The circuit with its measurements at the end and controlled gates for its conditionals."""
    walk = _Deferred(circuit)
    for step in steps(circuit):
        walk.take(step)
    walk.flush()
    walk.waiting.append_to(walk.out, copies=True)
    return walk.out


class _Deferred:
    """Conditionals that follow each other are kept in `_run` until something else comes."""

    def __init__(self, circuit: QuantumCircuit) -> None:
        self.out = circuit.copy_empty_like()
        self.waiting = Waiting(circuit, "deferred")
        self._run: list[tuple[Cube, Step]] = []

    def take(self, step: Step) -> None:
        """Carry one instruction over."""
        if isinstance(step.operation, IfElseOp):
            self._conditional(step)
            return
        self.flush()
        if isinstance(step.operation, Measure):
            self.waiting.measure(step)
            return
        if isinstance(step.operation, Reset):
            self.waiting.reset(step)
            return
        if is_channel(step.operation):
            self.waiting.channel(step, channel_kraus(step.operation))
        elif is_unitary(step.operation):
            self.waiting.gate(step)
        elif not isinstance(step.operation, Barrier | Delay):
            raise NotTranslatable(
                f"{step.where} has no corrections='deferred' form; use corrections='feedforward'"
            )
        self.out.append(step.operation, step.qubits, step.clbits, copy=False)

    def flush(self) -> None:
        """Write out the conditionals that were kept: as parities where they are, else one by one."""
        if not self._run:
            return
        step, terms = self._run[-1][1], self._parities()
        if terms is not None:
            for (qubit, product), (x, z) in terms.items():
                self._controlled(step, qubit, sorted(product), "1" * len(product), (x, z))
        else:
            for cube, origin in self._run:
                bits = sorted(cube.ones | cube.zeros)
                state = "".join("1" if bit in cube.ones else "0" for bit in reversed(bits))
                self._controlled(origin, cube.qubit, bits, state, (cube.x, cube.z))
        self._run = []

    def _conditional(self, step: Step) -> None:
        for cube in cubes_of(step.operation, step.qubits, step.bits, step.clbits, step.where):
            seen = cube.measured(self.waiting.source)
            seen = seen.read_from(self.waiting.source) if seen is not None else None
            if seen is not None:
                self._run.append((seen, step))
        self.waiting.touched.update(step.qubits)

    def _parities(self) -> dict[tuple[int, frozenset[int]], tuple[int, int]] | None:
        terms: dict[tuple[int, frozenset[int]], tuple[int, int]] = {}
        for cube, _ in self._run:
            if len(cube.zeros) > 6:
                return None
            for product in cube.products():
                x, z = terms.get((cube.qubit, product), (0, 0))
                terms[cube.qubit, product] = (x ^ cube.x, z ^ cube.z)
        terms = {key: pauli for key, pauli in terms.items() if pauli != (0, 0)}
        return terms if all(len(product) < 2 for _, product in terms) else None

    def _controlled(
        self, step: Step, qubit: int, bits: list[int], state: str, pauli: tuple[int, int]
    ) -> None:
        if pauli[0]:
            self.waiting.flip(qubit, step)
        if qubit in self.waiting.outcome:
            return
        alone, single = _PAULIS[pauli]
        controls = [self.waiting.holder(bit) for bit in bits]
        if not controls:
            self.out.append(alone(), [qubit])
        elif len(controls) == 1:
            self.out.append(single(ctrl_state=state), [*controls, qubit])
        else:
            self.out.append(
                alone().control(len(controls), ctrl_state=state, annotated=False), [*controls, qubit]
            )
