"""The forms without feed-forward: corrections kept as a Pauli frame, or outcomes selected that need none."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import Barrier, Delay, IfElseOp, Measure, Reset

from circuits.errors import NotClifford, NotTranslatable
from circuits.library._channels import channel_kraus, is_channel, pauli_commutes
from circuits.library._conditionals import cubes_of
from circuits.library._measured import Waiting
from circuits.library._pauli_matrices import is_unitary
from circuits.library._pauli_push import push
from circuits.library._steps import Step, bit_name, steps

__all__ = ["FrameForm"]


class FrameForm:
    """Walks a circuit once and carries the Pauli that the dropped conditionals would have applied.

    `x[q]` and `z[q]` are sets of products of outcomes, as the bits of an integer: bit j < clbits stands
    for the read outcome j itself, the bits above for products of several, kept in `_products`.
    """

    def __init__(self, circuit: QuantumCircuit, *, select: bool) -> None:
        self.form = "postselect" if select else "frame"
        self.out = circuit.copy_empty_like()
        self.x = [0] * circuit.num_qubits
        self.z = [0] * circuit.num_qubits
        self.bits: dict[int, int] = {}
        self.keep: list[int] = []
        self._select = select
        self._circuit = circuit
        self._waiting = Waiting(circuit, self.form)
        self._products: dict[frozenset[int], int] = {}
        self._origin: dict[int, str] = {}
        for step in steps(circuit):
            self._take(step)
        self._waiting.append_to(self.out, copies=False)

    def frame(self) -> dict[str, dict[str, list[int]]]:
        """The frame as lists of read classical bits, for the metadata; of a selection, what is left of it."""
        if self._select:
            copies = ((bit, self._copied(bit)) for bit in sorted(self.bits))
            return {"x": {}, "z": {}, "bits": self._table(copies)}
        return {
            "x": self._table(enumerate(self.x)),
            "z": self._table(enumerate(self.z)),
            "bits": self._table(sorted(self.bits.items())),
        }

    def kept(self, before: Iterable[Iterable[int]]) -> list[list[int]]:
        """The parities of read bits that have to be even: those asked for before, and the new ones."""
        asked: list[int] = []
        for parity in before:
            mask = 0
            for bit in parity:
                mask ^= self._outcome(bit)
            asked.append(mask)
        if self._select:
            flips = (mask ^ self._copied(bit) for bit, mask in self.bits.items())
            asked += [*self.keep, *flips, *self.x, *self.z]
        return [self._listed(mask) for mask in dict.fromkeys(asked) if mask]

    def _take(self, step: Step) -> None:
        if isinstance(step.operation, IfElseOp):
            self._conditional(step)
        elif isinstance(step.operation, Measure):
            self._measure(step)
        elif isinstance(step.operation, Reset):
            self._waiting.reset(step)
        elif isinstance(step.operation, Barrier | Delay):
            self._append(step)
        elif is_channel(step.operation):
            self._channel(step)
        elif is_unitary(step.operation):
            self._gate(step)
        else:
            raise NotTranslatable(
                f"{step.where} has no corrections={self.form!r} form; use corrections='feedforward'"
            )

    def _append(self, step: Step) -> None:
        self.out.append(step.operation, step.qubits, step.clbits, copy=False)

    def _measure(self, step: Step) -> None:
        (qubit,), (bit,) = step.qubits, step.clbits
        self._waiting.measure(step)
        self.z[qubit] = 0
        self.bits[bit] = self.x[qubit] ^ self._copied(bit)

    def _gate(self, step: Step) -> None:
        self._waiting.gate(step)
        x = [self.x[q] for q in step.qubits]
        z = [self.z[q] for q in step.qubits]
        blocked = push(step.operation, x, z)
        if blocked:
            self._set(step, *self._cleared(step, blocked, x, z))
            x, z = [self.x[q] for q in step.qubits], [self.z[q] for q in step.qubits]
            blocked = push(step.operation, x, z)
        self._set(step, x, z)
        self._append(step)

    def _channel(self, step: Step) -> None:
        kraus = channel_kraus(step.operation)
        self._waiting.channel(step, kraus)
        x = [self.x[q] for q in step.qubits]
        z = [self.z[q] for q in step.qubits]
        blocked = [g for g, mask in enumerate([*x, *z]) if mask and not pauli_commutes(kraus, 1 << g)]
        if blocked:
            self._set(step, *self._cleared(step, blocked, x, z))
        self._append(step)

    def _set(self, step: Step, x: list[int], z: list[int]) -> None:
        for q, one_x, one_z in zip(step.qubits, x, z, strict=True):
            self.x[q] = one_x
            self.z[q] = 0 if q in self._waiting.outcome else one_z

    def _cleared(
        self, step: Step, blocked: list[int], x: list[int], z: list[int]
    ) -> tuple[list[int], list[int]]:
        """The frame without the parts that the instruction stops, whose outcomes are then selected."""
        masks = [*x, *z]
        if not self._select:
            self._refuse(step, masks[blocked[0]])
        for g in blocked:
            self.keep.append(masks[g])
            masks[g] = 0
        return masks[: len(x)], masks[len(x) :]

    def _refuse(self, step: Step, mask: int) -> None:
        read = next(iter(self._factors(_members(mask)[0])))
        source = bit_name(self._circuit, self._circuit.clbits[read])
        raise NotClifford(
            f"{step.where} is not Clifford and comes after a correction that depends on {source}, so that no "
            "Pauli frame passes it; use corrections='feedforward', 'deferred' or 'postselect'"
        )

    def _conditional(self, step: Step) -> None:
        always: dict[int, tuple[int, int]] = {}
        for cube in cubes_of(step.operation, step.qubits, step.bits, step.clbits, step.where):
            known = cube.measured(self._waiting.source)
            for product in known.products() if known is not None else ():
                if not product:
                    x, z = always.get(cube.qubit, (0, 0))
                    always[cube.qubit] = (x ^ cube.x, z ^ cube.z)
                    continue
                mask = self._product(product, step)
                self.x[cube.qubit] ^= mask if cube.x else 0
                self.z[cube.qubit] ^= mask if cube.z else 0
        self._waiting.touched.update(step.qubits)
        for qubit in step.qubits:
            self.z[qubit] = 0 if qubit in self._waiting.outcome else self.z[qubit]
        for qubit, (x, z) in always.items():
            self._always(step, qubit, x, z)

    def _always(self, step: Step, qubit: int, x: int, z: int) -> None:
        if x:
            self._waiting.flip(qubit, step)
        if x or z:
            getattr(self.out, "y" if x and z else "x" if x else "z")(qubit)

    def _outcome(self, bit: int) -> int:
        """The true value of a classical bit, in terms of the read ones."""
        if bit not in self.bits:
            return 0
        return self.bits[bit] if self._copied(bit) else 1 << bit ^ self.bits[bit]

    def _copied(self, bit: int) -> int:
        """The bit that a second measurement of the same qubit would have read again, as a mask."""
        source = self._waiting.source[bit]
        return 0 if source == bit else 1 << source

    def _product(self, bits: frozenset[int], step: Step) -> int:
        """The product of the true values of some bits, as a sum of products of read ones."""
        total: dict[frozenset[int], None] = {frozenset(): None}
        if len(bits) == 1:
            return self._outcome(next(iter(bits)))
        for bit in bits:
            factors = self._terms(self._outcome(bit))
            product: dict[frozenset[int], None] = {}
            for one in total:
                for other in factors:
                    both = one | other
                    product.pop(both, None) if both in product else product.setdefault(both)
            total = product
        mask = 0
        for term in total:
            mask ^= self._intern(term, step)
        return mask

    def _terms(self, mask: int) -> list[frozenset[int]]:
        return [self._factors(k) for k in _members(mask)]

    def _factors(self, position: int) -> frozenset[int]:
        if position < self._circuit.num_clbits:
            return frozenset({position})
        return next(term for term, place in self._products.items() if place == position)

    def _intern(self, term: frozenset[int], step: Step) -> int:
        if len(term) == 1:
            return 1 << next(iter(term))
        position = self._products.setdefault(term, self._circuit.num_clbits + len(self._products))
        self._origin.setdefault(position, step.where)
        return 1 << position

    def _listed(self, mask: int) -> list[int]:
        found = _members(mask)
        if found and found[-1] >= self._circuit.num_clbits:
            raise NotTranslatable(
                f"the correction of {self._origin[found[-1]]} asks for several bits at once, which "
                f"is no parity and has no corrections={self.form!r} form; use 'feedforward' or 'deferred'"
            )
        return found

    def _table(self, masks: Iterable[tuple[int, int]]) -> dict[str, list[int]]:
        return {str(key): self._listed(mask) for key, mask in masks if mask}


def _members(mask: int) -> list[int]:
    """The places of the ones of an integer, lowest first."""
    octets = np.frombuffer(mask.to_bytes(mask.bit_length() // 8 + 1, "little"), dtype=np.uint8)
    places: list[int] = np.flatnonzero(np.unpackbits(octets, bitorder="little")).tolist()
    return places
